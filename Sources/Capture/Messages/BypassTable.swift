import DNSWire

/// Recognises the translated copy of a query that a pod sent to the cluster DNS IP itself.
///
/// Behind the node's address translation such a query leaves as node address → endpoint, which looks just
/// like the cache's own. Translation keeps the DNS id, and CoreDNS chooses a new one, so a query with the id,
/// question and transport of a bypassing query a moment before is that query.
struct BypassTable: ~Copyable {
    private struct Entry {
        var key: UInt64 = 0
        var time: Int64 = .min
    }

    private static let size = 8_192
    // The copy leaves at once.
    private static let windowNanoseconds: UInt64 = 50_000_000
    private var entries: [Entry] = []

    /// The side of a query, given the bypassing queries before it.
    mutating func side(of query: Sighting) -> Side {
        switch query.side {
        case .client: return .client
        case .bypass:
            if entries.isEmpty { entries = [Entry](repeating: Entry(), count: Self.size) }
            let key = Self.key(query)
            entries[Self.slot(key)] = Entry(key: key, time: query.span.firstTime)
            return .bypass
        case .upstream, .foreign:
            guard !entries.isEmpty else { return query.side }
            let key = Self.key(query)
            let entry = entries[Self.slot(key)]
            guard entry.key == key, entry.time != .min,
                (query.span.firstTime &- entry.time).magnitude < Self.windowNanoseconds
            else { return query.side }
            return .bypass
        }
    }

    private static func key(_ query: Sighting) -> UInt64 {
        let rest = UInt64(query.scan.id) << 1 | (query.transport == .tcp ? 1 : 0)
        return (query.scan.questionKey.low ^ rest &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
    }

    private static func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: key >> 40) & (size - 1)
    }
}
