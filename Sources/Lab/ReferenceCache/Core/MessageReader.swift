/// Reads the octets of a client's message leniently, as the server library of CoreDNS does.
///
/// `DNSWire` judges messages by the RFC; a cache under test has its own idea of what is acceptable, and the checks
/// are about that idea.
struct MessageReader {
    /// Why reading stopped: the message is not acceptable.
    struct Malformed: Error {}

    let octets: [UInt8]
    private(set) var offset: Int
    let rules: AcceptanceRules

    init(_ octets: [UInt8], offset: Int, rules: AcceptanceRules) {
        self.octets = octets
        self.offset = offset
        self.rules = rules
    }

    /// Whether all octets were read.
    var isAtEnd: Bool { offset == octets.count }

    /// The next 16-bit number.
    mutating func u16() throws(Malformed) -> UInt16 {
        guard offset + 2 <= octets.count else { throw Malformed() }
        defer { offset += 2 }
        return UInt16(octets[offset]) << 8 | UInt16(octets[offset + 1])
    }

    /// The next 32-bit number.
    mutating func u32() throws(Malformed) -> UInt32 {
        let high = try u16()
        return UInt32(high) << 16 | UInt32(try u16())
    }

    /// The next `count` octets.
    mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard offset + count <= octets.count else { throw Malformed() }
        defer { offset += count }
        return octets[offset..<offset + count]
    }

    /// A name as it stands in a message, and whether it breaks the rules and was accepted all the same.
    struct Name {
        var wire: [UInt8] = []
        var isMalformed = false
    }

    /// The next name, uncompressed (RFC 1035 sections 3.1 and 4.1.4).
    mutating func name(pointersAllowed: Bool) throws(Malformed) -> Name {
        var name = Name()
        var position = offset
        var end: Int?
        var jumps = 0
        while true {
            guard position < octets.count else { throw Malformed() }
            let length = Int(octets[position])
            if length == 0 {
                name.wire.append(0)
                offset = end ?? position + 1
                guard name.wire.count <= rules.nameLimit else { throw Malformed() }
                if name.wire.count > 255 { name.isMalformed = true }
                return name
            }
            if length & 0xC0 == 0xC0 {
                guard pointersAllowed || rules.acceptsPointerLoops, position + 1 < octets.count else {
                    throw Malformed()
                }
                if end == nil { end = position + 2 }
                if jumps == 126 {
                    guard rules.acceptsPointerLoops else { throw Malformed() }
                    return cutOff(name, at: end ?? position)
                }
                position = (length & 0x3F) << 8 | Int(octets[position + 1])
                jumps += 1
                continue
            }
            if length & 0xC0 != 0 {
                guard rules.acceptsLongLabels else { throw Malformed() }
                name.isMalformed = true
            }
            if position + 1 + length > octets.count {
                guard rules.acceptsCutLabels else { throw Malformed() }
                return cutOff(name, at: end ?? octets.count)
            }
            name.wire.append(contentsOf: octets[position...position + length])
            guard name.wire.count < rules.nameLimit || name.isMalformed else { throw Malformed() }
            position += 1 + length
        }
    }

    /// Ends a name that cannot be read further, and goes on behind it.
    private mutating func cutOff(_ name: Name, at end: Int) -> Name {
        offset = end
        return Name(wire: name.wire + [0], isMalformed: true)
    }
}

/// Octet-wise work on uncompressed names, which is all that a cache's key and its zones need.
enum WireName {
    /// The name with its ASCII letters in lower case (RFC 4343).
    static func lowercased(_ wire: [UInt8]) -> [UInt8] {
        wire.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }

    /// The name with a question mark for each label octet that cannot be printed.
    static func masked(_ wire: [UInt8]) -> [UInt8] {
        var wire = wire
        var position = 0
        while position < wire.count, wire[position] != 0 {
            let end = min(position + 1 + Int(wire[position]), wire.count)
            for index in position + 1..<end where !(0x21...0x7E).contains(wire[index]) {
                wire[index] = UInt8(ascii: "?")
            }
            position = end
        }
        return wire
    }

    /// Whether `name` is `zone` or below it, label by label and octet for octet.
    static func isSubdomain(_ name: [UInt8], of zone: [UInt8]) -> Bool {
        guard name.count >= zone.count else { return false }
        let start = name.count - zone.count
        var label = 0
        while label < start { label += Int(name[label]) + 1 }
        return label == start && name[start...].elementsEqual(zone)
    }

    /// The labels joined by dots, with a final dot, and nothing escaped.
    static func text(_ wire: [UInt8]) -> [UInt8] {
        guard wire.count > 1 else { return [0x2E] }
        var text: [UInt8] = []
        var position = 0
        while position < wire.count, wire[position] != 0 {
            let length = Int(wire[position])
            let end = min(position + 1 + length, wire.count)
            text.append(contentsOf: wire[position + 1..<end])
            text.append(0x2E)
            position += 1 + length
        }
        return text
    }
}
