package import DNSWire

/// The local addresses and ports that the sockets of a load are bound to, in turn.
package struct SourceRange: Sendable, Hashable {
    /// An address and how many of its leading bits are fixed: `127.0.1.0/24` are 256 addresses.
    package struct Prefix: Sendable, Hashable, CustomStringConvertible {
        /// The first address.
        package let address: IPAddress
        /// Leading bits that all addresses share, 0 … 32 or 0 … 128.
        package let length: Int

        /// Reads `ADDRESS` or `ADDRESS/LENGTH`; `nil` when it is neither, or when bits behind the length are set.
        package init?(_ text: String) {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let address = IPAddress(String(parts[0])) else { return nil }
            let width = address.bitWidth
            var length = width
            if parts.count == 2 {
                guard let given = Int(parts[1]), (0...width).contains(given) else { return nil }
                length = given
            }
            guard address.advanced(by: 0, keeping: length) == address else { return nil }
            self.address = address
            self.length = length
        }

        /// How many addresses there are, at most 2^62.
        var count: UInt64 { 1 << UInt64(min(62, address.bitWidth - length)) }

        /// `ADDRESS/LENGTH`, or the address alone.
        package var description: String { length == address.bitWidth ? "\(address)" : "\(address)/\(length)" }
    }

    /// The addresses, taken in turn; none leaves the choice to the kernel.
    package var prefixes: [Prefix]
    /// The ports, taken in turn on each address; `nil` leaves the choice to the kernel.
    package var ports: ClosedRange<UInt16>?

    /// A range; without anything the kernel chooses.
    package init(prefixes: [Prefix] = [], ports: ClosedRange<UInt16>? = nil) {
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
        let address = prefix.address.advanced(by: turn % prefix.count, keeping: prefix.length)
        let port = ports.map { $0.lowerBound + UInt16(turn / prefix.count % UInt64($0.count)) } ?? 0
        return Endpoint(address: address, port: port)
    }
}

extension IPAddress {
    /// 32 or 128.
    fileprivate var bitWidth: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// The address with the bits behind `length` set to `offset`.
    fileprivate func advanced(by offset: UInt64, keeping length: Int) -> IPAddress {
        switch self {
        case .v4(let value):
            let mask: UInt32 = length == 0 ? 0 : ~0 << UInt32(32 - length)
            return .v4(value & mask | UInt32(truncatingIfNeeded: offset) & ~mask)
        case .v6(let high, let low):
            let highMask: UInt64 = length == 0 ? 0 : length >= 64 ? ~0 : ~0 << UInt64(64 - length)
            let lowMask: UInt64 = length <= 64 ? 0 : length == 128 ? ~0 : ~0 << UInt64(128 - length)
            return .v6(high & highMask, low & lowMask | offset & ~lowMask)
        }
    }
}
