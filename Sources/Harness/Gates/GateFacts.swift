import Measure
package import Results
package import Scenario

/// The figures that gates speak of, read off a result document.
///
/// A figure that was not measured is absent, and a gate over it is inconclusive.
package enum GateFacts {
    /// All figures of the document by their names in gate expressions.
    package static func facts(_ document: ResultDocument) -> [String: GateValue] {
        var facts: [String: GateValue] = [:]
        for figures in TargetFigures.all(in: document) { add(figures, to: &facts) }
        if let records = document.checks {
            let findings = records.filter { $0.section == DoctorStage.section }
            if !findings.isEmpty {
                for status in ["fail", "pass"] {
                    facts["doctor.\(status)"] = .count(Double(findings.filter { $0.status.rawValue == status }.count))
                }
                facts["doctor.warn"] = .count(Double(findings.filter { $0.status == .inconclusive }.count))
            }
            let checks = records.filter { $0.section != DoctorStage.section }
            facts["checks.total"] = .count(Double(checks.count))
            for status in CheckRecord.Status.allCases {
                facts["checks.\(status.rawValue)"] = .count(Double(checks.filter { $0.status == status }.count))
            }
            for check in checks { facts["check.\(check.id)"] = .word(check.status.rawValue) }
        }
        for proof in document.capture?.proofs ?? [] { facts["proof.\(proof.id)"] = .word(proof.verdict.rawValue) }
        if let capture = document.capture { add(capture, to: &facts) }
        for metric in document.comparison?.metrics ?? [] {
            let name = "comparison.\(metric.metric.rawValue)"
            if let ratio = metric.ratio { facts["\(name).ratio"] = .count(ratio) }
            facts["\(name).verdict"] = .word(metric.verdict.rawValue)
        }
        return facts
    }

    private static func add(_ figures: TargetFigures, to facts: inout [String: GateValue]) {
        let target = figures.target
        let counters = figures.counters
        let counts: [(String, UInt64)] = [
            ("scheduled", counters.scheduled), ("sent", counters.sent), ("answered", counters.answered),
            ("timed_out", counters.timedOut), ("unsent", counters.unsent), ("send_errors", counters.sendErrors),
            ("interrupted", counters.interrupted), ("mismatched", counters.mismatched),
            ("malformed", counters.malformed), ("late", counters.late),
        ]
        for (name, count) in counts { facts["\(target).\(name)"] = .count(Double(count)) }
        for (rcode, count) in figures.rcodes { facts["\(target).rcode.\(rcode)"] = .count(Double(count)) }
        for known in ["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "FORMERR"] where figures.rcodes[known] == nil {
            facts["\(target).rcode.\(known)"] = .count(0)
        }
        facts["\(target).offered_qps"] = .count(figures.offeredQPS)
        facts["\(target).achieved_qps"] = .count(figures.achievedQPS)
        if let loss = figures.loss { facts["\(target).loss"] = .ratio(loss) }
        let response = figures.response
        guard !response.isEmpty else { return }
        facts["\(target).min"] = .duration(Double(response.min))
        facts["\(target).mean"] = .duration(Double(response.mean))
        facts["\(target).max"] = .duration(Double(response.max))
        for (name, percentile) in [("p50", 50), ("p90", 90), ("p99", 99), ("p99_9", 99.9), ("p99_99", 99.99)] {
            guard let value = figures.latency(percentile: percentile) else { continue }
            facts["\(target).\(name)"] = .duration(Double(value))
        }
    }

    private static func add(_ capture: CaptureRecord, to facts: inout [String: GateValue]) {
        let figures: [(String, UInt64)] = [
            ("packets", capture.packets), ("messages", capture.messages), ("drops", capture.drops),
            ("unanswered", capture.unanswered), ("unsolicited", capture.unsolicited),
            ("duplicates", capture.duplicates),
        ]
        for (name, count) in figures { facts["capture.\(name)"] = .count(Double(count)) }
        guard let ledger = capture.ledger, capture.drops == 0 else { return }
        for name in ["queries", "udp", "tcp", "udp_where_tcp_forced"] {
            if let count = ledger["upstream_\(name)"] { facts["upstream.\(name)"] = .count(Double(count)) }
        }
        guard let hits = ledger["hits"], let misses = ledger["misses"] else { return }
        facts["ledger.hits"] = .count(Double(hits))
        facts["ledger.misses"] = .count(Double(misses))
        let asked = Double(hits) + Double(misses)
        if asked > 0 { facts["ledger.hit_ratio"] = .ratio(Double(hits) / asked) }
    }
}
