import Glibc
import Measure
import Results

/// What the runs before this one say of its figures; it closes no gate, as nothing pairs them.
enum HistoryAdvice {
    /// With fewer runs, nothing is said.
    static let minimumRuns = 8
    /// The modified z-score above which a figure is told, as in a merge (Iglewicz and Hoaglin 1993).
    private static let limit = 3.5

    /// One outcome for each figure that is worse than the history lets expect.
    static func outcomes(_ document: ResultDocument, _ history: [HistoryEntry]) -> [GateRecord.Outcome] {
        guard history.count >= minimumRuns else { return [] }
        return TargetFigures.all(in: document).flatMap { target in
            HistoryEntry.metrics.compactMap { outcome($0, target, history) }
        }
    }

    private static func outcome(
        _ metric: ComparisonMetric,
        _ target: TargetFigures,
        _ history: [HistoryEntry]
    ) -> GateRecord.Outcome? {
        let name = "\(target.target).\(metric.rawValue)"
        let past = history.compactMap { $0.figures[name] }
        guard past.count >= minimumRuns, let new = target.value(of: metric) else { return nil }
        let isLoss = metric == .loss
        let scaled = (past + [new]).map { isLoss ? $0 : log(max($0, 1e-9)) }
        let floor = isLoss ? 0.001 : log1p(ComparisonMargin.standard(for: metric).relative)
        let score = StandOutRule.score(of: scaled[scaled.count - 1], among: Array(scaled.dropLast()), floor: floor)
        guard (metric.isBetterWhenLower ? score : -score) > limit else { return nil }
        let median = StandOutRule.median(past)
        return GateRecord.Outcome(
            id: "history.\(name)",
            kind: .history,
            expression: "\(name) is as in the last \(past.count) runs",
            verdict: .fail,
            actual: "\(name) = \(GateText.figure(new, metric)), modified z-score \(GateText.short(score.magnitude))",
            limit: "median \(GateText.figure(median, metric)), score \(GateText.short(limit))",
            remediation: "History closes no gate; nldns ab tells whether it is a change."
        )
    }
}
