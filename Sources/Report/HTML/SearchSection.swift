import Results

/// The search for the highest rate: what was found, the chart of its trials and their table.
enum SearchSection {
    private struct View {
        let searches: [Search]
    }

    private struct Search {
        let target: String
        let sentence: String
        let goals: String
        let chart: [HTMLChart]
        let hasRows: Bool
        let rows: [Row]
    }

    private struct Row {
        let number: String
        let trial: SearchRow.Trial
        let status: HTMLStatus
        let confirming: String
    }

    static func make(_ summary: RunSummary) -> HTMLSection? {
        let searches = Array(SearchRow.all(in: summary.document).prefix(8))
        guard !searches.isEmpty else { return nil }
        let views = searches.map { search in
            let rows = search.trials.prefix(100).enumerated().map { index, trial in
                Row(
                    number: "\(index + 1)",
                    trial: trial,
                    status: HTMLStatus(trial.verdict),
                    confirming: trial.isConfirming ? "confirming" : ""
                )
            }
            return Search(
                target: search.target,
                sentence: search.sentence,
                goals: search.goals,
                chart: HTMLChart(SearchChart(search: search).render).map { [$0] } ?? [],
                hasRows: !rows.isEmpty,
                rows: rows
            )
        }
        return HTMLSection(
            anchor: "search",
            title: "Highest rate",
            markup: template.render(View(searches: views))
        )
    }

    static let template = HTMLTemplate(
        """
        {{#searches}}
        <h3>{{target}}: {{sentence}}</h3>
        <p>A rate meets the goals with {{goals}}.</p>
        {{#chart}}<figure>{{{wide}}}{{{narrow}}}<figcaption>One mark a trial. Dots met the goals, crosses missed one; \
        of a diamond the generator, not the server, was the limit. Long trials that confirm have a ring.</figcaption></figure>{{/chart}}
        {{#hasRows}}<div class="scroll" tabindex="0" role="region" aria-label="Trials on {{target}}"><table>
        <thead><tr><th scope="col" class="n">Trial</th><th scope="col" class="n">Asked/s</th><th scope="col" class="n">Answered/s</th>\
        <th scope="col" class="n">Lost</th><th scope="col" class="n">p50</th><th scope="col" class="n">p99</th>\
        <th scope="col" class="n">SERVFAIL</th><th scope="col">Goals</th><th scope="col">Why</th></tr></thead>
        <tbody>{{#rows}}<tr><th scope="row" class="n">{{number}}</th><td class="n">{{trial.asked}}</td><td class="n">{{trial.answered}}</td>\
        <td class="n">{{trial.lost}}</td><td class="n">{{trial.p50}}</td><td class="n">{{trial.p99}}</td><td class="n">{{trial.servfail}}</td>\
        <td><span class="pill {{status.style}}"><span aria-hidden="true">{{status.sign}}</span> {{status.word}}</span> {{confirming}}</td>\
        <td class="words">{{trial.detail}}</td></tr>
        {{/rows}}</tbody></table></div>{{/hasRows}}
        {{/searches}}
        """
    )
}
