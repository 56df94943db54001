import Doctor
import NodeLocal
import Report

/// Findings and rules for people.
enum LintText {
    /// A line a finding; the first of each rule tells the reason, the remedy and the source.
    static func render(_ result: LintResult, least: LintSeverity = .note, color: Bool = false) -> String {
        var lines: [String] = []
        var told: Set<String> = []
        for finding in result.findings where finding.severity >= least {
            let place = DisplayText.clean("\(finding.place)")
            let severity = color ? colored(finding.severity) : finding.severity.rawValue
            lines.append("\(place): \(severity) \(finding.rule.id): \(DisplayText.clean(finding.message))")
            guard told.insert(finding.rule.id).inserted else { continue }
            lines += ["    reason: \(finding.rule.reason)", "    remedy: \(finding.rule.remedy)"]
            lines.append("    source: \(finding.rule.source)")
        }
        if least == .note || !lines.isEmpty { lines.append(result.sentence) }
        return DisplayText.withoutCommands(lines.map { $0 + "\n" }.joined())
    }

    /// The severity in its colour: red, yellow or cyan.
    private static func colored(_ severity: LintSeverity) -> String {
        let code =
            switch severity {
            case .error: 31
            case .warning: 33
            case .note: 36
            }
        return "\u{1B}[\(code)m\(severity.rawValue)\u{1B}[0m"
    }

    /// A line a rule.
    static func rules(_ rules: [LintRule]) -> String {
        rules.map { rule in
            let id = rule.id + String(repeating: " ", count: max(0, 30 - rule.id.count))
            let severity = rule.severity.rawValue
            return "\(id)\(severity)\(String(repeating: " ", count: max(1, 9 - severity.count)))\(rule.title)\n"
        }.joined()
    }

    /// All that is known of a rule.
    static func explanation(_ rule: LintRule) -> String {
        """
        \(rule.id) (\(rule.severity.rawValue)): \(rule.title)
            reason: \(rule.reason)
            remedy: \(rule.remedy)
            source: \(rule.source)

        """
    }

    /// The rule that was probably meant, or where the list is.
    static func suggestion(for id: String) -> String {
        let nearest = Suggestion.closest(to: id, among: Lint.rules.map(\.id))
        return nearest.map { "; did you mean \($0)?" } ?? "; nldns lint --list has them"
    }
}
