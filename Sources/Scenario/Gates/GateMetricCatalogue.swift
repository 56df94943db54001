internal import NodeLocal

/// Every metric that a gate may name, given a scenario's targets.
///
/// Figures of a target cover each counted query of all load and compare steps on it; latencies are `response`, from the
/// intended send time.
struct GateMetricCatalogue {
    private let targets: [String]

    init(targets: [String]) { self.targets = targets }

    /// Proofs that a prove step can name.
    static let proofs = ProofID.allCases.map(\.rawValue)
    static let proofVerdicts = ["proven", "violated", "inconclusive", "unprovable"]
    static let checkStatuses = ["pass", "fail", "known", "fixed", "skip", "inconclusive", "error"]
    static let comparisonVerdicts = ["regressed", "improved", "equivalent", "inconclusive", "incomparable"]
    static let comparisonMetrics = ["p50", "p90", "p99", "p99_9", "loss", "achieved_qps"]

    private static let targetMetrics: [(name: String, type: GateType)] =
        ["min", "mean", "p50", "p90", "p99", "p99_9", "p99_99", "max"].map { ($0, .duration) }
        + [("loss", .ratio)]
        + [
            "offered_qps", "achieved_qps", "scheduled", "sent", "answered", "timed_out", "unsent", "send_errors",
            "interrupted", "mismatched", "malformed", "late",
        ].map { ($0, .count) }

    private static let captureMetrics: [(name: String, type: GateType)] =
        [
            "upstream.queries", "upstream.udp", "upstream.tcp", "upstream.udp_where_tcp_forced", "capture.packets",
            "capture.messages", "capture.drops", "capture.unanswered", "capture.unsolicited", "capture.duplicates",
            "ledger.hits", "ledger.misses",
        ].map { ($0, .count) } + [("ledger.hit_ratio", .ratio)]

    /// The metric of that name, or nil.
    func metric(_ name: String) -> GateMetric? {
        let parts = name.split(separator: ".").map(String.init)
        if parts.count == 3, targets.contains(parts[0]), parts[1] == "rcode", parts[2] == parts[2].uppercased() {
            return GateMetric(name: name, type: .count, source: .traffic(target: parts[0]), words: [])
        }
        if parts.count == 2, parts[0] == "check" {
            return GateMetric(name: name, type: .word, source: .checks, words: Self.checkStatuses)
        }
        return known[name]
    }

    /// Names to suggest from, without those that only a pattern describes.
    var names: [String] { known.keys.sorted() }

    private var known: [String: GateMetric] {
        var known: [String: GateMetric] = [:]
        func add(_ name: String, _ type: GateType, _ source: GateMetricSource, _ words: [String] = []) {
            known[name] = GateMetric(name: name, type: type, source: source, words: words)
        }
        for target in targets {
            for metric in Self.targetMetrics { add("\(target).\(metric.name)", metric.type, .traffic(target: target)) }
        }
        for metric in Self.comparisonMetrics {
            add("comparison.\(metric).ratio", .count, .comparison)
            add("comparison.\(metric).verdict", .word, .comparison, Self.comparisonVerdicts)
        }
        for status in Self.checkStatuses + ["total"] { add("checks.\(status)", .count, .checks) }
        for proof in Self.proofs { add("proof.\(proof)", .word, .proof(proof), Self.proofVerdicts) }
        for metric in Self.captureMetrics { add(metric.name, metric.type, .capture) }
        for status in ["fail", "warn", "pass"] { add("doctor.\(status)", .count, .doctor) }
        return known
    }
}
