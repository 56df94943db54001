import Conformance
import Testing

@testable import Lab

/// Each defect fires, a healthy cache does not show it, and no defect shows where another one is looked for.
@Suite struct ReferenceCacheDefectTests {
    /// Defects of sockets, pages and pools, which the socket tests look for.
    static let outsideCore: Set<CacheDefect> = [
        .dropsTCP, .healthDown, .losesOnePercent, .slow50ms, .slow25Percent, .tcpFirstQueryOnly, .tcpSplitPrefixFails,
        .upstreamConnectionPerQuery, .upstreamIDReused, .metricsMissingFamily,
        .upstreamEDERefused, .healthAnyPath, .healthEverywhere, .tcpCountedAsUDP, .buildInfoMissing,
        .setupErrorsCounted, .reloadLosesQueries, .reloadCountedFailed, .stopDropsQueries, .slowStart,
        .listensOnLoopback, .interfaceMisnamed, .rulesMissing, .podsAskCluster, .upstreamTrailingRefused,
        .upstreamLeftoversTaken, .answersFromAnotherPort, .answersTwice, .tcpReadTimeShort, .tcpIdleTimeShort,
        .tcpNeverClosed,
        .tcpHalfCloseEnds, .tcpJamsOnShort,
    ]

    /// Looks that a defect also falls under, because its behaviour contains theirs.
    static let wider: [CacheDefect: Set<CacheDefect>] = [
        .noCache: [.noNegativeCache, .nodataNotCached, .servfailNotCached, .tcpSeparateCache, .caseSensitiveKey],
        .noNegativeCache: [.nodataNotCached],
        .qdcountIgnored: [.qdcount2Answered],
        .queryRecordsKept: [.queryRecordsUsed],
        .upstreamUDP: [.reverseUDP],
        // All of arpa, so what ends in its letters as well.
        .arpaToCluster: [.zoneSuffixByString],
        // The root zone mirrors the client's transport.
        .reverseToExternal: [.reverseUDP],
    ]

    @Test("every defect has a look of its own, here or by a check")
    func complete() throws {
        let looked = DefectProbe.all.map(\.defect)
        #expect(Set(looked).count == looked.count)
        #expect(Set(looked).isDisjoint(with: Self.outsideCore))
        // What is not looked at here is the mutant of a check: KillMatrixTests shows it in the lab.
        let mutants = Set(try CheckCatalogue.builtin().checks.flatMap(\.mutants).map(\.defect))
        let unseen = Set(CacheDefect.allCases).subtracting(looked).subtracting(Self.outsideCore)
            .filter { !mutants.contains($0.rawValue) }
        #expect(unseen.isEmpty, "\(unseen)")
    }

    @Test("a healthy cache shows no defect", arguments: DefectProbe.all, CacheProfile.allCases)
    func healthy(_ probe: DefectProbe, _ profile: CacheProfile) throws {
        #expect(try !probe.deviates(profile, []), "\(probe.defect.rawValue)")
    }

    @Test("a defect fires, in its own place only", arguments: DefectProbe.all, CacheProfile.allCases)
    func fires(_ probe: DefectProbe, _ profile: CacheProfile) throws {
        var shown: Set<CacheDefect> = []
        for other in DefectProbe.all where try other.deviates(profile, [probe.defect]) { shown.insert(other.defect) }
        let expected = Self.wider[probe.defect, default: []].union([probe.defect])
        #expect(shown == expected)
    }

    @Test(
        "a defect of the sockets does not change the core",
        arguments: outsideCore.sorted { $0.rawValue < $1.rawValue }
    )
    func unseen(_ defect: CacheDefect) throws {
        for probe in DefectProbe.all { #expect(try !probe.deviates(.coreDNS1_13, [defect])) }
    }

    @Test("names and summaries are there for people")
    func described() {
        for defect in CacheDefect.allCases {
            #expect(!defect.summary.isEmpty && !defect.summary.hasSuffix("."))
            #expect(defect.rawValue == defect.rawValue.lowercased())
            #expect(!defect.area.isEmpty)
        }
    }
}
