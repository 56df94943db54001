package import DNSWire

/// The local addresses and ports that the sockets of a load are bound to, in turn.
package struct SourceRange: Sendable, Hashable {
    /// The addresses, taken in turn; none leaves the choice to the kernel.
    package var prefixes: [AddressPrefix]
    /// The ports, taken in turn on each address; `nil` leaves the choice to the kernel.
    package var ports: ClosedRange<UInt16>?

    /// A range; without anything the kernel chooses.
    package init(prefixes: [AddressPrefix] = [], ports: ClosedRange<UInt16>? = nil) {
        self.prefixes = prefixes
        self.ports = ports
    }

    /// Whether nothing is fixed.
    package var isFree: Bool { prefixes.isEmpty && ports == nil }

    /// How many sockets can be told apart by what is fixed; `nil` when the kernel chooses ports.
    var capacity: UInt64? {
        guard let ports else { return nil }
        let addresses = prefixes.isEmpty ? 1 : prefixes.reduce(0) { $0 &+ $1.count }
        return min(addresses, 1 << 40) * UInt64(ports.count)
    }

    /// Where the socket of that number is bound; port 0 is the kernel's choice.
    ///
    /// Prefixes take turns, then the addresses of each, then the ports: neighbouring sockets differ in address.
    func endpoint(_ number: Int, family anyAddress: IPAddress) -> Endpoint {
        let number = UInt64(number)
        guard !prefixes.isEmpty else {
            let port = ports.map { $0.lowerBound + UInt16(number % UInt64($0.count)) } ?? 0
            return Endpoint(address: anyAddress, port: port)
        }
        let prefix = prefixes[Int(number % UInt64(prefixes.count))]
        let turn = number / UInt64(prefixes.count)
        let address = prefix.address(turn)
        let port = ports.map { $0.lowerBound + UInt16(turn / prefix.count % UInt64($0.count)) } ?? 0
        return Endpoint(address: address, port: port)
    }
}
