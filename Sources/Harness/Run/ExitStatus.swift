/// What the process tells its caller; the numbers are a contract (sysexits above 63).
package enum ExitStatus: Int32, Sendable {
    /// It ran, the evidence was sufficient, nothing failed.
    case pass = 0
    /// The verdict is negative: a check, proof or gate failed.
    case fail = 1
    /// No verdict: inconclusive under `--strict`, incomparable, nothing selected, baseline missing.
    case noVerdict = 2
    /// The command line is wrong.
    case usage = 64
    /// The input is damaged.
    case badInput = 65
    /// The input is not there.
    case inputMissing = 66
    /// The target does not answer.
    case unreachable = 69
    /// A fault of this program.
    case bug = 70
    /// The output cannot be created.
    case cannotCreate = 73
    /// The output cannot be written.
    case cannotWrite = 74
    /// A privilege is missing.
    case noPrivilege = 77
    /// The scenario is wrong.
    case badScenario = 78
    /// SIGINT.
    case interrupted = 130
    /// SIGTERM.
    case terminated = 143
}

/// An end with one sentence: what failed, where, and what to do.
package struct Failure: Error, Sendable, CustomStringConvertible {
    /// The exit status that goes with it.
    package let status: ExitStatus
    /// The sentence.
    package let message: String

    /// Makes a failure.
    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The sentence.
    package var description: String { message }
}
