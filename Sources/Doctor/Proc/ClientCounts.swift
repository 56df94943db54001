package import DNSWire

/// Entries of a table by the address that they come from, of so many addresses as are worth telling apart.
package struct ClientCounts: Sendable, Hashable {
    /// Addresses that are told apart; what comes beyond is only counted.
    private static let maximumAddresses = 1_024

    /// Entries of each address.
    package private(set) var entries: [IPAddress: Int] = [:]
    /// Entries of addresses that had no room.
    package private(set) var untold = 0

    /// Counts of nothing.
    package init() {}

    mutating func add(_ address: IPAddress, _ count: Int = 1) {
        if entries[address] == nil, entries.count >= Self.maximumAddresses {
            untold += count
        } else {
            entries[address, default: 0] += count
        }
    }
}
