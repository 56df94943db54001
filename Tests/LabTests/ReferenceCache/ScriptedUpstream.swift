import DNSWire
import LinuxNet
import Synchronization

@testable import Lab

/// An upstream on loopback that answers by a function and remembers what it was asked, for tests with sockets.
///
/// Scripted names: `silent…` is never answered, `close…` closes the connection, `tc…` says truncated over UDP.
final class ScriptedUpstream: Sendable {
    /// One query as it came.
    struct Seen: Sendable {
        var transport: QueryTransport
        /// Which connection or source port it came by.
        var source: UInt16
        var id: UInt16
        var name: String
        var type: RecordType
    }

    let endpoint: Endpoint
    private let stop = StopFlag()
    private let seen = Mutex<[Seen]>([])
    private let accepted = Mutex(0)
    private let reply: @Sendable (Message) -> Message?

    /// Starts to answer on a free port of 127.0.0.1.
    init(reply: @escaping @Sendable (Message) -> Message?) throws {
        self.reply = reply
        let loopback = Endpoint(address: .v4(0x7F00_0001), port: 0)
        let listener = try TCPListener(bindTo: loopback)
        endpoint = try listener.localEndpoint
        let socket = try UDPSocket(boundTo: endpoint)
        let listening = Mutex<TCPListener?>(consume listener)
        let receiving = Mutex<UDPSocket?>(consume socket)
        try Threads.start(name: "upstream-tcp") { [self] in
            guard let listener = listening.withLock({ $0.take() }) else { return }
            acceptAll(listener)
        }.detach()
        try Threads.start(name: "upstream-udp") { [self] in
            guard let socket = receiving.withLock({ $0.take() }) else { return }
            receiveAll(socket)
        }.detach()
    }

    /// Ends the threads within a fraction of a second.
    func end() { stop.raise() }

    /// What was asked, leaving out loop probes and health checks.
    var queries: [Seen] { seen.withLock { $0.filter { $0.type != .hinfo && $0.type != .ns } } }
    /// TCP connections that were accepted.
    var connections: Int { accepted.withLock { $0 } }

    private func note(_ query: Message, _ transport: QueryTransport, _ source: UInt16) {
        let question = query.questions.first
        seen.withLock {
            $0.append(
                Seen(
                    transport: transport,
                    source: source,
                    id: query.id,
                    name: question?.name.description ?? "",
                    type: question?.type ?? .any
                )
            )
        }
    }

    private func receiveAll(_ socket: borrowing UDPSocket) {
        while !stop.isRaised {
            guard let datagram = try? socket.receive(timeoutNanoseconds: 50_000_000),
                let query = try? Message(decoding: datagram.bytes)
            else { continue }
            note(query, .udp, datagram.info.source.port)
            guard let reply = reply(query), let octets = try? reply.encodeTruncating(to: 512) else { continue }
            try? socket.send(octets, to: datagram.info.source)
        }
    }

    private func acceptAll(_ listener: borrowing TCPListener) {
        while !stop.isRaised {
            guard let stream = try? listener.accept(timeoutNanoseconds: 50_000_000) else { continue }
            let number = accepted.withLock { count in
                count += 1
                return UInt16(count)
            }
            let handed = Mutex<TCPStream?>(consume stream)
            try? Threads.start(name: "upstream-conn") { [self] in
                guard let stream = handed.withLock({ $0.take() }) else { return }
                serve(stream, number)
            }.detach()
        }
    }

    private func serve(_ stream: borrowing TCPStream, _ number: UInt16) {
        while !stop.isRaised {
            guard let prefix = try? stream.receive(exactly: 2, timeoutNanoseconds: 50_000_000) else {
                if (try? stream.peerEndpoint) == nil { return }
                continue
            }
            let length = Int(prefix[0]) << 8 | Int(prefix[1])
            guard let octets = try? stream.receive(exactly: length, timeoutNanoseconds: 1_000_000_000),
                let query = try? Message(decoding: octets)
            else { return }
            note(query, .tcp, number)
            guard let reply = reply(query), let answer = try? reply.encode() else { continue }
            try? stream.send(TCPFrame.wrap(answer) ?? [])
        }
    }
}
