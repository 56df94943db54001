import Results

/// What the gates say.
enum GateSection {
    private struct View {
        let hasLimits: Bool
        let rows: [Row]
        let waivers: [Waiver]
        let baseline: String?
        let hasAdvice: Bool
        let advice: [Row]
        let notes: [String]
    }

    private struct Row {
        let status: HTMLStatus
        let expression: String
        let actual: String
        let limit: String
        let remedy: String?

        init(_ outcome: GateRecord.Outcome, _ limits: PageLimits) {
            status = HTMLStatus(outcome.verdict.rawValue)
            expression = DisplayText.clean(outcome.expression, limit: limits.text)
            actual = DisplayText.clean(outcome.actual, limit: limits.text)
            limit = outcome.limit == outcome.expression ? "" : DisplayText.clean(outcome.limit, limit: limits.text)
            remedy =
                outcome.verdict == .pass
                ? nil : DisplayText.clean(outcome.remediation ?? "", limit: limits.text).nonEmpty
        }
    }

    private struct Waiver {
        let name: String
        let reason: String
        let until: String
    }

    static func make(_ summary: RunSummary, _ limits: PageLimits) -> HTMLSection? {
        guard let gate = summary.document.gate else { return nil }
        let rows = (gate.outcomes ?? []).prefix(limits.gates).map { Row($0, limits) }
        let advice = (gate.advice ?? []).prefix(limits.gates).map { Row($0, limits) }
        let notes = (gate.notes ?? []).prefix(limits.gates).map { DisplayText.clean($0, limit: limits.text) }
        let waivers = gate.waived.prefix(limits.gates).map { waiver in
            Waiver(
                name: DisplayText.clean(waiver.id),
                reason: DisplayText.clean(waiver.reason),
                until: waiver.expires.map { "until \(DisplayText.clean($0, limit: 20))" } ?? ""
            )
        }
        guard !rows.isEmpty || !waivers.isEmpty || !advice.isEmpty || !notes.isEmpty else { return nil }
        return HTMLSection(
            anchor: "gates",
            title: "Gates",
            markup: template.render(
                View(
                    hasLimits: rows.contains { !$0.limit.isEmpty },
                    rows: rows,
                    waivers: waivers,
                    baseline: gate.baselineSentence.map { DisplayText.clean($0, limit: limits.text) },
                    hasAdvice: !advice.isEmpty,
                    advice: advice,
                    notes: notes
                )
            )
        )
    }

    static let template = HTMLTemplate(
        """
        <div class="scroll" tabindex="0" role="region" aria-label="Gates with what was measured">
        <table class="wrap"><thead><tr><th scope="col">Verdict</th><th scope="col">Gate</th><th scope="col" class="n">Measured</th>{{#hasLimits}}<th scope="col" class="n">Allowed</th>{{/hasLimits}}</tr></thead>
        <tbody>{{#rows}}<tr><td><span class="pill {{status.style}}"><span aria-hidden="true">{{status.sign}}</span> {{status.word}}</span></td>\
        <th scope="row"><code>{{expression}}</code>{{#remedy}}<br><span class="caption">{{remedy}}</span>{{/remedy}}</th><td class="n">{{actual}}</td>{{#hasLimits}}<td class="n">{{limit}}</td>{{/hasLimits}}</tr>
        {{/rows}}</tbody></table></div>
        {{#waivers}}<p>Waived: <code>{{name}}</code>, {{reason}} {{until}}</p>{{/waivers}}
        {{#baseline}}<p class="caption">Baseline: {{baseline}}.</p>{{/baseline}}
        {{#hasAdvice}}<h3>Advice, which closes nothing</h3>
        <div class="scroll" tabindex="0" role="region" aria-label="Advice with what was measured">
        <table class="wrap"><thead><tr><th scope="col">Verdict</th><th scope="col">Held against</th><th scope="col" class="n">Measured</th><th scope="col" class="n">Expected</th></tr></thead>
        <tbody>{{#advice}}<tr><td><span class="pill {{status.style}}"><span aria-hidden="true">{{status.sign}}</span> {{status.word}}</span></td>\
        <th scope="row"><code>{{expression}}</code>{{#remedy}}<br><span class="caption">{{remedy}}</span>{{/remedy}}</th><td class="n">{{actual}}</td><td class="n">{{limit}}</td></tr>
        {{/advice}}</tbody></table></div>{{/hasAdvice}}
        {{#notes}}<p class="caption">Note: {{.}}</p>{{/notes}}
        """
    )
}
