import Glibc
import Measure

extension ResultVerification {
    /// What in a comparison does not follow from its pairs, its segments and the counters of its loads.
    static func check(_ comparison: ComparisonRecord, in document: ResultDocument) -> [Finding] {
        var findings: [Finding] = []
        let confidence = comparison.confidence ?? 0.95
        for (index, metric) in comparison.metrics.enumerated() {
            let place = "comparison.metrics[\(index)]"
            if let floor = metric.noiseFloor, let margin = metric.margin, margin < floor {
                let problem = "is \(margin), below the noise floor of \(floor)"
                findings.append(Finding(place: "\(place).margin", problem: problem))
            }
            if let low = metric.ciLow, let high = metric.ciHigh, low > high {
                findings.append(Finding(place: place, problem: "its interval is upside down"))
            } else if metric.metric == .loss {
                findings += checkLoss(metric, comparison, document, place: place)
            } else {
                findings += check(metric, confidence: confidence, place: place)
                findings += check(metric, against: pairs(of: metric.metric, comparison), place: place)
            }
        }
        // Records from before the one-sided tests bear no verdict of their own; their corrections were others.
        guard comparison.verdict != nil, findings.isEmpty else { return findings }
        return recompute(comparison, document, confidence: confidence)
    }

    // MARK: One metric

    private static func check(_ metric: MetricRecord, confidence: Double, place: String) -> [Finding] {
        guard let differences = metric.logRatios, !differences.isEmpty else { return [] }
        guard let estimate = SignedRankEstimate(differences: differences, confidence: confidence) else {
            return [Finding(place: place, problem: "its pairs are no numbers")]
        }
        let figures: [(String, Double?, Double)] = [
            ("ratio", metric.ratio, exp(estimate.estimate)), ("ci_low", metric.ciLow, exp(estimate.lower)),
            ("ci_high", metric.ciHigh, exp(estimate.upper)), ("p", metric.p, estimate.p),
        ]
        var findings = figures.compactMap { name, stated, again -> Finding? in
            guard !isClose(stated, again) else { return nil }
            return Finding(place: "\(place).\(name)", problem: "is \(shown(stated)), its pairs say \(again)")
        }
        if let count = metric.pairs, count != differences.count {
            findings.append(
                Finding(place: "\(place).pairs", problem: "is \(count), it holds \(differences.count) pairs")
            )
        }
        return findings
    }

    /// The metric against the segments that its pairs were made of.
    private static func check(
        _ metric: MetricRecord,
        against pairs: [PairedComparison.Pair]?,
        place: String
    ) -> [Finding] {
        guard let pairs, let differences = metric.logRatios, differences.count == pairs.count else { return [] }
        var findings: [Finding] = []
        for (index, (pair, difference)) in zip(pairs, differences).enumerated()
        where !isClose(difference, log(pair.b / pair.a)) {
            findings.append(
                Finding(
                    place: "\(place).log_ratios[\(index)]",
                    problem: "is \(difference), its segments say \(log(pair.b / pair.a))"
                )
            )
        }
        for (name, stated, values) in [("a", metric.a, pairs.map(\.a)), ("b", metric.b, pairs.map(\.b))] {
            let again = StandOutRule.median(values)
            // Latencies are rounded to whole nanoseconds.
            guard let stated, abs(stated - again) > 0.51 else { continue }
            findings.append(Finding(place: "\(place).\(name)", problem: "is \(stated), its segments say \(again)"))
        }
        return findings
    }

    private static func checkLoss(
        _ metric: MetricRecord,
        _ comparison: ComparisonRecord,
        _ document: ResultDocument,
        place: String
    ) -> [Finding] {
        guard let (a, b) = comparison.losses(in: document),
            let test = LossTest(a: a, b: b, confidence: comparison.confidence ?? 0.95)
        else { return [] }
        let figures = [("a", metric.a, a.rate), ("b", metric.b, b.rate), ("p", metric.p, test.p)]
        return figures.compactMap { name, stated, again in
            isClose(stated, again)
                ? nil
                : Finding(
                    place: "\(place).\(name)",
                    problem: "is \(shown(stated)), the counters of its loads say \(again)"
                )
        }
    }

    // MARK: All metrics together

    /// What the code that judges comparisons makes of these pairs.
    private static func recompute(
        _ comparison: ComparisonRecord,
        _ document: ResultDocument,
        confidence: Double
    ) -> [Finding] {
        var findings: [Finding] = []
        let found = judge(comparison, document, confidence: confidence, floor: nil)
        // Where no segment tells by how much a latency changed, either answer to its absolute floor will do.
        let reached = judge(comparison, document, confidence: confidence, floor: 0)
        let missed = judge(comparison, document, confidence: confidence, floor: .greatestFiniteMagnitude)
        let isPlanned = comparison.design.map { $0.looks.contains { $0.pairs == comparison.pairs } } ?? true
        for (index, metric) in comparison.metrics.enumerated() {
            guard let place = found.firstIndex(where: { $0.metric == metric.metric }) else { continue }
            let name = "comparison.metrics[\(index)]"
            if let stated = metric.pHolm, let again = found[place].adjustedP, !isClose(stated, again) {
                findings.append(Finding(place: "\(name).p_holm", problem: "is \(stated), all its metrics say \(again)"))
            }
            // Where no segment tells the median, its rounded figure stands in for it.
            if let stated = metric.detectable, let again = found[place].detectable,
                !isClose(stated, again, tolerance: 1e-4)
            {
                findings.append(
                    Finding(place: "\(name).detectable", problem: "is \(stated), its pairs and margin say \(again)")
                )
            }
            let isExact = metric.metric == .loss || pairs(of: metric.metric, comparison) != nil
            let allowed: [ComparisonVerdict] =
                (isExact ? [found[place]] : [found[place], reached[place], missed[place]]).map(\.verdict)
                + (isPlanned ? [] : [.inconclusive])
            if !allowed.contains(metric.verdict) {
                findings.append(
                    Finding(
                        place: "\(name).verdict",
                        problem: "is \(metric.verdict.rawValue), its figures say \(found[place].verdict.rawValue)"
                    )
                )
            }
        }
        let overall = ComparisonVerdict.overall(comparison.metrics.filter { $0.isGated == true }.map(\.verdict))
        if comparison.verdict != overall {
            findings.append(
                Finding(
                    place: "comparison.verdict",
                    problem:
                        "is \(comparison.verdict?.rawValue ?? "none"), its metrics say \(overall?.rawValue ?? "none")"
                )
            )
        }
        return findings
    }

    private static func judge(
        _ comparison: ComparisonRecord,
        _ document: ResultDocument,
        confidence: Double,
        floor: Double?
    ) -> [MetricComparison] {
        let inputs = comparison.metrics.compactMap { metric -> PairedComparison.Metric? in
            let isGated = metric.isGated ?? false
            if metric.metric == .loss {
                let margin = ComparisonMargin(relative: metric.margin ?? 0, absoluteFloor: metric.absoluteFloor ?? 0)
                guard let (a, b) = comparison.losses(in: document) else { return nil }
                return .loss(a: a, b: b, margin: margin, isGated: isGated)
            }
            let middle = metric.a ?? 1
            let known = pairs(of: metric.metric, comparison)
            return .paired(
                metric.metric,
                known ?? (metric.logRatios ?? []).map { .init(a: middle, b: middle * exp($0)) },
                margin: ComparisonMargin(
                    relative: metric.margin ?? 0,
                    absoluteFloor: floor.flatMap { known == nil ? $0 : nil } ?? metric.absoluteFloor ?? 0
                ),
                isGated: isGated
            )
        }
        // Without the counts of losses nobody can tell by how many tests the p-values were corrected.
        guard inputs.count == comparison.metrics.count else { return [] }
        return PairedComparison.compare(
            inputs,
            discardedPairs: comparison.discardedPairs ?? 0,
            level: 1 - confidence
        )
    }

    /// The values of a metric in both segments of each pair that counts; nil where segments do not tell them all.
    private static func pairs(
        of metric: ComparisonMetric,
        _ comparison: ComparisonRecord
    ) -> [PairedComparison.Pair]? {
        guard let segments = comparison.segments, let a = comparison.a, let b = comparison.b, a != b,
            let record = comparison.metrics.first(where: { $0.metric == metric }), let count = record.pairs
        else { return nil }
        let value: (ComparisonRecord.Segment) -> Double
        switch metric {
        case .p50: value = { Double($0.p50) }
        case .p99: value = { Double($0.p99) }
        case .achievedQPS: value = \.achievedQPS
        case .p90, .p99_9, .loss: return nil
        }
        let spoilt = Set(segments.filter { $0.invalidReason != nil }.map(\.pair))
        let valid = Dictionary(grouping: segments.filter { !spoilt.contains($0.pair) }, by: \.pair)
        let found = valid.sorted { $0.key < $1.key }.compactMap { _, pair -> PairedComparison.Pair? in
            guard let first = pair.first(where: { $0.target == a }), let second = pair.first(where: { $0.target == b })
            else { return nil }
            return PairedComparison.Pair(a: value(first), b: value(second))
        }
        return found.count == count ? found : nil
    }

    // MARK: Numbers

    /// Equal but for rounding; a figure that is missing is equal to none.
    private static func isClose(_ stated: Double?, _ again: Double, tolerance: Double = 1e-9) -> Bool {
        guard let stated else { return false }
        return abs(stated - again) <= tolerance * max(1, abs(stated), abs(again))
    }

    private static func shown(_ value: Double?) -> String { value.map { "\($0)" } ?? "missing" }
}
