package import DNSWire

/// The virtual services on one port of `/proc/net/ip_vs`, with their real servers.
///
///     IP Virtual Server version 1.2.1 (size=4096)
///     Prot LocalAddress:Port Scheduler Flags
///       -> RemoteAddress:Port Forward Weight ActiveConn InActConn
///     TCP  0A60000A:0035 rr
///       -> 0AF40102:0035      Masq    1      0          0
///     UDP  [fd00:0000:0000:0000:0000:0000:0000:000a]:0035 rr
///
/// Addresses and ports are hexadecimal in network order (Linux `net/netfilter/ipvs/ip_vs_ctl.c`).
package struct IPVSTable: ProcTable {
    /// A virtual service.
    package struct Service: Sendable, Hashable {
        /// TCP or UDP.
        package let transport: SocketRow.Transport
        /// The Service's address and port.
        package let address: Endpoint
        /// Those that it leads to.
        package var servers: [Server] = []
    }

    /// A real server behind a virtual service.
    package struct Server: Sendable, Hashable {
        /// Its address and port.
        package let address: Endpoint
        /// Its share of new connections; 0 takes none.
        package let weight: Int
    }

    /// The services on the port of interest.
    package private(set) var services: [Service] = []
    /// Services of all ports, firewall marks included.
    package private(set) var total = 0
    package var malformedLines = 0
    private let port: UInt16
    private var isKept = false

    /// An empty table that keeps the services on a port.
    package init(port: UInt16) { self.port = port }

    /// The service at an address over a transport.
    package func service(_ transport: SocketRow.Transport, _ address: Endpoint) -> Service? {
        services.first { $0.transport == transport && $0.address == address }
    }

    package mutating func add(line: ArraySlice<UInt8>) {
        let words = ProcWords.split(line)
        guard let first = words.first else { return }
        switch ProcWords.text(first) {
        case "IP", "Prot": return
        case "->":
            if words.count > 1, words[1].starts(with: Array("RemoteAddress".utf8)) { return }
            guard words.count >= 4, let address = IPVSText.endpoint(words[1]),
                let weight: Int = ProcWords.decimal(words[3])
            else {
                malformedLines += 1
                return
            }
            if isKept { services[services.count - 1].servers.append(Server(address: address, weight: weight)) }
        case "FWM":
            total += 1
            isKept = false
        case let name:
            isKept = false
            guard words.count >= 2, let address = IPVSText.endpoint(words[1]) else {
                malformedLines += 1
                return
            }
            total += 1
            guard let transport = SocketRow.Transport(rawValue: name), address.port == port else { return }
            services.append(Service(transport: transport, address: address))
            isKept = true
        }
    }
}

/// Addresses as IPVS prints them.
enum IPVSText {
    /// `0A60000A:0035` or `[fd00:…]:0035`.
    static func endpoint(_ word: ArraySlice<UInt8>) -> Endpoint? {
        guard let colon = word.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        var host = word[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") { host = host.dropFirst().dropLast() }
        guard let address = address(host), let port: UInt16 = ProcWords.hexadecimal(word[(colon + 1)...]) else {
            return nil
        }
        return Endpoint(address: address, port: port)
    }

    /// Eight hexadecimal digits, or IPv6 with all its groups.
    static func address(_ word: ArraySlice<UInt8>) -> IPAddress? {
        guard word.count == 8 else { return IPAddress(ProcWords.text(word)).flatMap { $0.isIPv4 ? nil : $0 } }
        let value: UInt32? = ProcWords.hexadecimal(word)
        return value.map { .v4($0) }
    }
}
