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
    /// Queries without an answer, per query sent.
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
}
