import DNSWire
import Testing

@testable import Capture

/// Upstream queries that the order in time lays at the wrong client's door, until the answers tell.
@Suite("Which client's query caused an upstream query")
struct JoinTests {
    private static let zone = ProofZone(
        name: .root,
        upstream: .other,
        upstreamAddresses: [Wire.endpoint.address],
        successTTLCap: 30
    )

    /// Messages for one question between two clients, the cache and its upstream.
    private struct Scene: ~Copyable {
        var wire = Wire()
        private let name: DNSName

        init() throws {
            name = try DNSName("n.cluster.local")
        }

        private static func client(_ number: UInt16) -> Endpoint {
            Endpoint(address: Wire.pod.address, port: 41_000 + number)
        }

        private static func source(_ number: UInt16) -> Endpoint {
            Endpoint(address: Wire.node.address, port: 51_000 + number)
        }

        mutating func asks(_ number: UInt16) throws {
            wire.udp(try Wire.query(name, id: number), from: Self.client(number), to: Wire.cache)
        }

        mutating func gets(_ number: UInt16, ttl: UInt32) throws {
            wire.udp(try Wire.response(name, id: number, ttl: ttl), from: Wire.cache, to: Self.client(number))
        }

        mutating func goesUp(_ number: UInt16) throws {
            wire.udp(try Wire.query(name, id: 500 + number), from: Self.source(number), to: Wire.endpoint)
        }

        mutating func comesDown(_ number: UInt16, ttl: UInt32) throws {
            let message = try Wire.response(name, id: 500 + number, ttl: ttl)
            wire.udp(message, from: Wire.endpoint, to: Self.source(number))
        }

        /// A miss whose answer has this TTL.
        mutating func misses(_ number: UInt16, ttl: UInt32) throws {
            try asks(number)
            try goesUp(number)
            wire.wait(milliseconds: 1)
            try comesDown(number, ttl: ttl)
            try gets(number, ttl: ttl)
        }

        mutating func wait(_ milliseconds: Int64) { wire.wait(milliseconds: milliseconds) }

        consuming func end(zone: ProofZone = JoinTests.zone) -> Observation {
            wire.finish().observation(zones: [zone])
        }
    }

    @Test("Two misses side by side, the later one answered first: both are misses")
    func crossed() throws {
        var scene = try Scene()
        try scene.asks(1)
        try scene.asks(2)
        try scene.goesUp(1)
        try scene.goesUp(2)
        try scene.comesDown(2, ttl: 30)
        scene.wait(1)
        try scene.gets(1, ttl: 30)
        scene.wait(1)
        try scene.comesDown(1, ttl: 30)
        scene.wait(1)
        try scene.gets(2, ttl: 30)
        let ledger = scene.end().findings.ledger
        #expect(ledger.misses == 2 && ledger.coalesced == 0 && ledger.prefetches == 0, "\(ledger)")
    }

    @Test("A hit in its last second beside a miss just after: the upstream query is the miss's")
    func lastSecond() throws {
        var scene = try Scene()
        try scene.misses(1, ttl: 5)
        scene.wait(4_990)
        try scene.asks(2)
        scene.wait(15)
        try scene.asks(3)
        try scene.goesUp(3)
        try scene.gets(2, ttl: 1)
        scene.wait(1)
        try scene.comesDown(3, ttl: 5)
        try scene.gets(3, ttl: 5)
        scene.wait(100)
        try scene.asks(4)
        try scene.gets(4, ttl: 5)
        let observation = scene.end()
        let ledger = observation.findings.ledger
        #expect(ledger.misses == 2 && ledger.hits == 2 && ledger.prefetches == 0, "\(ledger)")
        #expect(observation.cache.first?.verdict != .violated)
    }

    @Test("A prefetch that is answered ahead of the hit that caused it: the next hits are the new entry's")
    func quickPrefetch() throws {
        var scene = try Scene()
        try scene.misses(1, ttl: 6)
        scene.wait(4_000)
        try scene.asks(2)
        try scene.goesUp(2)
        try scene.comesDown(2, ttl: 6)
        try scene.gets(2, ttl: 2)
        scene.wait(500)
        try scene.asks(3)
        try scene.gets(3, ttl: 6)
        scene.wait(3_000)
        try scene.asks(4)
        try scene.gets(4, ttl: 3)
        let observation = scene.end()
        let ledger = observation.findings.ledger
        #expect(ledger.misses == 1 && ledger.earlyMisses == 0 && ledger.prefetches == 1, "\(ledger)")
        #expect(ledger.hits == 2 && ledger.warmHits == 1, "\(ledger)")
        #expect(observation.cache.first?.verdict != .violated, "\(observation.cache.first?.reason ?? "")")
    }

    @Test("A query that was lost before the cache had it caused nothing: the one that was answered did")
    func lostBefore() throws {
        var scene = try Scene()
        try scene.asks(1)
        try scene.asks(2)
        try scene.goesUp(2)
        scene.wait(1)
        try scene.comesDown(2, ttl: 30)
        try scene.gets(2, ttl: 30)
        let ledger = scene.end().findings.ledger
        #expect(ledger.misses == 1 && ledger.unanswered == 1 && ledger.unansweredMisses == 0, "\(ledger)")
        #expect(ledger.isBalanced)
    }

    @Test("Who waits through another's answer got that other one's, when its own is not there: a chain moves up")
    func chain() throws {
        var scene = try Scene()
        try scene.misses(1, ttl: 5)
        scene.wait(4_995)
        // The first is a hit of the last moment, so that each upstream query belongs to the client after.
        try scene.asks(2)
        scene.wait(10)
        try scene.asks(3)
        try scene.goesUp(3)
        try scene.asks(4)
        try scene.goesUp(4)
        try scene.gets(2, ttl: 1)
        scene.wait(1)
        try scene.comesDown(3, ttl: 5)
        try scene.gets(3, ttl: 5)
        try scene.comesDown(4, ttl: 5)
        try scene.gets(4, ttl: 5)
        let ledger = scene.end().findings.ledger
        #expect(ledger.misses == 3 && ledger.hits == 1 && ledger.prefetches == 0 && ledger.coalesced == 0, "\(ledger)")
    }

    @Test("With serve_stale verify an expired entry that is renewed first counts as the cache counts it")
    func verified() throws {
        var zone = Self.zone
        zone.servesStale = true
        zone.verifiesStaleNanoseconds = 3_600_000_000_000
        for (window, expected) in [(zone, UInt64(1)), (Self.zone, 0)] {
            var scene = try Scene()
            try scene.misses(1, ttl: 5)
            scene.wait(8_000)
            try scene.misses(2, ttl: 5)
            let ledger = scene.end(zone: window).findings.ledger
            #expect(ledger.verified == expected && ledger.misses == 2 - expected && ledger.isBalanced, "\(ledger)")
        }
    }

    @Test("A cache that answers seconds after it looked tells the TTL of then: no violation, and one too high is")
    func starved() throws {
        for (shown, isWrong) in [(UInt32(29), false), (27, false), (26, false), (30, true), (24, true)] {
            var scene = try Scene()
            try scene.misses(1, ttl: 30)
            scene.wait(2_500)
            try scene.asks(2)
            scene.wait(2_400)
            try scene.gets(2, ttl: shown)
            let verdict = scene.end().cache.first?.verdict
            #expect((verdict == .violated) == isWrong, "TTL \(shown): \(String(describing: verdict))")
        }
    }

    @Test("An answer that was asked for within the TTL and came after its end is a hit, not a stale one")
    func lateHit() throws {
        var scene = try Scene()
        try scene.misses(1, ttl: 5)
        scene.wait(4_500)
        try scene.asks(2)
        scene.wait(3_000)
        try scene.gets(2, ttl: 1)
        let observation = scene.end()
        let ledger = observation.findings.ledger
        #expect(ledger.hits == 1 && ledger.stale == 0, "\(ledger)")
        #expect(observation.cache.first?.verdict != .violated)
    }

    @Test("A response that stands before its query, by a few microseconds, is its response; by more it is not")
    func skewed() throws {
        for (milliseconds, isPair) in [(Int64(0), true), (2, false)] {
            var scene = try Scene()
            try scene.gets(1, ttl: 30)
            scene.wait(milliseconds)
            try scene.asks(1)
            let tape = scene.wire.finish()
            let counters = tape.report.transactions
            #expect(counters.skewed == (isPair ? 1 : 0) && counters.unsolicited == (isPair ? 0 : 1), "\(counters)")
            #expect(counters.matched == (isPair ? 1 : 0) && tape.report.isBalanced && tape.ledger.isBalanced)
            #expect(tape.ledger.warmHits == (isPair ? 1 : 0), "\(tape.ledger)")
        }
    }

    @Test("With keepttl a TTL that stands still is right, and one that counts down is wrong")
    func keepsTTL() throws {
        for (keeps, shown) in [(true, UInt32(30)), (true, 26), (false, 30), (false, 26)] {
            var zone = Self.zone
            zone.keepsTTL = keeps
            var scene = try Scene()
            try scene.misses(1, ttl: 30)
            for number in UInt16(2)...4 {
                scene.wait(1_333)
                try scene.asks(number)
                try scene.gets(number, ttl: shown == 30 ? 30 : 30 - UInt32(number - 1) * 4 / 3)
            }
            let isWrong = keeps != (shown == 30)
            let verdict = scene.end(zone: zone).cache.first?.verdict
            #expect((verdict == .violated) == isWrong, "keepttl \(keeps), TTL \(shown): \(String(describing: verdict))")
        }
    }
}
