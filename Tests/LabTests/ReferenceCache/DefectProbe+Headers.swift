import DNSWire

@testable import Lab

extension DefectProbe {
    /// 192.0.2.99 for a minute, without an owner.
    private static let forged: [UInt8] = [0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 99]
    private static let forgedData = RData.a(.v4(0xC000_0263))

    /// Looks at what becomes of odd headers, counts and sections.
    static let headers: [DefectProbe] = [
        DefectProbe(defect: .aaOnMiss) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return try cache.ask("a.example.com.")?.flags.isAuthoritative != false
        },
        DefectProbe(defect: .rdSet) { profile, defects in
            try reply(profile, defects, flags: 0).map { $0[2] & 0x01 } == 0x01
        },
        DefectProbe(defect: .rd0Silent) { profile, defects in
            try reply(profile, defects, flags: 0) == nil
        },
        DefectProbe(defect: .zEchoed) { profile, defects in
            let plain = try reply(profile, defects, flags: 0x0100).map { $0[3] & 0x40 }
            return try reply(profile, defects, flags: 0x0140).map { $0[3] & 0x40 } != plain
        },
        DefectProbe(defect: .zRefused) { profile, defects in
            try reply(profile, defects, flags: 0x0140).map { $0[3] & 15 } != 0
        },
        DefectProbe(defect: .tcEchoed) { profile, defects in
            try reply(profile, defects, flags: 0x0300).map { $0[2] & 0x02 } != 0
        },
        DefectProbe(defect: .shortAnswered) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return cache.send(Array(try raw().prefix(11))) != nil
        },
        DefectProbe(defect: .missingQuestionSilent) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            return cache.send(Array(try raw().prefix(12))) == nil
        },
        DefectProbe(defect: .qdcountIgnored) { profile, defects in
            try reply(profile, defects, counts: [65535, 0, 0, 0]).map { $0[3] & 15 } != 1
        },
        DefectProbe(defect: .opcodeCleared) { profile, defects in
            try reply(profile, defects, flags: 0x2000).map { $0[2] >> 3 & 15 } == 0
        },
        DefectProbe(defect: .refusalEchoesBits) { profile, defects in
            try reply(profile, defects, flags: 0x7D00).map { $0[2] & 0x04 } != 0
        },
        DefectProbe(defect: .queryRecordsUsed) { profile, defects in
            let octets = try reply(profile, defects, counts: [1, 1, 0, 0], more: [0xC0, 12] + forged)
            // The owner of what comes back as it came is a pointer at the question.
            return try octets.map { try Message(decoding: $0).answers.map(\.data) == [forgedData] } == true
        },
        DefectProbe(defect: .queryRecordsKept) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            _ = cache.send(try raw(counts: [1, 1, 0, 0]) + [0xC0, 12] + forged)
            return try cache.ask("raw.cluster.local.")?.answers.map(\.data) == [forgedData]
        },
        DefectProbe(defect: .additional2Refused) { profile, defects in
            let records = [0] + forged + [0] + forged
            return try reply(profile, defects, counts: [1, 0, 0, 2], more: records).map { $0[3] & 15 } != 0
        },
        DefectProbe(defect: .partialRecordAccepted) { profile, defects in
            try reply(profile, defects, counts: [1, 0, 0, 1], more: [0, 0, 41, 2, 0]).map { $0[3] & 15 } != 1
        },
        DefectProbe(defect: .trailingSilent) { profile, defects in
            try reply(profile, defects, more: [0xAB, 0xCD]) == nil
        },
    ]

    /// What comes back for one question with these flags and counts, and with `more` behind it.
    private static func reply(
        _ profile: CacheProfile,
        _ defects: Set<CacheDefect>,
        flags: UInt16 = 0x0100,
        counts: [UInt16]? = nil,
        more: [UInt8] = []
    ) throws -> [UInt8]? {
        var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
        return cache.send(try raw(flags: flags, counts: counts) + more)
    }
}
