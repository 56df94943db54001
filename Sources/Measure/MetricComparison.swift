/// What a paired comparison found for one metric.
package struct MetricComparison: Sendable, Equatable {
    /// The metric.
    package let metric: ComparisonMetric
    /// What counted as a difference.
    package let margin: ComparisonMargin
    /// Whether the verdict of the run rests on it.
    package let isGated: Bool
    /// The median over segments (for loss: the rate) of A; nil when there was nothing.
    package internal(set) var a: Double?
    /// The same of B.
    package internal(set) var b: Double?
    /// B over A: Hodges–Lehmann over pairs, or the plain ratio of loss rates; nil when A lost nothing.
    package internal(set) var ratio: Double?
    /// The lower end of the interval of `ratio`.
    package internal(set) var ratioLower: Double?
    /// The upper end of the interval of `ratio`; nil when it has none.
    package internal(set) var ratioUpper: Double?
    /// The smallest difference B − A of loss rates that the counts allow; nil for other metrics.
    package internal(set) var differenceLower: Double?
    /// The largest difference B − A of loss rates that the counts allow; nil for other metrics.
    package internal(set) var differenceUpper: Double?
    /// The confidence that the interval really has.
    package internal(set) var confidence: Double?
    /// The exact two-sided p-value of this metric alone.
    package internal(set) var p: Double?
    /// The one-sided p-value of "B is not worse".
    var pWorse: Double?
    /// The one-sided p-value of "B is not better".
    var pBetter: Double?
    /// Whether B is on the worse side of A, by however little.
    var isWorse = false
    /// The smallest one-sided p-value that data of this size can have.
    var leastP: Double?
    /// The one-sided p-value in the direction of the difference, after Holm's correction; verdicts use this one.
    package internal(set) var adjustedP: Double?
    /// The median of B − A over pairs, in the metric's unit; for loss the difference of rates.
    package internal(set) var medianDifference: Double?
    /// The smallest change that this run could have seen, and never less than what counts as one.
    ///
    /// Relative, `e^((hi−lo)/2) − 1`; for loss in rates. Nil with too few pairs for an interval of the confidence asked for.
    package internal(set) var detectable: Double?
    /// How many pairs went in; 0 for loss.
    package internal(set) var pairs = 0
    /// How many pairs were left out.
    package internal(set) var discardedPairs = 0
    /// `ln b − ln a` of each pair, in run order; empty for loss.
    package internal(set) var logRatios: [Double] = []
    /// The verdict.
    package internal(set) var verdict = ComparisonVerdict.incomparable

    init(_ asked: PairedComparison.Metric) {
        metric = asked.metric
        margin = asked.margin
        isGated = asked.isGated
    }
}
