import DNSWire
import Testing

@testable import Lab

/// The small parts: who is asked next, for how long, and what the stores hold.
@Suite struct ReferenceCachePartsTests {
    private let rules = ForwardingRules(.coreDNS1_13)

    @Test("attempts go on until the deadline, which is looked at between them")
    func deadline() {
        var plan = ForwardPlan(order: [0, 1], startedAt: 0, rules: rules)
        var random = SplitMix(seed: 1)
        var upstreams: [Int] = []
        for second in 0..<7 {
            let now = Int64(second) * 1_000_000_000
            guard case .attempt(let upstream, false) = plan.next(at: now, isDown: { _ in false }, random: &random)
            else { break }
            upstreams.append(upstream)
        }
        #expect(upstreams == [0, 1, 0, 1, 0])
    }

    @Test("with every upstream down one is picked, and its failure is the last")
    func allDown() {
        var plan = ForwardPlan(order: [0], startedAt: 0, rules: rules)
        var random = SplitMix(seed: 1)
        let first = plan.next(at: 0, isDown: { _ in true }, random: &random)
        let second = plan.next(at: 1, isDown: { _ in true }, random: &random)
        #expect(first == .attempt(upstream: 0, healthChecksBroken: true))
        #expect(second == .giveUp)
    }

    @Test("the strict profile asks each upstream once")
    func strictAttempts() {
        var plan = ForwardPlan(order: [0, 1], startedAt: 0, rules: ForwardingRules(.rfc))
        var random = SplitMix(seed: 1)
        var count = 0
        while plan.next(at: 0, isDown: { _ in false }, random: &random) != .giveUp { count += 1 }
        #expect(count == 2)
    }

    @Test("a dial begins with 30 s and learns down to a second")
    func dialTimeout() {
        var timeout = DialTimeout()
        #expect(timeout.nanoseconds == 30_000_000_000)
        for _ in 0..<20 { timeout.observe(1_000_000) }
        #expect(timeout.nanoseconds == 1_000_000_000)
    }

    @Test("deadlines come out in order, and none before its time")
    func deadlines() {
        var queue = DeadlineQueue<Int>()
        var random = SplitMix(seed: 7)
        let times = (0..<500).map { _ in Int(random.next() % 1000) }
        for time in times { queue.insert(time, at: Int64(time)) }
        #expect(queue.popDue(at: -1) == nil)
        var out: [Int] = []
        while let next = queue.popDue(at: 1000) { out.append(next) }
        #expect(out == times.sorted())
    }

    @Test("a store of 9984 holds 39 entries in each of 256 shards and evicts within a shard")
    func capacity() {
        var store = CacheStore(capacity: 9984)
        var random = SplitMix(seed: 3)
        let entry = CacheEntry(
            foldedName: [0],
            type: 1,
            rcode: 0,
            recursionAvailable: false,
            authenticData: false,
            body: .empty,
            kind: .success,
            originalTTL: 30,
            storedAt: 0
        )
        var evictions = 0
        for key in UInt64(0)..<12_000 where store.insert(entry, at: key, random: &random) { evictions += 1 }
        #expect(store.shardCapacity == 39)
        #expect(store.count == 9984)
        #expect(evictions == 12_000 - 9984)
    }

    @Test("a TTL counts down by whole seconds")
    func remaining() {
        let entry = CacheEntry(
            foldedName: [0],
            type: 1,
            rcode: 0,
            recursionAvailable: false,
            authenticData: false,
            body: .empty,
            kind: .success,
            originalTTL: 5,
            storedAt: 10
        )
        #expect(entry.remainingTTL(at: 10) == 5)
        #expect(entry.remainingTTL(at: 1_000_000_009) == 5)
        #expect(entry.remainingTTL(at: 1_000_000_010) == 4)
        #expect(entry.remainingTTL(at: 5_000_000_010) == 0)
    }

    @Test("TTL 0 to 4 are raised to 5 as CoreDNS does, and kept as they are by the RFC's rules")
    func lowTTL() throws {
        for (profile, expected) in [(CacheProfile.coreDNS1_13, UInt32(5)), (.rfc, 3)] {
            var cache = try CacheHarness(profile, upstream: Upstream.addresses(ttl: 3))
            #expect(try cache.ask("a.cluster.local.")?.answers.first?.ttl == expected)
        }
    }

    @Test("an IN answer does not serve another class by the RFC's rules; CoreDNS 1.13 mixes them")
    func classes() throws {
        for (profile, fetches) in [(CacheProfile.coreDNS1_13, 1), (.rfc, 2)] {
            var cache = try CacheHarness(profile, upstream: Upstream.addresses())
            let name = try DNSName("a.cluster.local.").wire
            for qclass in [UInt8(1), 3] {
                _ = cache.send([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name + [0, 1, 0, qclass])
            }
            #expect(cache.fetches == fetches)
        }
    }

    @Test("every octet cut off a query gives silence or an error, never a crash")
    func truncatedQueries() throws {
        var edns = EDNS(flags: 0x8000)
        edns.options = [EDNSOption(code: 10, data: Array(repeating: 7, count: 8))]
        let query = try Message.query(id: 1, name: try DNSName("a.cluster.local."), type: .a, edns: edns).encode()
        for profile in CacheProfile.allCases {
            var cache = try CacheHarness(profile, upstream: Upstream.addresses())
            for count in 0..<query.count {
                guard let reply = cache.send(Array(query[..<count])) else { continue }
                #expect(reply.count >= 12)
            }
            for index in query.indices {
                for bit in 0..<8 {
                    var mutated = query
                    mutated[index] ^= 1 << bit
                    _ = cache.send(mutated)
                }
            }
        }
    }
}
