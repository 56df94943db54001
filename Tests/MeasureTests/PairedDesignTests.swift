import Testing

@testable import Measure

@Suite("How many pairs a comparison takes")
struct PairedDesignTests {
    @Test("twelve pairs, twenty at most: looks at 8, 12 and 20, whose levels add up to that of the whole")
    func standard() {
        let design = PairedDesign(pairs: 12, maximumPairs: 20)
        #expect(design.looks.map(\.pairs) == [8, 12, 20])
        #expect(abs(design.looks.reduce(0) { $0 + $1.level } - 0.05) < 1e-12)
        #expect(abs(design.looks[2].level - 0.05 * 2 / 3) < 1e-12)
        #expect(design.maximumPairs == 20 && design.attempts == 26)
        #expect(design.look(after: 12) == design.looks[1] && design.look(after: 13) == nil)
    }

    @Test("a fixed number has one look with the whole level")
    func fixed() {
        for design in [PairedDesign(pairs: 6, maximumPairs: 6), PairedDesign(pairs: 6, maximumPairs: 1)] {
            #expect(design.looks == [.init(pairs: 6, level: 0.05)])
        }
    }

    @Test("no look is made with too few pairs for an interval of its confidence", arguments: 1...40)
    func usable(pairs: Int) {
        for maximum in pairs...(pairs + 20) {
            let design = PairedDesign(pairs: pairs, maximumPairs: maximum)
            #expect(design.looks.reduce(0) { $0 + $1.level } <= 0.05 + 1e-12)
            #expect(zip(design.looks, design.looks.dropFirst()).allSatisfy { $0.pairs < $1.pairs })
            for look in design.looks.dropLast() {
                let differences = (0..<look.pairs).map { 1 + Double($0) }
                let found = SignedRankEstimate(differences: differences, confidence: 1 - look.level)
                #expect((found?.achievedConfidence ?? 0) > 1 - look.level - 1e-9, "\(pairs) \(maximum)")
            }
        }
    }

    @Test("a run ends when something is worse or everything that is gated is decided, and not before")
    func decided() {
        func found(_ factors: [ComparisonMetric: [Double]], gated: Set<ComparisonMetric>) -> [MetricComparison] {
            PairedComparison.compare(
                factors.map { metric, factors in
                    .paired(
                        metric,
                        factors.map { .init(a: 1_000_000, b: 1_000_000 * $0) },
                        isGated: gated.contains(metric)
                    )
                }
            )
        }
        let worse = (0..<8).map { 1.5 + 0.01 * Double($0) }
        let equal = (0..<8).map { 1 + 0.001 * Double($0) }
        let open = [0.5, 1.9, 0.6, 1.7, 1.4, 0.7, 1.6, 0.55]
        #expect(PairedDesign.isDecided(found([.p50: worse, .p99: open], gated: [.p50, .p99])))
        #expect(!PairedDesign.isDecided(found([.p50: equal, .p99: open], gated: [.p50, .p99])))
        #expect(PairedDesign.isDecided(found([.p50: equal, .p99: open], gated: [.p50])))
    }

    @Test("the floor is the largest difference of few A/A runs, and the 95th percentile of many")
    func noiseFloor() throws {
        #expect(NoiseFloor.relative(ratios: []) == nil)
        #expect(abs(try #require(NoiseFloor.relative(ratios: [1.02, 1 / 1.05])) - 0.05) < 1e-12)
        // numpy: exp(percentile(abs(log([1.01, 1.02, 1.03, 1.04, 1.2])), 95)) - 1 = 0.16614
        let many = try #require(NoiseFloor.relative(ratios: [1.01, 1 / 1.02, 1.03, 1.04, 1.2]))
        #expect(abs(many - 0.16614) < 0.0001)
    }
}
