/// How large a difference must be before it counts.
package struct ComparisonMargin: Sendable, Hashable {
    /// Relative change, as a fraction (0.1 is 10 %).
    package let relative: Double
    /// Absolute change in the metric's own unit: nanoseconds, queries a second, or losses per query.
    package let absoluteFloor: Double

    /// Creates a margin; negative numbers count as 0.
    package init(relative: Double, absoluteFloor: Double = 0) {
        self.relative = max(relative, 0)
        self.absoluteFloor = max(absoluteFloor, 0)
    }

    /// The default: 10 % and 25 µs at p50 and p90, 10 % and 100 µs at p99, 20 % and 100 µs above, 5 % of the rate, 0.01
    /// percentage points of loss.
    ///
    /// With more than 10 % at p99 a change of 20 % could not be found in nine runs of ten (`Benchmarks/comparison`).
    package static func standard(for metric: ComparisonMetric) -> ComparisonMargin {
        switch metric {
        case .p50, .p90: ComparisonMargin(relative: 0.10, absoluteFloor: 25_000)
        case .p99: ComparisonMargin(relative: 0.10, absoluteFloor: 100_000)
        case .p99_9: ComparisonMargin(relative: 0.20, absoluteFloor: 100_000)
        case .achievedQPS: ComparisonMargin(relative: 0.05)
        case .loss: ComparisonMargin(relative: 0, absoluteFloor: 0.0001)
        }
    }

    /// This margin, widened to a measured A/A floor: the relative change seen between a target and itself.
    package func notBelow(noiseFloor: Double) -> ComparisonMargin {
        ComparisonMargin(relative: max(relative, noiseFloor), absoluteFloor: absoluteFloor)
    }
}
