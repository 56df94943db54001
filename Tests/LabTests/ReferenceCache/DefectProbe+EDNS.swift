import DNSWire

@testable import Lab

extension DefectProbe {
    /// Looks at what becomes of OPT records, of the client's and of the upstream's.
    static let edns: [DefectProbe] = [
        DefectProbe(defect: .badversEchoesFlags) { profile, defects in
            let reply = try reply(to: EDNS(version: 1, flags: 0x0040), profile, defects)
            return reply?.rcode == .badVers && reply?.edns?.flags != 0
        },
        DefectProbe(defect: .badversEchoesOptions) { profile, defects in
            let reply = try reply(to: EDNS(version: 1, options: [unknownOption]), profile, defects)
            return reply?.rcode == .badVers && reply?.edns?.options != []
        },
        DefectProbe(defect: .optionsRefused) { profile, defects in
            try reply(to: EDNS(options: [unknownOption]), profile, defects)?.rcode == .formErr
        },
        DefectProbe(defect: .optionsSilent) { profile, defects in
            try reply(to: EDNS(options: [unknownOption]), profile, defects) == nil
        },
        DefectProbe(defect: .unknownOptionEchoed) { profile, defects in
            try reply(to: EDNS(options: [unknownOption]), profile, defects)?.edns?.options == [unknownOption]
        },
        DefectProbe(defect: .ecsEchoed) { profile, defects in
            let subnet = EDNSOption(code: 8, data: [0, 1, 24, 0, 1, 2, 3])
            return try reply(to: EDNS(options: [subnet]), profile, defects)?.edns?.options == [subnet]
        },
        DefectProbe(defect: .optFlagsSet) { profile, defects in
            try reply(to: EDNS(), profile, defects)?.edns.map { $0.flags != 0 } ?? false
        },
        DefectProbe(defect: .optFlagsEchoed) { profile, defects in
            try reply(to: EDNS(flags: 0x0001), profile, defects)?.edns.map { $0.flags & 1 != 0 } ?? false
        },
        DefectProbe(defect: .optFlagsRefused) { profile, defects in
            try reply(to: EDNS(flags: 0x0001), profile, defects)?.rcode == .formErr
        },
        DefectProbe(defect: .optSizeChanged) { profile, defects in
            try reply(to: EDNS(), profile, defects)?.edns.map { $0.udpPayloadSize != 1_232 } ?? false
        },
        DefectProbe(defect: .smallSizeObeyed) { profile, defects in
            try reply(to: EDNS(udpPayloadSize: 0), profile, defects)?.flags.isTruncated == true
        },
        DefectProbe(defect: .longQueriesRefused) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            let query = try raw(counts: [1, 0, 0, 1])
            let rest = 512 - query.count - 11
            // a NULL record (type 10) that fills the message up to 512 octets
            let filler = [0, 0, 10, 0, 1, 0, 0, 0, 0] + UInt16(rest).octets + Array(repeating: 0, count: rest)
            return cache.send(query + filler).map { $0[3] & 15 } == 1
        },
        DefectProbe(defect: .oddOPTSilent) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return cache.send(try raw(counts: [1, 0, 0, 1]) + [1, 0x61] + opt(flags: 0)) == nil
        },
        DefectProbe(defect: .answerOPTUsed) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            let reply = cache.send(try raw(counts: [1, 1, 0, 0]) + opt(flags: 0x8000))
            return reply.flatMap { try? Message(decoding: $0) }?.edns?.dnssecOK == true
        },
        DefectProbe(defect: .upstreamOPTDoubled) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            _ = try cache.ask("a.cluster.local.", edns: EDNS())
            return cache.asked.contains { $0.octets[11] == 2 }
        },
        DefectProbe(defect: .extendedRCodeLost) { profile, defects in
            var cache = try CacheHarness(profile, defects) { query in
                var reply = Upstream.response(query)
                reply.edns = EDNS()
                reply.rcode = RCode(rawValue: 23)
                return reply
            }
            return try cache.ask("a.cluster.local.", edns: EDNS())?.rcode.rawValue == 7
        },
    ]

    private static let unknownOption = EDNSOption(code: 100, data: [0x7A])

    /// The answer to an A query with this OPT, whose name is cached.
    private static func reply(to edns: EDNS, _ profile: CacheProfile, _ defects: Set<CacheDefect>) throws -> Message? {
        var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
        _ = try cache.ask("a.cluster.local.")
        return try cache.ask("a.cluster.local.", edns: edns)
    }

    /// An OPT record at the root with size 1232.
    private static func opt(flags: UInt16) -> [UInt8] {
        [0, 0, 41] + UInt16(1_232).octets + [0, 0] + flags.octets + [0, 0]
    }
}
