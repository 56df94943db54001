package import Measure

/// How target B differs from target A.
package struct ComparisonRecord: Codable, Sendable, Equatable {
    /// One segment of one pair.
    package struct Segment: Codable, Sendable, Equatable {
        /// Number of the pair in run order.
        package var pair: Int
        /// The target's name.
        package var target: String
        /// When it began.
        package var started: Timestamp?
        /// Why its pair was left out; absent when it counts.
        package var invalidReason: String?
        /// Median response latency, in nanoseconds.
        package var p50: Int64
        /// 99th percentile of the response latency, in nanoseconds.
        package var p99: Int64
        /// Answers a second.
        package var achievedQPS: Double
        /// Lost queries per query sent.
        package var loss: Double

        /// Creates a segment.
        package init(
            pair: Int,
            target: String,
            started: Timestamp? = nil,
            invalidReason: String? = nil,
            p50: Int64,
            p99: Int64,
            achievedQPS: Double,
            loss: Double
        ) {
            self.pair = pair
            self.target = target
            self.started = started
            self.invalidReason = invalidReason
            self.p50 = p50
            self.p99 = p99
            self.achievedQPS = achievedQPS
            self.loss = loss
        }

        enum CodingKeys: String, CodingKey {
            case pair, target, started, loss
            case invalidReason = "invalid_reason"
            case p50 = "p50_ns"
            case p99 = "p99_ns"
            case achievedQPS = "achieved_qps"
        }
    }

    /// How it was compared, in a sentence.
    package var method: String
    /// The name of the reference.
    package var a: String?
    /// The name of the candidate.
    package var b: String?
    /// The confidence that was asked for.
    package var confidence: Double?
    /// Pairs that count.
    package var pairs: Int?
    /// Pairs that were left out.
    package var discardedPairs: Int?
    /// The order of the pairs, `AB` or `BA`.
    package var order: [String]?
    /// What was found.
    package var metrics: [MetricRecord]
    /// Every segment in run order.
    package var segments: [Segment]?

    /// Records a comparison of `b` with the reference `a`.
    package init(
        a: String,
        b: String,
        comparisons: [MetricComparison],
        order: [InterleavingOrder],
        confidence: Double = 0.95,
        segments: [Segment]? = nil
    ) {
        method =
            "Paired segments in ABBA order; Hodges–Lehmann ratio with exact signed-rank interval, Holm over all metrics;"
            + " loss by the exact conditional binomial test"
        self.a = a
        self.b = b
        self.confidence = confidence
        pairs = comparisons.map(\.pairs).max() ?? 0
        discardedPairs = comparisons.map(\.discardedPairs).max() ?? 0
        self.order = order.map(\.rawValue)
        metrics = comparisons.map(MetricRecord.init)
        self.segments = segments
    }

    enum CodingKeys: String, CodingKey {
        case method, a, b, confidence, pairs, order, metrics, segments
        case discardedPairs = "discarded_pairs"
    }
}
