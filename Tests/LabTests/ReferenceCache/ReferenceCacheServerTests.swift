import DNSWire
import LinuxNet
import Testing

@testable import Lab

/// The cache on real sockets, healthy and with the defects that bite there.
@Suite(.serialized) struct ReferenceCacheServerTests {
    private static let addresses: @Sendable (Message) -> Message? = { query in
        if query.questions.contains(where: { $0.name.description.hasPrefix("silent") }) { return nil }
        let count = query.questions.contains { $0.name.description.hasPrefix("big") } ? 100 : 1
        return Upstream.addresses(count)(query)
    }

    private func withCache<T>(
        _ defects: Set<CacheDefect> = [],
        profile: CacheProfile = .coreDNS1_13,
        _ body: (RunningCache, ScriptedUpstream) throws -> T
    ) throws -> T {
        let upstream = try ScriptedUpstream(reply: Self.addresses)
        let cache = try RunningCache(defects, profile: profile, upstream: upstream)
        defer {
            cache.end()
            upstream.end()
        }
        return try body(cache, upstream)
    }

    @Test("a miss goes upstream once and a hit does not, over UDP and TCP", arguments: CacheProfile.allCases)
    func missThenHit(_ profile: CacheProfile) throws {
        try withCache(profile: profile) { cache, upstream in
            let miss = try cache.ask("a.cluster.local.")
            let hit = try cache.ask("a.cluster.local.")
            let overTCP = try cache.converse([RunningCache.frame("a.cluster.local.", id: 1)], answers: 1)
            #expect(miss?.answers.first?.ttl == 30)
            #expect(hit?.answers.count == 1 && overTCP.count == 1)
            #expect(upstream.queries.map(\.transport) == [.tcp])
        }
    }

    @Test("the root zone asks upstream as the client asked")
    func mirrorsTransport() throws {
        try withCache { cache, upstream in
            _ = try cache.ask("u.example.com.")
            _ = try cache.converse([RunningCache.frame("t.example.com.", id: 1)], answers: 1)
            #expect(upstream.queries.map(\.transport) == [.udp, .tcp])
        }
    }

    @Test("sequential misses share one upstream connection; one defect opens a new one each time")
    func connections() throws {
        let counts = try [Set<CacheDefect>(), [.upstreamConnectionPerQuery]].map { defects in
            try withCache(defects) { cache, upstream in
                for index in 0..<10 { _ = try cache.ask("n\(index).cluster.local.") }
                return upstream.connections
            }
        }
        #expect(counts == [1, 10])
    }

    @Test("upstream IDs are the cache's own; one defect uses the client's")
    func upstreamIDs() throws {
        let reused = try [Set<CacheDefect>(), [.upstreamIDReused]].map { defects in
            try withCache(defects) { cache, upstream in
                for index in 0..<10 { _ = try cache.ask("n\(index).cluster.local.", id: 5) }
                return upstream.queries.count { $0.id == 5 }
            }
        }
        #expect(reused[0] <= 1)
        #expect(reused[1] == 10)
    }

    @Test("200 pipelined hits are all answered, in order; one defect stops after the first")
    func pipelined() throws {
        let answered = try [Set<CacheDefect>(), [.tcpFirstQueryOnly]].map { defects in
            try withCache(defects) { cache, _ in
                _ = try cache.ask("a.cluster.local.")
                let frames = try (1...200).flatMap { try RunningCache.frame("a.cluster.local.", id: UInt16($0)) }
                return try cache.converse([frames], answers: 200).map(\.id)
            }
        }
        #expect(answered[0] == Array(1...200))
        #expect(answered[1] == [1])
    }

    @Test("a length prefix may come in two segments; one defect closes the connection then")
    func splitPrefix() throws {
        let answered = try [Set<CacheDefect>(), [.tcpSplitPrefixFails]].map { defects in
            try withCache(defects) { cache, _ in
                let frame = try RunningCache.frame("a.cluster.local.", id: 1)
                let chunks = [Array(frame[..<1]), Array(frame[1..<7]), Array(frame[7...])]
                return try cache.converse(chunks, answers: 1).count
            }
        }
        #expect(answered == [1, 0])
    }

    @Test("TCP is served; one defect drops it and leaves UDP alone")
    func dropsTCP() throws {
        try withCache([.dropsTCP]) { cache, _ in
            let overTCP = try cache.converse([RunningCache.frame("a.cluster.local.", id: 1)], answers: 1)
            let overUDP = try cache.ask("a.cluster.local.")
            #expect(overTCP.isEmpty && overUDP != nil)
        }
    }

    @Test("a large answer is cut over UDP and whole over TCP, for one upstream query")
    func largeAnswer() throws {
        try withCache { cache, upstream in
            let cut = try #require(try cache.ask("big.cluster.local."))
            #expect(cut.flags.isTruncated && cut.answers.count < 100)
            let whole = try cache.converse([RunningCache.frame("big.cluster.local.", id: 1)], answers: 1)
            #expect(whole.first?.answers.count == 100)
            #expect(upstream.queries.count == 1)
        }
    }

    @Test("no answer is late; one defect holds each back for 50 ms")
    func slow() throws {
        let times = try [Set<CacheDefect>(), [.slow50ms]].map { defects in
            try withCache(defects) { cache, _ in
                _ = try cache.ask("a.cluster.local.")
                var shortest = Int64.max
                for _ in 0..<5 {
                    let start = Clock.monotonicNanoseconds()
                    let reply = try cache.ask("a.cluster.local.")
                    #expect(reply != nil)
                    shortest = min(shortest, Clock.monotonicNanoseconds() - start)
                }
                return shortest
            }
        }
        #expect(times[0] < 50_000_000)
        #expect(times[1] >= 50_000_000)
    }

    @Test("a service time is that of each answer, and one defect makes it a quarter longer")
    func serviceTime() throws {
        var rules = CacheRules(serviceNanoseconds: 40_000_000)
        #expect(rules.service.holdNanoseconds == 40_000_000)
        rules = CacheRules(defects: [.slow25Percent], serviceNanoseconds: 40_000_000)
        #expect(rules.service.holdNanoseconds == 50_000_000)
        #expect(CacheRules(defects: [.slow25Percent]).service.holdNanoseconds == 250_000)
        #expect(CacheRules().service.holdNanoseconds == 0)
    }

    @Test("no answer is lost; one defect loses about one in a hundred")
    func loses() throws {
        let lost = try [Set<CacheDefect>(), [.losesOnePercent]].map { defects in
            try withCache(defects) { cache, _ in
                let socket = try UDPSocket(connectedTo: cache.endpoint)
                let name = try DNSName("a.cluster.local.")
                // By ID, so that an answer which a busy machine delays is not taken for a lost one.
                var answered: Set<UInt16> = []
                for id in UInt16(1)...2000 {
                    try socket.send(try Message.query(id: id, name: name, type: .a).encode())
                    guard let reply = try socket.receive(timeoutNanoseconds: 50_000_000) else { continue }
                    answered.insert(UInt16(reply.bytes[0]) << 8 | UInt16(reply.bytes[1]))
                }
                while let reply = try socket.receive(timeoutNanoseconds: 500_000_000) {
                    answered.insert(UInt16(reply.bytes[0]) << 8 | UInt16(reply.bytes[1]))
                }
                return 2000 - answered.count
            }
        }
        #expect(lost[0] == 0)
        #expect((3...60).contains(lost[1]))
    }

    @Test("an upstream that is silent costs SERVFAIL with RA=0 after its attempts, and is not cached")
    func silentUpstream() throws {
        try withCache { cache, upstream in
            let reply = try #require(try cache.ask("silent.cluster.local.", timeoutNanoseconds: 8_000_000_000))
            #expect(reply.rcode == .servFail)
            #expect(!reply.flags.recursionAvailable && !reply.flags.isAuthoritative)
            #expect(upstream.queries.count == 3)
        }
    }

    @Test("what the pages count is what was asked")
    func counts() throws {
        try withCache { cache, _ in
            for _ in 0..<4 { _ = try cache.ask("a.cluster.local.") }
            Clock.sleep(untilMonotonic: Clock.deadline(after: 20_000_000))
            let counters = cache.control.ledger.snapshot
            let caches = counters.caches.values
            #expect(caches.map(\.requests) == [4] && caches.map(\.successHits) == [3] && caches.map(\.misses) == [1])
            #expect(counters.zones.values.flatMap(\.responses.values).reduce(0, +) == 4)
            #expect(counters.connectionMisses.values.reduce(0, +) == 1)
        }
    }
}
