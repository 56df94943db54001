import Glibc
import Measure

/// Recomputes whatever a document derives from something else that it holds.
package enum ResultVerification {
    /// One disagreement.
    package struct Finding: Sendable, Equatable, CustomStringConvertible {
        /// Where, such as `load[0].latency_ns.response.p99`.
        package let place: String
        /// What is wrong, in a clause.
        package let problem: String

        /// Names a disagreement.
        package init(place: String, problem: String) {
            self.place = place
            self.problem = problem
        }

        /// Place and problem in one line.
        package var description: String { "\(place): \(problem)" }
    }

    /// All disagreements of a document; none means that its figures follow from its counts.
    package static func findings(in document: ResultDocument) -> [Finding] {
        var findings: [Finding] = []
        if document.ended < document.started {
            findings.append(Finding(place: "ended", problem: "is before started"))
        }
        for (index, load) in (document.load ?? []).enumerated() {
            findings += check(load, place: "load[\(index)]")
        }
        for (index, check) in (document.checks ?? []).enumerated()
        where [.fail, .fixed].contains(check.status) && check.remediation.isEmpty {
            findings.append(Finding(place: "checks[\(index)] \(check.id)", problem: "a failure without remediation"))
        }
        findings += duplicates((document.checks ?? []).map(\.id), place: "checks", what: "the id")
        findings += duplicates(document.targets.map(\.name), place: "targets", what: "the name")
        if let capture = document.capture { findings += check(capture) }
        if let gate = document.gate { findings += check(gate) }
        if let comparison = document.comparison { findings += check(comparison, in: document) }
        if let fleet = document.fleet { findings += check(fleet) }
        if let finding = verdictFinding(document) { findings.append(finding) }
        return findings
    }

    // MARK: Load

    private static func check(_ load: LoadRecord, place: String) -> [Finding] {
        var findings: [Finding] = []
        let counters = load.counters
        if counters.ends != counters.scheduled {
            let sum = counters.ends.map(String.init) ?? "more than 2^64"
            findings.append(
                Finding(
                    place: "\(place).counters",
                    problem: "scheduled is \(counters.scheduled), its ends add up to \(sum)"
                )
            )
        }
        let answers = load.rcodes.values.reduce(UInt64?.some(0)) { sum, count in
            sum.flatMap { $0.addingReportingOverflow(count).overflow ? nil : $0 + count }
        }
        if answers != counters.answered {
            findings.append(
                Finding(
                    place: "\(place).rcodes",
                    problem:
                        "add up to \(answers.map(String.init) ?? "more than 2^64"), answered is \(counters.answered)"
                )
            )
        }
        if load.latency.response.count != counters.answered {
            findings.append(
                Finding(
                    place: "\(place).latency_ns.response.count",
                    problem: "is \(load.latency.response.count), answered is \(counters.answered)"
                )
            )
        }
        if load.durationNanoseconds > 0 {
            let rate = Double(counters.answered) / (Double(load.durationNanoseconds) / 1e9)
            if abs(rate - load.achievedQPS) > max(0.01 * rate, 0.5) {
                findings.append(
                    Finding(
                        place: "\(place).achieved_qps",
                        problem: "is \(load.achievedQPS), answers over duration are \(rate)"
                    )
                )
            }
        }
        for (name, summary) in [
            ("response", load.latency.response), ("service", load.latency.service), ("send_lag", load.latency.sendLag),
        ] {
            findings += check(summary, place: "\(place).latency_ns.\(name)")
        }
        if let loss = load.loss {
            let shares = [loss.client, loss.kernel, loss.cache, loss.upstream, loss.unexplained].reduce(UInt64(0)) {
                $0.addingReportingOverflow($1).partialValue
            }
            let lost = [counters.timedOut, counters.unsent, counters.sendErrors].reduce(UInt64(0)) {
                $0.addingReportingOverflow($1).partialValue
            }
            if shares != loss.lost || lost != loss.lost {
                findings.append(
                    Finding(
                        place: "\(place).loss",
                        problem: "lost is \(loss.lost), its shares add up to \(shares), the counters to \(lost)"
                    )
                )
            }
        }
        if let wire = load.wire {
            findings += check(wire.clientLag, place: "\(place).wire.client_lag_ns")
            if let transmit = wire.transmitLag { findings += check(transmit, place: "\(place).wire.transmit_lag_ns") }
            if let connect = wire.connectTime { findings += check(connect, place: "\(place).wire.connect_ns") }
        }
        if let lookup = load.lookup {
            findings += check(lookup, of: load, place: "\(place).lookup")
            findings += check(lookup.latency.response, place: "\(place).lookup.latency_ns.response")
            findings += check(lookup.latency.service, place: "\(place).lookup.latency_ns.service")
        }
        if let series = load.series { findings += check(series, of: load, place: "\(place).series") }
        return findings
    }

    private static func check(_ summary: LatencySummary, place: String) -> [Finding] {
        let histogram: LatencyHistogram
        do {
            histogram = try summary.histogram()
        } catch {
            return [Finding(place: "\(place).hdr", problem: error.description)]
        }
        var findings: [Finding] = []
        if histogram.count != summary.count {
            findings.append(
                Finding(place: "\(place).count", problem: "is \(summary.count), the histogram holds \(histogram.count)")
            )
        }
        let figures: [(String, Int64, Int64)] = [
            ("min", summary.min, histogram.min), ("p50", summary.p50, histogram.value(percentile: 50)),
            ("p90", summary.p90, histogram.value(percentile: 90)),
            ("p99", summary.p99, histogram.value(percentile: 99)),
            ("p99_9", summary.p99_9, histogram.value(percentile: 99.9)),
            ("p99_99", summary.p99_99, histogram.value(percentile: 99.99)), ("max", summary.max, histogram.max),
        ]
        for (name, stated, recomputed) in figures where !histogram.areEquivalent(stated, recomputed) {
            findings.append(
                Finding(place: "\(place).\(name)", problem: "is \(stated), the histogram says \(recomputed)")
            )
        }
        // Two means of the same buckets differ by rounding alone.
        if abs(Double(summary.mean) - Double(histogram.mean)) > 1 + Double(histogram.mean) * 0.000_001 {
            findings.append(
                Finding(place: "\(place).mean", problem: "is \(summary.mean), the histogram says \(histogram.mean)")
            )
        }
        return findings
    }

    // MARK: Other sections

    private static func check(_ capture: CaptureRecord) -> [Finding] {
        var findings: [Finding] = []
        for (index, proof) in capture.proofs.enumerated() {
            let place = "capture.proofs[\(index)] \(proof.id)"
            if [.proven, .violated].contains(proof.verdict), proof.evidence.isEmpty {
                findings.append(Finding(place: place, problem: "\(proof.verdict.rawValue) without evidence"))
            }
            if proof.verdict == .proven, capture.drops > 0 {
                findings.append(
                    Finding(place: place, problem: "proven although the capture dropped \(capture.drops) packets")
                )
            }
            if let count = proof.evidenceCount, count < UInt64(proof.evidence.count) {
                findings.append(Finding(place: place, problem: "holds more evidence than it counts"))
            }
        }
        for (index, zone) in (capture.detail?.zones ?? []).enumerated() {
            findings += check(zone.ttlDecay ?? [], place: "capture.detail.zones[\(index)].ttl_decay", of: capture)
        }
        let (messages, overflow) = capture.queries.addingReportingOverflow(capture.responses)
        if overflow || messages != capture.messages {
            findings.append(
                Finding(
                    place: "capture.messages",
                    problem: "is \(capture.messages), queries and responses are \(messages)"
                )
            )
        }
        return findings + duplicates(capture.proofs.map(\.id), place: "capture.proofs", what: "the id")
    }

    /// There is one point for a second of age, and a cache that is proven shows no more than it has.
    private static func check(_ decay: [CaptureDetail.TTLPoint], place: String, of capture: CaptureRecord) -> [Finding]
    {
        let seconds = decay.map { $0.ageNanoseconds / 1_000_000_000 }
        guard zip(seconds, seconds.dropFirst()).allSatisfy({ $0 < $1 }), seconds.first ?? 0 >= 0 else {
            return [Finding(place: place, problem: "its ages do not rise second by second")]
        }
        let isProven = capture.proofs.contains { $0.id == "cache" && $0.verdict == .proven }
        guard isProven, let wrong = decay.first(where: { $0.shownSeconds > $0.storedSeconds &+ 1 }) else { return [] }
        return [
            Finding(
                place: place,
                problem: "shows \(wrong.shownSeconds) s of \(wrong.storedSeconds) s although the cache is proven"
            )
        ]
    }

    private static func check(_ gate: GateRecord) -> [Finding] {
        guard let outcomes = gate.outcomes else { return [] }
        let again = GateRecord(outcomes: outcomes, waived: gate.waived)
        guard again.verdict == gate.verdict, Set(again.failed) == Set(gate.failed) else {
            return [Finding(place: "gate", problem: "its verdict does not follow from its outcomes")]
        }
        return []
    }

    /// Nodes stand out by the figures that are there for each of them.
    private static func check(_ fleet: FleetRecord) -> [Finding] {
        let again = FleetRecord(nodes: fleet.nodes).outliers
        let isSame =
            again.count == fleet.outliers.count
            && zip(again, fleet.outliers).allSatisfy {
                $0.node == $1.node && $0.metric == $1.metric && abs($0.score - $1.score) < 1e-9 * max(1, abs($0.score))
            }
        let problem = "are not those that the figures of its nodes give"
        return (isSame ? [] : [Finding(place: "fleet.outliers", problem: problem)])
            + duplicates(fleet.nodes.map(\.name), place: "fleet.nodes", what: "the name")
    }

    /// A verdict that does not follow from what the document is made of, strict or not.
    private static func verdictFinding(_ document: ResultDocument) -> Finding? {
        let judged = [false, true].map { VerdictRule.judge(document, isStrict: $0) }
        guard !judged.contains(where: { $0.verdict == document.verdict }) else { return nil }
        let why = judged[0].reasons.first.map { ": \($0)" } ?? ", as nothing in it fell"
        return Finding(
            place: "verdict",
            problem: "is \(document.verdict.rawValue), its parts say \(judged[0].verdict.rawValue)\(why)"
        )
    }

    private static func duplicates(_ names: [String], place: String, what: String) -> [Finding] {
        var seen: Set<String> = []
        return names.filter { !seen.insert($0).inserted }.map {
            Finding(place: place, problem: "\(what) \($0) is there twice")
        }
    }
}
