package import Results

/// What the doctor found, for a terminal: what is wrong first, each with what was read, what is expected, what it means
/// and what to do.
package struct DoctorReport: Sendable {
    private let color: Bool
    private let width: Int
    private let unicode: Bool

    /// Makes a renderer; see ``TerminalReport/render(_:color:width:unicode:)`` for the parameters.
    package init(color: Bool = false, width: Int = 100, unicode: Bool = true) {
        self.color = color
        self.width = max(40, width)
        self.unicode = unicode
    }

    /// A whole look.
    package func whole(_ entries: [DoctorEntry], of document: ResultDocument) -> String {
        var page = TerminalPage(color: color, width: width, unicode: unicode)
        let word = document.verdict.rawValue.uppercased()
        page.line(page.paint(" \(word) ", .verdict(document.verdict)) + "  " + page.paint(headline(entries), .strong))
        let name = document.targets.first.map { "\($0.address):\($0.port)" } ?? "the node"
        page.paragraph("\(name) at \(document.started)", indent: 2)
        let wrong = entries.filter { $0.status != .pass && $0.status != .skip }
        if !wrong.isEmpty { page.line("") }
        for entry in wrong.filter({ $0.status != .inconclusive }) + wrong.filter({ $0.status == .inconclusive }) {
            full(entry, on: &page)
        }
        let passed = entries.filter { $0.status == .pass }
        if !passed.isEmpty {
            page.heading("As it should be (\(passed.count))")
            for entry in passed {
                page.paragraph("\(entry.id)  \(DisplayText.clean(entry.read))", indent: 2, bullet: page.sign(.good))
            }
        }
        let skipped = entries.filter { $0.status == .skip }
        if !skipped.isEmpty {
            page.heading("Not looked at (\(skipped.count))")
            for entry in skipped { page.paragraph("\(entry.id): \(DisplayText.clean(entry.read))", indent: 2) }
        }
        for note in document.notes ?? [] { page.paragraph("Note: \(DisplayText.clean(note))", indent: 0) }
        return page.shown
    }

    /// What has changed since the look before: a dated line, and what is worse or better than it was.
    package func change(_ entries: [DoctorEntry], since before: [DoctorEntry], of document: ResultDocument) -> String {
        var page = TerminalPage(color: color, width: width, unicode: unicode)
        let old = Dictionary(before.map { ($0.id, $0.status) }) { first, _ in first }
        let changed = entries.filter { old[$0.id] != $0.status }
        let what = changed.isEmpty ? "no change" : "\(changed.count) changed"
        page.line("\(document.started)  \(document.verdict.rawValue)  \(entries.countsSentence)  \(what)")
        for entry in changed {
            let was = old[entry.id].map { "was \($0.rawValue)" } ?? "was not looked at"
            full(entry, remark: was, on: &page)
        }
        return page.shown
    }

    private func headline(_ entries: [DoctorEntry]) -> String {
        let failures = entries.count { $0.status == .fail || $0.status == .error }
        if failures == 0 { return entries.countsSentence }
        return "\(failures) of \(entries.count) findings \(failures == 1 ? "is" : "are") not as expected"
    }

    private func full(_ entry: DoctorEntry, remark: String? = nil, on page: inout TerminalPage) {
        let sign: TerminalPage.Sign =
            switch entry.status {
            case .pass: .good
            case .fail, .error: .bad
            default: .open
            }
        let status = [.pass, .fail].contains(entry.status) ? "" : "\(entry.status.rawValue): "
        let end = remark.map { " (\($0))" } ?? ""
        page.paragraph("\(entry.id)  \(status)\(entry.title)\(end)", indent: 0, bullet: page.sign(sign))
        page.field("read", DisplayText.clean(entry.read))
        guard entry.status != .pass, entry.status != .skip else { return }
        page.field("expected", DisplayText.clean(entry.expected))
        page.field("means", DisplayText.clean(entry.meaning))
        page.field("do", DisplayText.clean(entry.remediation))
    }
}
