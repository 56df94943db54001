import Results

/// Latency and losses over the run.
enum TimeSection {
    private struct View {
        let chart: [HTMLChart]
        let rows: [Row]
    }

    private struct Row {
        let name: String
        let at: String
        let sent: String
        let answered: String
        let lost: String
        let p50: String
        let p99: String
    }

    /// The table behind the chart stays readable; the document has every row.
    private static let maximumRows = 240

    static func make(_ summary: RunSummary, _ palette: TargetPalette) -> HTMLSection? {
        let start = summary.document.started
        var byTarget: [(name: String, rows: [TimeChart.Series.Row], gap: Double)] = []
        var table: [(seconds: Double, row: Row)] = []
        for load in summary.document.load ?? [] {
            guard let series = load.series else { continue }
            let name = DisplayText.clean(load.target, limit: 60)
            let origin = series.started.map { Double($0.realtimeNanoseconds - start.realtimeNanoseconds) / 1e9 } ?? 0
            var rows: [TimeChart.Series.Row] = []
            let count =
                [series.offsetNanoseconds.count, series.sent.count, series.answered.count, series.timedOut.count].min()
                ?? 0
            for index in 0..<count {
                let seconds = max(0, origin + Double(series.offsetNanoseconds[index]) / 1e9)
                let p50 = series.p50.flatMap { index < $0.count ? $0[index] : nil }
                let p99 = series.p99.flatMap { index < $0.count ? $0[index] : nil }
                rows.append(
                    .init(
                        seconds: seconds,
                        p50: p50.map(Double.init),
                        p99: p99.map(Double.init),
                        lost: series.timedOut[index]
                    )
                )
                table.append(
                    (
                        seconds,
                        Row(
                            name: name,
                            at: "\(Quantity.fixed(seconds, 1)) s",
                            sent: Quantity.count(series.sent[index]),
                            answered: Quantity.count(series.answered[index]),
                            lost: Quantity.count(series.timedOut[index]),
                            p50: p50.map { Quantity.duration($0) } ?? "–",
                            p99: p99.map { Quantity.duration($0) } ?? "–"
                        )
                    )
                )
            }
            let gap = Double(series.intervalNanoseconds) / 1e9 * 1.6
            if let place = byTarget.firstIndex(where: { $0.name == name }) {
                byTarget[place].rows += rows
                byTarget[place].gap = max(byTarget[place].gap, gap)
            } else {
                byTarget.append((name, rows, gap))
            }
        }
        let chart = TimeChart(
            series: byTarget.map { entry in
                .init(
                    name: entry.name,
                    style: palette.style(of: entry.name),
                    rows: entry.rows.sorted { $0.seconds < $1.seconds },
                    gap: entry.gap
                )
            }
        )
        guard let drawn = HTMLChart(chart.render) else { return nil }
        let rows = table.sorted { $0.seconds < $1.seconds }.prefix(maximumRows).map(\.row)
        return HTMLSection(
            anchor: "time",
            title: "Over time",
            markup: template.render(View(chart: [drawn], rows: Array(rows)))
        )
    }

    static let template = HTMLTemplate(
        """
        {{#chart}}<figure>{{{wide}}}{{{narrow}}}<figcaption>Lines are the 99th percentile of each interval, rings or thin lines \
        the median, red marks at the foot lost queries.</figcaption></figure>{{/chart}}
        <details><summary>The intervals as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Intervals"><table>
        <thead><tr><th scope="col" class="n">At</th><th scope="col">Target</th><th scope="col" class="n">Sent</th><th scope="col" class="n">Answered</th>\
        <th scope="col" class="n">Lost</th><th scope="col" class="n">p50</th><th scope="col" class="n">p99</th></tr></thead>
        <tbody>{{#rows}}<tr><td class="n">{{at}}</td><th scope="row">{{name}}</th><td class="n">{{sent}}</td><td class="n">{{answered}}</td>\
        <td class="n">{{lost}}</td><td class="n">{{p50}}</td><td class="n">{{p99}}</td></tr>{{/rows}}</tbody></table></div></details>
        """
    )
}
