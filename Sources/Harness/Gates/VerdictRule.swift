import Measure
package import Results

/// How checks, proofs, gates and the load's validity become one verdict.
///
/// Anything that fell makes it `fail`. Otherwise, a proof or gate that cannot tell, or a run that is not complete, makes
/// it `inconclusive`. Checks that cannot tell count against the verdict only when strict, as a check may be skipped for
/// lack of privilege on a live node. A comparison counts by its gated metrics; one of a server with itself fails when it
/// finds any difference.
package enum VerdictRule {
    /// The verdict with the sentences that say what it rests on; what fell comes first.
    package static func judge(_ document: ResultDocument, isStrict: Bool) -> (verdict: RunVerdict, reasons: [String]) {
        var failures: [String] = []
        var doubts: [String] = []
        for check in document.checks ?? [] {
            switch check.status {
            case .fail: failures.append("check \(check.id) failed: \(check.actual)")
            case .error: doubts.append("check \(check.id) could not run: \(check.actual)")
            case .fixed where isStrict: failures.append("check \(check.id): a known deviation was not seen")
            case .inconclusive where isStrict: doubts.append("check \(check.id) cannot tell: \(check.actual)")
            default: break
            }
        }
        for proof in document.capture?.proofs ?? [] {
            switch proof.verdict {
            case .proven: break
            case .violated: failures.append("proof \(proof.id) is violated: \(proof.reason)")
            case .inconclusive, .unprovable:
                doubts.append("proof \(proof.id) is \(proof.verdict.rawValue): \(proof.reason)")
            }
        }
        for gate in document.gate?.outcomes ?? [] {
            switch gate.verdict {
            case .pass, .waived: break
            case .fail: failures.append("gate \(gate.expression) fell: \(gate.actual)")
            case .inconclusive: doubts.append("gate \(gate.expression) cannot tell: \(gate.actual)")
            }
        }
        let compared = ComparisonJudgement(document.comparison)
        failures += compared.failures
        doubts += compared.doubts + compared.openQuestions
        for search in document.findMax ?? [] {
            switch search.ending {
            case "found", "maximum": break
            case "nothing-met", "unstable": failures.append("search on \(search.target): \(search.sentence)")
            default: doubts.append("search on \(search.target): \(search.sentence)")
            }
        }
        for load in document.load ?? [] {
            if let found = load.verification, found.failed > 0 {
                failures.append(
                    "load on \(load.target): \(found.failed) of \(found.checked) answers are wrong (\(found.faults)), such as "
                        + (found.examples.first ?? "none kept")
                )
            }
            if let reason = load.invalidReason { doubts.append("load on \(load.target) is invalid: \(reason)") }
        }
        switch document.status {
        case .complete: break
        case .aborted: doubts.append("the run did not reach its end")
        case .invalid: doubts.append("the run is invalid")
        }
        if !failures.isEmpty { return (.fail, failures + doubts) }
        return doubts.isEmpty ? (.pass, []) : (.inconclusive, doubts)
    }

    /// The exit status that a finished document gives.
    ///
    /// A comparison that ran as planned and could not tell ends well unless strict: the noise was in the way, and nothing
    /// fell.
    package static func exitStatus(_ document: ResultDocument, isStrict: Bool = true) -> ExitStatus {
        switch document.verdict {
        case .pass: .pass
        case .fail: .fail
        case .inconclusive:
            !isStrict && document.status == .complete && document.comparison?.verdict == .inconclusive
                && document.reasons == ComparisonJudgement(document.comparison).openQuestions ? .pass : .noVerdict
        }
    }
}
