import DNSWire

@testable import Lab

extension DefectProbe {
    /// Looks at odd names, classes and types.
    static let names: [DefectProbe] = [
        DefectProbe(defect: .ownerChanged) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            let name = try DNSName("a.cluster.local.")
            return try cache.ask("a.cluster.local.")?.answers.first.map { $0.name != name } ?? false
        },
        DefectProbe(defect: .nameLimit254) { profile, defects in
            try reply(profile, defects, longName(last: 61)).map { $0[3] & 15 } == 1
        },
        DefectProbe(defect: .nameLimit256) { profile, defects in
            try reply(profile, defects, longName(last: 62)).map { $0[3] & 15 } != 1
        },
        DefectProbe(defect: .pointersSilent) { profile, defects in
            try reply(profile, defects, [1, 0x61, 0xC0, 4]) == nil
        },
        DefectProbe(defect: .pointerLoopsAccepted) { profile, defects in
            try reply(profile, defects, [0xC0, 12]).map { $0[3] & 15 == 0 } ?? false
        },
        DefectProbe(defect: .cutLabelsAccepted) { profile, defects in
            // The label takes type and class with it and has no end.
            try reply(profile, defects, [0x3F, 0x61]).map { $0[3] & 15 } != 1
        },
        DefectProbe(defect: .dotsSplitLabels) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            _ = try cache.ask("a\\.b.example.com.")
            _ = try cache.ask("a.b.example.com.")
            return cache.fetches < 2
        },
        DefectProbe(defect: .labelOctetsMasked) { profile, defects in
            let name: [UInt8] = [2, 0, 0xFF, 0]
            guard let reply = try reply(profile, defects, name), reply.count > 16, reply[5] == 1 else { return false }
            return Array(reply[12..<16]) == [2, 0x3F, 0x3F, 0]
        },
        DefectProbe(defect: .rootRefused) { profile, defects in
            try reply(profile, defects, [0]).map { $0[3] & 15 } == 5
        },
        DefectProbe(defect: .underscoreRefused) { profile, defects in
            try reply(profile, defects, [1, 0x5F, 0]).map { $0[3] & 15 } == 5
        },
        DefectProbe(defect: .anySilent) { profile, defects in
            try reply(profile, defects, type: 255) == nil
        },
        DefectProbe(defect: .anyServfail) { profile, defects in
            try reply(profile, defects, type: 255).map { $0[3] & 15 } == 2
        },
        DefectProbe(defect: .classSilent) { profile, defects in
            try reply(profile, defects, class: 4) == nil
        },
        DefectProbe(defect: .classChanged) { profile, defects in
            guard let reply = try reply(profile, defects, class: 4), reply.count > 19, reply[5] == 1 else {
                return false
            }
            return Array(reply[17..<19]) == [0, 1]
        },
        DefectProbe(defect: .unknownTypeNotimp) { profile, defects in
            try reply(profile, defects, type: 1_000).map { $0[3] & 15 } == 4
        },
        DefectProbe(defect: .privateDataChanged) { profile, defects in
            let type = RecordType(rawValue: 65_280)
            var cache = try CacheHarness(profile, defects, upstream: Upstream.data(.opaque([1, 2, 3]), type))
            return try cache.ask("a.cluster.local.", type)?.answers.first.map { $0.data != .opaque([1, 2, 3]) } ?? false
        },
        DefectProbe(defect: .httpsSilent) { profile, defects in
            try reply(profile, defects, type: 65) == nil
        },
        DefectProbe(defect: .httpsServfail) { profile, defects in
            try reply(profile, defects, type: 65).map { $0[3] & 15 } == 2
        },
        DefectProbe(defect: .metaTypeSilent) { profile, defects in
            try reply(profile, defects, type: 41) == nil
        },
        DefectProbe(defect: .transferSilent) { profile, defects in
            try reply(profile, defects, type: 252) == nil
        },
        DefectProbe(defect: .transferAnswered) { profile, defects in
            var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
            let reply = try cache.ask("a.cluster.local.", .axfr)
            return cache.asked.isEmpty && reply?.rcode == .noError
        },
    ]

    /// A name whose labels have 63, 63, 63 and `last` octets.
    private static func longName(last: Int) -> [UInt8] {
        [63, 63, 63, last].flatMap { [UInt8($0)] + Array(repeating: UInt8(ascii: "a"), count: $0) } + [0]
    }

    /// What comes back for one question with this name in wire form.
    private static func reply(
        _ profile: CacheProfile,
        _ defects: Set<CacheDefect>,
        _ name: [UInt8] = [1, 0x61, 0],
        type: UInt16 = 1,
        `class`: UInt16 = 1
    ) throws -> [UInt8]? {
        var cache = try CacheHarness(profile, defects, upstream: Upstream.addresses())
        return cache.send(
            UInt16(77).octets + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name + type.octets + `class`.octets
        )
    }
}
