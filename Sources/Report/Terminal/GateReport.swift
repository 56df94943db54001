package import Results

/// What the gates of a result say, for a terminal: the verdict, every gate, what is accepted and what is advice.
package enum GateReport {
    /// Renders the gates of a document; in ASCII alone without `unicode`.
    package static func render(
        _ document: ResultDocument,
        color: Bool = false,
        width: Int = 80,
        unicode: Bool = true
    ) -> String {
        var page = TerminalPage(color: color, width: max(40, width), unicode: unicode)
        guard let gate = document.gate else { return "The result has not been judged.\n" }
        let word = " \(gate.verdict.rawValue.uppercased()) "
        page.line(page.paint(word, .verdict(verdict(gate))) + "  " + page.paint(sentence(gate), .strong))
        gates(gate, on: &page)
        return page.shown
    }

    private static func verdict(_ gate: GateRecord) -> RunVerdict {
        switch gate.verdict {
        case .pass: .pass
        case .fail: .fail
        case .inconclusive, .incomparable: .inconclusive
        }
    }

    private static func sentence(_ gate: GateRecord) -> String {
        let outcomes = gate.outcomes ?? []
        func count(_ verdict: GateRecord.Outcome.Verdict) -> UInt64 {
            UInt64(outcomes.count { $0.verdict == verdict })
        }
        let holding = "\(Quantity.count(count(.pass), "gate")) \(count(.pass) == 1 ? "holds" : "hold")"
        let others: [(GateRecord.Outcome.Verdict, String)] = [
            (.fail, "fell"), (.waived, "waived"), (.inconclusive, "cannot tell"), (.incomparable, "cannot be compared"),
        ]
        let rest = others.compactMap { verdict, word in
            count(verdict) > 0 ? "\(Quantity.count(count(verdict))) \(word)" : nil
        }
        return ([holding] + rest).joined(separator: ", ")
    }

    /// Every gate, then what closes nothing.
    static func gates(_ gate: GateRecord, on page: inout TerminalPage) {
        for outcome in gate.outcomes ?? [] { line(outcome, on: &page) }
        for waiver in gate.waived {
            let until = waiver.expires.map { ", until \($0)" } ?? ""
            let owner = waiver.by.map { ", \($0)" } ?? ""
            page.paragraph(
                DisplayText.clean("waived: \(waiver.id) – \(waiver.reason)\(owner)\(until)"),
                indent: 4
            )
        }
        if let baseline = gate.baselineSentence {
            page.paragraph(DisplayText.clean("baseline: \(baseline)"), indent: 4)
        }
        if let advice = gate.advice, !advice.isEmpty {
            page.paragraph("Advice, which closes nothing:", indent: 2)
            for outcome in advice { line(outcome, on: &page) }
        }
        for note in gate.notes ?? [] { page.paragraph("Note: \(DisplayText.clean(note))", indent: 2) }
    }

    private static func line(_ outcome: GateRecord.Outcome, on page: inout TerminalPage) {
        let sign: TerminalPage.Sign =
            switch outcome.verdict {
            case .pass: .good
            case .fail: .bad
            case .waived: .known
            case .inconclusive, .incomparable: .open
            }
        let limit =
            outcome.limit == outcome.expression || outcome.kind == nil || outcome.kind == .run
            ? "" : "; closes at \(DisplayText.clean(outcome.limit))"
        page.paragraph(
            "\(DisplayText.clean(outcome.expression, limit: 200))  (\(DisplayText.clean(outcome.actual))\(limit))"
                + (outcome.verdict == .pass ? "" : "  \(outcome.verdict.rawValue)"),
            indent: 2,
            bullet: page.sign(sign)
        )
    }
}
