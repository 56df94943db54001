package import Measure

/// What a comparison found for one metric; a figure that does not exist is `null`, never left out.
///
/// Latencies are nanoseconds, loss is a fraction of the queries sent, ratios are B over A.
package struct MetricRecord: Codable, Sendable, Equatable {
    /// The metric.
    package var metric: ComparisonMetric
    /// A's value.
    package var a: Double?
    /// B's value.
    package var b: Double?
    /// B over A.
    package var ratio: Double?
    /// Lower end of the interval of `ratio`.
    package var ciLow: Double?
    /// Upper end of the interval of `ratio`.
    package var ciHigh: Double?
    /// The confidence that the interval really has; below the one asked for when there are too few pairs.
    package var confidence: Double?
    /// The two-sided p-value of this metric alone.
    package var p: Double?
    /// The one-sided p-value in the direction of the difference, after Holm's correction; the verdict uses this one.
    package var pHolm: Double?
    /// What was found.
    package var verdict: ComparisonVerdict
    /// The smallest change that the run could have seen: relative, for loss a difference of rates.
    package var detectable: Double?
    /// The relative change that counts as one; never below `noiseFloor`.
    package var margin: Double?
    /// What a target was measured to differ from itself by, as a fraction; absent where nobody measured it.
    package var noiseFloor: Double?
    /// Whether the verdict of the comparison rests on this metric.
    package var isGated: Bool?
    /// The absolute change that counts as one, in the metric's unit.
    package var absoluteFloor: Double?
    /// Pairs that went in.
    package var pairs: Int?
    /// `ln b − ln a` of each pair, in run order.
    package var logRatios: [Double]?

    /// Records what was found; latencies are rounded to whole nanoseconds.
    package init(_ comparison: MetricComparison) {
        let isLatency = comparison.metric.percentile != nil
        func rounded(_ value: Double?) -> Double? { isLatency ? value?.rounded() : value }
        metric = comparison.metric
        a = rounded(comparison.a)
        b = rounded(comparison.b)
        ratio = comparison.ratio
        ciLow = comparison.ratioLower
        ciHigh = comparison.ratioUpper
        confidence = comparison.confidence
        p = comparison.p
        pHolm = comparison.adjustedP
        verdict = comparison.verdict
        detectable = comparison.detectable
        margin = comparison.margin.relative
        isGated = comparison.isGated
        absoluteFloor = comparison.margin.absoluteFloor
        pairs = comparison.pairs
        logRatios = comparison.logRatios.isEmpty ? nil : comparison.logRatios
    }

    enum CodingKeys: String, CodingKey {
        case metric, a, b, ratio, confidence, p, verdict, detectable, margin, pairs
        case ciLow = "ci_low"
        case ciHigh = "ci_high"
        case pHolm = "p_holm"
        case absoluteFloor = "absolute_floor"
        case noiseFloor = "noise_floor"
        case isGated = "gated"
        case logRatios = "log_ratios"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metric, forKey: .metric)
        try container.encode(a, forKey: .a)
        try container.encode(b, forKey: .b)
        try container.encode(ratio, forKey: .ratio)
        try container.encode(ciLow, forKey: .ciLow)
        try container.encode(ciHigh, forKey: .ciHigh)
        try container.encodeIfPresent(confidence, forKey: .confidence)
        try container.encode(p, forKey: .p)
        try container.encode(pHolm, forKey: .pHolm)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(detectable, forKey: .detectable)
        try container.encodeIfPresent(margin, forKey: .margin)
        try container.encodeIfPresent(noiseFloor, forKey: .noiseFloor)
        try container.encodeIfPresent(isGated, forKey: .isGated)
        try container.encodeIfPresent(absoluteFloor, forKey: .absoluteFloor)
        try container.encodeIfPresent(pairs, forKey: .pairs)
        try container.encodeIfPresent(logRatios, forKey: .logRatios)
    }
}
