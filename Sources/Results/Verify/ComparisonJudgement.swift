import Measure

/// What follows from the gated metrics of a comparison; nothing when there is none.
package struct ComparisonJudgement {
    /// What got worse, in sentences.
    package private(set) var failures: [String] = []
    /// What keeps any run from a verdict.
    package private(set) var doubts: [String] = []
    /// What this run could not tell although it went as planned.
    package private(set) var openQuestions: [String] = []

    /// Draws what follows from a comparison.
    package init(_ comparison: ComparisonRecord?) {
        guard let comparison, comparison.verdict != nil else { return }
        let isSelf = comparison.design?.isSelf == true
        let b = comparison.b ?? "B"
        let a = comparison.a ?? "A"
        let pairs = comparison.pairs ?? 0
        let discarded = comparison.discardedPairs ?? 0
        if discarded * 5 > pairs + discarded {
            let reasons = (comparison.discards ?? []).map { "\($0.fault.words) (\($0.pairs))" }.joined(separator: ", ")
            doubts.append("\(discarded) of \(pairs + discarded) pairs were left out: \(reasons)")
        } else if let least = comparison.design?.looks.first?.pairs, pairs < least {
            doubts.append("\(pairs) pairs are too few to look at; the first look is planned at \(least)")
        }
        for metric in comparison.metrics where metric.isGated == true {
            let name = metric.metric.rawValue
            switch metric.verdict {
            case .equivalent: break
            case .improved where !isSelf: break
            case .regressed, .improved:
                failures.append(
                    isSelf
                        ? "\(name) of \(a) differs from itself by \(Self.change(metric)): this machine is too noisy for the margin"
                        : "\(name) of \(b) is worse than that of \(a) by \(Self.change(metric))"
                )
            case .incomparable: doubts.append("\(name) cannot be compared: there is no value of it")
            case .inconclusive:
                if doubts.isEmpty {
                    openQuestions.append("\(name) cannot be told: \(Self.change(metric)), and \(Self.interval(metric))")
                }
            }
        }
    }

    /// The change of a metric in words, such as `24.8 %`.
    private static func change(_ metric: MetricRecord) -> String {
        if metric.metric == .loss {
            return "\(percent((metric.b ?? 0) - (metric.a ?? 0))) of the queries"
        }
        return metric.ratio.map { percent($0 - 1) } ?? "an unknown share"
    }

    private static func interval(_ metric: MetricRecord) -> String {
        guard metric.metric != .loss, let low = metric.ciLow, let high = metric.ciHigh else {
            return metric.metric == .loss ? "too few queries were sent" : "there is no interval"
        }
        return "it may be \(percent(low - 1)) to \(percent(high - 1))"
    }

    /// A fraction as a percentage with a sign and three figures at most.
    private static func percent(_ fraction: Double) -> String {
        let tenths = (fraction * 1_000).rounded() / 10
        guard tenths.isFinite, abs(tenths) < 1e6 else { return "any per cent" }
        let text = tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
        return (tenths > 0 ? "+" : "") + text + " %"
    }
}
