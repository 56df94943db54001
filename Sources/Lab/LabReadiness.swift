import DNSWire
import LinuxNet

/// Asks the lab's servers until they answer.
struct LabReadiness: Sendable {
    /// Where the questions come from.
    let namespace: NetworkNamespace
    /// Whom they go to.
    let target: Endpoint

    /// Whether one question is answered over a transport within 250 ms, with whatever response code.
    func answers(_ name: DNSName, over transport: DNSTransport) async -> Bool {
        let target = target
        let reached = try? await Threads.run(name: "lab-ready", namespace: namespace) {
            let query = try Message.query(id: UInt16.random(in: 1...0xFFFF), name: name, type: .a).encode()
            return transport == .udp ? try askUDP(target, query) : try askTCP(target, query)
        }
        return reached ?? false
    }

    /// Whether a TCP connection is accepted within 250 ms.
    func accepts() async -> Bool {
        let target = target
        let accepted = try? await Threads.run(name: "lab-ready", namespace: namespace) {
            _ = try TCPStream.connect(to: target, timeoutNanoseconds: 250_000_000)
            return true
        }
        return accepted ?? false
    }
}

private func askUDP(_ target: Endpoint, _ query: [UInt8]) throws(NetError) -> Bool {
    let socket = try UDPSocket(connectedTo: target)
    try socket.send(query)
    guard let reply = try socket.receive(timeoutNanoseconds: 250_000_000) else { return false }
    return reply.bytes.starts(with: query[..<2])
}

private func askTCP(_ target: Endpoint, _ query: [UInt8]) throws(NetError) -> Bool {
    let stream = try TCPStream.connect(to: target, timeoutNanoseconds: 250_000_000)
    try stream.send(TCPFrame.wrap(query) ?? [])
    let reply = try stream.receive(exactly: 4, timeoutNanoseconds: 250_000_000)
    return reply?.suffix(2).elementsEqual(query[..<2]) ?? false
}
