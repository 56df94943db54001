/// What failed, each with expected, actual, remedy and evidence.
enum FailureSection {
    private struct View {
        let items: [Item]
        let more: String?
    }

    private struct Item {
        let kind: String
        let name: String?
        let title: String
        let status: HTMLStatus
        let expected: String
        let actual: String
        let remedy: String?
        let remedyLabel: String
        let source: String?
        let hasEvidence: Bool
        let evidence: [String]
    }

    static func make(_ summary: RunSummary, _ limits: PageLimits) -> HTMLSection? {
        let failures = summary.failures
        guard !failures.isEmpty else { return nil }
        let hidden = failures.count - limits.failures
        let items = failures.prefix(limits.failures).map { failure in
            Item(
                kind: failure.kind.rawValue,
                name: failure.kind == .check ? failure.id : nil,
                title: failure.title,
                status: HTMLStatus(failure.status),
                expected: failure.expected,
                actual: failure.actual,
                remedy: failure.remedy.nonEmpty,
                remedyLabel: failure.remedyLabel.prefix(1).uppercased() + failure.remedyLabel.dropFirst(),
                source: failure.source.nonEmpty,
                hasEvidence: !failure.evidence.isEmpty,
                evidence: failure.evidence
            )
        }
        return HTMLSection(
            anchor: "failures",
            title: failures.count == 1 ? summary.failureTitle : "\(summary.failureTitle) (\(failures.count))",
            markup: template.render(
                View(items: items, more: hidden > 0 ? "\(hidden) more are in the sections below." : nil)
            )
        )
    }

    static let template = HTMLTemplate(
        """
        {{#items}}
        <article class="failure {{status.style}}">
        <h3><span class="pill {{status.style}}"><span aria-hidden="true">{{status.sign}}</span> {{status.word}}</span> \
        {{#name}}<code>{{name}}</code> {{/name}}{{title}}</h3>
        <dl class="details">
        <div><dt>Expected</dt><dd>{{expected}}</dd></div>
        <div><dt>Actual</dt><dd>{{actual}}</dd></div>
        {{#remedy}}<div><dt>{{remedyLabel}}</dt><dd>{{remedy}}</dd></div>{{/remedy}}
        {{#source}}<div><dt>Source</dt><dd>{{source}}</dd></div>{{/source}}
        </dl>
        {{#hasEvidence}}
        <p class="caption">Evidence</p>
        <ul class="frames">{{#evidence}}<li>{{.}}</li>{{/evidence}}</ul>
        {{/hasEvidence}}
        </article>
        {{/items}}
        {{#more}}<p>{{more}}</p>{{/more}}
        """
    )
}
