import NodeLocal
package import Results
package import Scenario

/// Judges a result by its scenario's gates, its own comparison, and a baseline where there is one.
///
/// What cannot be told or compared is never a pass. History, and a comparison that cannot tell when that is tolerated, are
/// advice: they are told and close nothing.
package struct GateJudge: Sendable {
    /// The scenario's gates, and those of the command line.
    package var gates: [Gate]
    /// A result of another moment to hold this one against.
    package var baseline: ResultDocument?
    /// The runs before it, of the same scenario on the same class of machines.
    package var history: [HistoryEntry] = []
    /// Failures that are accepted.
    package var waivers: [Waiver] = []
    /// The day, in UTC, as `YYYY-MM-DD`.
    package var today: String
    /// Whether a comparison that cannot tell closes the gate, and checks are judged by their requirements alone.
    package var isStrict = false

    /// Makes a judge by gates alone.
    package init(gates: [Gate], today: String) {
        self.gates = gates
        self.today = today
    }

    /// The document with what its gates say in it, and the verdict that follows.
    ///
    /// - Throws: a diagnostic of the file of waivers, when one names what this result is not judged by.
    package func judge(_ document: ResultDocument) throws -> ResultDocument {
        let own = try WaiverFile.select(waivers, scenario: document.scenario?.id, known: known(document))
        let valid = own.filter { !$0.isExpired(on: today) }
        var (outcomes, advice) = outcomes(document, waived: Set(valid.map(\.id)))
        var used: [GateRecord.Waiver] = []
        for index in outcomes.indices where outcomes[index].verdict == .fail {
            guard let waiver = valid.first(where: { covers($0, outcomes[index]) }) else { continue }
            outcomes[index].verdict = .waived
            let record = GateRecord.Waiver(
                id: waiver.id,
                reason: waiver.reason,
                expires: waiver.expires,
                by: waiver.owner
            )
            if !used.contains(record) { used.append(record) }
        }
        if outcomes.isEmpty, advice.isEmpty, document.checks?.isEmpty != false,
            document.capture?.proofs.isEmpty != false
        {
            outcomes.append(Self.nothing)
        }
        var record = GateRecord(outcomes: outcomes, waived: used)
        record.advice = advice.isEmpty ? nil : advice
        record.baseline = baseline.map(GateRecord.Baseline.init)
        let notes = notes(own, used: used)
        record.notes = notes.isEmpty ? nil : notes
        var judged = document
        judged.gate = record
        (judged.verdict, judged.reasons) = VerdictRule.judge(judged, isStrict: isStrict)
        return judged
    }

    /// A result that nothing is asked of holds no verdict.
    private static let nothing = GateRecord.Outcome(
        id: "run.content",
        kind: .slo,
        expression: "there is something to judge",
        verdict: .inconclusive,
        actual: "the result has no gates, no comparison, no checks and no proofs",
        limit: "at least one of them, or --baseline, or --gate"
    )

    // MARK: Outcomes

    private func outcomes(
        _ document: ResultDocument,
        waived: Set<String>
    ) -> (outcomes: [GateRecord.Outcome], advice: [GateRecord.Outcome]) {
        // A failed check that is waived is to the gates over checks what a known deviation is.
        var accepted = document
        accepted.checks = document.checks?.map { check in
            var check = check
            if check.status == .fail, waived.contains("check.\(check.id)") { check.status = .known }
            return check
        }
        var outcomes = VerdictRule.findings(document, isStrict: isStrict).map(Self.outcome)
        outcomes += ScenarioGates.outcomes(gates, GateFacts.facts(accepted))
        let compared = ComparisonGate.outcomes(document)
        let isTolerant = !isStrict && ComparisonGate.wentAsPlanned(document)
        let tolerated = compared.filter { $0.verdict == .inconclusive && isTolerant }
        outcomes += compared.filter { !tolerated.contains($0) }
        if let baseline { outcomes += BaselineGate.outcomes(document, against: baseline, history: history) }
        return (outcomes, tolerated + HistoryAdvice.outcomes(document, history))
    }

    private static func outcome(_ finding: VerdictRule.Finding) -> GateRecord.Outcome {
        GateRecord.Outcome(
            id: finding.id,
            kind: .run,
            expression: finding.id,
            verdict: finding.isFailure ? .fail : .inconclusive,
            actual: finding.sentence,
            limit: "a complete run in which nothing failed"
        )
    }

    // MARK: Waivers

    private func covers(_ waiver: Waiver, _ outcome: GateRecord.Outcome) -> Bool {
        waiver.id == outcome.id
            || gates.contains { $0.expression == outcome.expression && $0.metrics.contains(waiver.id) }
    }

    /// Everything that a waiver may name.
    private func known(_ document: ResultDocument) -> [String] {
        var names = gates.flatMap { [$0.expression] + $0.metrics }
        names += (document.checks ?? []).map { "check.\($0.id)" }
        names += (document.capture?.proofs ?? []).map { "proof.\($0.id)" }
        names += document.targets.map { "load.\($0.name)" } + (document.findMax ?? []).map { "search.\($0.target)" }
        names += ComparisonGate.metrics(document).map(ComparisonGate.id)
        for target in baseline.map(TargetFigures.all) ?? [] {
            names += BaselineGate.metrics.map { BaselineGate.id(target.target, $0) }
        }
        return names
    }

    private func notes(_ waivers: [Waiver], used: [GateRecord.Waiver]) -> [String] {
        waivers.compactMap { waiver in
            if waiver.isExpired(on: today) {
                return
                    "The waiver of \(waiver.id) expired on \(waiver.expires) and counts no more (owner: \(waiver.owner))."
            }
            return used.contains { $0.id == waiver.id }
                ? nil : "The waiver of \(waiver.id) was not needed (owner: \(waiver.owner), until \(waiver.expires))."
        }
    }
}
