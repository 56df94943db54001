import DNSBench
import DNSWire
import LinuxNet
import Measure
import Testing

@Suite("The path of a load", .serialized, .timeLimit(.minutes(3)))
struct LoadPathTests {
    private func run(_ misbehaviour: Misbehaviour = Misbehaviour(), change: (inout LoadPlan) -> Void) async throws
        -> LoadResult
    {
        let responder = try Responder(misbehaviour)
        defer { responder.finish() }
        var plan = LoadPlan(
            target: responder.udp,
            model: .closed(outstanding: 200),
            limit: .queries(20_000),
            connections: 4,
            seed: 7
        )
        change(&plan)
        let result = try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
        #expect(result.counters.addUp, "\(result.counters)")
        return result
    }

    @Test("Segmentation offload sends the same queries, each answered by its own question", arguments: [true, false])
    func segmentation(isClosed: Bool) async throws {
        let result = try await run { plan in
            plan.usesSegmentation = true
            if !isClosed { plan.model = .open(ratePerSecond: 40_000) }
        }
        #expect(result.counters.scheduled == 20_000 && result.counters.sent == 20_000)
        #expect(result.counters.mismatched == 0 && result.counters.malformed == 0)
        #expect(result.counters.answered + result.counters.timedOut == 20_000)
        #expect(result.counters.answered > 19_000)
    }

    @Test("A truncated answer ends when the one over TCP is there")
    func retryOverTCP() async throws {
        let result = try await run(Misbehaviour(truncates: true)) { plan in
            plan.retriesTruncated = true
            plan.model = .closed(outstanding: 8)
            plan.limit = .queries(400)
        }
        #expect(result.counters.answered == 400)
        #expect(result.counters.retriedOverTCP == 400, "\(result.counters)")
        #expect(result.counters.truncatedAnswers == 0, "the answers that counted came over TCP")
        #expect(result.connectTime.count == 400)
        #expect(result.response.count == 400)
    }

    @Test("Without the retry a truncated answer is an answer, and is counted as such")
    func truncated() async throws {
        let result = try await run(Misbehaviour(truncates: true)) { $0.limit = .queries(400) }
        #expect(result.counters.answered == 400 && result.counters.truncatedAnswers == 400)
        #expect(result.counters.retriedOverTCP == 0)
    }

    @Test("A retry whose connection is refused times out and is counted")
    func retryRefused() async throws {
        // A UDP socket alone, so that nobody listens on TCP.
        let socket = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        let target = try socket.localEndpoint
        let descriptor = socket.release()
        let thread = try Threads.start(name: "test-tc") {
            let socket = UDPSocket(adopting: descriptor, family: .ipv4)
            for _ in 0..<5 {
                guard let datagram = try? socket.receive(timeoutNanoseconds: 5_000_000_000) else { return }
                var bytes = datagram.bytes
                bytes[2] |= 0x82
                try? socket.send(bytes, to: datagram.info.source)
            }
        }
        defer { thread.join() }
        var plan = LoadPlan(target: target, model: .closed(outstanding: 1), limit: .queries(5), connections: 1)
        plan.retriesTruncated = true
        let result = try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
        #expect(result.counters.addUp)
        // A refusal at once leaves the truncated answer to stand; one that comes later ends the query as timed out.
        #expect(result.counters.connectionFailures == 5)
        #expect(result.counters.answered + result.counters.timedOut == 5)
    }

    @Test("Sockets take the source addresses and ports in turn", arguments: [LoadTransport.udp, .tcp])
    func sources(transport: LoadTransport) async throws {
        let prefix = try #require(AddressPrefix("127.9.0.0/30"))
        let result = try await run { plan in
            plan.transport = transport
            plan.sources = SourceRange(prefixes: [prefix])
            plan.limit = .queries(1_000)
        }
        #expect(result.counters.answered == 1_000)
    }

    @Test("A source address that is not ours is an error before anything is sent")
    func foreignSource() async throws {
        let prefix = try #require(AddressPrefix("192.0.2.1"))
        await #expect(throws: NetError.self) {
            _ = try await run { $0.sources = SourceRange(prefixes: [prefix]) }
        }
    }

    @Test("A source range tells its sockets apart and knows how many it can")
    func sourceRange() throws {
        let four = try #require(AddressPrefix("127.9.0.4/30"))
        let one = try #require(AddressPrefix("127.8.0.1"))
        let range = SourceRange(prefixes: [four, one], ports: 20_000...20_001)
        var plan = LoadPlan(
            target: Endpoint(address: .v4(0x7f00_0001), port: 53),
            model: .closed(outstanding: 1),
            limit: .queries(1),
            connections: 11,
            sources: range
        )
        #expect(throws: LoadPlanError.sources(sockets: 11, possible: 10)) { try plan.validate() }
        plan.connections = 10
        try plan.validate()
        plan.target = Endpoint(address: .v6(0, 1), port: 53)
        #expect(throws: LoadPlanError.sourceFamily(four, target: plan.target)) { try plan.validate() }
    }

    @Test("More sockets than the process may open are refused in plain words")
    func descriptors() async throws {
        let allowed = DescriptorLimit.raise()
        let plan = LoadPlan(
            target: Endpoint(address: .v4(0x7f00_0001), port: 53),
            model: .closed(outstanding: 1),
            limit: .queries(1),
            connections: allowed,
            threads: allowed / 4_096 + 1
        )
        let error = await #expect(throws: LoadPlanError.self) {
            try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
        }
        #expect(error?.description.contains("ulimit -n") == true)
    }

    @Test("Options of one transport are refused with the other")
    func wrongTransport() throws {
        let target = Endpoint(address: .v4(0x7f00_0001), port: 53)
        var plan = LoadPlan(target: target, transport: .tcp, model: .closed(outstanding: 1), limit: .queries(1))
        plan.usesSegmentation = true
        #expect(throws: LoadPlanError.needs(.udp, "segmentation offload")) { try plan.validate() }
        plan = LoadPlan(target: target, model: .closed(outstanding: 1), limit: .queries(1), pipelineDepth: 4)
        #expect(throws: LoadPlanError.needs(.tcp, "a pipelining depth")) { try plan.validate() }
    }

    @Test("Sampled datagrams tell how far the send time is off, and idle time is not work")
    func samples() async throws {
        let result = try await run { plan in
            plan.model = .open(ratePerSecond: 500)
            plan.limit = .duration(nanoseconds: 300_000_000)
        }
        #expect(result.transmitLag.count > 20, "one datagram in a millisecond at most is sampled")
        // What the driver saw cannot lie a whole service time behind the send that we noted.
        #expect(result.transmitLag.value(percentile: 50) < result.service.value(percentile: 99))
        #expect(result.busyNanoseconds > 0 && result.busyNanoseconds < result.laneNanoseconds / 2)
    }

    @Test("A handshake's time is kept for each connection")
    func handshakes() async throws {
        let result = try await run { plan in
            plan.transport = .tcp
            plan.queriesPerConnection = 100
            plan.limit = .queries(2_000)
        }
        #expect(result.counters.answered == 2_000)
        #expect(result.connectTime.count + result.counters.connectionFailures <= result.counters.connectionAttempts)
        #expect(result.connectTime.count >= 20)
    }
}
