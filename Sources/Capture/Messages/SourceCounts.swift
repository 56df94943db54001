package import DNSWire

/// How many queries each sender sent since it was asked to count, in bounded memory.
package struct SourceCounts: Sendable {
    private static let most = 131_072
    private var counts: [Endpoint: UInt64] = [:]
    /// Queries of senders for which there was no room.
    private var others: UInt64 = 0

    /// Takes one query.
    mutating func count(_ source: Endpoint) {
        if let index = counts.index(forKey: source) {
            counts.values[index] += 1
        } else if counts.count < Self.most {
            counts[source] = 1
        } else {
            others += 1
        }
    }

    /// The queries of these senders; `nil` when some may be among those for which there was no room.
    package func queries(from sources: Set<Endpoint>) -> UInt64? {
        guard others == 0 else { return nil }
        return sources.reduce(0) { $0 + (counts[$1] ?? 0) }
    }
}
