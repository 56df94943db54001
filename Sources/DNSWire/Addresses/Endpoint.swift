/// An address and a port: where a DNS server listens or a datagram came from.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// The IP address.
    package var address: IPAddress
    /// The UDP or TCP port.
    package var port: UInt16

    /// Makes an endpoint of an address and a port.
    package init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Parses `192.0.2.1:53`, `[2001:db8::1]:53`, or a bare address to which `defaultPort` is given.
    package init?(_ text: String, defaultPort: UInt16? = nil) {
        if let defaultPort, let address = IPAddress(text) {
            self.init(address: address, port: defaultPort)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = UInt16(digits)
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard let address = IPAddress(String(host)) else { return nil }
        self.init(address: address, port: port)
    }

    /// `192.0.2.1:53` or `[2001:db8::1]:53`.
    package var description: String {
        address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }
}
