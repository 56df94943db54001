import Doctor
import NodeLocal
import Report

/// Findings as GitHub's workflow commands, worst first.
enum LintAnnotations {
    /// A step shows so many of each kind.
    private static let maximum = 10

    /// A line a command.
    static func render(_ result: LintResult) -> String {
        var lines: [String] = []
        for severity in LintSeverity.allCases.reversed() {
            let kind = severity == .note ? "notice" : severity.rawValue
            let findings = result.findings.filter { $0.severity == severity }
            let shown = findings.count > maximum ? maximum - 1 : findings.count
            for finding in findings.prefix(shown) {
                let place = finding.place
                let command = WorkflowCommand(
                    kind: kind,
                    title: finding.rule.id,
                    lines: [finding.message, "remedy: \(finding.rule.remedy)"],
                    place: .init(file: place.file, line: place.line, column: place.column)
                )
                lines.append(command.text)
            }
            guard shown < findings.count else { continue }
            let hidden = findings.count - shown
            let rest = WorkflowCommand(
                kind: kind,
                title: "\(hidden) more",
                lines: ["\(hidden) more are not shown here."]
            )
            lines.append(rest.text)
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
