import Results

/// Every check: what needs eyes first, what passed folded away.
enum CheckSection {
    private struct View {
        let sentence: String
        let groups: [Group]
    }

    private struct Group {
        let title: String
        let isFolded: Bool
        let rows: [Row]
    }

    private struct Row {
        let status: HTMLStatus
        let name: String
        let title: String
        let expected: String
        let actual: String
        let requirement: String
        let source: String
        let remedy: String?
        let hasEvidence: Bool
        let evidence: [String]
        let took: String
    }

    /// Texts of a check that passed are cut shorter, so that a whole catalogue stays small.
    private static let passLimit = 160

    static func make(_ summary: RunSummary, _ limits: PageLimits) -> HTMLSection? {
        guard let checks = summary.document.checks, !checks.isEmpty else { return nil }
        let order: [CheckRecord.Status] = [.fail, .error, .fixed, .inconclusive, .known, .skip, .pass]
        let groups = order.compactMap { status -> Group? in
            let all = checks.filter { $0.status == status }
            let rows = all.prefix(limits.checks).map { row($0, limits) }
            guard !rows.isEmpty else { return nil }
            let count = all.count > rows.count ? "the first \(rows.count) of \(all.count)" : "\(rows.count)"
            return Group(
                title: "\(words(status)) (\(count))",
                isFolded: status == .pass || status == .skip,
                rows: Array(rows)
            )
        }
        return HTMLSection(
            anchor: "checks",
            title: "Checks",
            markup: template.render(View(sentence: summary.checkSentence, groups: groups))
        )
    }

    private static func words(_ status: CheckRecord.Status) -> String {
        switch status {
        case .pass: "Passed"
        case .fail: "Failed"
        case .known: "Known deviations of this version"
        case .fixed: "Deviations that were expected and not seen"
        case .skip: "Skipped"
        case .inconclusive: "Inconclusive"
        case .error: "Could not run"
        }
    }

    private static func row(_ check: CheckRecord, _ limits: PageLimits) -> Row {
        let limit = check.status == .pass ? min(passLimit, limits.text) : limits.text
        func clean(_ text: String) -> String { DisplayText.clean(text, limit: limit) }
        return Row(
            status: HTMLStatus(check.status.rawValue),
            name: DisplayText.clean(check.id, limit: 80),
            title: clean(check.title),
            expected: clean(check.expected),
            actual: clean(check.actual),
            requirement: clean(check.requirement),
            source: clean(check.source),
            remedy: [.pass, .skip].contains(check.status) ? nil : clean(check.remediation).nonEmpty,
            hasEvidence: check.status != .pass && !check.evidence.isEmpty,
            evidence: check.status == .pass
                ? [] : FailureSummary.lines(check.evidence, limit: min(FailureSummary.maximumEvidence, limits.frames)),
            took: Quantity.duration(check.durationNanoseconds)
        )
    }

    static let template = HTMLTemplate(
        """
        <p>{{sentence}}.</p>
        {{#groups}}
        {{#isFolded}}<details><summary>{{title}}</summary>{{/isFolded}}{{^isFolded}}<h3>{{title}}</h3>{{/isFolded}}
        <table class="checks"><thead><tr><th scope="col">Status</th><th scope="col">Check</th><th scope="col">Expected</th><th scope="col">Actual</th></tr></thead>
        <tbody>{{#rows}}<tr><td><span class="pill {{status.style}}"><span aria-hidden="true">{{status.sign}}</span> {{status.word}}</span></td>\
        <th scope="row"><code>{{name}}</code> {{title}}
        <details><summary>Why and how</summary><p>{{requirement}} <cite>{{source}}</cite></p>\
        {{#remedy}}<p><strong>Remedy:</strong> {{remedy}}</p>{{/remedy}}\
        {{#hasEvidence}}<ul class="frames">{{#evidence}}<li>{{.}}</li>{{/evidence}}</ul>{{/hasEvidence}}<p class="caption">took {{took}}</p></details></th>\
        <td data-label="Expected">{{expected}}</td><td data-label="Actual">{{actual}}</td></tr>
        {{/rows}}</tbody></table>
        {{#isFolded}}</details>{{/isFolded}}
        {{/groups}}
        """
    )
}
