import DNSWire
import LinuxNet

/// A DNS server of two threads on one port of UDP and TCP, which gives one rcode to everyone.
final class StandInServer: Sendable {
    let endpoint: Endpoint
    private let stop = StopFlag()
    private let threads: [RunningThread]

    /// Serves on a free port of `address`; without `isServingTCP` connections are reset.
    init(address: IPAddress, rcode: RCode = .noError, isServingTCP: Bool = true) throws {
        let sockets = try Sockets(address: address)
        let stop = stop
        endpoint = sockets.endpoint
        threads = [
            try Threads.start(name: "stand-in-udp") {
                while !stop.isRaised {
                    guard let query = try? sockets.udp.receive(timeoutNanoseconds: 20_000_000),
                        let reply = Self.reply(to: query.bytes, rcode)
                    else { continue }
                    try? sockets.udp.send(reply, to: query.info.source)
                }
            },
            try Threads.start(name: "stand-in-tcp") {
                while !stop.isRaised {
                    guard let stream = try? sockets.tcp.accept(timeoutNanoseconds: 20_000_000) else { continue }
                    if isServingTCP {
                        Self.serve(stream, rcode)
                    } else {
                        try? stream.reset()
                    }
                }
            },
        ]
    }

    /// Both sockets, shared by the threads; each is used by one of them.
    private final class Sockets: Sendable {
        let tcp: TCPListener
        let udp: UDPSocket
        let endpoint: Endpoint

        init(address: IPAddress) throws {
            tcp = try TCPListener(bindTo: Endpoint(address: address, port: 0))
            endpoint = try tcp.localEndpoint
            udp = try UDPSocket(boundTo: endpoint)
        }
    }

    func end() {
        stop.raise()
        for thread in threads { thread.join() }
    }

    private static func serve(_ stream: borrowing TCPStream, _ rcode: RCode) {
        var deframer = TCPDeframer()
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while let count = try? stream.receive(into: &buffer, timeoutNanoseconds: 200_000_000), count > 0 {
            deframer.feed(buffer.span.extracting(0..<count))
            guard let message = deframer.next() else { continue }
            guard let reply = reply(to: message, rcode), let frame = TCPFrame.wrap(reply) else { return }
            try? stream.send(frame)
            return
        }
    }

    private static func reply(to bytes: [UInt8], _ rcode: RCode) -> [UInt8]? {
        guard let query = try? Message(decoding: bytes), !query.flags.isResponse else { return nil }
        return try? query.emptyResponse(rcode: rcode).encode()
    }
}
