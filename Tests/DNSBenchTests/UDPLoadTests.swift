import DNSBench
import DNSWire
import LinuxNet
import Measure
import Testing

/// Queries that differ in their names, so that a wrong question is noticed.
func numberedWorkload(_ count: Int = 500, options: QueryOptions = QueryOptions()) throws -> Workload {
    try Workload.queries(
        (0..<count).map { WorkloadQuery(name: try DNSName("host\($0).example.com."), type: $0 % 2 == 0 ? .a : .aaaa) },
        popularity: .sequential,
        seed: 1,
        options: options
    )
}

@Suite("Load over UDP", .serialized, .timeLimit(.minutes(3)))
struct UDPLoadTests {
    static let patient: Int64 = 5_000_000_000

    private func run(
        _ misbehaviour: Misbehaviour,
        model: LoadModel,
        limit: LoadLimit,
        timeout: Int64 = UDPLoadTests.patient,
        connections: Int = 4,
        threads: Int = 1,
        bufferBytes: Int = 4 << 20
    ) async throws -> LoadResult {
        let responder = try Responder(misbehaviour)
        defer { responder.finish() }
        let plan = LoadPlan(
            target: responder.udp,
            model: model,
            limit: limit,
            timeoutNanoseconds: timeout,
            connections: connections,
            threads: threads,
            seed: 7,
            receiveBufferBytes: bufferBytes
        )
        let result = try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
        #expect(result.counters.addUp, "\(result.counters)")
        #expect(result.series.reduce(0) { $0 + $1.sent } == result.counters.sent)
        #expect(result.series.reduce(0) { $0 + $1.answered } == result.counters.answered)
        #expect(result.series.reduce(0) { $0 + $1.timedOut } == result.counters.timedOut)
        #expect(result.response.count + result.counters.unclocked == result.counters.answered)
        #expect(result.rcodes.values.reduce(0, +) == result.counters.answered)
        return result
    }

    @Test("A closed window gets every answer, whatever threads and ports", arguments: [(1, 1), (1, 8), (3, 7)])
    func closed(threads: Int, connections: Int) async throws {
        let result = try await run(
            Misbehaviour(),
            model: .closed(outstanding: 50),
            limit: .queries(20_000),
            connections: connections,
            threads: threads
        )
        #expect(result.counters.scheduled == 20_000 && result.counters.answered == 20_000)
        #expect(result.rcodes == [.noError: 20_000])
        #expect(result.sendLag.max == 0, "in a closed loop the intended time is the actual one")
        #expect(result.response.max == result.service.max)
        #expect(result.clientCPUNanoseconds > 0 && result.achievedQueriesPerSecond > 100)
        #expect(result.rxDropped == 0 && result.isValid)
    }

    @Test("An open loop sends exactly rate times duration")
    func open() async throws {
        let result = try await run(
            Misbehaviour(),
            model: .open(ratePerSecond: 2_000),
            limit: .duration(nanoseconds: 500_000_000),
            threads: 2
        )
        #expect(result.counters.scheduled == 1_000 && result.counters.answered == 1_000)
        #expect(result.offeredQueriesPerSecond == 2_000)
        #expect(result.achievedQueriesPerSecond > 1_000 && result.achievedQueriesPerSecond < 2_001)
        #expect(result.sendLag.count == 1_000)
    }

    @Test("A Poisson load with a number of queries sends that number")
    func poisson() async throws {
        let result = try await run(
            Misbehaviour(),
            model: .open(ratePerSecond: 5_000, spacing: .poisson),
            limit: .queries(700)
        )
        #expect(result.counters.scheduled == 700 && result.counters.answered == 700)
    }

    @Test("Lost queries time out, one class each")
    func loss() async throws {
        let result = try await run(
            Misbehaviour(dropsEvery: 10),
            model: .closed(outstanding: 20),
            limit: .queries(500),
            timeout: 250_000_000
        )
        #expect(result.counters.timedOut == 50 && result.counters.answered == 450)
        #expect(abs(result.lossRatio - 0.1) < 1e-9)
    }

    @Test("An answer with a foreign id or another question is not an answer")
    func mismatches() async throws {
        let foreign = try await run(
            Misbehaviour(wrongIDEvery: 10),
            model: .closed(outstanding: 5),
            limit: .queries(50),
            timeout: 250_000_000
        )
        #expect(foreign.counters.mismatched == 5 && foreign.counters.timedOut == 5)
        let other = try await run(
            Misbehaviour(wrongQuestionEvery: 10),
            model: .closed(outstanding: 5),
            limit: .queries(50),
            timeout: 250_000_000
        )
        #expect(other.counters.mismatched == 5 && other.counters.timedOut == 5)
    }

    @Test("A second answer to one query is counted besides")
    func duplicates() async throws {
        let result = try await run(
            Misbehaviour(duplicatesEvery: 5),
            model: .closed(outstanding: 10),
            limit: .queries(500)
        )
        #expect(result.counters.answered == 500)
        #expect(result.counters.mismatched >= 99 && result.counters.mismatched <= 100)
    }

    @Test("A message with the QR bit clear is malformed")
    func malformed() async throws {
        let result = try await run(
            Misbehaviour(queriesEvery: 10),
            model: .closed(outstanding: 5),
            limit: .queries(50),
            timeout: 250_000_000
        )
        #expect(result.counters.malformed == 5 && result.counters.timedOut == 5)
    }

    @Test("Answers after the timeout are late, not answers")
    func late() async throws {
        let result = try await run(
            Misbehaviour(delayNanoseconds: 150_000_000),
            model: .open(ratePerSecond: 5),
            limit: .queries(5),
            timeout: 100_000_000,
            connections: 1
        )
        #expect(result.counters.timedOut == 5 && result.counters.answered == 0)
        // The last query's answer comes after the run has ended.
        #expect(result.counters.late >= 2 && result.counters.late <= 4)
    }

    @Test("An error without a question answers its query")
    func bareError() async throws {
        let result = try await run(
            Misbehaviour(rcode: 1, omitsQuestion: true),
            model: .closed(outstanding: 4),
            limit: .queries(100)
        )
        #expect(result.rcodes == [.formErr: 100])
        let bareSuccess = try await run(
            Misbehaviour(omitsQuestion: true),
            model: .closed(outstanding: 1),
            limit: .queries(2),
            timeout: 250_000_000
        )
        #expect(bareSuccess.counters.answered == 0 && bareSuccess.counters.mismatched == 2)
    }

    @Test("A stall of 200 ms is seen by every query that was due in it")
    func stall() async throws {
        let result = try await run(
            Misbehaviour(stallAfterNanoseconds: 300_000_000, stallNanoseconds: 200_000_000),
            model: .open(ratePerSecond: 2_000),
            limit: .duration(nanoseconds: 1_000_000_000)
        )
        #expect(result.counters.answered == 2_000)
        // 400 of 2,000 queries fall into the stall and wait for its end: on average 100 ms, at most 200 ms.
        #expect(result.response.value(percentile: 99.9) > 180_000_000)
        #expect(result.response.value(percentile: 90) > 60_000_000)
    }

    @Test("A closed port ends every query as timed out, and the refusals are counted")
    func refused() async throws {
        let closed: Endpoint
        do {
            let socket = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
            closed = try socket.localEndpoint
        }
        let plan = LoadPlan(
            target: closed,
            model: .closed(outstanding: 4),
            limit: .queries(20),
            timeoutNanoseconds: 20_000_000,
            connections: 2
        )
        let result = try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
        #expect(result.counters.addUp)
        #expect(result.counters.timedOut == 20 && result.counters.refusals > 0)
    }

    @Test("A raised flag ends the run within 50 ms, and what was in flight is interrupted")
    func stop() async throws {
        let responder = try Responder(Misbehaviour(silent: true))
        defer { responder.finish() }
        let plan = LoadPlan(
            target: responder.udp,
            model: .closed(outstanding: 30),
            limit: .duration(nanoseconds: 60_000_000_000)
        )
        let stop = StopFlag()
        let workload = try numberedWorkload()
        async let pending = LoadEngine.run(plan, workload, stop: stop)
        try await Task.sleep(nanoseconds: 150_000_000)
        let raised = Clock.monotonicNanoseconds()
        stop.raise()
        let result = try await pending
        #expect(Clock.monotonicNanoseconds() - raised < 500_000_000, "50 ms, and what a busy machine adds")
        #expect(result.wasInterrupted && result.counters.interrupted == 30 && result.counters.addUp)
    }

    @Test("Answers dropped at our own socket make the run invalid and say so")
    func ownDrops() async throws {
        let result = try await run(
            Misbehaviour(stallAfterNanoseconds: 0, stallNanoseconds: 50_000_000),
            model: .closed(outstanding: 400),
            limit: .queries(4_000),
            timeout: 300_000_000,
            connections: 1,
            bufferBytes: 1
        )
        #expect(result.rxDropped > 0 && !result.isValid)
        #expect(result.invalidReason?.contains("own sockets dropped") == true)
    }

    @Test("A generator that falls behind says so")
    func ownLag() async throws {
        let responder = try Responder()
        defer { responder.finish() }
        let plan = LoadPlan(
            target: responder.udp,
            model: .open(ratePerSecond: 2_000),
            limit: .duration(nanoseconds: 200_000_000),
            pacing: .lowCPU,
            sendLagBoundNanoseconds: 1
        )
        let result = try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
        #expect(result.counters.addUp && result.invalidReason?.contains("fell behind") == true)
    }

    @Test("Loads run over IPv6")
    func ipv6() async throws {
        let responder = try Responder(family: .ipv6)
        defer { responder.finish() }
        let plan = LoadPlan(target: responder.udp, model: .closed(outstanding: 10), limit: .queries(1_000))
        let result = try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
        #expect(result.counters.answered == 1_000)
    }

    @Test(
        "Loads are sent from another network namespace",
        .enabled(if: Privileges.missing([.sysAdmin]).isEmpty, "making a network namespace needs CAP_SYS_ADMIN")
    )
    func namespace() async throws {
        let namespace = try NetworkNamespace.create()
        let responder = try Responder(namespace: namespace)
        defer { responder.finish() }
        for (transport, target) in [(LoadTransport.udp, responder.udp), (.tcp, responder.tcp)] {
            let plan = LoadPlan(
                target: target,
                transport: transport,
                model: .closed(outstanding: 10),
                limit: .queries(500),
                namespace: namespace
            )
            let result = try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
            #expect(result.counters.answered == 500)
        }
    }

    @Test("Progress comes at each interval and never goes back")
    func progress() async throws {
        let responder = try Responder()
        defer { responder.finish() }
        let seen = ProgressLog()
        let plan = LoadPlan(
            target: responder.udp,
            model: .open(ratePerSecond: 1_000),
            limit: .duration(nanoseconds: 400_000_000),
            intervalNanoseconds: 100_000_000
        )
        let result = try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag()) { seen.append($0) }
        #expect(result.series.count == 4 || result.series.count == 5)
        #expect(seen.all.map(\.latest) == result.series)
        #expect(seen.all.last?.answered == result.counters.answered)
        #expect(result.series.map(\.startNanoseconds) == result.series.map(\.startNanoseconds).sorted())
    }

    @Test("A plan that cannot be run is refused before anything is sent")
    func impossible() async throws {
        let target = Endpoint(address: .v4(0x7f00_0001), port: 9)
        let workload = try numberedWorkload()
        var plan = LoadPlan(target: target, model: .closed(outstanding: 0), limit: .queries(1))
        await #expect(throws: LoadPlanError.outstanding(0, maximum: 8 * 32_768)) {
            try await LoadEngine.run(plan, workload, stop: StopFlag())
        }
        plan.model = .open(ratePerSecond: -1)
        await #expect(throws: LoadPlanError.rate(-1)) { try await LoadEngine.run(plan, workload, stop: StopFlag()) }
        plan = LoadPlan(target: target, model: .closed(outstanding: 1), limit: .queries(1), connections: 1, threads: 2)
        await #expect(throws: LoadPlanError.connections(1, threads: 2)) {
            try await LoadEngine.run(plan, workload, stop: StopFlag())
        }
    }
}
