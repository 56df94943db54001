import Testing

@testable import Measure

@Suite("Paired comparison")
struct PairedComparisonTests {
    /// Twelve pairs around 1 ms with some noise, B slower by `factor`.
    private static func pairs(factor: Double, base: Double = 1_000_000, count: Int = 12) -> [PairedComparison.Pair] {
        var generator = SeededGenerator(seed: 42)
        return (0..<count).map { _ in
            let drift = 1 + 0.2 * generator.nextUnit()
            return PairedComparison.Pair(
                a: base * drift * (1 + 0.02 * generator.nextUnit()),
                b: base * drift * factor * (1 + 0.02 * generator.nextUnit())
            )
        }
    }

    private static func verdict(
        _ metric: ComparisonMetric,
        _ pairs: [PairedComparison.Pair],
        discarded: Int = 0
    ) -> ComparisonVerdict {
        PairedComparison.compare([.paired(metric, pairs)], discardedPairs: discarded)[0].verdict
    }

    @Test("a slower B regresses, a faster one improves, an equal one is equivalent")
    func latency() {
        #expect(Self.verdict(.p50, Self.pairs(factor: 1.5)) == .regressed)
        #expect(Self.verdict(.p50, Self.pairs(factor: 0.5)) == .improved)
        #expect(Self.verdict(.p50, Self.pairs(factor: 1)) == .equivalent)
    }

    @Test("throughput is judged the other way round")
    func throughput() {
        #expect(Self.verdict(.achievedQPS, Self.pairs(factor: 0.5)) == .regressed)
        #expect(Self.verdict(.achievedQPS, Self.pairs(factor: 1.5)) == .improved)
        #expect(Self.verdict(.achievedQPS, Self.pairs(factor: 1)) == .equivalent)
    }

    @Test("a large ratio below the absolute floor is equivalent: 20 µs are nobody's outage")
    func absoluteFloor() {
        #expect(Self.verdict(.p50, Self.pairs(factor: 1.4, base: 30_000)) == .equivalent)
        #expect(Self.verdict(.p50, Self.pairs(factor: 3, base: 30_000)) == .regressed)
    }

    @Test("a measured noise floor widens the margin")
    func noiseFloor() {
        let margin = ComparisonMargin.standard(for: .p50).notBelow(noiseFloor: 0.8)
        let found = PairedComparison.compare([.paired(.p50, Self.pairs(factor: 1.5), margin: margin)])
        #expect(found[0].verdict == .equivalent)
    }

    @Test("five pairs, or many discarded ones, decide nothing")
    func tooFew() {
        #expect(Self.verdict(.p50, Self.pairs(factor: 3, count: 5)) == .inconclusive)
        #expect(Self.verdict(.p50, Self.pairs(factor: 3, count: 8), discarded: 2) == .regressed)
        #expect(Self.verdict(.p50, Self.pairs(factor: 3, count: 8), discarded: 3) == .inconclusive)
    }

    @Test("no usable pair is incomparable, and zeros are no usable pairs")
    func incomparable() {
        #expect(Self.verdict(.p50, []) == .incomparable)
        #expect(Self.verdict(.p50, [.init(a: 0, b: 1), .init(a: 1, b: .infinity)]) == .incomparable)
    }

    @Test("noise as wide as the margin is inconclusive and says what it could have seen")
    func inconclusive() throws {
        let factors = [0.5, 1.9, 0.6, 1.7, 1.4, 0.7, 1.6, 0.55]
        let pairs = factors.map { PairedComparison.Pair(a: 1_000_000, b: 1_000_000 * $0) }
        let found = PairedComparison.compare([.paired(.p99, pairs)])[0]
        #expect(found.verdict == .inconclusive)
        #expect(try #require(found.detectable) > 0.2)
    }

    @Test("loss is judged by counts: five in a hundred thousand is noise, one per cent is not")
    func loss() throws {
        let clean = try #require(LossTest.Losses(lost: 0, sent: 100_000))
        let few = try #require(LossTest.Losses(lost: 5, sent: 100_000))
        let many = try #require(LossTest.Losses(lost: 1_000, sent: 100_000))
        let small = try #require(LossTest.Losses(lost: 0, sent: 500))
        #expect(PairedComparison.compare([.loss(a: clean, b: clean)])[0].verdict == .equivalent)
        #expect(PairedComparison.compare([.loss(a: clean, b: few)])[0].verdict == .inconclusive)
        #expect(PairedComparison.compare([.loss(a: clean, b: many)])[0].verdict == .regressed)
        #expect(PairedComparison.compare([.loss(a: many, b: clean)])[0].verdict == .improved)
        #expect(PairedComparison.compare([.loss(a: small, b: small)])[0].verdict == .inconclusive)
        let none = try #require(LossTest.Losses(lost: 0, sent: 0))
        #expect(PairedComparison.compare([.loss(a: none, b: none)])[0].verdict == .incomparable)
    }

    @Test("verdicts use p-values corrected over the gated metrics of the call")
    func correction() throws {
        // Six pairs: one-sided p = 1/64 passes 0.05 three times over; with a fourth test it does not.
        let six = Self.pairs(factor: 2, count: 6)
        #expect(Self.verdict(.p50, six) == .regressed)
        let metrics: [ComparisonMetric] = [.p50, .p90, .p99, .p99_9]
        let three = PairedComparison.compare(metrics.dropLast().map { .paired($0, six) })
        #expect(three.allSatisfy { $0.verdict == .regressed })
        let four = PairedComparison.compare(metrics.map { .paired($0, six) })
        #expect(four.allSatisfy { $0.verdict == .inconclusive })
        #expect(four[0].p == 0.03125)
        #expect(four[0].adjustedP == 0.0625)
        // What is told besides takes nothing from what is gated, and bears the number of all tests itself.
        let besides = PairedComparison.compare(metrics.map { .paired($0, six, isGated: $0 == .p50) })
        #expect(besides.map(\.verdict) == [.regressed, .inconclusive, .inconclusive, .inconclusive])
    }

    @Test("a test that could never reject takes no share of the level")
    func hopelessTests() throws {
        let six = Self.pairs(factor: 2, count: 6)
        let equal = six.map { PairedComparison.Pair(a: $0.a, b: $0.a) }
        let none = try #require(LossTest.Losses(lost: 0, sent: 50_000))
        let found = PairedComparison.compare([
            .paired(.p50, six), .paired(.p90, six), .paired(.p99, six), .paired(.achievedQPS, equal),
            .loss(a: none, b: none),
        ])
        #expect(found.map(\.verdict) == [.regressed, .regressed, .regressed, .equivalent, .equivalent])
    }

    @Test("what was cut short decides nothing")
    func unplanned() {
        let slow = PairedComparison.compare(
            [.paired(.p50, Self.pairs(factor: 2)), .paired(.p99, [])],
            isPlanned: false
        )
        #expect(slow.map(\.verdict) == [.inconclusive, .incomparable])
        #expect(slow[0].ratio.map { $0 > 1.5 } == true)
    }

    @Test("no run tells a smaller change than counts, and none at all from too few pairs")
    func detectable() throws {
        let quiet = PairedComparison.compare([.paired(.p50, Self.pairs(factor: 1))])[0]
        #expect(quiet.detectable == 0.1)
        let short = PairedComparison.compare([.paired(.p50, Self.pairs(factor: 1, base: 100_000))])[0]
        // 25 µs of about 110 µs.
        #expect(try #require(short.detectable) > 0.2)
        #expect(PairedComparison.compare([.paired(.p50, Self.pairs(factor: 1, count: 5))])[0].detectable == nil)
    }

    @Test("the worst of single verdicts is that of the run, and what nobody can tell hides what is equal")
    func overall() {
        #expect(ComparisonVerdict.overall([]) == nil)
        #expect(ComparisonVerdict.overall([.equivalent, .improved]) == .improved)
        #expect(ComparisonVerdict.overall([.improved, .inconclusive, .equivalent]) == .inconclusive)
        #expect(ComparisonVerdict.overall([.inconclusive, .incomparable]) == .incomparable)
        #expect(ComparisonVerdict.overall(ComparisonVerdict.allCases) == .regressed)
    }
}
