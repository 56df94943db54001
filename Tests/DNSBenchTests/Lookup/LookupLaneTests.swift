import DNSWire
import LinuxNet
import Measure
import Testing

@testable import DNSBench

/// One run of lookups against servers on loopback, as a test wants it.
func runLookups(
    _ names: [String],
    _ settings: LookupSettings,
    lookups: UInt64? = nil,
    model: LoadModel = .closed(outstanding: 1),
    threads: Int = 1,
    timeoutNanoseconds: Int64 = 2_000_000_000,
    stop: StopFlag = StopFlag()
) async throws -> LoadResult {
    let plan = LoadPlan(
        target: settings.servers[0],
        model: model,
        limit: .queries(lookups ?? UInt64(names.count)),
        timeoutNanoseconds: timeoutNanoseconds,
        connections: max(1, threads),
        threads: threads
    )
    let workload = try Workload.lookups(names.map { try LookupName($0) }, settings: settings, seed: 1)
    return try await LoadEngine.run(plan, workload, stop: stop)
}

/// Settings with a second of a tenth of its length, so that time-outs are bounded; nothing asserts a time of its own.
func quickSettings(
    _ resolver: LookupResolver,
    _ servers: [LookupServer],
    ndots: Int = 5,
    search: [String] = ["default.svc.cluster.local", "svc.cluster.local", "cluster.local"],
    options: LookupSettings.Options = [],
    timeout: Int = 5,
    attempts: Int = 2
) -> LookupSettings {
    var settings = podSettings(
        resolver,
        ndots: ndots,
        search: search,
        options: options,
        timeout: timeout,
        attempts: attempts
    )
    settings.servers = servers.map(\.endpoint)
    settings.second = 100_000_000
    return settings
}

@Suite("Lookups over real sockets")
struct LookupLaneTests {
    private static let external: @Sendable (ServerQuestion) -> ServerReply = { question in
        question.name.hasSuffix(".cluster.local.") ? .nameError : .address
    }

    @Test(
        "With ndots:5 an external name costs two queries for each search domain and two for itself",
        arguments: LookupResolver.allCases
    )
    func amplification(_ resolver: LookupResolver) async throws {
        let server = try LookupServer(reply: Self.external)
        defer { server.finish() }
        let result = try await runLookups(["www.example.com"], quickSettings(resolver, [server]), lookups: 50)
        let lookup = try #require(result.lookup)
        #expect(lookup.counters.scheduled == 50)
        #expect(lookup.counters.found == 50)
        #expect(lookup.counters.addUp)
        #expect(result.counters.addUp)
        #expect(result.counters.scheduled == 50 * 8)
        #expect(result.counters.answered == 50 * 8)
        #expect(lookup.queriesPerLookup.mean == 8)
        #expect(lookup.queriesPerLookup.value(percentile: 50) == 8)
        #expect(lookup.queriesPerLookup.max == 8)
        #expect(lookup.namesPerLookup.max == 4)
        #expect(lookup.counters.wasted == 50 * 6)
        #expect(lookup.counters.queriesA == 200)
        #expect(lookup.counters.queriesAAAA == 200)
        #expect(lookup.domains.map(\.queries) == [100, 100, 100, 100])
        #expect(lookup.domains.map(\.nameErrors) == [100, 100, 100, 0])
        #expect(lookup.response.count == 50)
        #expect(lookup.service.count == 50)
        #expect(result.response.count == 400)
        #expect(
            server.questions.prefix(8).map(\.name).filter { $0 == "www.example.com." }.count == 2,
            "the name itself comes last"
        )
    }

    @Test("Whoever asks, a service of the pod's namespace costs one pair", arguments: LookupResolver.allCases)
    func service(_ resolver: LookupResolver) async throws {
        let server = try LookupServer { $0.type == 1 ? .address : .noData }
        defer { server.finish() }
        let result = try await runLookups(["db"], quickSettings(resolver, [server]), lookups: 10)
        #expect(result.lookup?.counters.found == 10)
        #expect(result.counters.scheduled == 20)
        #expect(Set(server.questions.map(\.name)) == ["db.default.svc.cluster.local."])
    }

    @Test("glibc and musl send a pair from one port, Go from two, and no lookup shares a port with the next")
    func ports() async throws {
        for resolver in LookupResolver.allCases {
            let server = try LookupServer { _ in .address }
            defer { server.finish() }
            _ = try await runLookups(["db."], quickSettings(resolver, [server]), lookups: 5)
            let ports = server.questions.map(\.sourcePort)
            #expect(ports.count == 10)
            let first = Set(ports[0..<2])
            #expect(first.count == (resolver == .go ? 2 : 1))
            #expect(Set(ports).count == (resolver == .go ? 10 : 5))
        }
    }

    @Test("Messages are those of each resolver: RD, AD, EDNS and its size")
    func messages() async throws {
        for (resolver, options) in [
            (LookupResolver.glibc, LookupSettings.Options()), (.glibc, [.edns0, .trustAD]),
            (.musl, [.edns0, .trustAD]),
            (.go, []), (.go, .trustAD),
        ] {
            let server = try LookupServer { _ in .address }
            defer { server.finish() }
            _ = try await runLookups(["a."], quickSettings(resolver, [server], options: options))
            let octets = try #require(server.questions.first?.octets)
            let size: [UInt8]? =
                resolver == .go ? [0x04, 0xd0] : resolver == .glibc && options.contains(.edns0) ? [0x04, 0xb0] : nil
            #expect(octets[2] == 1)
            #expect(octets[3] == (resolver != .musl && options.contains(.trustAD) ? 0x20 : 0))
            #expect(octets[11] == (size == nil ? 0 : 1))
            #expect(octets.count == 12 + 7 + (size == nil ? 0 : 11))
            if let size { #expect(Array(octets[22..<24]) == size) }
        }
    }

    @Test("The conntrack race: the second datagram of a port is lost, and the lookup takes a timeout")
    func race() async throws {
        let server = try LookupServer { $0.place == 1 ? .silence : .address }
        defer { server.finish() }
        let settings = quickSettings(.glibc, [server])
        let result = try await runLookups(["db."], settings, lookups: 3)
        let lookup = try #require(result.lookup)
        #expect(lookup.counters.found == 3)
        #expect(lookup.response.min >= 5 * settings.second)
        #expect(lookup.queriesPerLookup.max == 4)
        #expect(lookup.counters.retries == 6)
        #expect(result.counters.timedOut == 3)
        #expect(result.counters.answered == 9)
        #expect(result.counters.addUp)
        // Asked one by one, the second datagram is another one.
        let careful = try await runLookups(["db."], quickSettings(.go, [server]), lookups: 3)
        #expect(careful.lookup?.counters.retries == 0)
    }

    @Test("A truncated answer is asked for again over TCP", arguments: LookupResolver.allCases)
    func truncated(_ resolver: LookupResolver) async throws {
        let server = try LookupServer { !$0.isTCP && $0.type == 1 ? .truncated : .address }
        defer { server.finish() }
        let result = try await runLookups(["db."], quickSettings(resolver, [server]), lookups: 20)
        let lookup = try #require(result.lookup)
        #expect(lookup.counters.found == 20)
        // glibc asks both again, the others the one.
        #expect(lookup.counters.retriesOverTCP == (resolver == .glibc ? 40 : 20))
        #expect(result.counters.connectionAttempts == 20)
        #expect(result.counters.truncatedAnswers == 20)
        #expect(result.counters.timedOut == 0)
        #expect(result.counters.interrupted == lookup.counters.abandoned)
        #expect(result.counters.addUp)
        #expect(lookup.counters.addUp)
    }

    @Test("use-vc has glibc send both queries on one connection and Go on two; musl stays with UDP")
    func useVC() async throws {
        for resolver in LookupResolver.allCases {
            let server = try LookupServer { _ in .address }
            defer { server.finish() }
            let settings = quickSettings(resolver, [server], options: .useVC)
            let result = try await runLookups(["db."], settings, lookups: 10)
            #expect(result.lookup?.counters.found == 10)
            let attempts: UInt64 = resolver == .glibc ? 10 : resolver == .go ? 20 : 0
            #expect(result.counters.connectionAttempts == attempts)
            #expect(server.questions.allSatisfy { $0.isTCP == (resolver != .musl) })
            #expect(result.counters.addUp)
        }
    }

    @Test("rotate spreads lookups over two servers")
    func rotate() async throws {
        for resolver in [LookupResolver.glibc, .go] {
            let servers = try (0..<2).map { _ in try LookupServer { _ in .address } }
            defer { for server in servers { server.finish() } }
            _ = try await runLookups(["db."], quickSettings(resolver, servers, options: .rotate), lookups: 10)
            #expect(servers.map(\.questions.count) == [10, 10])
            for server in servers { server.clear() }
            _ = try await runLookups(["db."], quickSettings(resolver, servers), lookups: 10)
            #expect(servers.map(\.questions.count) == [20, 0])
        }
    }

    @Test("musl asks all servers at once; what the slower one says is waited for by nobody")
    func muslServers() async throws {
        let servers = try [LookupServer { _ in .address }, LookupServer { _ in .silence }]
        defer { for server in servers { server.finish() } }
        let result = try await runLookups(["db."], quickSettings(.musl, servers), lookups: 10)
        let lookup = try #require(result.lookup)
        #expect(servers.map(\.questions.count) == [20, 20])
        #expect(lookup.counters.copies == 20)
        #expect(lookup.counters.abandoned == 20)
        #expect(result.counters.interrupted == 20)
        #expect(result.counters.timedOut == 0)
        #expect(result.counters.addUp)
    }

    @Test("SERVFAIL moves glibc and Go to the next server at once")
    func serverFailure() async throws {
        for resolver in [LookupResolver.glibc, .go] {
            let servers = try [LookupServer { _ in .serverFailure }, LookupServer { _ in .address }]
            defer { for server in servers { server.finish() } }
            let result = try await runLookups(["db."], quickSettings(resolver, servers), lookups: 10)
            #expect(result.lookup?.counters.found == 10)
            #expect(result.lookup?.counters.serverSwitches == 20)
            #expect(result.counters.timedOut == 0)
            #expect(result.counters.addUp)
        }
    }

    @Test("A port where nobody listens is noticed without a timeout", arguments: [LookupResolver.glibc, .go])
    func refused(_ resolver: LookupResolver) async throws {
        let gone = try LookupServer { _ in .address }
        let server = try LookupServer { _ in .address }
        defer { server.finish() }
        gone.finish()
        var settings = quickSettings(resolver, [gone, server], timeout: 30)
        settings.second = 1_000_000_000
        let result = try await runLookups(["db."], settings, lookups: 5)
        #expect(result.lookup?.counters.found == 5)
        #expect(result.lookup.map { $0.response.max < 30_000_000_000 } == true)
        #expect(result.counters.refusals > 0)
        #expect(result.counters.addUp)
    }

    @Test("Silence fails a lookup after its attempts", arguments: LookupResolver.allCases)
    func silence(_ resolver: LookupResolver) async throws {
        let server = try LookupServer { _ in .silence }
        defer { server.finish() }
        var settings = quickSettings(resolver, [server], timeout: 1)
        settings.second = 20_000_000
        let result = try await runLookups(["db."], settings, lookups: 4, model: .closed(outstanding: 4))
        let lookup = try #require(result.lookup)
        #expect(lookup.counters.failed == 4)
        #expect(result.counters.timedOut == 16)
        #expect(lookup.response.min >= settings.second)
        #expect(result.counters.addUp)
        #expect(lookup.counters.addUp)
    }

    @Test("An answer to another question is counted and waited past")
    func foreignQuestion() async throws {
        let server = try LookupServer { $0.place == 0 ? .foreignQuestion : .address }
        defer { server.finish() }
        let result = try await runLookups(["db."], quickSettings(.glibc, [server]))
        #expect(result.counters.mismatched == 1)
        #expect(result.counters.addUp)
    }

    @Test("An open loop keeps its rate though every lookup waits, and says what it could not begin")
    func openLoop() async throws {
        let server = try LookupServer(reply: Self.external)
        defer { server.finish() }
        let result = try await runLookups(
            ["www.example.com", "db"],
            quickSettings(.glibc, [server]),
            lookups: 400,
            model: .open(ratePerSecond: 2_000, spacing: .poisson),
            threads: 2
        )
        let lookup = try #require(result.lookup)
        #expect(lookup.counters.scheduled == 400)
        #expect(lookup.counters.addUp)
        #expect(lookup.counters.found + lookup.counters.notFound == 400)
        #expect(lookup.offeredLookupsPerSecond == 2_000)
        #expect(result.offeredQueriesPerSecond == 0)
        #expect(result.counters.addUp)
    }

    @Test("A stop interrupts lookups and queries, and everything still adds up")
    func interruption() async throws {
        let server = try LookupServer { _ in .silence }
        defer { server.finish() }
        let stop = StopFlag()
        let stopper = Task {
            while server.questions.count < 20 { try await Task.sleep(nanoseconds: 1_000_000) }
            stop.raise()
        }
        let result = try await runLookups(
            ["db."],
            quickSettings(.musl, [server], timeout: 60),
            lookups: 1_000,
            model: .closed(outstanding: 10),
            stop: stop
        )
        try await stopper.value
        #expect(result.wasInterrupted)
        #expect(result.lookup?.counters.interrupted == 10)
        #expect(result.counters.interrupted == 20)
        #expect(result.counters.addUp)
        #expect(result.lookup?.counters.addUp == true)
    }

    @Test("Plans that lookups cannot keep are refused before anything is sent")
    func refusedPlans() async throws {
        var settings = podSettings(.musl)
        settings.servers = [Endpoint(address: .v4(0x7f00_0001), port: 0)]
        await #expect(throws: LoadPlanError.self) { _ = try await runLookups(["a"], settings) }
        settings.servers = []
        let workload = try Workload.lookups([LookupName("a")], settings: settings, seed: 0)
        let target = Endpoint(address: .v4(0x7f00_0001), port: 53)
        let plan = LoadPlan(target: target, model: .closed(outstanding: 1), limit: .queries(1))
        await #expect(throws: LoadPlanError.lookup("a lookup needs a name server")) {
            _ = try await LoadEngine.run(plan, workload, stop: StopFlag())
        }
        settings.servers = [target, Endpoint(address: .v6(0, 1), port: 53)]
        await #expect(throws: LoadPlanError.self) { _ = try await runLookups(["a"], settings) }
        #expect(throws: WorkloadError.empty) { try Workload.lookups([], settings: settings, seed: 0) }
    }

    @Test("Ten times the lookups leave the heap as it was", .timeLimit(.minutes(3)))
    func steadyHeap() async {
        await #expect(processExitsWith: .success) {
            // Every name does not exist, so that each lookup walks the whole list.
            let server = try Responder(Misbehaviour(rcode: 3))
            defer { server.finish() }
            for resolver in LookupResolver.allCases {
                var settings = podSettings(resolver)
                settings.servers = [server.udp]
                var heap: [Int64] = []
                for lookups: UInt64 in [1_000, 1_000, 10_000] {
                    let result = try await runLookups(
                        ["www.example.com", "db"],
                        settings,
                        lookups: lookups,
                        model: .closed(outstanding: 10)
                    )
                    #expect(result.lookup?.counters.notFound == lookups)
                    heap.append(await settledHeap())
                }
                // Four octets a lookup would be 36,000 more; the first run also pays for what is made once.
                #expect(heap[2] - heap[1] < 30_000, "\(resolver): \(heap)")
            }
        }
    }
}
