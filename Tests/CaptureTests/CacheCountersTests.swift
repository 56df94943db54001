import DNSWire
import Testing

@testable import Capture

/// Cases in which the ledger once differed from the counters of a CoreDNS that it watched.
@Suite("The ledger beside the cache's own counters")
struct CacheCountersTests {
    private static let name = "n.script.cluster.local"
    private static let client = Endpoint(address: Wire.pod.address, port: 41_000)
    private static let source = Endpoint(address: Wire.node.address, port: 51_000)

    private static func query(_ wire: inout Wire, id: UInt16, isUpstream: Bool = false) throws {
        let octets = try Wire.query(DNSName(name), id: id)
        if isUpstream {
            wire.udp(octets, from: source, to: Wire.endpoint)
        } else {
            wire.udp(octets, from: client, to: Wire.cache)
        }
    }

    private static func answer(
        _ wire: inout Wire,
        id: UInt16,
        ttl: UInt32?,
        rcode: RCode = .noError,
        isUpstream: Bool = false,
        isAuthoritative: Bool = true,
        isTruncated: Bool = false
    ) throws {
        var octets = try Wire.response(DNSName(name), id: id, ttl: ttl)
        octets[2] = octets[2] & 0xF9 | (isAuthoritative ? 4 : 0) | (isTruncated ? 2 : 0)
        octets[3] = octets[3] & 0xF0 | UInt8(truncatingIfNeeded: rcode.rawValue)
        if isUpstream {
            wire.udp(octets, from: Wire.endpoint, to: source)
        } else {
            wire.udp(octets, from: Wire.cache, to: client)
        }
    }

    /// A client's query that goes upstream and is answered.
    private static func miss(_ wire: inout Wire, id: UInt16, ttl: UInt32?, rcode: RCode = .noError) throws {
        try query(&wire, id: id)
        try query(&wire, id: id ^ 0x5A5A, isUpstream: true)
        wire.wait(milliseconds: 1)
        try answer(&wire, id: id ^ 0x5A5A, ttl: ttl, rcode: rcode, isUpstream: true)
        try answer(&wire, id: id, ttl: ttl, rcode: rcode)
    }

    @Test(
        "SERVFAIL, NOTIMP and denials without SOA are kept five seconds",
        arguments: [RCode.servFail, .notImp, .nxDomain, .noError]
    )
    func withoutTTL(rcode: RCode) throws {
        var wire = Wire()
        try Self.miss(&wire, id: 1, ttl: nil, rcode: rcode)
        wire.wait(milliseconds: 2_000)
        try Self.query(&wire, id: 2)
        try Self.answer(&wire, id: 2, ttl: nil, rcode: rcode)
        let ledger = wire.finish().ledger
        #expect(ledger.misses == 1 && ledger.hits == 1 && ledger.local == 0 && ledger.isBalanced, "\(ledger)")
    }

    @Test("REFUSED is not kept: each is asked for anew, and one without upstream is the cache's own")
    func refused() throws {
        var wire = Wire()
        try Self.miss(&wire, id: 1, ttl: nil, rcode: .refused)
        try Self.miss(&wire, id: 2, ttl: nil, rcode: .refused)
        try Self.query(&wire, id: 3)
        try Self.answer(&wire, id: 3, ttl: nil, rcode: .refused)
        let ledger = wire.finish().ledger
        #expect(ledger.misses == 2 && ledger.earlyMisses == 0 && ledger.local == 1, "\(ledger)")
    }

    @Test("A SERVFAIL of the cache's own has no AA; one from before the capture has", arguments: [true, false])
    func servfail(isAuthoritative: Bool) throws {
        var wire = Wire()
        try Self.query(&wire, id: 1)
        try Self.answer(&wire, id: 1, ttl: nil, rcode: .servFail, isAuthoritative: isAuthoritative)
        let ledger = wire.finish().ledger
        #expect(ledger.warmHits == (isAuthoritative ? 1 : 0) && ledger.local == (isAuthoritative ? 0 : 1), "\(ledger)")
    }

    @Test("A query that is answered ahead of its upstream query's answer was a hit, and the entry is renewed")
    func staleRefresh() throws {
        var wire = Wire()
        try Self.miss(&wire, id: 1, ttl: 5)
        wire.wait(milliseconds: 8_000)
        try Self.query(&wire, id: 2)
        try Self.query(&wire, id: 0x202, isUpstream: true)
        try Self.answer(&wire, id: 2, ttl: 0)
        wire.wait(milliseconds: 20)
        try Self.answer(&wire, id: 0x202, ttl: 5, isUpstream: true)
        wire.wait(milliseconds: 1_000)
        try Self.query(&wire, id: 3)
        try Self.answer(&wire, id: 3, ttl: 4)
        let ledger = wire.finish().ledger
        #expect(ledger.misses == 1 && ledger.stale == 1 && ledger.warmHits == 1 && ledger.prefetches == 1, "\(ledger)")
        #expect(ledger.isBalanced)
    }

    @Test("So it is when an entry is renewed before its end")
    func prefetch() throws {
        var wire = Wire()
        try Self.miss(&wire, id: 1, ttl: 6)
        wire.wait(milliseconds: 4_000)
        try Self.query(&wire, id: 2)
        try Self.query(&wire, id: 0x202, isUpstream: true)
        try Self.answer(&wire, id: 2, ttl: 2)
        wire.wait(milliseconds: 20)
        try Self.answer(&wire, id: 0x202, ttl: 6, isUpstream: true)
        let ledger = wire.finish().ledger
        #expect(
            ledger.misses == 1 && ledger.earlyMisses == 0 && ledger.hits == 1 && ledger.prefetches == 1,
            "\(ledger)"
        )
    }

    @Test("A fresh answer that is captured ahead of upstream's remains a miss")
    func swapped() throws {
        var wire = Wire()
        try Self.miss(&wire, id: 1, ttl: 5)
        wire.wait(milliseconds: 8_000)
        try Self.query(&wire, id: 2)
        try Self.query(&wire, id: 0x202, isUpstream: true)
        try Self.answer(&wire, id: 2, ttl: 5)
        try Self.answer(&wire, id: 0x202, ttl: 5, isUpstream: true)
        let ledger = wire.finish().ledger
        #expect(ledger.misses == 2 && ledger.stale == 0 && ledger.prefetches == 0, "\(ledger)")
    }

    @Test(
        "The lifetime counts from upstream's answer: a query just before its end that goes upstream just after is no early miss"
    )
    func edge() throws {
        var wire = Wire()
        try Self.query(&wire, id: 1)
        try Self.query(&wire, id: 0x201, isUpstream: true)
        try Self.answer(&wire, id: 0x201, ttl: 5, isUpstream: true)
        wire.wait(milliseconds: 20)
        try Self.answer(&wire, id: 1, ttl: 5)
        wire.wait(milliseconds: 4_985)
        try Self.miss(&wire, id: 2, ttl: 5)
        let ledger = wire.finish().ledger
        #expect(ledger.misses == 2 && ledger.earlyMisses == 0, "\(ledger)")
    }

    @Test("A hit shows its TTL rounded up: its entry can end a second before")
    func roundedUp() throws {
        var wire = Wire()
        try Self.query(&wire, id: 1)
        try Self.answer(&wire, id: 1, ttl: 3)
        wire.wait(milliseconds: 2_500)
        try Self.miss(&wire, id: 2, ttl: 5)
        let ledger = wire.finish().ledger
        #expect(ledger.warmHits == 1 && ledger.misses == 1 && ledger.earlyMisses == 0, "\(ledger)")
    }

    @Test("A query that the cache gave up later than its client is a miss of the cache")
    func unansweredMiss() throws {
        var wire = Wire()
        try Self.query(&wire, id: 1)
        try Self.query(&wire, id: 0x201, isUpstream: true)
        wire.wait(milliseconds: 6_000)
        try Self.answer(&wire, id: 1, ttl: nil, rcode: .servFail, isAuthoritative: false)
        try Self.query(&wire, id: 2)
        let ledger = wire.finish().ledger
        #expect(ledger.unanswered == 2 && ledger.unansweredMisses == 1 && ledger.isBalanced, "\(ledger)")
    }

    @Test("A whole answer that is cut for the client is kept")
    func cut() throws {
        var wire = Wire()
        try Self.query(&wire, id: 1)
        try Self.query(&wire, id: 0x201, isUpstream: true)
        try Self.answer(&wire, id: 0x201, ttl: 30, isUpstream: true)
        try Self.answer(&wire, id: 1, ttl: nil, isTruncated: true)
        wire.wait(milliseconds: 1_000)
        try Self.query(&wire, id: 2)
        try Self.answer(&wire, id: 2, ttl: nil, isTruncated: true)
        try Self.query(&wire, id: 3)
        try Self.answer(&wire, id: 3, ttl: 29)
        let result = wire.finish()
        let ledger = result.ledger
        #expect(ledger.misses == 1 && ledger.hits == 1 && ledger.warmHits == 1 && ledger.local == 0, "\(ledger)")
        let zone = ProofZone(name: .root, upstream: .other, upstreamAddresses: [Wire.endpoint.address])
        #expect(result.observation(zones: [zone]).cache.first?.verdict == .inconclusive)
    }

    @Test("Who does not know where upstream is accuses nobody; nor is serve_stale a violation")
    func accusations() throws {
        var blind = Wire()
        try blind.ask(Self.name, ttl: 5, path: .hit)
        blind.wait(milliseconds: 9_000)
        try blind.ask(Self.name, ttl: 5, path: .hit)
        var zone = ProofZone(name: .root, upstream: .other, upstreamAddresses: [Wire.endpoint.address])
        let first = try #require(blind.finish().observation(zones: [zone]).cache.first)
        #expect(first.verdict == .inconclusive && first.reason.contains("addresses of its upstream"), "\(first.reason)")
        var wire = Wire()
        try Self.miss(&wire, id: 1, ttl: 5)
        wire.wait(milliseconds: 8_000)
        try Self.query(&wire, id: 2)
        try Self.answer(&wire, id: 2, ttl: 0)
        let result = wire.finish()
        #expect(result.observation(zones: [zone]).cache.first?.verdict == .violated)
        zone.servesStale = true
        #expect(result.observation(zones: [zone]).cache.first?.verdict != .violated)
    }
}
