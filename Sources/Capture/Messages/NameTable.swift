import DNSWire

/// Keeps each question name once, in lower case, so that a captured message does not allocate its own copy.
struct NameTable: ~Copyable {
    private static let capacity = 262_144
    private static let initialSlots = 1_024
    private var slots: [Int32]
    private var hashes: [UInt64] = []
    private var names: [DNSName] = []
    /// Names that were made anew because the table was full.
    private(set) var overflows: UInt64 = 0

    init() {
        slots = [Int32](repeating: -1, count: Self.initialSlots)
    }

    /// The lower-case name of the first question of a scanned message; the root when there is no question.
    mutating func name(of scan: MessageScan, in message: RawSpan) -> DNSName {
        guard scan.nameLength > 1 else { return DNSName.root }
        let mask = slots.count - 1
        var slot = Self.firstSlot(scan.nameHash, mask: mask)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if hashes[index] == scan.nameHash, Self.isSame(names[index], message, length: scan.nameLength) {
                return names[index]
            }
            slot = (slot + 1) & mask
        }
        let name = Self.lowercasedName(message, length: scan.nameLength)
        guard names.count < Self.capacity else {
            overflows += 1
            return name
        }
        slots[slot] = Int32(names.count)
        hashes.append(scan.nameHash)
        names.append(name)
        if names.count * 2 > slots.count { grow() }
        return name
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [Int32](repeating: -1, count: mask + 1)
        for index in hashes.indices {
            var slot = Self.firstSlot(hashes[index], mask: mask)
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index)
        }
    }

    private static func firstSlot(_ hash: UInt64, mask: Int) -> Int {
        Int(truncatingIfNeeded: (hash ^ hash >> 32) &* 0x9E37_79B9) & mask
    }

    private static func isSame(_ name: DNSName, _ message: RawSpan, length: Int) -> Bool {
        let wire = name.wire
        guard wire.count == length else { return false }
        let known = wire.span.bytes
        var offset = 0
        while offset + 8 <= length {
            if known.uint64(offset) != MessageScan.lowercase(message.uint64(12 + offset)) { return false }
            offset += 8
        }
        while offset < length {
            if known.octet(offset) != MessageScan.lowercase(message.octet(12 + offset)) { return false }
            offset += 1
        }
        return true
    }

    private static func lowercasedName(_ message: RawSpan, length: Int) -> DNSName {
        var labels: [[UInt8]] = []
        var offset = 12
        while message.octet(offset) != 0 {
            let end = offset + 1 + Int(message.octet(offset))
            labels.append(((offset + 1)..<end).map { MessageScan.lowercase(message.octet($0)) })
            offset = end
        }
        // The scan has checked every length, so that this name cannot be refused.
        return (try? DNSName(labels: labels)) ?? DNSName.root
    }
}
