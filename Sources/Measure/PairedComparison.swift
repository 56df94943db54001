import Glibc

/// Compares target A (the reference) with target B (the candidate) over interleaved pairs of segments.
///
/// The unit is the segment, not the query. Per pair `d = ln b − ln a`, with the sign turned for metrics that are better
/// when higher; location and interval come from `SignedRankEstimate`. The one-sided p-values are Holm's over the gated
/// metrics of one call: each direction is a claim of its own. A test that its few data could never reject, such as that of
/// losses when nothing was lost, takes no share of the level (Tarone, Biometrics 46 (1990)). With `L = ln(1 + δ)`:
///
/// - *regressed*: HL ≥ L, the interval is above 0, Holm's p below the level, and the median difference reaches the
///   absolute floor; *improved* is the mirror image;
/// - *equivalent*: the interval ends below L (or below the absolute floor, whichever is wider);
/// - *inconclusive*: anything else, and always with too few pairs for the confidence asked for or more than one pair in
///   five discarded.
package enum PairedComparison {
    /// The value of one metric in both segments of a pair.
    package struct Pair: Sendable, Equatable {
        /// The metric for A.
        package let a: Double
        /// The metric for B.
        package let b: Double

        /// Creates a pair.
        package init(a: Double, b: Double) {
            self.a = a
            self.b = b
        }
    }

    /// One metric to compare.
    package struct Metric: Sendable {
        /// What is compared.
        package let metric: ComparisonMetric
        /// The numbers.
        package let evidence: Evidence
        /// What counts as a difference.
        package let margin: ComparisonMargin
        /// Whether the verdict of the run rests on it; the others are told besides.
        package let isGated: Bool

        /// Pairs of segment values in run order; a pair without a value in one segment has a 0 there.
        package static func paired(
            _ metric: ComparisonMetric,
            _ pairs: [Pair],
            margin: ComparisonMargin? = nil,
            isGated: Bool = true
        ) -> Metric {
            Metric(
                metric: metric,
                evidence: .pairs(pairs),
                margin: margin ?? .standard(for: metric),
                isGated: isGated
            )
        }

        /// Total losses of both targets.
        package static func loss(
            a: LossTest.Losses,
            b: LossTest.Losses,
            margin: ComparisonMargin? = nil,
            isGated: Bool = true
        ) -> Metric {
            Metric(
                metric: .loss,
                evidence: .losses(a: a, b: b),
                margin: margin ?? .standard(for: .loss),
                isGated: isGated
            )
        }
    }

    /// The numbers behind a metric.
    package enum Evidence: Sendable {
        /// One value a segment.
        case pairs([Pair])
        /// Counts over all segments.
        case losses(a: LossTest.Losses, b: LossTest.Losses)
    }

    /// Compares all metrics of a run; the order of the outcome is that of `metrics`.
    ///
    /// - Parameters:
    ///   - metrics: The metrics, judged together.
    ///   - discardedPairs: Pairs that were measured but not valid (the generator fell behind, packets were dropped).
    ///   - level: The level of the tests; one minus it is the confidence of every interval.
    ///   - isPlanned: Whether the data were to be looked at now. What was cut short decides nothing: whoever stops when he
    ///     likes what he sees finds what he likes.
    package static func compare(
        _ metrics: [Metric],
        discardedPairs: Int = 0,
        level: Double = 0.05,
        isPlanned: Bool = true
    ) -> [MetricComparison] {
        var found = metrics.map { analyse($0, discardedPairs: discardedPairs, confidence: 1 - level) }
        let testable = found.indices.filter { (found[$0].leastP ?? 1) <= level }
        let gated = testable.filter { found[$0].isGated }
        // What is told besides shall not cost the gated metrics power, and bears the number of all tests itself.
        adjust(&found, family: testable)
        adjust(&found, family: gated)
        return found.map { judge($0, level: level, isPlanned: isPlanned) }
    }

    /// Corrects the p-values of a family, each direction by itself.
    private static func adjust(_ found: inout [MetricComparison], family: [Int]) {
        let worse = HolmAdjustment.adjust(family.map { found[$0].pWorse ?? 1 })
        let better = HolmAdjustment.adjust(family.map { found[$0].pBetter ?? 1 })
        for (place, index) in family.enumerated() {
            found[index].adjustedP = found[index].isWorse ? worse[place] : better[place]
        }
    }

    // MARK: Analysis of one metric

    private static func analyse(_ metric: Metric, discardedPairs: Int, confidence: Double) -> MetricComparison {
        switch metric.evidence {
        case .pairs(let pairs):
            analyse(pairs, of: metric, discardedPairs: discardedPairs, confidence: confidence)
        case .losses(let a, let b):
            analyse(a, b, of: metric, confidence: confidence)
        }
    }

    private static func analyse(
        _ pairs: [Pair],
        of metric: Metric,
        discardedPairs: Int,
        confidence: Double
    ) -> MetricComparison {
        let usable = pairs.filter { $0.a > 0 && $0.b > 0 && $0.a.isFinite && $0.b.isFinite }
        var comparison = MetricComparison(metric)
        comparison.pairs = usable.count
        comparison.discardedPairs = discardedPairs + pairs.count - usable.count
        comparison.logRatios = usable.map { log($0.b / $0.a) }
        comparison.a = median(usable.map(\.a))
        comparison.b = median(usable.map(\.b))
        guard let estimate = SignedRankEstimate(differences: comparison.logRatios, confidence: confidence) else {
            return comparison
        }
        comparison.ratio = exp(estimate.estimate)
        comparison.ratioLower = exp(estimate.lower)
        comparison.ratioUpper = exp(estimate.upper)
        comparison.confidence = estimate.achievedConfidence
        comparison.p = estimate.p
        let isLowerBetter = metric.metric.isBetterWhenLower
        comparison.pWorse = isLowerBetter ? estimate.pAbove : estimate.pBelow
        comparison.pBetter = isLowerBetter ? estimate.pBelow : estimate.pAbove
        comparison.leastP = estimate.leastP
        comparison.isWorse = isLowerBetter ? estimate.estimate > 0 : estimate.estimate < 0
        comparison.adjustedP = comparison.isWorse ? comparison.pWorse : comparison.pBetter
        comparison.medianDifference = median(usable.map { $0.b - $0.a })
        if estimate.achievedConfidence > confidence - 1e-9, let a = comparison.a {
            comparison.detectable = max(
                exp((estimate.upper - estimate.lower) / 2) - 1,
                metric.margin.relative,
                metric.margin.absoluteFloor / a
            )
        }
        return comparison
    }

    private static func analyse(
        _ a: LossTest.Losses,
        _ b: LossTest.Losses,
        of metric: Metric,
        confidence: Double
    ) -> MetricComparison {
        var comparison = MetricComparison(metric)
        guard let test = LossTest(a: a, b: b, confidence: confidence) else { return comparison }
        comparison.a = a.rate
        comparison.b = b.rate
        comparison.ratio = a.lost > 0 ? b.rate / a.rate : nil
        comparison.ratioLower = test.ratioLower
        comparison.ratioUpper = test.ratioUpper
        comparison.differenceLower = test.differenceLower
        comparison.differenceUpper = test.differenceUpper
        comparison.confidence = confidence
        comparison.p = test.p
        comparison.pWorse = test.pAbove
        comparison.pBetter = test.pBelow
        comparison.leastP = test.leastP
        comparison.isWorse = b.rate > a.rate
        comparison.adjustedP = comparison.isWorse ? test.pAbove : test.pBelow
        comparison.medianDifference = b.rate - a.rate
        comparison.detectable = max((test.differenceUpper - test.differenceLower) / 2, metric.margin.absoluteFloor)
        return comparison
    }

    private static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    // MARK: Verdict

    private static func judge(_ comparison: MetricComparison, level: Double, isPlanned: Bool) -> MetricComparison {
        var judged = comparison
        judged.verdict =
            comparison.metric == .loss ? lossVerdict(comparison, level) : latencyVerdict(comparison, level)
        if !isPlanned, judged.verdict != .incomparable { judged.verdict = .inconclusive }
        return judged
    }

    private static func latencyVerdict(_ comparison: MetricComparison, _ level: Double) -> ComparisonVerdict {
        guard let ratio = comparison.ratio, let lower = comparison.ratioLower, let upper = comparison.ratioUpper,
            let p = comparison.adjustedP, let a = comparison.a, let difference = comparison.medianDifference,
            let confidence = comparison.confidence
        else { return .incomparable }
        let discarded = comparison.discardedPairs
        // Rounding must not cost an interval that is just wide enough.
        guard confidence > 1 - level - 1e-9, discarded * 5 <= comparison.pairs + discarded else {
            return .inconclusive
        }
        // Turned so that above 0 is always "B is worse".
        let sign: Double = comparison.metric.isBetterWhenLower ? 1 : -1
        let estimate = sign * log(ratio)
        let low = min(sign * log(lower), sign * log(upper))
        let high = max(sign * log(lower), sign * log(upper))
        let margin = log1p(comparison.margin.relative)
        let reachesFloor = difference.magnitude >= comparison.margin.absoluteFloor
        if p < level, reachesFloor, estimate >= margin, low > 0 { return .regressed }
        if p < level, reachesFloor, estimate <= -margin, high < 0 { return .improved }
        let tolerated = max(margin, log1p(comparison.margin.absoluteFloor / a))
        return high < tolerated ? .equivalent : .inconclusive
    }

    private static func lossVerdict(_ comparison: MetricComparison, _ level: Double) -> ComparisonVerdict {
        guard let p = comparison.adjustedP, let difference = comparison.medianDifference,
            let upper = comparison.differenceUpper
        else { return .incomparable }
        let margin = comparison.margin.absoluteFloor
        if p < level, difference > margin { return .regressed }
        if p < level, difference < -margin { return .improved }
        return upper < margin ? .equivalent : .inconclusive
    }
}
