package import Results

/// The checks in the format of Sonobuoy's plugins with `result-format: manual`: an item a section, in it one a check.
///
/// Sonobuoy knows `passed`, `failed`, `skipped` and `unknown`. A known deviation is passed, as nothing has changed, and
/// one that was expected and not seen is failed, as is a check that could not run; inconclusive is `unknown`. The status
/// as `nldns` has it is in the item's details. A parent has the worst status of its children, as Sonobuoy's own
/// aggregation has it: failed, unknown, passed, and skipped when nothing else is in it.
package enum SonobuoyReport {
    /// Renders a document; one without checks has the status `unknown`.
    package static func render(_ document: ResultDocument) -> String {
        let checks = document.checks ?? []
        var sections: [(name: String, checks: [CheckRecord])] = []
        for check in checks {
            if let place = sections.firstIndex(where: { $0.name == check.section }) {
                sections[place].checks.append(check)
            } else {
                sections.append((check.section, [check]))
            }
        }
        var lines = [
            "name: \(YAMLText.quoted(document.scenario?.id ?? document.tool.name))",
            "status: \(aggregate(checks.map { status($0.status) }))",
            "meta:",
            "  type: summary",
            "  tool: \(YAMLText.quoted("\(document.tool.name) \(document.tool.version)"))",
            "  verdict: \(document.verdict.rawValue)",
        ]
        if !sections.isEmpty { lines.append("items:") }
        for section in sections {
            lines.append("  - name: \(YAMLText.quoted(section.name))")
            lines.append("    status: \(aggregate(section.checks.map { status($0.status) }))")
            lines.append("    items:")
            for check in section.checks { lines += item(check).map { "      " + $0 } }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func item(_ check: CheckRecord) -> [String] {
        var details = [("status", check.status.rawValue), ("severity", check.severity)]
        if check.status != .pass {
            details += [
                ("tags", check.tags.joined(separator: " ")), ("requirement", check.requirement),
                ("source", check.source), ("expected", check.expected), ("actual", check.actual),
            ]
        }
        if ![.pass, .skip].contains(check.status) { details.append(("remediation", check.remediation)) }
        let isFailed = status(check.status) == "failed"
        // What `sonobuoy results` shows of a failure.
        if isFailed { details.append(("failure", "expected \(check.expected), got \(check.actual)")) }
        return [
            "- name: \(YAMLText.quoted("\(check.id) \(check.title)"))", "  status: \(status(check.status))",
            "  details:",
        ] + details.filter { !$0.1.isEmpty }.map { "    \($0.0): \(YAMLText.quoted($0.1))" }
    }

    private static func status(_ status: CheckRecord.Status) -> String {
        switch status {
        case .pass, .known: "passed"
        case .fail, .fixed, .error: "failed"
        case .skip: "skipped"
        case .inconclusive: "unknown"
        }
    }

    private static func aggregate(_ statuses: [String]) -> String {
        ["failed", "unknown", "passed", "skipped"].first { statuses.contains($0) } ?? "unknown"
    }
}
