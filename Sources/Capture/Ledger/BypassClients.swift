package import DNSWire

/// Who asks the cluster DNS IP past the cache, in bounded memory.
package struct BypassClients: Sendable {
    private static let most = 256
    private var counts: [IPAddress: UInt64] = [:]
    /// Queries of clients beyond those that are kept apart.
    package private(set) var others: UInt64 = 0

    /// Clients with their queries, the one with most first.
    package var clients: [(address: IPAddress, queries: UInt64)] {
        counts.map { (address: $0.key, queries: $0.value) }
            .sorted { ($1.queries, "\($0.address)") < ($0.queries, "\($1.address)") }
    }

    mutating func count(_ address: IPAddress) {
        guard counts[address] != nil || counts.count < Self.most else {
            others += 1
            return
        }
        counts[address, default: 0] += 1
    }
}
