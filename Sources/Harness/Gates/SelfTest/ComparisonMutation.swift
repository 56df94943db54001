import Glibc
import Measure
import Results

/// Comparisons in which the candidate does worse, recomputed from pairs by the code that judges real ones.
enum ComparisonMutation {
    /// Makes B worse in one metric; false when the comparison has no pairs of it.
    static func worsen(_ document: inout ResultDocument, _ metric: ComparisonMetric?, _ strength: Int) -> Bool {
        guard let metric, let comparison = document.comparison,
            let record = comparison.metrics.first(where: { $0.metric == metric })
        else { return false }
        if metric == .loss {
            guard let b = comparison.b else { return false }
            return LoadMutation.change(&document, target: b, "loss", .up, strength)
        }
        guard record.logRatios?.isEmpty == false else { return false }
        let margin = log1p(max(record.margin ?? 0, 0.05)) * Double(1 + strength) * 2
        recompute(&document, shifting: metric, by: metric.isBetterWhenLower ? margin : -margin)
        return true
    }

    /// Takes a metric's pairs away, as a run does in which none was complete.
    static func empty(_ document: inout ResultDocument, _ metric: ComparisonMetric) {
        guard let place = document.comparison?.metrics.firstIndex(where: { $0.metric == metric }),
            let nothing = PairedComparison.compare([.paired(metric, [])]).first
        else { return }
        document.comparison?.metrics[place] = MetricRecord(nothing)
        document.comparison?.verdict = .incomparable
    }

    /// Compares anew, by the pairs that are there and the counters as they are now.
    static func recompute(
        _ document: inout ResultDocument,
        shifting shifted: ComparisonMetric? = nil,
        by shift: Double = 0
    ) {
        guard var comparison = document.comparison else { return }
        let inputs = comparison.metrics.compactMap { entry -> PairedComparison.Metric? in
            let margin = ComparisonMargin(relative: entry.margin ?? 0, absoluteFloor: entry.absoluteFloor ?? 0)
            let isGated = entry.isGated ?? false
            if entry.metric == .loss {
                let losses = comparison.losses(in: document)
                return losses.map { .loss(a: $0.a, b: $0.b, margin: margin, isGated: isGated) }
            }
            let middle = entry.a ?? 0
            let pairs = (entry.logRatios ?? []).map { ratio in
                PairedComparison.Pair(a: middle, b: middle * exp(ratio + (entry.metric == shifted ? shift : 0)))
            }
            return .paired(entry.metric, pairs, margin: margin, isGated: isGated)
        }
        let found = PairedComparison.compare(
            inputs,
            discardedPairs: comparison.discardedPairs ?? 0,
            level: 1 - (comparison.confidence ?? 0.95)
        )
        for metric in found {
            guard let place = comparison.metrics.firstIndex(where: { $0.metric == metric.metric }) else { continue }
            let floor = comparison.metrics[place].noiseFloor
            comparison.metrics[place] = MetricRecord(metric)
            comparison.metrics[place].noiseFloor = floor
        }
        if comparison.verdict != nil {
            let gated = comparison.metrics.filter { $0.isGated == true }
            comparison.verdict = ComparisonVerdict.overall(gated.map(\.verdict))
        }
        // Single segments would no longer agree.
        comparison.segments = nil
        document.comparison = comparison
    }
}
