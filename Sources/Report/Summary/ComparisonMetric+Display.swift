package import Measure

extension ComparisonMetric {
    /// The metric in plain words' reach: `p99.9`, `loss`, `answers/s`.
    package var displayName: String {
        switch self {
        case .p50: "p50"
        case .p90: "p90"
        case .p99: "p99"
        case .p99_9: "p99.9"
        case .loss: "loss"
        case .achievedQPS: "answers/s"
        }
    }

    /// A value of the metric with its unit.
    package func display(_ value: Double?) -> String {
        guard let value else { return "–" }
        return switch self {
        case .p50, .p90, .p99, .p99_9: Quantity.duration(value)
        case .loss: Quantity.percent(value)
        case .achievedQPS: Quantity.rate(value)
        }
    }
}
