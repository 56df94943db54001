import DNSWire
import Testing

@testable import Capture

@Suite("The cache proof")
struct CacheProofTests {
    private static func prove(_ result: Tape, capacity: Int = 9_984) throws -> Proof {
        #expect(result.report.isBalanced, "\(result.report.accounting)")
        #expect(result.ledger.isBalanced, "\(result.ledger)")
        let zone = ProofZone(
            name: try DNSName("cluster.local"),
            upstream: .tcp,
            upstreamAddresses: [Wire.endpoint.address],
            capacity: capacity
        )
        return try #require(result.observation(zones: [zone]).cache.first)
    }

    /// What a healthy cache does with one name: fill, hit, hit, and for a denial fetch again after five seconds.
    private static func healthy(_ wire: inout Wire) throws {
        try wire.ask("a.cluster.local", ttl: 30, path: .overTCP)
        try wire.ask("missing.cluster.local", ttl: 5, path: .overTCP, denial: true)
        wire.wait(milliseconds: 1_200)
        try wire.ask("A.cluster.LOCAL", ttl: 29, path: .hit)
        wire.wait(milliseconds: 1_200)
        try wire.ask("a.cluster.local", ttl: 28, path: .hit)
        try wire.ask("missing.cluster.local", ttl: 3, path: .hit, denial: true)
        wire.wait(milliseconds: 4_000)
        try wire.ask("missing.cluster.local", ttl: 5, path: .overTCP, denial: true)
    }

    @Test("Hits whose TTL counts down, and a fetch after expiry, prove it")
    func proven() throws {
        var wire = Wire()
        try Self.healthy(&wire)
        let result = wire.finish()
        let proof = try Self.prove(result)
        #expect(proof.verdict == .proven, "\(proof.reason)")
        #expect(proof.evidence.count == 3)
        #expect(result.ledger.hits == 3 && result.ledger.misses == 3 && result.ledger.earlyMisses == 0)
    }

    @Test("The TTLs of hits are told second by second, the wrong one first, then the one that was stored with most")
    func decay() throws {
        var wire = Wire()
        try Self.healthy(&wire)
        let zone = ProofZone(
            name: try DNSName("cluster.local"),
            upstream: .tcp,
            upstreamAddresses: [Wire.endpoint.address]
        )
        let decay = try #require(wire.finish().observation(zones: [zone]).findings.decays.first)
        #expect(decay.map(\.ageNanoseconds).map { $0 / 1_000_000_000 } == [1, 2])
        #expect(decay.map(\.shown) == [29, 28] && decay.map(\.stored) == [30, 30])
        var standing = TTLDecay()
        standing.add(age: 3_100_000_000, stored: 30, shown: 27, isWrong: false)
        standing.add(age: 3_200_000_000, stored: 5, shown: 5, isWrong: true)
        standing.add(age: 3_300_000_000, stored: 30, shown: 27, isWrong: false)
        standing.add(age: 64_000_000_000, stored: 100, shown: 36, isWrong: false)
        #expect(standing.all == [TTLSample(ageNanoseconds: 3_200_000_000, stored: 5, shown: 5)])
    }

    @Test("A repeated question that goes upstream within its TTL is a violation")
    func earlyMiss() throws {
        var wire = Wire()
        try Self.healthy(&wire)
        try wire.ask("b.cluster.local", ttl: 30, path: .overTCP)
        wire.wait(milliseconds: 500)
        try wire.ask("b.cluster.local", ttl: 30, path: .overTCP)
        let proof = try Self.prove(wire.finish())
        #expect(proof.verdict == .violated)
        #expect(proof.evidence.count == 1)
        #expect(proof.evidence.first?.text.contains("asked upstream again 0.5 s after frame") == true)
    }

    @Test("A denial that is not cached is a violation")
    func noNegativeCache() throws {
        var wire = Wire()
        try Self.healthy(&wire)
        try wire.ask("no.cluster.local", ttl: 5, path: .overTCP, denial: true)
        wire.wait(milliseconds: 800)
        try wire.ask("no.cluster.local", ttl: 5, path: .overTCP, denial: true)
        #expect(try Self.prove(wire.finish()).verdict == .violated)
    }

    @Test("A TTL above the cap is a violation, for answers and for denials", arguments: [false, true])
    func overCap(denial: Bool) throws {
        var wire = Wire()
        try Self.healthy(&wire)
        try wire.ask("long.cluster.local", ttl: denial ? 6 : 31, path: .overTCP, denial: denial)
        let proof = try Self.prove(wire.finish(kernelDrops: 1))
        #expect(proof.verdict == .violated)
        #expect(proof.reason.contains("above the cap"))
    }

    @Test("A TTL that stands still is a violation")
    func frozen() throws {
        var wire = Wire()
        try Self.healthy(&wire)
        try wire.ask("frozen.cluster.local", ttl: 30, path: .overTCP)
        wire.wait(milliseconds: 2_100)
        try wire.ask("frozen.cluster.local", ttl: 30, path: .hit)
        let proof = try Self.prove(wire.finish())
        #expect(proof.verdict == .violated)
        #expect(proof.evidence.first?.text.contains("should be 28 ± 1") == true)
    }

    @Test("A refill whose answer to the client was lost makes no hit after it stale")
    func lostRefill() throws {
        var wire = Wire()
        try Self.healthy(&wire)
        try wire.ask("old.cluster.local", ttl: 5, path: .overTCP)
        wire.wait(milliseconds: 7_000)
        try wire.ask("old.cluster.local", ttl: 5, path: .overTCP, isAnswerLost: true)
        wire.wait(milliseconds: 1_100)
        try wire.ask("old.cluster.local", ttl: 4, path: .hit)
        let result = wire.finish()
        #expect(result.ledger.stale == 0)
        #expect(try Self.prove(result).verdict == .proven)
    }

    @Test(
        "An entry served after its expiry is a violation, and inconclusive when packets were lost",
        arguments: [
            (UInt64(0), ProofVerdict.violated), (5, .inconclusive),
        ]
    )
    func stale(drops: UInt64, verdict: ProofVerdict) throws {
        var wire = Wire()
        try Self.healthy(&wire)
        try wire.ask("old.cluster.local", ttl: 5, path: .overTCP)
        wire.wait(milliseconds: 7_000)
        try wire.ask("old.cluster.local", ttl: 1, path: .hit)
        let result = wire.finish(kernelDrops: drops)
        #expect(result.ledger.stale == 1)
        #expect(try Self.prove(result).verdict == verdict)
    }

    @Test("Misses without repeats, and hits too young to show ageing, are inconclusive")
    func tooLittle() throws {
        var wire = Wire()
        try wire.ask("a.cluster.local", ttl: 30, path: .overTCP)
        try wire.ask("b.cluster.local", ttl: 30, path: .overTCP)
        #expect(try Self.prove(wire.finish()).verdict == .inconclusive)
        var young = Wire()
        try young.ask("a.cluster.local", ttl: 30, path: .overTCP)
        try young.ask("a.cluster.local", ttl: 30, path: .hit)
        try young.ask("a.cluster.local", ttl: 30, path: .hit)
        #expect(try Self.prove(young.finish()).verdict == .inconclusive)
        #expect(try Self.prove(Wire().finish()).verdict == .inconclusive)
    }

    @Test("With more names than a quarter of the cache, early misses may be evictions")
    func evictions() throws {
        var wire = Wire()
        try Self.healthy(&wire)
        for number in 0..<30 { try wire.ask("n\(number).cluster.local", ttl: 30, path: .overTCP) }
        try wire.ask("n0.cluster.local", ttl: 30, path: .overTCP)
        #expect(try Self.prove(wire.finish(), capacity: 100).verdict == .inconclusive)
    }

    @Test("Answers from a cache that was warm before the capture are neither hits nor misses")
    func warm() throws {
        var wire = Wire()
        try wire.ask("warm.cluster.local", ttl: 12, path: .hit)
        wire.wait(milliseconds: 2_000)
        try wire.ask("warm.cluster.local", ttl: 10, path: .hit)
        let ledger = wire.finish().ledger
        #expect(ledger.warmHits == 1 && ledger.hits == 1 && ledger.isBalanced)
    }
}
