internal import NodeLocal

/// One thing that lint looks for.
package struct LintRule: Sendable {
    /// The stable name, which scripts may rely on.
    package let id: String
    /// How bad it usually is; a single finding may weigh less or more.
    package let severity: LintSeverity
    /// One line that says what is wrong.
    package let title: String
    /// What happens because of it.
    package let reason: String
    /// What to do.
    package let remedy: String
    /// Where that is known from: an upstream file, issue or document.
    package let source: String
    /// Looks for it.
    let find: @Sendable (LintSubject) -> [Match]

    /// A place where the rule holds, before it is worded.
    struct Match {
        let place: SourcePlace
        let message: String
        var severity: LintSeverity?

        init(_ place: SourcePlace, _ message: String, _ severity: LintSeverity? = nil) {
            self.place = place
            self.message = message
            self.severity = severity
        }
    }

    init(
        _ id: String,
        _ severity: LintSeverity,
        _ title: String,
        reason: String,
        remedy: String,
        source: String,
        find: @escaping @Sendable (LintSubject) -> [Match]
    ) {
        self.id = id
        self.severity = severity
        self.title = title
        self.reason = reason
        self.remedy = remedy
        self.source = source
        self.find = find
    }
}
