import Glibc
import Measure
import Results

/// A against B: the table of ratios with intervals, the forest plot, and the pairs in run order.
enum ComparisonSection {
    private struct View {
        let a: String
        let b: String
        let method: String
        let pairs: String
        let verdict: String?
        let design: String?
        let intervalName: String
        let discardReason: String?
        let rows: [Row]
        let forest: [HTMLChart]
        let dots: [HTMLChart]
        let hasPairs: Bool
        let pairRows: [PairRow]
        let pairHeads: [String]
    }

    private struct Row {
        let metric: String
        let a: String
        let b: String
        let ratio: String
        let interval: String
        let p: String
        let margin: String
        let detectable: String
        let status: HTMLStatus
    }

    private struct PairRow {
        let number: String
        let order: String
        let ratios: [String]
    }

    static func make(_ summary: RunSummary, _ palette: TargetPalette) -> HTMLSection? {
        guard let comparison = summary.document.comparison, !comparison.metrics.isEmpty else { return nil }
        let a = DisplayText.clean(comparison.a ?? "A", limit: 60)
        let b = DisplayText.clean(comparison.b ?? "B", limit: 60)
        let forest = ForestChart(
            a: a,
            b: b,
            rows: comparison.metrics.compactMap { metric in
                guard metric.metric != .loss, let ratio = metric.ratio, let low = metric.ciLow, let high = metric.ciHigh
                else { return nil }
                return ForestChart.Row(
                    name: metric.metric.displayName,
                    ratio: ratio,
                    low: low,
                    high: high,
                    margin: metric.margin ?? 0,
                    verdict: metric.verdict.rawValue
                )
            }
        )
        let paired = comparison.metrics.filter { ($0.logRatios?.count ?? 0) > 1 }
        let dots = PairChart(
            a: a,
            b: b,
            series: paired.filter { [.p50, .p99].contains($0.metric) }.enumerated().map { index, metric in
                .init(name: metric.metric.displayName, style: index + 2, logRatios: metric.logRatios ?? [])
            }
        )
        let view = View(
            a: a,
            b: b,
            method: DisplayText.clean(comparison.method),
            pairs: comparison.pairSentence,
            verdict: comparison.verdict?.rawValue,
            design: comparison.designSentence,
            intervalName: comparison.intervalName,
            discardReason: comparison.discardReason,
            rows: comparison.metrics.map { row($0, of: comparison) },
            forest: HTMLChart(forest.render).map { [$0] } ?? [],
            dots: HTMLChart(dots.render).map { [$0] } ?? [],
            hasPairs: !paired.isEmpty,
            pairRows: pairRows(paired, comparison.order ?? []),
            pairHeads: paired.map(\.metric.displayName)
        )
        return HTMLSection(anchor: "comparison", title: "\(b) against \(a)", markup: template.render(view))
    }

    private static func row(_ metric: MetricRecord, of comparison: ComparisonRecord) -> Row {
        Row(
            metric: metric.metric.displayName
                + (comparison.verdict != nil && metric.isGated == false ? " (not gated)" : ""),
            a: metric.metric.display(metric.a),
            b: metric.metric.display(metric.b),
            ratio: Quantity.ratio(metric.ratio),
            interval: metric.displayInterval,
            p: Quantity.probability(metric.pHolm ?? metric.p),
            margin: metric.displayMargin,
            detectable: metric.detectable.map { Quantity.percent($0) } ?? "–",
            status: HTMLStatus(metric.verdict.rawValue)
        )
    }

    private static func pairRows(_ metrics: [MetricRecord], _ order: [String]) -> [PairRow] {
        let count = min(metrics.compactMap { $0.logRatios?.count }.max() ?? 0, 200)
        let isWhole = order.count == count
        return (0..<count).map { index in
            PairRow(
                number: "\(index + 1)",
                order: isWhole ? DisplayText.clean(order[index], limit: 4) : "",
                ratios: metrics.map { metric in
                    guard let values = metric.logRatios, index < values.count else { return "–" }
                    return Quantity.ratio(exp(min(max(values[index], -20), 20)))
                }
            )
        }
    }

    static let template = HTMLTemplate(
        """
        <p>{{#verdict}}All in all: <strong>{{verdict}}</strong>. {{/verdict}}Each ratio is {{b}} over {{a}}: below 1 × is \
        less. {{pairs}}.{{#design}} {{design}}{{/design}}</p>
        {{#discardReason}}<p class="note">Left out: {{discardReason}}</p>{{/discardReason}}
        <div class="scroll" tabindex="0" role="region" aria-label="Metrics of {{b}} and {{a}}">
        <table>
        <thead><tr><th scope="col">Metric</th><th scope="col">Verdict</th><th scope="col" class="n">{{a}}</th><th scope="col" class="n">{{b}}</th>\
        <th scope="col" class="n">Ratio</th><th scope="col" class="n">{{intervalName}}</th><th scope="col" class="n">p (Holm)</th>\
        <th scope="col" class="n">Counts from</th><th scope="col" class="n">Could have seen</th></tr></thead>
        <tbody>
        {{#rows}}<tr><th scope="row">{{metric}}</th>\
        <td><span class="pill {{status.style}}"><span aria-hidden="true">{{status.sign}}</span> {{status.word}}</span></td><td class="n">{{a}}</td><td class="n">{{b}}</td><td class="n">{{ratio}}</td>\
        <td class="n">{{interval}}</td><td class="n">{{p}}</td><td class="n">{{margin}}</td><td class="n">{{detectable}}</td></tr>
        {{/rows}}
        </tbody></table></div>
        {{#forest}}<figure>{{{wide}}}{{{narrow}}}<figcaption>A dot is the estimate, its bar the interval, the band a \
        change that does not count.</figcaption></figure>{{/forest}}
        {{#dots}}<figure>{{{wide}}}{{{narrow}}}<figcaption>One dot a pair, in the order of the run. A slope is drift, \
        a lone dot an outlier.</figcaption></figure>{{/dots}}
        {{#hasPairs}}<details><summary>The pairs as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Ratios of the pairs"><table>
        <thead><tr><th scope="col" class="n">Pair</th><th scope="col">Order</th>{{#pairHeads}}<th scope="col" class="n">{{.}}</th>{{/pairHeads}}</tr></thead>
        <tbody>{{#pairRows}}<tr><th scope="row" class="n">{{number}}</th><td>{{order}}</td>{{#ratios}}<td class="n">{{.}}</td>{{/ratios}}</tr>{{/pairRows}}</tbody>
        </table></div></details>{{/hasPairs}}
        <p class="caption">{{method}}.</p>
        """
    )
}
