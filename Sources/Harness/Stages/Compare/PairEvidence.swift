import DNSBench
import DNSWire
import Measure
import Results
import Scenario

/// What the pairs that count say about each metric.
struct PairEvidence: Sendable {
    private let rules: ComparisonRules
    private var pairs: [(a: LoadResult, b: LoadResult)] = []
    private(set) var discards: [SegmentFault: Int] = [:]
    private(set) var discarded = 0

    init(_ rules: ComparisonRules) { self.rules = rules }

    /// Pairs that count.
    var count: Int { pairs.count }

    /// Adds a pair.
    mutating func add(a: LoadResult, b: LoadResult) { pairs.append((a, b)) }

    /// Leaves a pair out for the faults of its segments.
    mutating func discard(_ faults: Set<SegmentFault>) {
        discarded += 1
        for fault in faults { discards[fault, default: 0] += 1 }
    }

    /// Compares by what there is.
    func compare(level: Double, isPlanned: Bool) -> [MetricComparison] {
        PairedComparison.compare(
            ComparisonMetric.allCases.compactMap(evidence),
            discardedPairs: discarded,
            level: level,
            isPlanned: isPlanned
        )
    }

    private func evidence(_ metric: ComparisonMetric) -> PairedComparison.Metric? {
        let margin = rules.margin(of: metric)
        let isGated = rules.gated.contains(metric)
        switch metric {
        case .p50, .p90, .p99, .p99_9:
            let percentile = metric.percentile ?? 50
            let values = pairs.map { pair in
                PairedComparison.Pair(a: value(pair.a, percentile), b: value(pair.b, percentile))
            }
            return .paired(metric, values, margin: margin, isGated: isGated)
        case .achievedQPS:
            let values = pairs.map { pair in
                PairedComparison.Pair(a: pair.a.achievedQueriesPerSecond, b: pair.b.achievedQueriesPerSecond)
            }
            return .paired(metric, values, margin: margin, isGated: isGated)
        case .loss:
            guard let a = losses(pairs.map(\.a)), let b = losses(pairs.map(\.b)) else { return nil }
            return .loss(a: a, b: b, margin: margin, isGated: isGated)
        }
    }

    /// A segment with too few answers has no such percentile; its maximum would stand in for it.
    private func value(_ result: LoadResult, _ percentile: Double) -> Double {
        result.response.supports(percentile: percentile) ? Double(result.response.value(percentile: percentile)) : 0
    }

    private func losses(_ results: [LoadResult]) -> LossTest.Losses? {
        let asked = results.reduce(UInt64(0)) { $0 + $1.askedQueries }
        let useful = results.reduce(UInt64(0)) { $0 + $1.usefulAnswers }
        return LossTest.Losses(lost: asked - min(useful, asked), sent: asked)
    }
}

extension LoadResult {
    /// Answers that do not say that the server failed: neither SERVFAIL, REFUSED, FORMERR nor NOTIMP.
    var usefulAnswers: UInt64 {
        let failures: [RCode] = [.servFail, .refused, .formErr, .notImp]
        return counters.answered - min(counters.answered, failures.reduce(0) { $0 + (rcodes[$1] ?? 0) })
    }

    /// Queries that were due, sent or kept from it by a connection that the server took away.
    var askedQueries: UInt64 { counters.scheduled - counters.interrupted }

    /// Queries without a useful answer, per query that was due.
    var failedShare: Double {
        let asked = askedQueries
        return asked == 0 ? 0 : Double(asked - min(usefulAnswers, asked)) / Double(asked)
    }
}
