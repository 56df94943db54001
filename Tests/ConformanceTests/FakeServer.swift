import DNSWire
import LinuxNet
import Synchronization

/// A DNS server on loopback that answers as a test says, over UDP and TCP.
final class FakeServer: Sendable {
    /// What to do with a query.
    enum Reaction: Sendable {
        case answer([UInt8])
        case ignore
        /// Over TCP the connection ends; over UDP nothing happens.
        case close
    }

    typealias React = @Sendable (_ message: [UInt8], _ transport: String, _ index: Int) -> Reaction

    let endpoint: Endpoint
    private let stop = StopFlag()
    private let received = Mutex<[[UInt8]]>([])
    private let react: React
    /// Serves each connection on a thread of its own, not one after the other.
    private let isConcurrent: Bool

    /// Serves until `shutDown`; `react` gets each message and how many came before it.
    init(isConcurrent: Bool = false, _ react: @escaping React) throws {
        self.react = react
        self.isConcurrent = isConcurrent
        // Both are open before anybody asks; each thread ends its own.
        let (datagrams, connections, endpoint) = try FakeServer.bind()
        self.endpoint = endpoint
        try Threads.start(name: "fake-udp") { [self] in
            serveDatagrams(UDPSocket(adopting: datagrams, family: .ipv4))
        }.detach()
        try Threads.start(name: "fake-tcp") { [self] in serveStreams(TCPListener(adopting: connections)) }.detach()
    }

    /// Binds one port for both transports: a port that is free for UDP may be that of somebody's TCP connection.
    private static func bind() throws -> (udp: Int32, tcp: Int32, Endpoint) {
        for attempt in 0..<50 {
            let socket = try UDPSocket(boundTo: Endpoint(address: .v4(0x7F00_0001), port: 0))
            let endpoint = try socket.localEndpoint
            do {
                let listener = try TCPListener(bindTo: endpoint)
                return (socket.release(), listener.release(), endpoint)
            } catch {
                if attempt == 49 { throw error }
            }
        }
        preconditionFailure("fifty attempts end in a return or an error")
    }

    /// Everything that came, in order.
    var messages: [[UInt8]] { received.withLock { $0 } }

    func shutDown() { stop.raise() }

    private func reaction(to message: [UInt8], _ transport: String) -> Reaction {
        let index = received.withLock { messages in
            messages.append(message)
            return messages.count - 1
        }
        return react(message, transport, index)
    }

    private func serveDatagrams(_ socket: borrowing UDPSocket) {
        while !stop.isRaised {
            guard let datagram = try? socket.receive(timeoutNanoseconds: 20_000_000) else { continue }
            if case .answer(let octets) = reaction(to: datagram.bytes, "udp") {
                try? socket.send(octets, to: datagram.info.source)
            }
        }
    }

    private func serveStreams(_ listener: borrowing TCPListener) {
        while !stop.isRaised {
            guard let stream = try? listener.accept(timeoutNanoseconds: 20_000_000) else { continue }
            guard isConcurrent else {
                serve(stream)
                continue
            }
            let descriptor = stream.release()
            try? Threads.start(name: "fake-stream") { [self] in serve(TCPStream(adopting: descriptor)) }.detach()
        }
    }

    private func serve(_ stream: borrowing TCPStream) {
        var deframer = TCPDeframer()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !stop.isRaised {
            guard let count = try? stream.receive(into: &buffer, timeoutNanoseconds: 20_000_000) else { continue }
            if count == 0 { return }
            let chunk = Array(buffer[..<count])
            deframer.feed(chunk.span)
            while let message = deframer.next() {
                switch reaction(to: message, "tcp") {
                case .answer(let octets): try? stream.send(TCPFrame.wrap(octets) ?? [])
                case .ignore: continue
                case .close: return
                }
            }
        }
    }

    /// An answer to a query with one A record of the given TTL and address.
    static func answer(
        _ query: [UInt8],
        ttl: UInt32 = 30,
        address: UInt32 = 0xC612_0601,
        change: (inout Message) -> Void = { _ in }
    ) -> Reaction {
        guard let asked = try? Message(decoding: query), let question = asked.questions.first else { return .ignore }
        var message = asked.emptyResponse(rcode: .noError)
        message.flags.recursionAvailable = true
        if question.type == .a {
            message.answers = [ResourceRecord(name: question.name, type: .a, ttl: ttl, data: .a(.v4(address)))]
        }
        change(&message)
        guard let octets = try? message.encode() else { return .ignore }
        return .answer(octets)
    }
}
