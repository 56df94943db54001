package import Measure

/// In which state the caches are when a segment is counted.
package enum ComparisonCacheState: String, Sendable, Hashable, CaseIterable {
    /// Questions come as the workload draws them; what is cached is what the run left there.
    case mixed
    /// Each question of a segment was asked once while the segment settled.
    case warm
    /// Each query has a name that nobody has asked before.
    case cold
}

/// By what a comparison is judged.
package struct ComparisonRules: Sendable, Hashable {
    /// The metrics that the run's verdict rests on; none where gates alone decide.
    package let gated: [ComparisonMetric]
    /// Changes that count, where they are not the standard ones.
    package let margins: [ComparisonMetric: ComparisonMargin]
    /// What a target was measured to differ from itself by, as a fraction; no margin is narrower.
    package let noiseFloors: [ComparisonMetric: Double]

    /// The difference of loss that counts: one in a thousand, which a run of some thousand queries can show.
    private static let lossMargin = ComparisonMargin(relative: 0, absoluteFloor: 0.001)

    /// Creates rules; without arguments nothing is gated and the margins are the standard ones.
    package init(
        gated: [ComparisonMetric] = [],
        margins: [ComparisonMetric: ComparisonMargin] = [:],
        noiseFloors: [ComparisonMetric: Double] = [:]
    ) {
        self.gated = gated
        self.margins = margins
        self.noiseFloors = noiseFloors
    }

    /// The margin of a metric, widened to the noise floor.
    package func margin(of metric: ComparisonMetric) -> ComparisonMargin {
        let margin = margins[metric] ?? (metric == .loss ? Self.lossMargin : .standard(for: metric))
        return margin.notBelow(noiseFloor: noiseFloors[metric] ?? 0)
    }
}
