package import Measure
internal import NodeLocal

extension ComparisonMargin {
    /// Reads a margin: `10%`, `10%/25us` with the least absolute change, or for loss the difference of rates, `0.1%`.
    ///
    /// Without an absolute change the standard one of the metric stays. Nil for what is none.
    package init?(text: String, for metric: ComparisonMetric) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let share = Self.share(parts[0]) else { return nil }
        if metric == .loss {
            guard parts.count == 1, share <= 1 else { return nil }
            self.init(relative: 0, absoluteFloor: share)
            return
        }
        var floor = Self.standard(for: metric).absoluteFloor
        if parts.count == 2 {
            guard metric.percentile != nil, let time = DurationText.nanoseconds(parts[1]) else { return nil }
            floor = Double(time)
        }
        self.init(relative: share, absoluteFloor: floor)
    }

    /// A margin of the metric as a user writes it.
    package static func example(of metric: ComparisonMetric) -> String {
        switch metric {
        case .loss: "a difference such as 0.1%"
        case .achievedQPS: "a share such as 5%"
        case .p50, .p90, .p99, .p99_9: "a share such as 10%, or 10%/25us with the least change in time"
        }
    }

    /// The fraction that a percentage stands for; nil for what is none, or above 1,000 %.
    package static func share(_ text: String) -> Double? {
        guard text.hasSuffix("%"), text.dropLast().allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let value = Double(text.dropLast()), value <= 1_000
        else { return nil }
        return value / 100
    }
}
