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
        /// The faults behind that reason; absent when there are none.
        package var faults: [SegmentFault]?
        /// Median response latency, in nanoseconds.
        package var p50: Int64
        /// 99th percentile of the response latency, in nanoseconds.
        package var p99: Int64
        /// Answers a second.
        package var achievedQPS: Double
        /// Queries without a useful answer, per query sent.
        package var loss: Double

        /// Creates a segment.
        package init(
            pair: Int,
            target: String,
            started: Timestamp? = nil,
            invalidReason: String? = nil,
            faults: [SegmentFault]? = nil,
            p50: Int64,
            p99: Int64,
            achievedQPS: Double,
            loss: Double
        ) {
            self.pair = pair
            self.target = target
            self.started = started
            self.invalidReason = invalidReason
            self.faults = faults
            self.p50 = p50
            self.p99 = p99
            self.achievedQPS = achievedQPS
            self.loss = loss
        }

        enum CodingKeys: String, CodingKey {
            case pair, target, started, faults, loss
            case invalidReason = "invalid_reason"
            case p50 = "p50_ns"
            case p99 = "p99_ns"
            case achievedQPS = "achieved_qps"
        }
    }

    /// What the cache of one target counted during segments that count.
    package struct CacheCounts: Codable, Sendable, Equatable {
        /// The target's name.
        package var target: String
        /// Answers from memory.
        package var hits: UInt64
        /// Questions that it had to ask itself.
        package var misses: UInt64

        /// Creates counts.
        package init(target: String, hits: UInt64, misses: UInt64) {
            self.target = target
            self.hits = hits
            self.misses = misses
        }
    }

    /// How it was compared, in a sentence.
    package var method: String
    /// The name of the reference.
    package var a: String?
    /// The name of the candidate.
    package var b: String?
    /// How it was laid out.
    package var design: ComparisonDesign?
    /// What follows for B from all gated metrics; absent where none is gated.
    package var verdict: ComparisonVerdict?
    /// The confidence that was asked for at the look that decided.
    package var confidence: Double?
    /// Pairs that count.
    package var pairs: Int?
    /// Pairs that were left out.
    package var discardedPairs: Int?
    /// Why they were, most frequent first.
    package var discards: [PairDiscard]?
    /// The order of the pairs, `AB` or `BA`.
    package var order: [String]?
    /// What was found.
    package var metrics: [MetricRecord]
    /// Hits and misses where caches tell them.
    package var cacheCounts: [CacheCounts]?
    /// Every segment in run order.
    package var segments: [Segment]?

    /// Records a comparison of `b` with the reference `a`.
    package init(
        a: String,
        b: String,
        comparisons: [MetricComparison],
        order: [InterleavingOrder],
        level: Double = 0.05,
        pairs: Int? = nil,
        discardedPairs: Int? = nil,
        segments: [Segment]? = nil
    ) {
        method =
            "Paired segments in ABBA order; Hodges–Lehmann ratio with exact signed-rank interval, one-sided tests with"
            + " Holm's correction over the gated metrics; loss by the exact conditional binomial test"
        self.a = a
        self.b = b
        confidence = 1 - level
        self.pairs = pairs ?? comparisons.map(\.pairs).max() ?? 0
        self.discardedPairs = discardedPairs ?? comparisons.map(\.discardedPairs).max() ?? 0
        self.order = order.map(\.rawValue)
        metrics = comparisons.map(MetricRecord.init)
        verdict = ComparisonVerdict.overall(comparisons.filter(\.isGated).map(\.verdict))
        self.segments = segments
    }

    enum CodingKeys: String, CodingKey {
        case method, a, b, design, verdict, confidence, pairs, discards, order, metrics, segments
        case discardedPairs = "discarded_pairs"
        case cacheCounts = "cache_counts"
    }
}
