import Glibc
import Measure
import Results

/// A result held against one of another moment, on a machine of the same class and for the same scenario.
///
/// Nothing pairs the two, so what else the machine did stands between them: only twice the change that a paired
/// comparison would heed counts, and never less than runs of the history differ among themselves.
enum BaselineGate {
    /// The metrics that are held against the baseline, for each target of both.
    static let metrics: [ComparisonMetric] = HistoryEntry.metrics
    /// The level of the test of losses.
    private static let level = 0.01
    /// The difference of loss that counts, as a fraction.
    private static let lossMargin = 0.001
    /// With fewer runs, the history tells nothing of the noise.
    private static let minimumHistory = 5

    /// The id of a metric's outcome.
    static func id(_ target: String, _ metric: ComparisonMetric) -> String { "baseline.\(target).\(metric.rawValue)" }

    /// One outcome for each target and metric of the baseline, or a single one that says why nothing can be compared.
    static func outcomes(
        _ document: ResultDocument,
        against baseline: ResultDocument,
        history: [HistoryEntry] = []
    ) -> [GateRecord.Outcome] {
        if let difference = difference(document, baseline) {
            return [
                GateRecord.Outcome(
                    id: "baseline",
                    kind: .baseline,
                    expression: "the baseline is of the same scenario and class of machines",
                    verdict: .incomparable,
                    actual: difference,
                    limit: baseline.environment.className,
                    remediation: "Promote a result of this class, or compare both sides in one run: nldns ab."
                )
            ]
        }
        let now = TargetFigures.all(in: document)
        return TargetFigures.all(in: baseline).flatMap { before in
            metrics.compactMap { metric in
                outcome(metric, now.first { $0.target == before.target }, before, history: history)
            }
        }
    }

    /// Why two results are not of one kind; nil when they are.
    private static func difference(_ document: ResultDocument, _ baseline: ResultDocument) -> String? {
        if document.scenario?.sha256 != baseline.scenario?.sha256 || document.scenario == nil {
            return
                "the scenario differs: \(document.scenario?.id ?? "none"), and \(baseline.scenario?.id ?? "none") of the baseline, are not one text"
        }
        guard document.environment.fingerprint != baseline.environment.fingerprint else { return nil }
        let fields: [(String, String, String)] = [
            ("arch", document.environment.arch, baseline.environment.arch),
            ("cpu_model", document.environment.cpuModel ?? "none", baseline.environment.cpuModel ?? "none"),
            ("cpus", "\(document.environment.cpus)", "\(baseline.environment.cpus)"),
            ("kernel", document.environment.kernel, baseline.environment.kernel),
            ("governor", document.environment.governor ?? "none", baseline.environment.governor ?? "none"),
            (
                "virtualisation", document.environment.virtualisation ?? "none",
                baseline.environment.virtualisation ?? "none"
            ),
            ("container", document.environment.container ?? "none", baseline.environment.container ?? "none"),
            ("swift_build_mode", document.environment.swiftBuildMode, baseline.environment.swiftBuildMode),
        ]
        let differing = fields.filter { $0.1 != $0.2 }.map { "\($0.0) \($0.1), not \($0.2)" }
        return "the class of machines differs (\(document.environment.className)): "
            + (differing.isEmpty ? "the fingerprints are not the same" : differing.joined(separator: "; "))
    }

    /// The relative change that counts: twice a paired comparison's, and not below the noise of the history.
    static func margin(_ metric: ComparisonMetric, _ name: String, _ history: [HistoryEntry]) -> Double {
        let own = 2 * ComparisonMargin.standard(for: metric).relative
        let past = history.compactMap { $0.figures[name] }.filter { $0 > 0 }.map { log($0) }
        guard past.count >= minimumHistory else { return own }
        let middle = past.sorted()[past.count / 2]
        let distances = past.map { abs($0 - middle) }.sorted()
        return max(own, expm1(distances[min(distances.count - 1, distances.count * 95 / 100)]))
    }

    private static func outcome(
        _ metric: ComparisonMetric,
        _ now: TargetFigures?,
        _ before: TargetFigures,
        history: [HistoryEntry]
    ) -> GateRecord.Outcome? {
        let name = "\(before.target).\(metric.rawValue)"
        guard let old = before.value(of: metric) else { return nil }
        func result(_ verdict: GateRecord.Outcome.Verdict, _ actual: String, _ limit: String) -> GateRecord.Outcome {
            GateRecord.Outcome(
                id: id(before.target, metric),
                kind: .baseline,
                expression: "\(name) is no worse than the baseline's \(GateText.figure(old, metric))",
                verdict: verdict,
                actual: actual,
                limit: limit,
                remediation: verdict == .fail
                    ? "A single run is no proof of a change; nldns ab compares both in pairs." : nil
            )
        }
        guard let now, let new = now.value(of: metric) else {
            return result(.incomparable, "\(name) was not measured", "\(GateText.figure(old, metric))")
        }
        if metric == .loss {
            return losses(now, before).map {
                result($0, "\(name) = \(GateText.figure(new, metric))", "+\(GateText.percent(lossMargin))")
            }
        }
        let margin = margin(metric, name, history)
        let floor = ComparisonMargin.standard(for: metric).absoluteFloor
        let worse = metric.isBetterWhenLower ? new - old : old - new
        let ratio = metric.isBetterWhenLower ? new / old : old / new
        let isWorse = old > 0 && (new <= 0 ? !metric.isBetterWhenLower : ratio >= 1 + margin) && worse >= floor
        let limit =
            (metric.isBetterWhenLower ? "+" : "-") + GateText.percent(margin)
            + (floor > 0 ? " and \(GateText.figure(floor, metric))" : "")
        let change = old > 0 ? " (\(new >= old ? "+" : "")\(GateText.percent(new / old - 1)))" : ""
        return result(isWorse ? .fail : .pass, "\(name) = \(GateText.figure(new, metric))\(change)", limit)
    }

    private static func losses(_ now: TargetFigures, _ before: TargetFigures) -> GateRecord.Outcome.Verdict? {
        guard let a = LossTest.Losses(lost: before.lost, sent: before.judged),
            let b = LossTest.Losses(lost: now.lost, sent: now.judged), let test = LossTest(a: a, b: b)
        else { return .incomparable }
        return test.p < level && b.rate - a.rate > lossMargin ? .fail : .pass
    }
}
