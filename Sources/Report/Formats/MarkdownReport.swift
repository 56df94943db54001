import Measure
package import Results

/// The result as GitHub-flavoured Markdown, for step summaries and comments: verdict, failures, tables.
package enum MarkdownReport {
    /// A step summary above 1 MiB is refused as a whole; comments end at 64 KiB.
    static let maximumBytes = 60_000

    /// Renders a document; no table grows beyond what fits a comment.
    package static func render(_ document: ResultDocument) -> String {
        let summary = RunSummary(document)
        var blocks = [
            "## \(sign(document.verdict)) \(escape(summary.name)): \(document.verdict.rawValue)",
            "**\(escape(summary.headline))**",
        ]
        blocks += summary.furtherReasons.prefix(10).map(escape)
        blocks += [summary.statusSentence, summary.detectableSentence].compactMap(\.self).map(escape)
        blocks += failures(summary)
        blocks += proofs(document)
        blocks += searches(document)
        blocks += latency(summary)
        blocks += comparison(document)
        blocks += checksAndGates(summary)
        let took = Quantity.elapsed(summary.durationNanoseconds)
        blocks.append(
            "<sub>\(escape(summary.targetSentence)); \(document.started), \(took), seed \(document.seed), "
                + "\(escape(DisplayText.clean(document.tool.name, limit: 60))) \(escape(DisplayText.clean(document.tool.version, limit: 60)))</sub>"
        )
        return fitted(blocks)
    }

    private static func failures(_ summary: RunSummary) -> [String] {
        guard !summary.failures.isEmpty else { return [] }
        let shown = summary.failures.prefix(20)
        var blocks = ["### \(summary.failureTitle)"]
        blocks.append(
            table(
                ["", "expected", "actual", "remedy or reason"],
                shown.map { failure in
                    let id = failure.kind == .check ? "\(failure.id) " : ""
                    return [id + failure.title, failure.expected, failure.actual, failure.remedy]
                }
            )
        )
        if summary.failures.count > shown.count { blocks.append("\(summary.failures.count - shown.count) more.") }
        return blocks
    }

    private static func proofs(_ document: ResultDocument) -> [String] {
        guard let capture = document.capture, !capture.proofs.isEmpty else { return [] }
        let rows = capture.proofs.prefix(50).map { proof in
            [
                DisplayText.clean(proof.id, limit: 80), proof.verdict.rawValue,
                Quantity.count(proof.evidenceCount ?? UInt64(proof.evidence.count)), DisplayText.clean(proof.reason),
            ]
        }
        return ["### Proofs", table(["proof", "verdict", "evidence", "why"], rows)]
    }

    private static func searches(_ document: ResultDocument) -> [String] {
        SearchRow.all(in: document).prefix(10).flatMap { search in
            let rows = search.trials.map { trial in
                [trial.asked, trial.answered, trial.lost, trial.p99, trial.servfail, trial.outcome]
            }
            let heads = ["asked/s", "answered/s", "lost", "p99", "SERVFAIL", "goals"]
            return [
                "### Highest rate on \(escape(search.target))", escape("\(search.sentence). Goals: \(search.goals)."),
            ] + (rows.isEmpty ? [] : [table(heads, rows)])
        }
    }

    private static func latency(_ summary: RunSummary) -> [String] {
        guard !summary.latencies.isEmpty else { return [] }
        let percentiles: [Double] = [50, 90, 99, 99.9]
        let rows = summary.latencies.prefix(50).map { row in
            ["\(row.markedTarget) (\(row.phase), \(row.transport))", Quantity.count(row.counters.scheduled)]
                + [Quantity.percent(row.lossFraction)]
                + percentiles.map { row.value(percentile: $0).map { Quantity.duration($0) } ?? "–" }
        }
        return [
            "### Response latency", table(["target", "queries", "lost"] + percentiles.map(Quantity.percentile), rows),
        ]
    }

    private static func comparison(_ document: ResultDocument) -> [String] {
        guard let comparison = document.comparison, !comparison.metrics.isEmpty else { return [] }
        let a = DisplayText.clean(comparison.a ?? "A", limit: 60)
        let b = DisplayText.clean(comparison.b ?? "B", limit: 60)
        let rows = comparison.metrics.map { metric in
            [
                metric.metric.displayName, metric.metric.display(metric.a), metric.metric.display(metric.b),
                Quantity.ratio(metric.ratio), metric.displayInterval, metric.displayMargin,
                metric.displayVerdict(of: comparison),
            ]
        }
        let verdict = comparison.verdict.map { ": \($0.rawValue)" } ?? ""
        return [
            "### \(escape(b)) against \(escape(a))\(verdict)",
            table(["", a, b, "ratio", comparison.intervalName, "counts from", "verdict"], rows),
            escape("\(comparison.pairSentence)." + (comparison.designSentence.map { " \($0)" } ?? "")),
        ] + (comparison.discardReason.map { [escape("Left out: \($0)")] } ?? [])
    }

    private static func checksAndGates(_ summary: RunSummary) -> [String] {
        var blocks: [String] = []
        if !summary.checkCounts.isEmpty { blocks.append("Checks: \(summary.checkSentence).") }
        if let gate = summary.document.gate {
            let outcomes = (gate.outcomes ?? []).prefix(50).map { outcome in
                [
                    outcome.verdict.rawValue, DisplayText.clean(outcome.expression, limit: 200),
                    DisplayText.clean(outcome.actual), DisplayText.clean(outcome.limit),
                ]
            }
            blocks += ["### Gates: \(gate.verdict.rawValue)"]
            if !outcomes.isEmpty { blocks.append(table(["", "gate", "measured", "allowed"], Array(outcomes))) }
        }
        return blocks
    }

    // MARK: Markdown

    private static func sign(_ verdict: RunVerdict) -> String {
        switch verdict {
        case .pass: "✅"
        case .fail: "❌"
        case .inconclusive: "❔"
        }
    }

    private static func table(_ heads: [String], _ rows: [[String]]) -> String {
        let lines =
            [heads.map { $0.isEmpty ? " " : escape($0) }, heads.map { _ in "---" }]
            + rows.map { $0.map(escape) }
        return lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    /// Escapes what Markdown, its HTML and its mentions would take for themselves.
    private static func escape(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "!":
                escaped.append("\\")
                escaped.append(scalar)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            // A mention would send mail to whoever has that name.
            case "@": escaped.append(contentsOf: "@\u{200B}".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// Whole blocks as long as they fit.
    private static func fitted(_ blocks: [String]) -> String {
        var text = ""
        for block in blocks {
            guard text.utf8.count + block.utf8.count < maximumBytes else {
                return text + "Cut: the whole result is in result.json.\n"
            }
            text += block + "\n\n"
        }
        return text
    }
}
