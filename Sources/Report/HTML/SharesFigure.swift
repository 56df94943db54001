import Measure

/// The empirical distribution of some latencies as a figure, with the table that holds its numbers.
enum SharesFigure {
    private struct View {
        let chart: [HTMLChart]
        let label: String
        let heads: [String]
        let rows: [Row]
    }

    private struct Row {
        let name: String
        let cells: [String]
    }

    /// The markup; empty where nothing was answered.
    static func make(_ series: [PercentileChart.Series], subject: String) -> String {
        guard let chart = HTMLChart(CumulativeChart(series: series, subject: subject).render) else { return "" }
        let table = CumulativeChart.table(series)
        return template.render(
            View(
                chart: [chart],
                label: "\(subject), share of answers by latency",
                heads: table.heads,
                rows: table.rows.map { Row(name: $0.name, cells: $0.shares) }
            )
        )
    }

    static let template = HTMLTemplate(
        """
        {{#chart}}<figure>{{{wide}}}{{{narrow}}}<figcaption>How many of all answers came within the time below. \
        A steep part is one kind of answer, such as those from the cache; a step further right is another.</figcaption></figure>{{/chart}}
        <details><summary>The shares as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="{{label}}"><table>
        <thead><tr><th scope="col">Within</th>{{#heads}}<th scope="col" class="n">{{.}}</th>{{/heads}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{name}}</th>{{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>{{/rows}}</tbody></table></div></details>
        """
    )
}
