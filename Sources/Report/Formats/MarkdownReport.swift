import Glibc
import Measure
package import Results

/// The result as GitHub-flavoured Markdown: verdict, failures, tables.
package enum MarkdownReport {
    /// Where it is shown, which bounds its length.
    package enum Purpose: Sendable {
        /// A comment on a pull request, which ends at 65,536 characters.
        case comment
        /// The summary of a step in GitHub Actions: above 1 MiB it is refused as a whole.
        case stepSummary

        /// No text is longer, in octets.
        var maximumBytes: Int { self == .comment ? 60_000 : 1_000_000 }
        /// Failures in the table.
        var failures: Int { self == .comment ? 20 : 200 }
    }

    private enum Block {
        case text(String)
        case table([String], [[String]])
        /// A table that is folded away under its title.
        case folded(String, [String], [[String]])
    }

    /// Renders a document; what would not fit is left out, and said to be.
    package static func render(_ document: ResultDocument, for purpose: Purpose = .comment) -> String {
        let summary = RunSummary(document)
        var blocks: [Block] = [
            .text("## \(sign(document.verdict)) \(escape(summary.name)): \(document.verdict.rawValue)"),
            .text("**\(escape(summary.headline))**"),
        ]
        blocks += summary.furtherReasons.prefix(10).map { .text(escape($0)) }
        blocks += [summary.statusSentence, summary.detectableSentence].compactMap(\.self).map { .text(escape($0)) }
        blocks += failures(summary, purpose)
        blocks += fleet(document, purpose)
        blocks += proofs(document)
        blocks += searches(document)
        blocks += latency(summary)
        blocks += comparison(document)
        blocks += checksAndGates(summary)
        if purpose == .stepSummary { blocks += allChecks(document) }
        let took = Quantity.elapsed(summary.durationNanoseconds)
        let command = summary.commandLine.map { "Again: <code>\(escape(DisplayText.clean($0)))</code>\n\n" } ?? ""
        let foot =
            "\(command)<sub>\(escape(summary.targetSentence)); \(document.started), \(took), seed \(document.seed), "
            + "\(escape(DisplayText.clean(document.tool.name, limit: 60))) \(escape(DisplayText.clean(document.tool.version, limit: 60)))</sub>\n"
        return fitted(blocks, foot: foot, in: purpose.maximumBytes)
    }

    private static func failures(_ summary: RunSummary, _ purpose: Purpose) -> [Block] {
        guard !summary.failures.isEmpty else { return [] }
        let shown = summary.failures.prefix(purpose.failures)
        var blocks: [Block] = [
            .text("### \(summary.failureTitle)"),
            .table(
                ["", "expected", "actual", "remedy or reason"],
                shown.map { failure in
                    let id = failure.kind == .check ? "\(failure.id) " : ""
                    return [id + failure.title, failure.expected, failure.actual, failure.remedy]
                }
            ),
        ]
        if summary.failures.count > shown.count {
            blocks.append(.text("\(summary.failures.count - shown.count) more."))
        }
        return blocks
    }

    private static func proofs(_ document: ResultDocument) -> [Block] {
        guard let capture = document.capture, !capture.proofs.isEmpty else { return [] }
        let rows = capture.proofs.prefix(50).map { proof in
            [
                DisplayText.clean(proof.id, limit: 80), proof.verdict.rawValue,
                Quantity.count(proof.evidenceCount ?? UInt64(proof.evidence.count)), DisplayText.clean(proof.reason),
            ]
        }
        return [.text("### Proofs"), .table(["proof", "verdict", "evidence", "why"], rows)]
    }

    private static func searches(_ document: ResultDocument) -> [Block] {
        SearchRow.all(in: document).prefix(10).flatMap { search -> [Block] in
            let rows = search.trials.map { trial in
                [trial.asked, trial.answered, trial.lost, trial.p99, trial.servfail, trial.outcome]
            }
            let heads = ["asked/s", "answered/s", "lost", "p99", "SERVFAIL", "goals"]
            return [
                .text("### Highest rate on \(escape(search.target))"),
                .text(escape("\(search.sentence). Goals: \(search.goals).")),
            ] + (rows.isEmpty ? [] : [.table(heads, rows)])
        }
    }

    private static func latency(_ summary: RunSummary) -> [Block] {
        guard !summary.latencies.isEmpty else { return [] }
        let percentiles: [Double] = [50, 90, 99, 99.9]
        let tails = summary.latencies.flatMap(\.loads).flatMap { $0.series?.p99 ?? [] }.compactMap(\.self)
            .filter { $0 > 0 }
        let range = log(Double(tails.min() ?? 1))...log(Double(max(tails.max() ?? 2, (tails.min() ?? 1) &+ 1)))
        let rows = summary.latencies.prefix(50).map { row in
            ["\(row.markedTarget) (\(row.phase), \(row.transport))", Quantity.count(row.counters.scheduled)]
                + [Quantity.percent(row.lossFraction)]
                + percentiles.map { row.value(percentile: $0).map { Quantity.duration($0) } ?? "–" }
                + [overTime(row, in: range)]
        }
        return [
            .text("### Response latency"),
            .table(["target", "queries", "lost"] + percentiles.map(Quantity.percentile) + ["p99 over the run"], rows),
        ]
    }

    private static func overTime(_ row: LatencyRow, in range: ClosedRange<Double>) -> String {
        let values = row.loads.flatMap { $0.series?.p99 ?? [] }.map { value in
            value.flatMap { $0 > 0 ? log(Double($0)) : nil }
        }
        guard values.count > 2 else { return "" }
        return Sparkline.draw(Sparkline.joined(values, cells: 24), in: range, unicode: true)
    }

    private static func comparison(_ document: ResultDocument) -> [Block] {
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
            .text("### \(escape(b)) against \(escape(a))\(verdict)"),
            .table(["", a, b, "ratio", comparison.intervalName, "counts from", "verdict"], rows),
            .text(escape("\(comparison.pairSentence)." + (comparison.designSentence.map { " \($0)" } ?? ""))),
        ] + (comparison.discardReason.map { [.text(escape("Left out: \($0)"))] } ?? [])
    }

    private static func checksAndGates(_ summary: RunSummary) -> [Block] {
        var blocks: [Block] = []
        if !summary.checkCounts.isEmpty { blocks.append(.text("Checks: \(summary.checkSentence).")) }
        if let gate = summary.document.gate {
            let outcomes = (gate.outcomes ?? []).prefix(50).map(cells)
            blocks.append(.text("### Gates: \(gate.verdict.rawValue)"))
            if !outcomes.isEmpty { blocks.append(.table(["", "gate", "measured", "allowed"], outcomes)) }
            if let baseline = gate.baselineSentence {
                blocks.append(.text("Baseline: \(escape(DisplayText.clean(baseline)))."))
            }
            let advice = (gate.advice ?? []).prefix(50).map(cells)
            if !advice.isEmpty {
                blocks.append(.text("Advice, which closes nothing:"))
                blocks.append(.table(["", "held against", "measured", "expected"], advice))
            }
            blocks += (gate.notes ?? []).prefix(20).map { .text("Note: \(escape(DisplayText.clean($0)))") }
        }
        return blocks
    }

    private static func cells(_ outcome: GateRecord.Outcome) -> [String] {
        [
            outcome.verdict.rawValue, DisplayText.clean(outcome.expression, limit: 200),
            DisplayText.clean(outcome.actual), DisplayText.clean(outcome.limit),
        ]
    }

    /// Which nodes stand out, and in a summary what each said.
    private static func fleet(_ document: ResultDocument, _ purpose: Purpose) -> [Block] {
        guard let fleet = document.fleet else { return [] }
        var blocks: [Block] = [.text("### \(escape(FleetRow.sentence(fleet)))")]
        let outliers = fleet.outliers.prefix(purpose.failures).map(OutlierRow.init)
            .map { [$0.node, $0.load, $0.metric, $0.value, $0.median, $0.score] }
        if !outliers.isEmpty {
            blocks.append(.table(["node", "load", "figure", "here", "median of all", "score"], outliers))
        }
        let nodes = fleet.nodes.prefix(purpose == .comment ? 100 : 1_000).map(FleetRow.init)
            .map { [$0.verdict, $0.name, $0.status, $0.queries, $0.lost, $0.machine, $0.started] }
        let heads = ["verdict", "node", "run", "queries", "lost", "machine", "began"]
        return blocks + [.folded("All nodes (\(fleet.nodes.count))", heads, nodes)]
    }

    private static func allChecks(_ document: ResultDocument) -> [Block] {
        guard let checks = document.checks, !checks.isEmpty else { return [] }
        let rows = checks.map { check in
            [
                check.status.rawValue, DisplayText.clean(check.id, limit: 80),
                DisplayText.clean(check.title, limit: 200),
                DisplayText.clean(check.actual, limit: 200),
            ]
        }
        return [.folded("All checks (\(checks.count))", ["status", "check", "what it asks", "actual"], rows)]
    }

    // MARK: Markdown

    private static func sign(_ verdict: RunVerdict) -> String {
        switch verdict {
        case .pass: "✅"
        case .fail: "❌"
        case .inconclusive: "❔"
        }
    }

    private static func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

    private static func head(_ heads: [String]) -> String {
        line(heads.map { $0.isEmpty ? " " : escape($0) }) + line(heads.map { _ in "---" })
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

    /// Blocks and rows of tables as long as they fit; the foot always does.
    private static func fitted(_ blocks: [Block], foot: String, in maximum: Int) -> String {
        var text = ""
        var room = maximum - foot.utf8.count - 200
        var isCut = false
        func add(_ part: String) -> Bool {
            guard part.utf8.count <= room else {
                isCut = true
                return false
            }
            text += part
            room -= part.utf8.count
            return true
        }
        func addTable(_ heads: [String], _ rows: [[String]]) {
            guard add(head(heads)) else { return }
            for row in rows where !add(line(row.map(escape))) { break }
        }
        for block in blocks where !isCut {
            switch block {
            case .text(let words): _ = add(words + "\n\n")
            case .table(let heads, let rows):
                addTable(heads, rows)
                text += "\n"
                room -= 1
            case .folded(let title, let heads, let rows):
                let tail = "\n</details>\n\n"
                room -= tail.utf8.count
                if add("<details><summary>\(escape(title))</summary>\n\n") {
                    addTable(heads, rows)
                    text += tail
                }
            }
        }
        return text + (isCut ? "Cut: the whole result is in result.json.\n\n" : "") + foot
    }
}
