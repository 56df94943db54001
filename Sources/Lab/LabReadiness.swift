import DNSWire
import LinuxNet
import NodeLocal

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

    /// Whether a page is served with status 200 within half a second.
    func serves(_ path: String) async -> Bool {
        let target = target
        let connected = try? await Threads.run(name: "lab-ready", namespace: namespace) {
            try TCPStream.connect(to: target, timeoutNanoseconds: 250_000_000).release()
        }
        guard let connected else { return false }
        let reply = try? await HTTPFetch.get(
            descriptor: connected,
            host: target.description,
            path: path,
            timeoutNanoseconds: 500_000_000,
            maximumBytes: 4 << 20
        )
        return reply?.status == 200
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
