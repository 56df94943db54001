import DNSWire
import LinuxNet
import Testing

@testable import Lab

@Suite("A scripted server on real sockets", .timeLimit(.minutes(1)))
struct ScriptedServerTests {
    /// Runs a server on a loopback port while `body` talks to it.
    private func withServer(
        delay: Int64 = 0,
        idle: Int64 = 10_000_000_000,
        _ body: @Sendable @escaping (Endpoint) throws -> Void
    ) async throws {
        let stop = StopFlag()
        let (ports, sink) = AsyncStream<Endpoint>.makeStream()
        async let served: Void = Threads.run(name: "server") {
            let server = try ScriptedServer(
                listen: [Endpoint(address: .v4(0x7F00_0001), port: 0)],
                responder: ScriptedResponder(cluster: KubernetesZone(services: 5)),
                delayNanoseconds: delay,
                idleNanoseconds: idle
            )
            sink.yield(server.endpoints[0])
            try server.run(until: stop)
        }
        for await endpoint in ports {
            defer { stop.raise() }
            try await Threads.run(name: "client") { try body(endpoint) }
            break
        }
        try await served
    }

    private static func query(_ name: String, id: UInt16 = 1) throws -> [UInt8] {
        try Message.query(id: id, name: try DNSName(name), type: .a).encode()
    }

    /// Reads whole messages until `count` came or the stream has ended.
    private static func read(_ count: Int, from stream: borrowing TCPStream) throws -> [Message] {
        var messages: [Message] = []
        while messages.count < count {
            guard let prefix = try stream.receive(exactly: 2, timeoutNanoseconds: 5_000_000_000),
                let body = try stream.receive(
                    exactly: Int(prefix[0]) << 8 | Int(prefix[1]),
                    timeoutNanoseconds: 5_000_000_000
                )
            else { break }
            messages.append(try Message(decoding: body))
        }
        return messages
    }

    @Test("pipelined queries are all answered, and a stalled one holds nobody up")
    func pipelining() async throws {
        try await withServer { endpoint in
            let stream = try TCPStream.connect(to: endpoint, timeoutNanoseconds: 1_000_000_000)
            var octets = TCPFrame.wrap(try Self.query("s.stall-200ms.script.test", id: 9_999)) ?? []
            for id in 0..<200 { octets += TCPFrame.wrap(try Self.query("p\(id).script.test", id: UInt16(id))) ?? [] }
            try stream.send(octets)
            let identifiers = try Self.read(201, from: stream).map(\.id)
            #expect(identifiers == (0..<200).map { UInt16($0) } + [9_999])
        }
    }

    @Test("a client that ends its side still gets every answer, then the end")
    func halfClose() async throws {
        try await withServer(delay: 20_000_000) { endpoint in
            let stream = try TCPStream.connect(to: endpoint, timeoutNanoseconds: 1_000_000_000)
            try stream.send(
                (TCPFrame.wrap(try Self.query("a.script.test")) ?? [])
                    + (TCPFrame.wrap(try Self.query("b.script.test")) ?? [])
            )
            try stream.shutdownWrite()
            #expect(try Self.read(3, from: stream).count == 2)
        }
    }

    @Test("a query that comes octet by octet is answered")
    func split() async throws {
        try await withServer { endpoint in
            let stream = try TCPStream.connect(to: endpoint, timeoutNanoseconds: 1_000_000_000)
            try stream.setNoDelay()
            for octet in TCPFrame.wrap(try Self.query("a.script.test")) ?? [] { try stream.send([octet]) }
            #expect(try Self.read(1, from: stream).count == 1)
        }
    }

    @Test("reset and close end the connection each in its way")
    func endings() async throws {
        try await withServer { endpoint in
            var buffer = [UInt8](repeating: 0, count: 16)
            let closed = try TCPStream.connect(to: endpoint, timeoutNanoseconds: 1_000_000_000)
            try closed.send(TCPFrame.wrap(try Self.query("a.close.script.test")) ?? [])
            #expect(try closed.receive(into: &buffer, timeoutNanoseconds: 2_000_000_000) == 0)
            let reset = try TCPStream.connect(to: endpoint, timeoutNanoseconds: 1_000_000_000)
            try reset.send(TCPFrame.wrap(try Self.query("a.reset.script.test")) ?? [])
            do throws(NetError) {
                _ = try reset.receive(into: &buffer, timeoutNanoseconds: 2_000_000_000)
                Issue.record("no reset came")
            } catch {
                #expect(error.isConnectionReset)
            }
        }
    }

    @Test("an idle connection is closed, a used one is not")
    func idleness() async throws {
        try await withServer(idle: 200_000_000) { endpoint in
            var buffer = [UInt8](repeating: 0, count: 512)
            let stream = try TCPStream.connect(to: endpoint, timeoutNanoseconds: 1_000_000_000)
            let begun = Clock.monotonicNanoseconds()
            for _ in 0..<4 {
                try stream.send(TCPFrame.wrap(try Self.query("a.script.test")) ?? [])
                #expect(try (stream.receive(into: &buffer, timeoutNanoseconds: 2_000_000_000) ?? 0) > 0)
                Clock.sleep(untilMonotonic: Clock.monotonicNanoseconds() + 100_000_000)
            }
            #expect(try stream.receive(into: &buffer, timeoutNanoseconds: 2_000_000_000) == 0)
            #expect(Clock.monotonicNanoseconds() - begun > 500_000_000)
        }
    }

    @Test("the delay applies to every answer over UDP, and answers go back to who asked")
    func delay() async throws {
        try await withServer(delay: 30_000_000) { endpoint in
            let socket = try UDPSocket(connectedTo: endpoint)
            let begun = Clock.monotonicNanoseconds()
            for id in 0..<20 { try socket.send(try Self.query("kubernetes.default.svc.cluster.local", id: UInt16(id))) }
            var identifiers: [UInt16] = []
            while let reply = try socket.receive(timeoutNanoseconds: 500_000_000) {
                identifiers.append(try Message(decoding: reply.bytes).id)
                if identifiers.count == 20 { break }
            }
            #expect(identifiers == (0..<20).map { UInt16($0) })
            #expect(Clock.monotonicNanoseconds() - begun >= 30_000_000)
        }
    }
}
