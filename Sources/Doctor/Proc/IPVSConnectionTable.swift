package import DNSWire

/// What `/proc/net/ip_vs_conn` says of connections to one port, by the real server that they are bound to.
///
///     Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
///     UDP C0A80002 9C40 0A60000A 0035 0AF40102 0035 UDP             298
///
/// (Linux `net/netfilter/ipvs/ip_vs_conn.c`.)
package struct IPVSConnectionTable: ProcTable {
    /// A virtual service and one of those that connections to it are bound to.
    package struct Binding: Sendable, Hashable {
        /// TCP or UDP.
        package let transport: SocketRow.Transport
        /// The virtual service.
        package let service: Endpoint
        /// The real server.
        package let server: Endpoint
    }

    /// Bindings that are told apart; what comes beyond is only in the total.
    private static let maximumBindings = 1_024

    /// Connections to the port, by what they are bound to.
    package private(set) var connections: [Binding: Int] = [:]
    /// Connections to each service on the port, by their source.
    package private(set) var clients: [IPAddress: ClientCounts] = [:]
    /// Connections to all ports.
    package private(set) var total = 0
    /// Connections to the port that no binding had room for.
    package private(set) var untold = 0
    package var malformedLines = 0
    private let port: UInt16

    /// An empty table that keeps connections to services on a port.
    package init(port: UInt16) { self.port = port }

    package mutating func add(line: ArraySlice<UInt8>) {
        let words = ProcWords.split(line)
        guard let first = words.first, !first.elementsEqual("Pro".utf8) else { return }
        guard words.count >= 9, let client = IPVSText.address(words[1]), let address = IPVSText.address(words[3]),
            let target: UInt16 = ProcWords.hexadecimal(words[4]), let server = IPVSText.address(words[5]),
            let serverPort: UInt16 = ProcWords.hexadecimal(words[6])
        else {
            malformedLines += 1
            return
        }
        total += 1
        guard target == port, let transport = SocketRow.Transport(rawValue: ProcWords.text(first)) else { return }
        if clients[address] != nil || clients.count < Self.maximumBindings {
            clients[address, default: ClientCounts()].add(client)
        }
        let binding = Binding(
            transport: transport,
            service: Endpoint(address: address, port: target),
            server: Endpoint(address: server, port: serverPort)
        )
        guard connections[binding] != nil || connections.count < Self.maximumBindings else {
            untold += 1
            return
        }
        connections[binding, default: 0] += 1
    }
}
