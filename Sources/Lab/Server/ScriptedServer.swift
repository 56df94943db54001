import DNSWire
import LinuxNet

/// A DNS server on UDP and TCP whose answers come from a ``ScriptedResponder``; one thread does everything.
///
/// TCP is served as CoreDNS serves it: pipelined queries are taken at once, idle connections end after ten seconds.
final class ScriptedServer {
    /// Connections without traffic are closed after this time; CoreDNS 1.11 and later take ten seconds.
    private let idleNanoseconds: Int64

    private enum Destination {
        case datagram(port: Int, client: Endpoint)
        case connection(UInt64)
    }

    private struct Answer {
        var act: ScriptedReply.Act
        var destination: Destination
    }

    /// A bound address; the classes own what an array cannot hold.
    private final class DatagramPort {
        let endpoint: Endpoint
        let socket: UDPSocket
        init(_ endpoint: Endpoint) throws(NetError) {
            socket = try UDPSocket(boundTo: endpoint)
            self.endpoint = try socket.localEndpoint
            _ = try? socket.setReceiveBuffer(bytes: 4 << 20)
        }
    }

    private final class StreamPort {
        let listener: TCPListener
        init(_ endpoint: Endpoint) throws(NetError) {
            listener = try TCPListener(bindTo: endpoint, backlog: 4_096)
        }
    }

    private var responder: ScriptedResponder
    private let delayNanoseconds: Int64
    private let datagramPorts: [DatagramPort]
    private let streamPorts: [StreamPort]
    private var connections: [UInt64: ServerConnection] = [:]
    private var nextToken: UInt64
    private var poll: EventPoll
    private var due = DueQueue<Answer>()
    private var datagramBuffer = [UInt8](repeating: 0, count: 65_535)
    private var streamBuffer = [UInt8](repeating: 0, count: 65_535)
    private var nextSweep: Int64 = 0

    /// Binds every endpoint on UDP and TCP; port 0 takes a port that is free for both.
    init(
        listen endpoints: [Endpoint],
        responder: ScriptedResponder,
        delayNanoseconds: Int64,
        idleNanoseconds: Int64 = 10_000_000_000
    )
        throws(NetError)
    {
        self.idleNanoseconds = idleNanoseconds
        self.responder = responder
        self.delayNanoseconds = delayNanoseconds
        var datagramPorts: [DatagramPort] = []
        var streamPorts: [StreamPort] = []
        for endpoint in endpoints {
            let (datagramPort, streamPort) = try Self.bind(endpoint)
            datagramPorts.append(datagramPort)
            streamPorts.append(streamPort)
        }
        self.datagramPorts = datagramPorts
        self.streamPorts = streamPorts
        nextToken = UInt64(2 * endpoints.count)
        poll = try EventPoll()
        for (index, port) in datagramPorts.enumerated() {
            try poll.add(port.socket.fd, for: .readable, token: UInt64(index))
        }
        for (index, port) in streamPorts.enumerated() {
            try poll.add(port.listener.fd, for: .readable, token: UInt64(datagramPorts.count + index))
        }
    }

    /// Binds one endpoint; a free UDP port may be some TCP connection's, and then another one is tried.
    private static func bind(_ endpoint: Endpoint) throws(NetError) -> (DatagramPort, StreamPort) {
        var tries = endpoint.port == 0 ? 16 : 1
        while true {
            let datagramPort = try DatagramPort(endpoint)
            do throws(NetError) {
                return (datagramPort, try StreamPort(datagramPort.endpoint))
            } catch {
                tries -= 1
                guard tries > 0 else { throw error }
            }
        }
    }

    /// The bound endpoints.
    var endpoints: [Endpoint] { datagramPorts.map(\.endpoint) }

    /// Rings the server out of its wait, from any thread.
    var waker: EventWake { poll.waker }

    /// Serves until `stop` is raised.
    func run(until stop: StopFlag) throws(NetError) {
        while !stop.isRaised {
            let now = Clock.monotonicNanoseconds()
            let wait = min(due.earliest.map { $0 &- now } ?? 1_000_000_000, min(1_000_000_000, idleNanoseconds / 4))
            let count = try poll.wait(timeoutNanoseconds: max(0, wait))
            for index in 0..<count { handle(poll[index]) }
            let after = Clock.monotonicNanoseconds()
            while let answer = due.take(at: after) { perform(answer) }
            if after >= nextSweep {
                sweep(after)
                nextSweep = after + min(1_000_000_000, idleNanoseconds / 4)
            }
        }
    }

    private func handle(_ event: EventPoll.Event) {
        let ports = UInt64(datagramPorts.count)
        switch event.token {
        case EventPoll.wakeToken: break
        case ..<ports: readDatagrams(Int(event.token))
        case ..<(2 * ports): acceptConnections(Int(event.token - ports))
        default: serve(event)
        }
    }

    // MARK: UDP

    private func readDatagrams(_ port: Int) {
        // Bounded, so that a flood on one port does not starve the others.
        for _ in 0..<64 {
            // An ICMP error of an earlier answer arrives here and concerns nobody any more.
            guard
                let received = try? datagramPorts[port].socket.receive(into: &datagramBuffer, timeoutNanoseconds: 0)
            else { return }
            let query = Array(datagramBuffer[..<received.count])
            let path = QueryPath(client: received.source, server: datagramPorts[port].endpoint)
            schedule(
                responder.reply(to: query, over: .udp, path: path),
                .datagram(port: port, client: received.source)
            )
        }
    }

    // MARK: TCP

    private func acceptConnections(_ port: Int) {
        while let stream = try? streamPorts[port].listener.accept(timeoutNanoseconds: 0) {
            let connection = ServerConnection(stream, token: nextToken, now: Clock.monotonicNanoseconds())
            nextToken += 1
            guard (try? poll.add(connection.fd, for: .readable, token: connection.token)) != nil else { continue }
            connections[connection.token] = connection
        }
    }

    private func serve(_ event: EventPoll.Event) {
        guard let connection = connections[event.token] else { return }
        connection.lastActivity = Clock.monotonicNanoseconds()
        if event.readiness.contains(.writable), !connection.flush() { return drop(connection) }
        if event.readiness.contains(.readable) || event.readiness.contains(.failed) {
            guard connection.read(into: &streamBuffer) else { return drop(connection) }
            while let query = connection.nextQuery() {
                connection.pendingQueries += 1
                schedule(responder.reply(to: query, over: .tcp, path: connection.path), .connection(connection.token))
                guard connections[connection.token] != nil else { return }
            }
        }
        settle(connection)
    }

    /// Closes a connection that is done, and watches another for what it now needs.
    private func settle(_ connection: ServerConnection) {
        if connection.isFinished { return drop(connection) }
        var interest: Readiness = connection.hasEnded ? [] : .readable
        if connection.wantsToWrite { interest.insert(.writable) }
        try? poll.modify(connection.fd, for: interest, token: connection.token)
    }

    private func drop(_ connection: ServerConnection) {
        connection.close()
        connections[connection.token] = nil
    }

    private func sweep(_ now: Int64) {
        for connection in connections.values
        where now - connection.lastActivity > idleNanoseconds && connection.pendingQueries == 0 {
            drop(connection)
        }
    }

    // MARK: Acting

    private func schedule(_ reply: ScriptedReply, _ destination: Destination) {
        let answer = Answer(act: reply.act, destination: destination)
        let wait = delayNanoseconds + reply.stallNanoseconds
        if wait == 0 { perform(answer) } else { due.add(answer, due: Clock.monotonicNanoseconds() + wait) }
    }

    private func perform(_ answer: Answer) {
        switch answer.destination {
        case .datagram(let port, let client):
            guard case .send(let messages) = answer.act else { return }
            for message in messages {
                // A full socket buffer loses the answer, as it would for any server.
                _ = try? datagramPorts[port].socket.trySend(message.span.bytes, to: client)
            }
        case .connection(let token):
            guard let connection = connections[token] else { return }
            connection.pendingQueries -= 1
            connection.lastActivity = Clock.monotonicNanoseconds()
            switch answer.act {
            case .send(let messages):
                if connection.send(messages) { settle(connection) } else { drop(connection) }
            case .sendAndClose(let messages):
                _ = connection.send(messages)
                drop(connection)
            case .half(let message):
                if connection.sendHalf(of: message) { settle(connection) } else { drop(connection) }
            case .nothing: settle(connection)
            case .reset:
                connection.reset()
                connections[token] = nil
            case .close: drop(connection)
            }
        }
    }
}
