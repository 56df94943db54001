/// How checks, proofs, gates and the load's validity become one verdict.
///
/// Anything that fell makes it `fail`. Otherwise, a proof or gate that cannot tell, or a run that is not complete, makes
/// it `inconclusive`. Checks that cannot tell count against the verdict only when strict, as a check may be skipped for
/// lack of privilege on a live node. A comparison counts by its gated metrics; one of a server with itself fails when it
/// finds any difference. A check or proof that a waiver of the gate names (`check.ID`, `proof.ID`) is passed
/// over.
package enum VerdictRule {
    /// Something that speaks against a pass.
    package struct Finding: Sendable, Equatable {
        /// What it is about: `check.ID`, `proof.ID`, `search.TARGET`, `load.TARGET`, `run.status`.
        package let id: String
        /// Whether it fell; else nobody can tell.
        package let isFailure: Bool
        /// What is wrong, a sentence without its end.
        package let sentence: String
    }

    /// The verdict with the sentences that say what it rests on; what fell comes first.
    package static func judge(_ document: ResultDocument, isStrict: Bool) -> (verdict: RunVerdict, reasons: [String]) {
        let waived = Set((document.gate?.waived ?? []).map(\.id))
        let found =
            findings(document, isStrict: isStrict).filter { !waived.contains($0.id) }
            + (document.gate?.outcomes ?? []).compactMap(finding)
        // A gate that judged the comparison speaks for it.
        let gate = (document.gate?.outcomes ?? []) + (document.gate?.advice ?? [])
        let compared = gate.contains { $0.kind == .comparison } ? nil : ComparisonJudgement(document.comparison)
        let failures = found.filter(\.isFailure).map(\.sentence) + (compared?.failures ?? [])
        let doubts =
            found.filter { !$0.isFailure }.map(\.sentence) + (compared.map { $0.doubts + $0.openQuestions } ?? [])
        if !failures.isEmpty { return (.fail, failures + doubts) }
        return doubts.isEmpty ? (.pass, []) : (.inconclusive, doubts)
    }

    /// What the run itself says against a pass, gates and waivers aside.
    package static func findings(_ document: ResultDocument, isStrict: Bool) -> [Finding] {
        var found: [Finding] = []
        func fell(_ id: String, _ sentence: String) {
            found.append(Finding(id: id, isFailure: true, sentence: sentence))
        }
        func doubt(_ id: String, _ sentence: String) {
            found.append(Finding(id: id, isFailure: false, sentence: sentence))
        }
        for check in document.checks ?? [] {
            let id = "check.\(check.id)"
            switch check.status {
            case .fail: fell(id, "check \(check.id) failed: \(check.actual)")
            case .error: doubt(id, "check \(check.id) could not run: \(check.actual)")
            case .fixed where isStrict: fell(id, "check \(check.id): a known deviation was not seen")
            case .inconclusive where isStrict: doubt(id, "check \(check.id) cannot tell: \(check.actual)")
            default: break
            }
        }
        for proof in document.capture?.proofs ?? [] {
            let id = "proof.\(proof.id)"
            switch proof.verdict {
            case .proven: break
            case .violated: fell(id, "proof \(proof.id) is violated: \(proof.reason)")
            case .inconclusive, .unprovable:
                doubt(id, "proof \(proof.id) is \(proof.verdict.rawValue): \(proof.reason)")
            }
        }
        for search in document.findMax ?? [] {
            let id = "search.\(search.target)"
            switch search.ending {
            case "found", "maximum": break
            case "nothing-met", "unstable": fell(id, "search on \(search.target): \(search.sentence)")
            default: doubt(id, "search on \(search.target): \(search.sentence)")
            }
        }
        for load in document.load ?? [] {
            let id = "load.\(load.target)"
            if let wrong = load.verification, wrong.failed > 0 {
                fell(
                    id,
                    "load on \(load.target): \(wrong.failed) of \(wrong.checked) answers are wrong (\(wrong.faults)), such as "
                        + (wrong.examples.first ?? "none kept")
                )
            }
            if let reason = load.invalidReason { doubt(id, "load on \(load.target) is invalid: \(reason)") }
        }
        switch document.status {
        case .complete: break
        case .aborted: doubt("run.status", "the run did not reach its end")
        case .invalid: doubt("run.status", "the run is invalid")
        }
        return found
    }

    /// What a gate says against a pass; what it says of the run itself stands among the run's own findings.
    private static func finding(_ gate: GateRecord.Outcome) -> Finding? {
        guard gate.kind != .run else { return nil }
        switch gate.verdict {
        case .pass, .waived: return nil
        case .fail:
            return Finding(id: gate.id, isFailure: true, sentence: "gate \(gate.expression) fell: \(gate.actual)")
        case .inconclusive:
            return Finding(
                id: gate.id,
                isFailure: false,
                sentence: "gate \(gate.expression) cannot tell: \(gate.actual)"
            )
        case .incomparable:
            return Finding(
                id: gate.id,
                isFailure: false,
                sentence: "gate \(gate.expression) compares what cannot be compared: \(gate.actual)"
            )
        }
    }
}
