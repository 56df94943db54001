import Measure
package import Results

extension VerdictRule {
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
