import DNSBench
import DNSWire
import LinuxNet
import Measure
import Testing

@Suite("Load over TCP", .serialized, .timeLimit(.minutes(3)))
struct TCPLoadTests {
    private func run(
        _ misbehaviour: Misbehaviour = Misbehaviour(),
        model: LoadModel,
        limit: LoadLimit,
        timeout: Int64 = 5_000_000_000,
        connections: Int = 4,
        threads: Int = 1,
        queriesPerConnection: Int? = nil
    ) async throws -> LoadResult {
        let responder = try Responder(misbehaviour)
        defer { responder.finish() }
        let plan = LoadPlan(
            target: responder.tcp,
            transport: .tcp,
            model: model,
            limit: limit,
            timeoutNanoseconds: timeout,
            connections: connections,
            threads: threads,
            seed: 3,
            queriesPerConnection: queriesPerConnection
        )
        let result = try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
        #expect(result.counters.addUp, "\(result.counters)")
        #expect(result.response.count == result.counters.answered)
        return result
    }

    @Test("Pipelined connections get every answer", arguments: [(1, 1), (1, 5), (2, 20)])
    func closed(threads: Int, connections: Int) async throws {
        let result = try await run(
            model: .closed(outstanding: 60),
            limit: .queries(20_000),
            connections: connections,
            threads: threads
        )
        #expect(result.counters.answered == 20_000 && result.counters.resent == 0)
        #expect(result.counters.connectionAttempts == UInt64(connections))
    }

    @Test("An open loop keeps its rate")
    func open() async throws {
        let result = try await run(
            model: .open(ratePerSecond: 2_000),
            limit: .duration(nanoseconds: 500_000_000),
            threads: 2
        )
        #expect(result.counters.scheduled == 1_000 && result.counters.answered == 1_000)
    }

    @Test("A server that closes after 128 queries costs resends, not answers")
    func closing() async throws {
        let result = try await run(
            Misbehaviour(closesAfter: 128),
            model: .closed(outstanding: 40),
            limit: .queries(5_000),
            connections: 2
        )
        #expect(result.counters.scheduled == 5_000)
        #expect(result.counters.answered + result.counters.timedOut == 5_000)
        #expect(result.counters.answered >= 4_900)
        #expect(result.counters.resent > 0 && result.counters.connectionsClosed >= 38)
    }

    @Test("A connection ended in time by us loses nothing to such a server")
    func limitedConnections() async throws {
        let result = try await run(
            Misbehaviour(closesAfter: 128),
            model: .closed(outstanding: 40),
            limit: .queries(5_000),
            connections: 2,
            queriesPerConnection: 127
        )
        #expect(result.counters.answered == 5_000 && result.counters.resent == 0)
        #expect(result.counters.connectionsClosed == 0)
    }

    @Test("Queries without an answer time out on a connection that lives")
    func loss() async throws {
        let result = try await run(
            Misbehaviour(dropsEvery: 10),
            model: .closed(outstanding: 4),
            limit: .queries(200),
            timeout: 250_000_000,
            connections: 1
        )
        #expect(result.counters.timedOut == 20 && result.counters.answered == 180)
    }

    @Test("Foreign ids, other questions and queries are told apart from answers")
    func faults() async throws {
        let result = try await run(
            Misbehaviour(wrongIDEvery: 10, wrongQuestionEvery: 11, queriesEvery: 13),
            model: .closed(outstanding: 10),
            limit: .queries(100),
            timeout: 250_000_000,
            connections: 1
        )
        #expect(result.counters.mismatched == 19 && result.counters.malformed == 7)
        #expect(result.counters.timedOut == 26)
    }

    @Test("A closed port is an error that names the target")
    func refused() async throws {
        let closed: Endpoint
        do { closed = try TCPListener(bindTo: Endpoint(address: .v4(0x7f00_0001), port: 0)).localEndpoint }
        let plan = LoadPlan(target: closed, transport: .tcp, model: .closed(outstanding: 1), limit: .queries(1))
        let error = await #expect(throws: NetError.self) {
            try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
        }
        #expect(error?.isConnectionRefused == true && error?.endpoint == closed)
    }

    @Test("Whole messages of which only one fits into a connection's buffer go out one after the other")
    func longMessages() async throws {
        let responder = try Responder()
        defer { responder.finish() }
        // Id, flags, one question of the root's A, and octets that nobody reads behind it.
        let head: [UInt8] = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]
        let messages = [40_000, 65_507, 30_000].map { head + [UInt8](repeating: 7, count: $0 - head.count) }
        let plan = LoadPlan(
            target: responder.tcp,
            transport: .tcp,
            model: .closed(outstanding: 16),
            limit: .queries(300),
            connections: 2
        )
        let result = try await LoadEngine.run(plan, try Workload.messages(messages), stop: StopFlag())
        #expect(result.counters.answered == 300 && result.counters.malformed == 0, "\(result.counters)")
    }

    @Test("A raised flag ends the run, and each query in exactly one class")
    func stop() async throws {
        let responder = try Responder(Misbehaviour(silent: true))
        defer { responder.finish() }
        let plan = LoadPlan(
            target: responder.tcp,
            transport: .tcp,
            model: .open(ratePerSecond: 1_000),
            limit: .duration(nanoseconds: 60_000_000_000)
        )
        let stop = StopFlag()
        let workload = try numberedWorkload()
        async let pending = LoadEngine.run(plan, workload, stop: stop)
        try await Task.sleep(nanoseconds: 150_000_000)
        stop.raise()
        let result = try await pending
        #expect(result.wasInterrupted && result.counters.interrupted > 0 && result.counters.addUp)
    }

    @Test("A server that goes away turns its queries into timeouts, and what never left into unsent")
    func vanishing() async throws {
        let responder = try Responder()
        let plan = LoadPlan(
            target: responder.tcp,
            transport: .tcp,
            model: .open(ratePerSecond: 1_000),
            limit: .duration(nanoseconds: 600_000_000),
            timeoutNanoseconds: 100_000_000
        )
        let workload = try numberedWorkload()
        async let pending = LoadEngine.run(plan, workload, stop: StopFlag())
        try await Task.sleep(nanoseconds: 200_000_000)
        responder.finish()
        let result = try await pending
        #expect(result.counters.addUp && result.counters.scheduled == 600)
        #expect(result.counters.unsent > 100 && result.counters.connectionFailures > 0)
    }
}
