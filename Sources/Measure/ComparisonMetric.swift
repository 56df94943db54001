/// A figure that two targets are compared by; raw values are those of the result document.
package enum ComparisonMetric: String, Sendable, CaseIterable, Codable {
    /// Median response latency.
    case p50
    /// The latency that 1 query in 10 exceeds.
    case p90
    /// The latency that 1 query in 100 exceeds.
    case p99
    /// The latency that 1 query in 1,000 exceeds.
    case p99_9
    /// Queries without a useful answer, per query sent: none at all, or one that says that the server failed.
    case loss
    /// Answers a second.
    case achievedQPS = "achieved_qps"

    /// Whether a smaller value is the better one.
    package var isBetterWhenLower: Bool { self != .achievedQPS }

    /// The percentile behind a latency metric.
    package var percentile: Double? {
        switch self {
        case .p50: 50
        case .p90: 90
        case .p99: 99
        case .p99_9: 99.9
        case .loss, .achievedQPS: nil
        }
    }

    /// Answers that a segment must have for the metric to be more than one outlier's luck; nil where any number will do.
    package var leastAnswers: Int? {
        switch self {
        case .p50: 20
        case .p90: 100
        case .p99: 1_000
        case .p99_9: 10_000
        case .loss, .achievedQPS: nil
        }
    }
}
