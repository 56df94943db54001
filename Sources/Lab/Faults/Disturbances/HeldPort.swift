import DNSWire
import LinuxNet

/// Programs that hold a port which the cache should have, or have alone.
enum HeldPort {
    /// Holds a UDP socket.
    static func udp(_ endpoint: Endpoint, _ stop: StopFlag) throws {
        let socket = try UDPSocket(family: endpoint.address.family)
        // As CoreDNS does, so that both can be there whoever comes first.
        try socket.enablePortSharing()
        try socket.bind(to: endpoint)
        LabRole.announceReady()
        DisturbRole.hold(stop)
        _ = socket.fd
    }

    /// Holds a TCP listener.
    static func tcp(_ endpoint: Endpoint, _ stop: StopFlag) throws {
        let listener = try TCPListener(bindTo: endpoint, sharesPort: true)
        LabRole.announceReady()
        DisturbRole.hold(stop)
        _ = listener.fd
    }

    /// Takes connections and keeps them, without a word.
    static func mute(_ endpoint: Endpoint, _ stop: StopFlag) throws {
        let listener = try TCPListener(bindTo: endpoint)
        LabRole.announceReady()
        var kept: [Int32] = []
        while !stop.isRaised {
            guard let stream = try listener.accept(timeoutNanoseconds: 50_000_000) else { continue }
            kept.append(stream.release())
            if kept.count > 256 { _ = TCPStream(adopting: kept.removeFirst()) }
        }
    }

    /// Serves a page that has metrics, but not those of CoreDNS.
    static func page(_ endpoint: Endpoint, _ stop: StopFlag) throws {
        let listener = try TCPListener(bindTo: endpoint)
        LabRole.announceReady()
        let body = "# TYPE node_load1 gauge\nnode_load1 0.42\n"
        let reply =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !stop.isRaised {
            guard let stream = try listener.accept(timeoutNanoseconds: 50_000_000) else { continue }
            // A client that goes away is its own affair.
            _ = try? stream.receive(into: &buffer, timeoutNanoseconds: 1_000_000_000)
            try? stream.send(Array(reply.utf8), timeoutNanoseconds: 1_000_000_000)
        }
    }
}
