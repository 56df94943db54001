import Measure
import Scenario

/// Figures in the sentences of gates, written as gate expressions write them.
enum GateText {
    /// A figure of a compared metric: `1.5ms`, `0.1%`, `500`.
    static func figure(_ value: Double, _ metric: ComparisonMetric) -> String {
        switch metric {
        case .p50, .p90, .p99, .p99_9: GateValue.duration(value).description
        case .loss: GateValue.ratio(value).description
        case .achievedQPS: short(value)
        }
    }

    /// A number with at most three decimals.
    static func short(_ value: Double) -> String {
        GateValue.count((value * 1_000).rounded() / 1_000).description
    }

    /// A fraction as per cent with one decimal: `12.5%`.
    static func percent(_ fraction: Double) -> String {
        let tenths = (fraction * 1_000).rounded() / 10
        return "\(GateValue.count(tenths).description)%"
    }
}
