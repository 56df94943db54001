import Measure
import Results

/// Hits and misses apart, as the wire tells them: from the packet that asked the cache to the one that answered.
enum HitSection {
    private struct View {
        let chart: [HTMLChart]
        let shares: String
        let heads: [String]
        let rows: [Row]
    }

    private struct Row {
        let name: String
        let look: String
        let count: String
        let values: [String]
    }

    private static let percentiles: [Double] = [50, 90, 99, 99.9]
    private static let kinds = [("hit", "hits, from the cache", 3), ("miss", "misses, asked upstream", 2)]

    static func make(_ summary: RunSummary) -> HTMLSection? {
        guard let latency = summary.document.capture?.detail?.latency else { return nil }
        let series = kinds.compactMap { key, name, style -> PercentileChart.Series? in
            guard let histogram = try? latency[key]?.histogram(), !histogram.isEmpty else { return nil }
            return PercentileChart.Series(name: name, histogram: histogram, style: style)
        }
        guard !series.isEmpty else { return nil }
        let subject = "Latency at the cache"
        let rows = series.map { item in
            Row(
                name: item.name,
                look: "s\(item.style)",
                count: Quantity.count(item.histogram.count),
                values: percentiles.map { percentile in
                    let value = Quantity.duration(item.histogram.value(percentile: percentile))
                    return item.histogram.supports(percentile: percentile) ? value : "(\(value))"
                } + [Quantity.duration(item.histogram.max)]
            )
        }
        return HTMLSection(
            anchor: "hits",
            title: "Hits and misses",
            markup: template.render(
                View(
                    chart: HTMLChart(PercentileChart(series: series, subject: subject).render).map { [$0] } ?? [],
                    shares: SharesFigure.make(series, subject: subject),
                    heads: percentiles.map(Quantity.percentile) + ["max"],
                    rows: rows
                )
            )
        )
    }

    static let template = HTMLTemplate(
        """
        <p>The capture tells hits from misses: a miss is a query that made the cache ask upstream. These times run from \
        packet to packet on the node, so that nothing of the client is in them, and are those of all that was captured, checks and proofs included.</p>
        {{#chart}}<figure>{{{wide}}}{{{narrow}}}<figcaption>Where the curve of the misses begins is what an answer from \
        upstream costs.</figcaption></figure>{{/chart}}
        <div class="scroll" tabindex="0" role="region" aria-label="Percentiles of hits and misses">
        <table><thead><tr><th scope="col">Answers</th><th scope="col" class="n">Count</th>{{#heads}}<th scope="col" class="n">{{.}}</th>{{/heads}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row"><span class="swatch {{look}}" aria-hidden="true"></span>{{name}}</th>\
        <td class="n">{{count}}</td>{{#values}}<td class="n">{{.}}</td>{{/values}}</tr>
        {{/rows}}</tbody></table></div>
        {{{shares}}}
        """
    )
}
