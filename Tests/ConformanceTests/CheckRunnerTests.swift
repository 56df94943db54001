import DNSWire
import LinuxNet
import Synchronization
import Testing

@testable import Conformance

/// Runs one check of a file against a fake server.
struct Bench {
    var context: CheckContext
    let server: FakeServer
    var options = CheckRunOptions(seed: 7)
    let stop = StopFlag()

    init(isConcurrent: Bool = false, _ react: @escaping FakeServer.React) throws {
        server = try FakeServer(isConcurrent: isConcurrent, react)
        let zones = [
            ExpectedZone(
                zone: ExpressionTests.name("cluster.local"),
                transport: .tcp,
                upstreams: [.v4(0x0A60_000A)],
                successTTLCap: 30,
                denialTTLCap: 5
            )
        ]
        context = CheckContext(target: server.endpoint, expectations: TargetExpectations(zones: zones))
        context.version = VersionNumber("1.13.1")
    }

    func run(_ text: String, _ selection: CheckSelection = CheckSelection()) async throws -> [CheckOutcome] {
        defer { server.shutDown() }
        let catalogue = try CheckCatalogue(files: [("t.yaml", text)])
        return try await CheckRunner(catalogue: catalogue, context: context, options: options, stop: stop).run(
            selection
        )
    }

    func outcome(_ text: String) async throws -> CheckOutcome {
        try #require(try await run(text).first)
    }
}

@Suite("Check runner")
struct CheckRunnerTests {
    private static let isAuthoritative = "[{tag: AA, assert: 'a.flags.aa == false'}]"
    private static let deviation = "profiles: {'coredns >=1.10': {known: [AA], source: plugin/cache}}"

    private func bench(authoritative: Bool) throws -> Bench {
        try Bench { query, _, _ in FakeServer.answer(query) { $0.flags.isAuthoritative = authoritative } }
    }

    @Test("A check whose assertions hold passes, with the octets as evidence")
    func pass() async throws {
        let outcome = try await bench(authoritative: false).outcome(check(expect: Self.isAuthoritative))
        #expect(outcome.status == .pass)
        #expect(outcome.tags.isEmpty)
        #expect(outcome.evidence.first?.sentHex.hasSuffix("01610000010001") == true)
        #expect(outcome.evidence.first?.receivedHex.isEmpty == false)
    }

    @Test("A check whose assertion does not hold fails and says what it saw")
    func fail() async throws {
        let outcome = try await bench(authoritative: true).outcome(check(expect: Self.isAuthoritative))
        #expect(outcome.status == .fail)
        #expect(outcome.tags == ["AA"])
        #expect(outcome.expected == "a.flags.aa == false")
        #expect(outcome.actual == "a.flags.aa is true")
        #expect(outcome.remediation == "do something")
    }

    @Test("A deviation that the profile expects is known when seen and fixed when not; strict ignores it")
    func profiles() async throws {
        let text = check(expect: Self.isAuthoritative, extra: Self.deviation)
        #expect(try await bench(authoritative: true).outcome(text).status == .known)
        let fixed = try await bench(authoritative: false).outcome(text)
        #expect(fixed.status == .fixed)
        #expect(!fixed.remediation.isEmpty)
        var strict = try bench(authoritative: true)
        strict.options.isStrict = true
        #expect(try await strict.outcome(text).status == .fail)
        var older = try bench(authoritative: true)
        older.context.version = VersionNumber("1.9.4")
        #expect(try await older.outcome(text).status == .fail)
        let tolerated = check(
            expect: Self.isAuthoritative,
            extra: "profiles: {'coredns >=1.10': {tolerated: [AA], source: x}}"
        )
        #expect(try await bench(authoritative: true).outcome(tolerated).status == .known)
        #expect(try await bench(authoritative: false).outcome(tolerated).status == .pass)
    }

    @Test("A need that is not met skips the check with the reason")
    func skip() async throws {
        var bench = try bench(authoritative: false)
        bench.context.captureAbsence = "CAP_NET_RAW is missing"
        let outcome = try await bench.outcome(check(extra: "needs: [capture]"))
        #expect(outcome.status == .skip)
        #expect(outcome.actual == "CAP_NET_RAW is missing")
        let unknown = try await self.bench(authoritative: false).outcome(
            check(steps: "[{query: {name: '{{headless.name}}'}, save: a}]")
        )
        #expect(unknown.status == .skip)
        #expect(unknown.actual == "no headless service is known")
    }

    @Test("A guard that does not hold, or an observer that lost packets, is inconclusive and never a pass")
    func inconclusive() async throws {
        let guarded = check(
            expect: "[{tag: G, guard: true, assert: 'a.answer.count == 2'}, {tag: T, assert: 'a.answered == true'}]"
        )
        #expect(try await bench(authoritative: false).outcome(guarded).status == .inconclusive)
        let counter = LossCounter()
        var blind = try Bench { query, _, _ in
            counter.add()
            return FakeServer.answer(query)
        }
        blind.context.observer = UpstreamObserver(flush: { true }, queries: { _ in [] }, losses: { counter.value })
        let outcome = try await blind.outcome(
            check(expect: "[{tag: T, assert: 'upstream.count(a.sent.name) == 0'}]")
        )
        #expect(outcome.status == .inconclusive)
        #expect(outcome.actual == "the capture lost a packet")
        var late = try bench(authoritative: false)
        late.context.observer = UpstreamObserver(flush: { false }, queries: { _ in [] }, losses: { 0 })
        #expect(
            try await late.outcome(check(expect: "[{tag: T, assert: 'upstream.count(a.sent.name) == 0'}]")).status
                == .inconclusive
        )
    }

    @Test("An observer that loses more than one packet in a thousand is not believed, whenever it lost them")
    func lossyObserver() async throws {
        let check = check(expect: "[{tag: T, assert: 'upstream.count(a.sent.name) == 0'}]")
        var bench = try bench(authoritative: false)
        for (packets, status) in [(UInt64(4_999), CheckStatus.inconclusive), (5_000, .pass)] {
            bench.context.observer = UpstreamObserver(
                flush: { true },
                queries: { _ in [] },
                losses: { 5 },
                packets: { packets }
            )
            let outcome = try await bench.outcome(check)
            #expect(outcome.status == status)
            if status == .inconclusive {
                #expect(outcome.actual == "the capture lost 5 packets since it began, and took in 4999")
            }
        }
    }

    @Test("Upstream functions see what the observer saw, by name and time")
    func observer() async throws {
        var bench = try bench(authoritative: false)
        bench.context.observer = UpstreamObserver(
            flush: { true },
            queries: { since in
                [
                    ("A", since + 1, StepTransport.tcp, 0x0A00_0001), ("a", .max, .udp, 0x0A00_0002),
                    ("b", since, .udp, 3),
                ].map {
                    UpstreamObservation(
                        frame: 4,
                        realtimeNanoseconds: $0.1,
                        transport: $0.2,
                        source: Endpoint(address: .v4(1), port: 9),
                        destination: Endpoint(address: .v4($0.3), port: 53),
                        id: 1,
                        name: ExpressionTests.name($0.0),
                        type: .a,
                        isResponse: false,
                        opt: $0.0 == "A"
                            ? UpstreamOPT(count: 1, payloadSize: 1_400, flags: 0x8000, options: [10, 3]) : UpstreamOPT()
                    )
                }
            },
            losses: { 0 }
        )
        let outcome = try await bench.outcome(
            check(
                expect: """
                    [{tag: T, assert: ["upstream.count(a.sent.name) == 2", "upstream.count(a.sent.name, type: AAAA) == 0",
                    "upstream.transports(a.sent.name) == [TCP, UDP]", "upstream.count(a.sent.name, after: a) == 1",
                    "upstream.destinations(a.sent.name, before: a) == [\\"10.0.0.1\\"]", "upstream.connections(a.sent.name) == 1",
                    "upstream.count([a.sent.name, \\"b.\\"]) == 3", "upstream.edns(a.sent.name) == [1, 0]",
                    "upstream.edns_sizes(a.sent.name) == [1400]", "upstream.edns_flags(a.sent.name) == [0x8000]",
                    "upstream.options(a.sent.name) == [10, 3]", "upstream.options(\\"b.\\") is empty"]}]
                    """
            )
        )
        #expect(outcome.status == .pass, "\(outcome.actual)")
        #expect(outcome.evidence.contains { $0.frame == 4 })
    }

    @Test("The connections of upstream queries tell how they were ended")
    func connections() async throws {
        var bench = try bench(authoritative: false)
        let source = Endpoint(address: .v4(1), port: 9)
        let destination = Endpoint(address: .v4(2), port: 53)
        bench.context.observer = UpstreamObserver(
            flush: { true },
            queries: { since in
                [
                    UpstreamObservation(
                        frame: 1,
                        realtimeNanoseconds: since + 10,
                        transport: .tcp,
                        source: source,
                        destination: destination,
                        id: 1,
                        name: ExpressionTests.name("a"),
                        type: .a,
                        isResponse: false,
                        flags: 0x0110,
                        question: [1, 0x61, 0, 0, 1, 0, 1],
                        isInOneFrame: false
                    )
                ]
            },
            connections: { since in
                [
                    (UpstreamConnectionEvent.Kind.opened, 5), (.closedByServer, 20), (.closedByCache, 1_000_000_010),
                    (.resetByCache, 1_000_000_020),
                ].map {
                    UpstreamConnectionEvent(
                        kind: $0.0,
                        realtimeNanoseconds: since + $0.1,
                        source: source,
                        destination: destination
                    )
                }
            },
            losses: { 0 }
        )
        let outcome = try await bench.outcome(
            check(
                expect: """
                    [{tag: T, assert: ["upstream.ports(a.sent.name) == [9]", "upstream.flags(a.sent.name) == [272]",
                    "upstream.questions(a.sent.name) == [a.sent.question]", "upstream.in_one_frame(a.sent.name) == [false]",
                    "upstream.endings(a.sent.name) == [\\"SERVER_CLOSED\\"]", "upstream.idle(a.sent.name) == [1s]",
                    "upstream.resets(a.sent.name) == 1", "upstream.connects([\\"0.0.0.2\\"]) == 1",
                    "upstream.connects([\\"0.0.0.3\\"]) == 0"]}]
                    """
            )
        )
        #expect(outcome.status == .pass, "\(outcome.actual)")
    }

    @Test("Numbers that follow each other, repeat or leave bits out are regular")
    func regularities() {
        var nonces = NonceGenerator(run: 1, check: 2)
        #expect(Regularity.all(in: (0..<150).map { _ in Int64(nonces.next() & 0xFFFF) }).isEmpty)
        #expect(!Regularity.all(in: (0..<150).map { Int64(40_000 + $0) }).isEmpty)
        #expect(!Regularity.all(in: (0..<150).map { _ in Int64(nonces.next() & 0xFF) }).isEmpty)
        #expect(!Regularity.all(in: Array(repeating: 5, count: 150)).isEmpty)
        #expect(!Regularity.all(in: [1, 2, 3]).isEmpty)
    }

    @Test("A check that cannot run as written is an error")
    func error() async throws {
        let nonsense = try await bench(authoritative: false).outcome(
            check(expect: "[{tag: T, assert: 'a.id == a.rcode'}]")
        )
        #expect(nonsense.status == .error)
        #expect(nonsense.actual == "assertion T: an integer and a text cannot be compared")
        let late = try await bench(authoritative: false).outcome(
            check(steps: "[{query: {name: a}, save: a}, {wait: 5s}]", extra: "deadline: 100ms")
        )
        #expect(late.status == .error)
        #expect(late.actual.contains("deadline of 100 ms"))
    }

    @Test("A lost datagram is asked again with the same octets")
    func retry() async throws {
        let bench = try Bench { query, _, index in index == 0 ? .ignore : FakeServer.answer(query) }
        let outcome = try await bench.outcome(
            check(
                steps: "[{query: {name: a, timeout: 50ms}, save: a}]",
                expect: "[{tag: T, assert: ['a.tries == 2', 'a.answered == true']}]"
            )
        )
        #expect(outcome.status == .pass, "\(outcome.actual)")
        #expect(Set(bench.server.messages).count == 1)
    }

    @Test("Silence counts only when the server answers a plain query")
    func silence() async throws {
        let steps = "[{silence: {name: a, flags: [qr], window: 50ms}, save: a}]"
        let expect = "[{tag: T, assert: 'a.answered == false'}]"
        let deaf = try Bench { query, _, _ in query[2] & 0x80 == 0 ? FakeServer.answer(query) : .ignore }
        #expect(try await deaf.outcome(check(steps: steps, expect: expect)).status == .pass)
        let chatty = try Bench { query, _, _ in .answer(query) }
        #expect(try await chatty.outcome(check(steps: steps, expect: expect)).status == .fail)
        let dead = try Bench { _, _, _ in .ignore }
        #expect(
            try await dead.outcome(check(steps: steps, expect: expect, extra: "deadline: 10s")).status == .inconclusive
        )
    }

    @Test("A failure of timing alone is believed only when it is seen again")
    func timing() async throws {
        let expect = "[{tag: T, timing: true, assert: 'a.answer.ttl.max == 30'}]"
        let once = try Bench { query, _, index in FakeServer.answer(query, ttl: index == 0 ? 29 : 30) }
        #expect(try await once.outcome(check(expect: expect)).status == .pass)
        let always = try Bench { query, _, _ in FakeServer.answer(query, ttl: 29) }
        let outcome = try await always.outcome(check(expect: expect))
        #expect(outcome.status == .fail)
        #expect(outcome.actual.hasSuffix("(seen again when run alone)"))
        #expect(always.server.messages.count == 2)
    }

    @Test("Probes of `loop` are told from other names, by zone and time")
    func probes() async throws {
        let names = [
            "4711.42.cluster.local", "4711.x2.cluster.local", "42.cluster.local", "1.4711.42.cluster.local", "7.8",
        ]
        var bench = try Bench { query, _, _ in FakeServer.answer(query) }
        bench.context.expectations.zones[0].probesLoop = true
        bench.context.observer = UpstreamObserver(
            flush: { true },
            queries: { since in
                names.map { Self.query($0, .hinfo, .tcp, since) } + [Self.query("1.2", .a, .tcp, since)]
                    + [Self.query("5.6.Cluster.local", .hinfo, .udp, .max)]
            },
            losses: { 0 }
        )
        let expect = """
            [{tag: T, assert: ['a.answered == true', 'upstream.probes("cluster.local.") == ["TCP", "UDP"]',
            'upstream.probes("cluster.local.", before: a) == ["TCP"]', 'upstream.probes("cluster.local.", after: a) == ["UDP"]',
            'upstream.probes(".") == ["TCP"]', 'upstream.probes("arpa.") is empty', 'expected.probes("cluster.local.") == 1',
            'expected.probes("local.") == 0']}]
            """
        let outcome = try await bench.outcome(check(expect: expect))
        #expect(outcome.status == .pass, "\(outcome.actual)")
    }

    private static func query(
        _ name: String,
        _ type: RecordType,
        _ transport: StepTransport,
        _ instant: Int64
    ) -> UpstreamObservation {
        let address = Endpoint(address: .v4(0x0A00_0001), port: 53)
        return UpstreamObservation(
            frame: 1,
            realtimeNanoseconds: instant,
            transport: transport,
            source: address,
            destination: address,
            id: 1,
            name: ExpressionTests.name(name),
            type: type,
            isResponse: false
        )
    }

    @Test("An unknown id or section is an error, and selection keeps the catalogue's order")
    func selection() async throws {
        let catalogue = try CheckCatalogue.builtin()
        #expect(throws: CheckSelectionError.unknownID("HDR-10x", suggestion: "HDR-10")) {
            try catalogue.select(CheckSelection(ids: ["HDR-10x"]))
        }
        #expect(throws: CheckSelectionError.self) { try catalogue.select(CheckSelection(sections: ["HRD"])) }
        let picked = try catalogue.select(CheckSelection(sections: ["edn"], ids: ["ops-07", "HDR-01"])).map(\.id)
        #expect(picked.first == "HDR-01" && picked.last == "OPS-07")
        #expect(picked.dropFirst().dropLast().elementsEqual(catalogue.checks.map(\.id).filter { $0.hasPrefix("EDN-") }))
    }

    @Test("Once stop is raised the rest is skipped as interrupted, quickly")
    func interruption() async throws {
        let bench = try Bench { query, _, _ in FakeServer.answer(query) }
        let stop = bench.stop
        let started = Clock.monotonicNanoseconds()
        Task {
            try await Task.sleep(nanoseconds: 100_000_000)
            stop.raise()
        }
        let outcome = try await bench.outcome(check(steps: "[{query: {name: a}, save: a}, {wait: 10s}]"))
        #expect(outcome.status == .skip)
        #expect(outcome.actual == "interrupted")
        #expect(Clock.monotonicNanoseconds() - started < 2_000_000_000)
    }

    @Test("Exclusive checks run alone and checks of the whole run run last")
    func order() async throws {
        let bench = try Bench { query, _, _ in FakeServer.answer(query) }
        let body = { (id: String, name: String, extra: String) in
            check(id: id, steps: "[{query: {name: \(name)}, save: a}]", extra: extra)
                .split(separator: "\n").dropFirst(2).joined(separator: "\n")
        }
        let text =
            "section: T\nchecks:\n"
            + [
                body("T-01", "last", "last: true"), body("T-02", "plain", "exclusive: false"),
                body("T-03", "alone", "exclusive: true"),
            ].joined(separator: "\n")
        let outcomes = try await bench.run(text)
        #expect(outcomes.map(\.id) == ["T-01", "T-02", "T-03"])
        let names = try bench.server.messages.map { try Message(decoding: $0).questions[0].name.description }
        #expect(names == ["alone.", "plain.", "last."])
    }

    @Test("A silent target fails within the patience of one query")
    func deadTarget() async throws {
        let bench = try Bench { _, _, _ in .ignore }
        let outcome = try await bench.outcome(
            check(steps: "[{query: {name: a, timeout: 30ms}, save: a}]")
        )
        #expect(outcome.status == .fail)
        #expect(outcome.actual == "a.answered is false")
    }
}

final class LossCounter: Sendable {
    private let count = Mutex<UInt64>(0)
    var value: UInt64 { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}
