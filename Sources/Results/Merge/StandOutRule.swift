import Glibc
import Measure

/// Which of many like figures stands out: the modified z-score of Iglewicz and Hoaglin.
///
/// `M = 0.6745 (x − median) / MAD`, out above 3.5 (B. Iglewicz and D. Hoaglin, *How to Detect and Handle Outliers*,
/// ASQC 1993, section 3.3). Median and MAD are not moved by up to half of the figures. Where nearly all are equal the MAD
/// is next to nothing; so a figure must besides lie farther from the median than a change that a comparison would heed.
package enum StandOutRule {
    /// With fewer, one odd node is a third of them.
    static let minimumCount = 5
    /// The score above which a figure stands out.
    static let limit = 3.5
    /// The level of the test that a node loses more than all others.
    private static let level = 0.01

    /// The rule for a reader.
    static let sentence =
        "modified z-score above 3.5 over at least 5 nodes (Iglewicz and Hoaglin 1993: 0.6745 (x - median) / MAD), of ln p50 "
        + "and ln p99, farther from the median than 10 % and 25 us, or 20 % and 100 us; of loss, more than 0.1 percentage "
        + "points above it and p below 0.01 against all other nodes (exact conditional test)"

    /// How far each value lies out; `floor` is the distance from the median below which none does.
    static func scores(_ values: [Double], floor: Double) -> [Double] {
        let (middle, scale) = spread(of: values, floor: floor)
        return values.map { scale > 0 ? ($0 - middle) / scale : 0 }
    }

    /// How far one value lies out of others that it is not among.
    package static func score(of value: Double, among values: [Double], floor: Double) -> Double {
        let (middle, scale) = spread(of: values, floor: floor)
        return scale > 0 ? (value - middle) / scale : 0
    }

    private static func spread(of values: [Double], floor: Double) -> (median: Double, scale: Double) {
        let middle = median(values)
        return (middle, max(median(values.map { abs($0 - middle) }) / 0.6745, floor / limit))
    }

    /// The median; 0 of nothing.
    package static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// What stands out among nodes, the farthest first.
    static func outliers(among nodes: [FleetRecord.Node]) -> [FleetRecord.Outlier] {
        let loads = nodes.flatMap { node in node.loads.filter { $0.invalidReason == nil }.map { (node.name, $0) } }
        let groups = Dictionary(grouping: loads) { [$0.1.target, $0.1.phase, $0.1.transport] }
        let found = groups.values.flatMap { group in
            latencies(group, .p50, \.p50) + latencies(group, .p99, \.p99) + losses(group)
        }
        return found.sorted { ($1.score.magnitude, $0.node, $0.metric) < ($0.score.magnitude, $1.node, $1.metric) }
    }

    private static func latencies(
        _ loads: [(node: String, load: FleetRecord.NodeLoad)],
        _ metric: ComparisonMetric,
        _ figure: KeyPath<FleetRecord.NodeLoad, Int64?>
    ) -> [FleetRecord.Outlier] {
        let known = loads.compactMap { entry in
            entry.load[keyPath: figure].map { (entry.node, entry.load, Double(max($0, 1))) }
        }
        guard known.count >= minimumCount else { return [] }
        let margin = ComparisonMargin.standard(for: metric)
        let middle = median(known.map(\.2))
        return zip(known, scores(known.map { log($0.2) }, floor: log1p(margin.relative))).compactMap { entry, score in
            guard score.magnitude > limit, abs(entry.2 - middle) >= margin.absoluteFloor else { return nil }
            return outlier(entry.0, entry.1, metric.rawValue, value: entry.2, median: middle, score: score)
        }
    }

    private static func losses(_ loads: [(node: String, load: FleetRecord.NodeLoad)]) -> [FleetRecord.Outlier] {
        let known = loads.filter { $0.load.judged > 0 }
        guard known.count >= minimumCount else { return [] }
        let rates = known.map(\.load.loss)
        let middle = median(rates)
        let lost = known.reduce(0.0) { $0 + Double($1.load.lost) }
        let judged = known.reduce(0.0) { $0 + Double($1.load.judged) }
        return zip(known, scores(rates, floor: 0.001)).compactMap { entry, score in
            let load = entry.load
            guard score > limit,
                let others = LossTest.Losses(
                    lost: UInt64(max(0, lost - Double(load.lost))),
                    sent: UInt64(max(0, judged - Double(load.judged)))
                ), let own = LossTest.Losses(lost: load.lost, sent: load.judged),
                let test = LossTest(a: others, b: own), test.p < level
            else { return nil }
            return outlier(entry.node, load, "loss", value: load.loss, median: middle, score: score)
        }
    }

    private static func outlier(
        _ node: String,
        _ load: FleetRecord.NodeLoad,
        _ metric: String,
        value: Double,
        median: Double,
        score: Double
    ) -> FleetRecord.Outlier {
        FleetRecord.Outlier(
            node: node,
            target: load.target,
            phase: load.phase,
            metric: metric,
            value: value,
            median: median,
            score: score
        )
    }
}
