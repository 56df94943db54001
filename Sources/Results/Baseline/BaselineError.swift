/// Why a result is not made a baseline.
package enum BaselineError: Error, Equatable, CustomStringConvertible {
    /// It belongs to no scenario, so nothing says what it is to be compared with.
    case noScenario
    /// It measured nothing under load.
    case noLoad
    /// The run failed.
    case failed
    /// The run has no verdict, or did not reach its end.
    case noVerdict(status: RunStatus, verdict: RunVerdict)
    /// What it says of itself does not agree.
    case inconsistent(String)

    /// One sentence without its subject.
    package var description: String {
        switch self {
        case .noScenario: "belongs to no scenario, so nothing says what it could be compared with"
        case .noLoad: "holds no load that counts, so there is nothing to compare with"
        case .failed: "failed; a run that failed is no reference"
        case .noVerdict(let status, let verdict):
            "is \(status.rawValue) and its verdict is \(verdict.rawValue); only a complete run that passed is a reference"
        case .inconsistent(let finding): "contradicts itself: \(finding)"
        }
    }
}
