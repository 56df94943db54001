import DNSWire

/// Puts IP fragments together, in a bounded table (RFC 791 section 3.2, RFC 8200 section 4.5).
struct FragmentTable: ~Copyable {
    private struct Key: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let identification: UInt32
        let ipProtocol: UInt8
    }

    private struct Datagram {
        var bytes: [UInt8] = []
        /// The non-overlapping ranges received so far, sorted.
        var ranges: [Range<Int>] = []
        var totalLength: Int?
        var lastSeen: Int64
    }

    private static let capacity = 256
    /// Octets of all datagrams: a single fragment makes room for everything before it.
    static let roomLimit = 4 << 20
    private static let lifetimeNanoseconds: Int64 = 30_000_000_000
    private var datagrams: [Key: Datagram] = [:]
    /// Octets that the datagrams take.
    private(set) var room = 0
    /// Datagrams given up because they were too old, too many or contradictory.
    private(set) var abandoned: UInt64 = 0

    /// Takes one fragment; returns the whole IP payload when this was the last missing piece.
    mutating func add(_ fragment: DecodedFrame, in frame: RawSpan, at time: Int64) -> [UInt8]? {
        let length = fragment.payloadEnd - fragment.payloadStart
        guard length > 0, !fragment.isCut, fragment.fragmentOffset + length <= 65_535 else {
            abandoned += 1
            return nil
        }
        let key = Key(
            source: fragment.source,
            destination: fragment.destination,
            identification: fragment.identification,
            ipProtocol: fragment.ipProtocol
        )
        makeRoom(for: key, at: time)
        var datagram = datagrams.removeValue(forKey: key) ?? Datagram(lastSeen: time)
        room -= datagram.bytes.count
        datagram.lastSeen = time
        let range = fragment.fragmentOffset..<(fragment.fragmentOffset + length)
        if !fragment.moreFragments { datagram.totalLength = range.upperBound }
        if datagram.bytes.count < range.upperBound {
            datagram.bytes.append(contentsOf: repeatElement(0, count: range.upperBound - datagram.bytes.count))
        }
        // The first copy wins where fragments overlap; a differing second copy cannot change what was seen.
        for index in range where !datagram.ranges.contains(where: { $0.contains(index) }) {
            datagram.bytes[index] = frame.octet(fragment.payloadStart + index - range.lowerBound)
        }
        merge(range, into: &datagram.ranges)
        if let total = datagram.totalLength, datagram.ranges == [0..<total] {
            datagram.bytes.removeLast(datagram.bytes.count - total)
            return datagram.bytes
        }
        room += datagram.bytes.count
        while room > Self.roomLimit { forgetOldest() }
        datagrams[key] = datagram
        return nil
    }

    /// Datagrams of which a part is still missing.
    var pending: UInt64 { UInt64(datagrams.count) }

    private mutating func makeRoom(for key: Key, at time: Int64) {
        guard datagrams[key] == nil, datagrams.count >= Self.capacity else { return }
        let before = datagrams.count
        datagrams = datagrams.filter { time - $0.value.lastSeen < Self.lifetimeNanoseconds }
        abandoned += UInt64(before - datagrams.count)
        room = datagrams.values.reduce(0) { $0 + $1.bytes.count }
        if datagrams.count >= Self.capacity { forgetOldest() }
    }

    private mutating func forgetOldest() {
        guard let oldest = datagrams.min(by: { $0.value.lastSeen < $1.value.lastSeen }) else { return }
        datagrams.removeValue(forKey: oldest.key)
        room -= oldest.value.bytes.count
        abandoned += 1
    }

    private func merge(_ range: Range<Int>, into ranges: inout [Range<Int>]) {
        var merged = range
        var kept: [Range<Int>] = []
        for other in ranges {
            if other.upperBound < merged.lowerBound || other.lowerBound > merged.upperBound {
                kept.append(other)
            } else {
                merged = min(other.lowerBound, merged.lowerBound)..<max(other.upperBound, merged.upperBound)
            }
        }
        kept.append(merged)
        kept.sort { $0.lowerBound < $1.lowerBound }
        ranges = kept
    }
}
