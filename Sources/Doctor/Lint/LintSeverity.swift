/// How bad what a rule found is.
package enum LintSeverity: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Worth knowing; nothing need be done.
    case note
    /// It works until something happens: a restart, an upgrade, load, a Service that changes.
    case warning
    /// DNS does not work, or node-cache does not start.
    case error

    package static func < (left: LintSeverity, right: LintSeverity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .note: 0
        case .warning: 1
        case .error: 2
        }
    }
}
