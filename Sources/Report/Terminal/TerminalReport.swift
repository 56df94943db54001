import Measure
package import Results

/// The result for a terminal: verdict, proofs, latency, what failed, gates.
package enum TerminalReport {
    /// Renders a document, without a newline at the end of the last line left out.
    ///
    /// - Parameters:
    ///   - document: The result.
    ///   - color: Whether ANSI colours are wanted; a word or sign always says the same.
    ///   - width: Columns of the terminal; lines are wrapped to it, at least 40.
    ///   - unicode: Whether bars and signs beyond ASCII can be shown.
    package static func render(
        _ document: ResultDocument,
        color: Bool = false,
        width: Int = 80,
        unicode: Bool = true
    ) -> String {
        let summary = RunSummary(document)
        var page = TerminalPage(color: color, width: max(40, width), unicode: unicode)
        verdict(summary, on: &page)
        failures(summary, on: &page)
        proofs(document, on: &page)
        latency(summary, on: &page)
        lookups(document, on: &page)
        searches(document, on: &page)
        comparison(document, on: &page)
        checks(summary, on: &page)
        gates(document, on: &page)
        fleet(document, on: &page)
        for note in document.notes ?? [] { page.paragraph("Note: \(DisplayText.clean(note))", indent: 0) }
        return page.shown
    }

    private static func verdict(_ summary: RunSummary, on page: inout TerminalPage) {
        let document = summary.document
        let word = document.verdict.rawValue.uppercased()
        page.line(page.paint(" \(word) ", .verdict(document.verdict)) + "  " + page.paint(summary.headline, .strong))
        for reason in summary.furtherReasons { page.paragraph(reason, indent: 2) }
        if let sentence = summary.statusSentence { page.paragraph(sentence, indent: 2) }
        if let sentence = summary.detectableSentence { page.paragraph(sentence, indent: 2) }
        let elapsed = Quantity.elapsed(summary.durationNanoseconds)
        page.paragraph("\(summary.name): \(summary.targetSentence); \(elapsed), seed \(document.seed).", indent: 2)
    }

    private static func failures(_ summary: RunSummary, on page: inout TerminalPage) {
        guard !summary.failures.isEmpty else { return }
        page.heading("\(summary.failureTitle) (\(summary.failures.count))")
        for failure in summary.failures {
            let id = failure.kind == .check ? "\(failure.id)  " : ""
            let isOpen = ["inconclusive", "unprovable", "invalid"].contains(failure.status)
            page.paragraph(id + failure.title, indent: 2, bullet: page.sign(isOpen ? .open : .bad))
            page.field("requires", failure.requirement)
            page.field("expected", failure.expected)
            page.field("actual", failure.actual)
            page.field(failure.remedyLabel, failure.remedy)
            page.field("source", failure.source)
            for line in failure.evidence.prefix(3) { page.field("evidence", line) }
        }
    }

    private static func proofs(_ document: ResultDocument, on page: inout TerminalPage) {
        guard let capture = document.capture else { return }
        page.heading("Proofs from \(Quantity.count(capture.packets)) captured packets, \(capture.drops) dropped")
        for proof in capture.proofs {
            let count = proof.evidenceCount ?? UInt64(proof.evidence.count)
            let sign: TerminalPage.Sign =
                switch proof.verdict {
                case .proven: .good
                case .violated: .bad
                case .inconclusive, .unprovable: .open
                }
            page.paragraph(
                "\(DisplayText.clean(proof.id, limit: 40))  \(proof.verdict.rawValue)  "
                    + "\(Quantity.count(count, "piece")) of evidence  \(DisplayText.clean(proof.reason))",
                indent: 2,
                bullet: page.sign(sign)
            )
        }
    }

    private static func latency(_ summary: RunSummary, on page: inout TerminalPage) {
        guard !summary.latencies.isEmpty else { return }
        page.heading("Response latency, from the intended send time")
        let hasPhases = Set(summary.latencies.map { $0.phase + $0.transport }).count > 1
        let percentiles: [Double] = [50, 90, 99, 99.9]
        var table = TextTable(columns: [.left] + [.right, .right] + percentiles.map { _ in .right } + [.left])
        table.append(["target", "queries", "lost"] + percentiles.map(Quantity.percentile) + [""])
        let largest = summary.latencies.compactMap { $0.value(percentile: 99) }.max() ?? 0
        var isThin = false
        for row in summary.latencies {
            let values = percentiles.map { percentile -> String in
                guard let value = row.value(percentile: percentile) else { return "–" }
                guard !row.supports(percentile: percentile) else { return Quantity.duration(value) }
                isThin = true
                return "(" + Quantity.duration(value) + ")"
            }
            let name = hasPhases ? "\(row.markedTarget) \(row.phase)/\(row.transport)" : row.markedTarget
            let share = largest > 0 ? Double(row.value(percentile: 99) ?? 0) / Double(largest) : 0
            table.append(
                [name, Quantity.count(row.counters.scheduled), Quantity.percent(row.lossFraction)] + values
                    + [page.bar(share, cells: page.width >= 90 ? 12 : 0)]
            )
        }
        page.table(table, header: true)
        charts(summary, on: &page)
        for row in summary.latencies {
            // Of very many loads the first ones speak.
            let some = row.loads.prefix(8)
            let remarks = some.flatMap { $0.wire?.remarks ?? [] }
            for loss in some.compactMap(\.loss) where loss.lost > 0 {
                page.paragraph("\(row.markedTarget): \(loss.lost) lost: \(loss.shares).", indent: 2)
                for line in loss.evidence.prefix(6) { page.paragraph(DisplayText.clean(line), indent: 4) }
            }
            if let sentence = row.generatorSentence { page.paragraph("\(row.markedTarget): \(sentence)", indent: 2) }
            for seen in some.compactMap(\.capture) {
                page.paragraph("\(row.markedTarget): \(seen.sentence).", indent: 2)
            }
            for found in some.compactMap(\.verification) where found.failed > 0 {
                page.paragraph("\(row.markedTarget): \(found.failed) wrong answers (\(found.faults)).", indent: 2)
                for example in found.examples.prefix(3) { page.paragraph(DisplayText.clean(example), indent: 4) }
            }
            if !remarks.isEmpty {
                page.paragraph("\(row.markedTarget): \(remarks.joined(separator: ", ")).", indent: 2)
            }
        }
        if isThin {
            page.paragraph(
                "In brackets: fewer than ten answers lie above, so that it is one outlier's luck.",
                indent: 2
            )
        }
    }

    private static func searches(_ document: ResultDocument, on page: inout TerminalPage) {
        for search in SearchRow.all(in: document) {
            page.heading("Highest rate on \(search.target): \(search.sentence)")
            var table = TextTable(columns: [.right, .right, .right, .right, .right, .right, .left])
            table.append(["asked/s", "answered/s", "lost", "p50", "p99", "SERVFAIL", ""])
            for trial in search.trials {
                table.append([
                    trial.asked, trial.answered, trial.lost, trial.p50, trial.p99, trial.servfail, trial.outcome,
                ])
            }
            page.table(table, header: true)
        }
    }

    private static func comparison(_ document: ResultDocument, on page: inout TerminalPage) {
        guard let comparison = document.comparison else { return }
        let a = DisplayText.clean(comparison.a ?? "A", limit: 40)
        let b = DisplayText.clean(comparison.b ?? "B", limit: 40)
        let verdict = comparison.verdict.map { ": \($0.rawValue)" } ?? ""
        page.heading("\(b) against \(a), \(comparison.pairSentence)\(verdict)")
        if let sentence = comparison.designSentence { page.paragraph(sentence, indent: 2) }
        if let reason = comparison.discardReason { page.paragraph("Left out: \(reason)", indent: 2) }
        var table = TextTable(columns: [.left, .right, .right, .right, .right, .left, .left])
        table.append(["", a, b, "ratio", comparison.intervalName, "counts from", ""])
        for metric in comparison.metrics {
            table.append([
                metric.metric.displayName, metric.metric.display(metric.a), metric.metric.display(metric.b),
                Quantity.ratio(metric.ratio), metric.displayInterval, metric.displayMargin,
                metric.displayVerdict(of: comparison),
            ])
        }
        page.table(table, header: true)
    }

    private static func checks(_ summary: RunSummary, on page: inout TerminalPage) {
        guard let checks = summary.document.checks, !checks.isEmpty else { return }
        page.heading("Checks: \(summary.checkSentence)")
        // A run that measures as well folds what passed; what failed is told above in full.
        let isWhole = summary.document.load?.isEmpty != false
        for (section, members) in sections(checks) {
            let counts = CheckRecord.Status.allCases.compactMap { status -> String? in
                let count = members.count { $0.status == status }
                return count == 0 ? nil : "\(count) \(status.rawValue)"
            }
            page.paragraph("\(section)  \(counts.joined(separator: ", "))", indent: 2)
            for check in members where isWhole || check.status != .pass { line(check, on: &page) }
        }
    }

    private static func sections(_ checks: [CheckRecord]) -> [(String, [CheckRecord])] {
        var sections: [(String, [CheckRecord])] = []
        for check in checks {
            let name = DisplayText.clean(check.section, limit: 40)
            if let place = sections.firstIndex(where: { $0.0 == name }) {
                sections[place].1.append(check)
            } else {
                sections.append((name, [check]))
            }
        }
        return sections
    }

    private static func line(_ check: CheckRecord, on page: inout TerminalPage) {
        let sign: TerminalPage.Sign =
            switch check.status {
            case .pass: .good
            case .fail, .error: .bad
            case .known: .known
            case .fixed, .skip, .inconclusive: .open
            }
        let detail = DisplayText.clean(check.actual)
        let isPlain = [.pass, .fail, .error].contains(check.status)
        let title = DisplayText.clean(check.title)
        page.paragraph(
            "\(DisplayText.clean(check.id, limit: 40))  "
                + (isPlain ? title : "\(check.status.rawValue): \(title)" + (detail.isEmpty ? "" : " – \(detail)")),
            indent: 4,
            bullet: page.sign(sign)
        )
    }

    private static func gates(_ document: ResultDocument, on page: inout TerminalPage) {
        guard let gate = document.gate else { return }
        page.heading("Gates: \(gate.verdict.rawValue)")
        GateReport.gates(gate, on: &page)
    }
}
