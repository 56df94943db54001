import DNSWire

/// Recognises one packet that was seen on several interfaces (a pod's veth and the bridge behind it).
///
/// A direct-mapped table of the last packets: a copy has the same addresses, ports, IP identification, TCP
/// numbers and leading payload, arrives within 10 ms, and comes from another interface or file.
struct DuplicateFilter: ~Copyable {
    private struct Entry {
        var hash: UInt64 = 0
        var time: Int64 = .min
        var tap: UInt64 = 0
    }

    private static let windowNanoseconds: UInt64 = 10_000_000
    private static let size = 16_384
    private var entries: [Entry] = []

    /// Whether this packet is a copy of a recent one; remembers it otherwise.
    mutating func isDuplicate(_ decoded: DecodedFrame, payload: RawSpan, at time: Int64) -> Bool {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ value: UInt64, _ hash: inout UInt64) {
            hash = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        switch decoded.source {
        case .v4(let address): mix(UInt64(address), &hash)
        case .v6(let high, let low):
            mix(high, &hash)
            mix(low, &hash)
        }
        switch decoded.destination {
        case .v4(let address): mix(UInt64(address), &hash)
        case .v6(let high, let low):
            mix(high, &hash)
            mix(low, &hash)
        }
        mix(
            UInt64(decoded.sourcePort) << 16 | UInt64(decoded.destinationPort) | UInt64(decoded.ipProtocol) << 32,
            &hash
        )
        mix(UInt64(decoded.identification) << 8 | UInt64(decoded.tcpFlags.rawValue), &hash)
        mix(UInt64(decoded.sequence) << 32 | UInt64(decoded.acknowledgement), &hash)
        mix(UInt64(payload.byteCount), &hash)
        var offset = 0
        let end = min(payload.byteCount, 64)
        while offset + 8 <= end {
            mix(payload.uint64(offset), &hash)
            offset += 8
        }
        if entries.isEmpty { entries = [Entry](repeating: Entry(), count: Self.size) }
        let slot = Int(truncatingIfNeeded: hash >> 40) & (Self.size - 1)
        let entry = entries[slot]
        // A cooked v1 frame has no interface index: there the identification alone must tell copies apart.
        let differs = decoded.tap != entry.tap || decoded.isCooked && decoded.interfaceIndex == 0
        if entry.hash == hash, entry.time != .min, (time &- entry.time).magnitude < Self.windowNanoseconds, differs {
            return true
        }
        entries[slot] = Entry(hash: hash, time: time, tap: decoded.tap)
        return false
    }
}
