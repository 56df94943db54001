import Measure
import Results

/// The paired comparison of a result as a gate: each metric that the comparison itself rests on is one.
///
/// A comparison without such metrics, as a scenario's step makes it, is left to the scenario's own gates.
enum ComparisonGate {
    /// The id of a metric's outcome.
    static func id(_ metric: ComparisonMetric) -> String { "comparison.\(metric.rawValue)" }

    /// The metrics that the comparison rests on.
    static func metrics(_ document: ResultDocument) -> [ComparisonMetric] {
        guard document.comparison?.verdict != nil else { return [] }
        return (document.comparison?.metrics ?? []).filter { $0.isGated == true }.map(\.metric)
    }

    /// One outcome for each of them.
    static func outcomes(_ document: ResultDocument) -> [GateRecord.Outcome] {
        guard let comparison = document.comparison, comparison.verdict != nil else { return [] }
        return comparison.metrics.filter { $0.isGated == true }.map { outcome($0, comparison) }
    }

    /// Whether the run went as planned, so that what cannot be told is told by its noise alone.
    static func wentAsPlanned(_ document: ResultDocument) -> Bool {
        ComparisonJudgement(document.comparison).doubts.isEmpty
    }

    private static func outcome(_ record: MetricRecord, _ comparison: ComparisonRecord) -> GateRecord.Outcome {
        let isSelf = comparison.design?.isSelf == true
        let name = record.metric.rawValue
        let a = comparison.a ?? "A"
        let verdict: GateRecord.Outcome.Verdict =
            switch record.verdict {
            case .equivalent: .pass
            case .improved: isSelf ? .fail : .pass
            case .regressed: .fail
            case .inconclusive: .inconclusive
            case .incomparable: .incomparable
            }
        return GateRecord.Outcome(
            id: id(record.metric),
            kind: .comparison,
            expression: isSelf
                ? "\(name) of \(a) does not differ from itself"
                : "\(name) of \(comparison.b ?? "B") has not regressed against \(a)",
            verdict: verdict,
            actual: actual(record, record.metric),
            limit: limit(record, record.metric),
            remediation: record.verdict == .inconclusive
                ? "More pairs or longer segments make smaller changes visible." : nil
        )
    }

    private static func actual(_ record: MetricRecord, _ metric: ComparisonMetric) -> String {
        var parts = [record.verdict.rawValue]
        if let a = record.a, let b = record.b {
            parts.append("\(GateText.figure(a, metric)) to \(GateText.figure(b, metric))")
        }
        if let ratio = record.ratio { parts.append("ratio \(GateText.short(ratio))") }
        if let low = record.ciLow, let high = record.ciHigh {
            parts.append("interval \(GateText.short(low)) to \(GateText.short(high))")
        }
        if let detectable = record.detectable { parts.append("could see \(GateText.percent(detectable))") }
        return parts.joined(separator: ", ")
    }

    private static func limit(_ record: MetricRecord, _ metric: ComparisonMetric) -> String {
        let relative = record.margin.map { "\(GateText.percent($0))" }
        let absolute = record.absoluteFloor.flatMap { $0 > 0 ? GateText.figure($0, metric) : nil }
        if metric == .loss { return "+\(absolute ?? "0%")" }
        return "\(metric.isBetterWhenLower ? "+" : "-")\(relative ?? "0%")" + (absolute.map { " and \($0)" } ?? "")
    }
}
