import Measure
package import Results

/// The result as GitHub's workflow commands: an error for what failed, a warning for what is open, a notice of the verdict.
///
/// A step shows at most ten errors and ten warnings; worst comes first, and the tenth says how many there are besides.
/// Source: docs.github.com "Workflow commands for GitHub Actions", actions/runner `ActionCommand.cs` (escapes).
package enum AnnotationReport {
    private struct Annotation {
        let title: String
        let lines: [String]
    }

    /// A step shows so many of each kind.
    static let maximum = 10

    /// Renders a document; a line a command.
    package static func render(_ document: ResultDocument) -> String {
        let summary = RunSummary(document)
        var errors: [Annotation] = []
        var warnings: [Annotation] = []
        for failure in summary.failures {
            let isOpen = ["inconclusive", "unprovable", "invalid"].contains(failure.status)
            if isOpen { warnings.append(annotation(failure)) } else { errors.append(annotation(failure)) }
        }
        // A metric that got worse fails a run only through a gate; it is worth a warning where it did not.
        if document.verdict != .fail { warnings += regressions(document) }
        warnings += [summary.statusSentence].compactMap(\.self).map { Annotation(title: summary.name, lines: [$0]) }
        let notice = Annotation(
            title: "\(summary.name): \(document.verdict.rawValue)",
            lines: [summary.headline, summary.detectableSentence].compactMap(\.self)
        )
        return (commands("error", errors) + commands("warning", warnings) + [command("notice", notice)])
            .joined(separator: "\n") + "\n"
    }

    private static func annotation(_ failure: FailureSummary) -> Annotation {
        let id = failure.kind == .check ? "\(failure.id) " : ""
        var lines = ["expected: \(failure.expected)", "actual: \(failure.actual)"]
        if !failure.remedy.isEmpty { lines.append("\(failure.remedyLabel): \(failure.remedy)") }
        lines += failure.evidence.prefix(1).map { "evidence: \($0)" }
        return Annotation(title: id + failure.title, lines: lines)
    }

    private static func regressions(_ document: ResultDocument) -> [Annotation] {
        let names = [document.comparison?.a ?? "A", document.comparison?.b ?? "B"].map {
            DisplayText.clean($0, limit: 60)
        }
        return (document.comparison?.metrics ?? []).filter { $0.verdict == .regressed }.map { metric in
            Annotation(
                title: "\(metric.metric.displayName) of \(names[1]) is worse than of \(names[0])",
                lines: [
                    "\(metric.metric.display(metric.a)) became \(metric.metric.display(metric.b)), "
                        + "\(Quantity.ratio(metric.ratio)), interval \(metric.displayInterval)"
                ]
            )
        }
    }

    private static func commands(_ kind: String, _ annotations: [Annotation]) -> [String] {
        guard annotations.count > maximum else { return annotations.map { command(kind, $0) } }
        let hidden = annotations.count - maximum + 1
        let rest = Annotation(
            title: "\(hidden) more",
            lines: ["\(hidden) more are not shown here: see the report, or result.json."]
        )
        return annotations.prefix(maximum - 1).map { command(kind, $0) } + [command(kind, rest)]
    }

    private static func command(_ kind: String, _ annotation: Annotation) -> String {
        WorkflowCommand(kind: kind, title: annotation.title, lines: annotation.lines).text
    }
}
