import Results

/// Lookups as applications do them: how long they took, and what the search list cost.
enum LookupSection {
    private struct View {
        let rows: [Row]
        let steps: [Step]
    }

    private struct Row {
        let name: String
        let scheduled: String
        let values: [String]
        let wasted: String
        let ends: String
    }

    private struct Step {
        let name: String
        let domain: String
        let queries: String
        let nxdomain: String
    }

    static func make(_ summary: RunSummary) -> HTMLSection? {
        let lookups = Array(LookupRow.all(in: summary.document).prefix(40))
        guard !lookups.isEmpty else { return nil }
        let rows = lookups.map { lookup in
            Row(
                name: lookup.name,
                scheduled: lookup.scheduled,
                values: lookup.latencies + lookup.queries,
                wasted: lookup.wasted,
                ends: ([lookup.ends] + lookup.remarks).joined(separator: ", ")
            )
        }
        let records = (summary.document.load ?? []).compactMap(\.lookup)
        let steps = zip(lookups, records).flatMap { lookup, record in
            record.amplification.bySearchStep.prefix(64).map { step in
                Step(
                    name: lookup.name,
                    domain: step.domain.map { DisplayText.clean($0, limit: 100) } ?? "the name as it is",
                    queries: Quantity.count(step.queries),
                    nxdomain: Quantity.count(step.nxdomain)
                )
            }
        }
        return HTMLSection(
            anchor: "lookups",
            title: "Lookups",
            markup: template.render(View(rows: rows, steps: steps))
        )
    }

    static let template = HTMLTemplate(
        """
        <p>A lookup is what an application's getaddrinfo does: search list, A and AAAA, repeats and time-outs. Its \
        latency counts from the moment at which it was meant to begin.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Latency and cost of lookups">
        <table><thead><tr><th scope="col">Load</th><th scope="col" class="n">Lookups</th><th scope="col" class="n">p50</th>\
        <th scope="col" class="n">p99</th><th scope="col" class="n">p99.9</th><th scope="col" class="n">Queries each</th>\
        <th scope="col" class="n">median</th><th scope="col" class="n">p99</th><th scope="col" class="n">most</th>\
        <th scope="col" class="n">Wasted on NXDOMAIN</th><th scope="col">What became of them</th></tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{name}}</th><td class="n">{{scheduled}}</td>{{#values}}<td class="n">{{.}}</td>{{/values}}\
        <td class="n">{{wasted}}</td><td class="words">{{ends}}</td></tr>
        {{/rows}}</tbody></table></div>
        <h3>What the search list cost</h3>
        <div class="scroll" tabindex="0" role="region" aria-label="Queries by search domain">
        <table><thead><tr><th scope="col">Load</th><th scope="col">Search domain</th><th scope="col" class="n">Queries</th>\
        <th scope="col" class="n">NXDOMAIN</th></tr></thead>
        <tbody>{{#steps}}<tr><th scope="row">{{name}}</th><td class="words">{{domain}}</td><td class="n">{{queries}}</td>\
        <td class="n">{{nxdomain}}</td></tr>
        {{/steps}}</tbody></table></div>
        """
    )
}
