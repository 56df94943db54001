import DNSWire

@testable import Lab

/// A look at one behaviour of the core: true when it is not that of a healthy cache.
struct DefectProbe: Sendable {
    /// The defect that this look must find.
    let defect: CacheDefect
    /// Looks at a cache with the given profile and defects.
    let deviates: @Sendable (CacheProfile, Set<CacheDefect>) throws -> Bool

    private static let second = CacheHarness.second

    /// One look for each defect that bites in the core.
    static let all: [DefectProbe] =
        acceptance + headers + names + answers + edns + caching + routing + upstream

    /// A query for an A record, octet by octet.
    static func raw(_ name: String = "raw.cluster.local.", flags: UInt16 = 0x0100, counts: [UInt16]? = nil)
        throws -> [UInt8]
    {
        let name = try DNSName(name)
        return UInt16(77).octets + flags.octets + (counts ?? [1, 0, 0, 0]).flatMap(\.octets) + name.wire + [0, 1, 0, 1]
    }

    private static let acceptance: [DefectProbe] = [
        DefectProbe(defect: .answersResponses) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return cache.send(try raw(flags: 0x8100)) != nil
        },
        DefectProbe(defect: .qdcount0Silent) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            let reply = cache.send(UInt16(77).octets + [1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            return reply.map { $0[3] & 15 } != 1
        },
        DefectProbe(defect: .qdcount2Answered) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            let second = try DNSName("b.cluster.local.").wire + [0, 1, 0, 1]
            let reply = cache.send(try raw(counts: [2, 0, 0, 0]) + second)
            return reply.map { $0[3] & 15 } != 1
        },
        DefectProbe(defect: .opcodeAnswered) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            let reply = cache.send(try raw(flags: 0x1900))
            return reply?.count != 12 || reply.map { $0[3] & 15 } != 4
        },
        DefectProbe(defect: .longLabelsAccepted) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            let label = [UInt8(0x41)] + Array(repeating: UInt8(ascii: "a"), count: 0x41)
            let reply = cache.send(
                UInt16(77).octets + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + label + [0, 0, 1, 0, 1]
            )
            return reply.map { $0[3] & 15 } != 1
        },
        DefectProbe(defect: .badversIgnored) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("v.cluster.local.", edns: EDNS(version: 1))?.rcode != .badVers
        },
    ]

    private static let answers: [DefectProbe] = [
        DefectProbe(defect: .idChanged) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.cluster.local.", id: 7)?.id != 7
        },
        DefectProbe(defect: .qrClear) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.cluster.local.")?.flags.isResponse != true
        },
        DefectProbe(defect: .rdCleared) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.cluster.local.")?.flags.recursionDesired != true
        },
        DefectProbe(defect: .raClear) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.cluster.local.")?.flags.recursionAvailable != true
        },
        DefectProbe(defect: .zSet) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.cluster.local.")?.flags.z != false
        },
        DefectProbe(defect: .questionDropped) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.cluster.local.")?.questions.count != 1
        },
        DefectProbe(defect: .caseFoldedEcho) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            let name = "CaSe.cluster.local."
            return try (0..<2).contains { _ in
                try cache.ask(name)?.questions.contains { $0.name.description == "case.cluster.local." } != false
            }
        },
        DefectProbe(defect: .optUnasked) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.cluster.local.")?.edns != nil
        },
        DefectProbe(defect: .optMissing) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.cluster.local.", edns: EDNS())?.edns == nil
        },
        DefectProbe(defect: .doCleared) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            guard let edns = try cache.ask("a.cluster.local.", edns: EDNS(flags: 0x8000))?.edns else { return false }
            return !edns.dnssecOK
        },
        DefectProbe(defect: .tcMissing) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses(40))
            guard let reply = try cache.ask("big.cluster.local.") else { return true }
            return reply.answers.count < 40 && !reply.flags.isTruncated
        },
        DefectProbe(defect: .tcNotCut) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses(40))
            return try cache.ask("big.cluster.local.")?.answers.count == 40
        },
        DefectProbe(defect: .tcpTruncated) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses(40))
            return try cache.ask("big.cluster.local.", over: .tcp)?.answers.count != 40
        },
        DefectProbe(defect: .tcEarly) { profile, defects in
            // 12 octets of header, 36 of the question, 29 records of 16: exactly 512.
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses(29))
            let reply = try cache.ask("exactly-fits-512.cluster.local.")
            return reply?.flags.isTruncated == true && reply?.answers.count == 28 && reply?.edns == nil
        },
        DefectProbe(defect: .cutUncompressed) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses(20))
            let reply = try cache.ask("fits-when-compressed.cluster.local.")
            return reply?.flags.isTruncated == true && reply?.answers.isEmpty == true
        },
        DefectProbe(defect: .truncatedKept) { profile, defects in
            try fetches(2, profile, defects) { query in
                var reply = Upstream.addresses()(query)
                reply?.flags.isTruncated = true
                return reply
            } < 2
        },
        DefectProbe(defect: .answersNXDomainWithNoError) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.negative(.nxDomain))
            return try cache.ask("no.cluster.local.")?.rcode != .nxDomain
        },
        DefectProbe(defect: .nodataAsNXDomain) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.negative(.noError))
            return try cache.ask("no.cluster.local.")?.rcode != .noError
        },
        DefectProbe(defect: .soaDropped) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.negative(.nxDomain))
            return try cache.ask("no.cluster.local.")?.authorities.isEmpty != false
        },
        DefectProbe(defect: .k8sAnswersChanged) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.b.svc.cluster.local.")?.answers.first?.data != .a(.v4(0xC612_0000))
        },
        DefectProbe(defect: .k8sVersionChanged) { profile, defects in
            let version = RData.txt([Array("1.1.0".utf8)])
            var cache = try CacheHarness(profile, defects, upstream: Upstream.data(version, .txt))
            return try cache.ask("dns-version.cluster.local.", .txt)?.answers.first?.data != version
        },
    ]

    private static let caching: [DefectProbe] = [
        DefectProbe(defect: .noCache) { profile, defects in
            try fetches(2, profile, defects, Upstream.addresses()) != 1
        },
        DefectProbe(defect: .noNegativeCache) { profile, defects in
            try fetches(2, profile, defects, Upstream.negative(.nxDomain)) != 1
        },
        DefectProbe(defect: .nodataNotCached) { profile, defects in
            try fetches(2, profile, defects, Upstream.negative(.noError)) != 1
        },
        DefectProbe(defect: .servfailNotCached) { profile, defects in
            try fetches(2, profile, defects, Upstream.negative(.servFail, soa: false)) != 1
        },
        DefectProbe(defect: .ttlUncapped) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses(ttl: 300))
            return try cache.ask("a.cluster.local.")?.answers.first?.ttl != 30
        },
        DefectProbe(defect: .denialUncapped) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.negative(.nxDomain))
            return try cache.ask("a.cluster.local.")?.authorities.first.map { $0.ttl > 5 } == true
        },
        DefectProbe(defect: .ttlFrozen) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses(ttl: 20))
            _ = try cache.ask("a.cluster.local.")
            cache.wait(seconds: 3)
            return try cache.ask("a.cluster.local.")?.answers.first?.ttl == 20 && cache.fetches == 1
        },
        DefectProbe(defect: .servesExpired) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses(ttl: 12))
            _ = try cache.ask("a.cluster.local.")
            cache.wait(seconds: 13)
            let reply = try cache.ask("a.cluster.local.")
            return cache.fetches == 1 || reply?.answers.first?.ttl == 0
        },
        DefectProbe(defect: .tcpSeparateCache) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            _ = try cache.ask("a.cluster.local.", over: .udp)
            _ = try cache.ask("a.cluster.local.", over: .tcp)
            return cache.fetches != 1
        },
        DefectProbe(defect: .caseSensitiveKey) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            _ = try cache.ask("CaSe.example.com.")
            _ = try cache.ask("cAsE.example.com.")
            return cache.fetches != 1
        },
        DefectProbe(defect: .hitsNotCounted) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            for _ in 0..<3 { _ = try cache.ask("a.cluster.local.") }
            return cache.core.ledger.snapshot.caches.values.map { $0.requests - $0.misses } == [2]
                && cache.core.ledger.snapshot.caches.values.map(\.successHits) != [2]
        },
        DefectProbe(defect: .panicsCounted) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            _ = try cache.ask("a.cluster.local.")
            return cache.core.ledger.snapshot.panics != 0
        },
    ]

    private static let routing: [DefectProbe] = [
        route(.zoneCaseSensitive, "N.CLUSTER.LOCAL.", to: 0),
        route(.zoneSuffixByString, "xin-addr.arpa.", to: 2),
        route(.reverseToExternal, "77.1.168.192.in-addr.arpa.", to: 1),
        route(.arpaToCluster, "foo.arpa.", to: 2),
    ]

    private static let upstream: [DefectProbe] = [
        DefectProbe(defect: .upstreamUDP) { profile, defects in
            try transport("a.cluster.local.", .udp, profile, defects) != .tcp
        },
        DefectProbe(defect: .reverseUDP) { profile, defects in
            try transport("1.0.0.10.in-addr.arpa.", .udp, profile, defects) != .tcp
        },
        DefectProbe(defect: .dotZoneTCP) { profile, defects in
            try transport("a.example.com.", .udp, profile, defects) != .udp
        },
        DefectProbe(defect: .upstreamLeaksHits) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            _ = try cache.ask("a.cluster.local.")
            _ = try cache.ask("a.cluster.local.")
            return cache.asked.contains { $0.reason == .leakedHit }
        },
        DefectProbe(defect: .prefetches) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            for _ in 0..<3 { _ = try cache.ask("a.cluster.local.") }
            let fresh = cache.asked.count
            // The last tenth of the 30 s that the entry lives.
            cache.now += 28 * CacheHarness.second
            for _ in 0..<2 { _ = try cache.ask("a.cluster.local.") }
            return fresh == 1 && cache.asked.count > 1
        },
        DefectProbe(defect: .upstreamWrongAddress) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            _ = try cache.ask("a.cluster.local.")
            return cache.asked.contains { $0.block != 0 && $0.reason == .strayCopy }
        },
    ]

    /// How often the upstream is asked when one name is asked for `times` times.
    private static func fetches(
        _ times: Int,
        _ profile: CacheProfile,
        _ defects: Set<CacheDefect>,
        _ upstream: @escaping (Message) -> Message?
    ) throws -> Int {
        var cache = try CacheHarness(profile, defects, upstream: upstream)
        for _ in 0..<times { _ = try cache.ask("a.example.com.") }
        return cache.fetches
    }

    private static func transport(
        _ name: String,
        _ client: QueryTransport,
        _ profile: CacheProfile,
        _ defects: Set<CacheDefect>
    ) throws -> QueryTransport? {
        var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
        _ = try cache.ask(name, over: client)
        return cache.asked.first?.transport
    }

    private static func route(_ defect: CacheDefect, _ name: String, to block: Int) -> DefectProbe {
        DefectProbe(defect: defect) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            _ = try cache.ask(name)
            return cache.asked.first?.block != block
        }
    }
}
