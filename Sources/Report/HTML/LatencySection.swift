import Measure
import Results

/// Response latency: the percentile plot, its numbers, and what became of the queries.
enum LatencySection {
    private struct View {
        let chart: [HTMLChart]
        let shares: String
        let heads: [String]
        let rows: [Row]
        let more: String?
        let loads: [Load]
        let isThin: Bool
    }

    private struct Row {
        let name: String
        let look: String
        let queries: String
        let values: [String]
    }

    private struct Load {
        let name: String
        let offered: String
        let achieved: String
        let scheduled: String
        let answered: String
        let lost: String
        let other: String
        let remarks: String
        let rcodes: String
        let service: String
        let lag: String
    }

    /// Targets, phases and transports that the tables show.
    private static let maximumRows = 60
    /// Loads of one row whose remarks are told.
    private static let maximumRemarks = 8
    private static let percentiles: [Double] = [50, 75, 90, 99, 99.9, 99.99]

    static func make(_ summary: RunSummary, _ palette: TargetPalette) -> HTMLSection? {
        guard !summary.latencies.isEmpty else { return nil }
        let hasPhases = Set(summary.latencies.map { $0.phase + $0.transport }).count > 1
        func name(_ row: LatencyRow) -> String {
            hasPhases ? "\(row.markedTarget), \(row.phase), \(row.transport)" : row.markedTarget
        }
        // One curve a target: the phase with most answers speaks for it.
        var curves: [LatencyRow] = []
        for row in summary.latencies.sorted(by: { ($0.histogram?.count ?? 0) > ($1.histogram?.count ?? 0) })
        where row.histogram != nil && !curves.contains(where: { $0.target == row.target }) {
            curves.append(row)
        }
        curves.sort { palette.style(of: $0.target) < palette.style(of: $1.target) }
        let series = curves.compactMap { row in
            row.histogram.map {
                PercentileChart.Series(name: name(row), histogram: $0, style: palette.style(of: row.target))
            }
        }
        let shown = summary.latencies.prefix(maximumRows)
        let rows = shown.map { row in
            Row(
                name: name(row),
                look: "s\(palette.style(of: row.target))",
                queries: Quantity.count(row.counters.answered),
                values: percentiles.map { value(row, $0) }
                    + [row.value(percentile: 100).map { Quantity.duration($0) } ?? "–"]
            )
        }
        let isThin = summary.latencies.contains { row in percentiles.contains { !row.supports(percentile: $0) } }
        let view = View(
            chart: HTMLChart(PercentileChart(series: series).render).map { [$0] } ?? [],
            shares: SharesFigure.make(series, subject: "Response latency"),
            heads: percentiles.map(Quantity.percentile) + ["max"],
            rows: Array(rows),
            more: summary.latencies.count > maximumRows
                ? "\(summary.latencies.count - maximumRows) more are in the document." : nil,
            loads: shown.map { load($0, name($0)) },
            isThin: isThin
        )
        return HTMLSection(anchor: "latency", title: "Response latency", markup: template.render(view))
    }

    private static func value(_ row: LatencyRow, _ percentile: Double) -> String {
        guard let value = row.value(percentile: percentile) else { return "–" }
        return row.supports(percentile: percentile) ? Quantity.duration(value) : "(\(Quantity.duration(value)))"
    }

    private static func load(_ row: LatencyRow, _ name: String) -> Load {
        let counters = row.counters
        let others: [(UInt64, String)] = [
            (counters.unsent, "unsent"), (counters.sendErrors, "send errors"), (counters.interrupted, "interrupted"),
            (counters.mismatched, "mismatched"), (counters.malformed, "malformed"), (counters.late, "late"),
        ]
        let some = row.loads.prefix(maximumRemarks)
        let losses = some.compactMap(\.loss).filter { $0.lost > 0 }
        let wrong = some.compactMap(\.verification).filter { $0.failed > 0 }
        let remarks =
            some.flatMap { $0.wire?.remarks ?? [] } + wrong.map { "\($0.failed) wrong answers (\($0.faults))" }
            + losses.map { "blame for \($0.lost) lost: \($0.shares)" } + [row.generatorSentence].compactMap { $0 }
            + some.compactMap { $0.capture?.sentence }
        let other = others.filter { $0.0 > 0 }.map { "\(Quantity.count($0.0)) \($0.1)" }.joined(separator: ", ")
        let rcodes = row.rcodes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8).map {
            "\(DisplayText.clean($0.key, limit: 20)) \(Quantity.count($0.value))"
        }
        return Load(
            name: name,
            offered: Quantity.rate(row.offeredQPS),
            achieved: Quantity.rate(row.achievedQPS),
            scheduled: Quantity.count(counters.scheduled),
            answered: Quantity.count(counters.answered),
            lost: "\(Quantity.count(counters.timedOut)) (\(Quantity.percent(row.lossFraction)))",
            other: other.isEmpty ? "none" : other,
            remarks: remarks.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }.joined(separator: "; "),
            rcodes: rcodes.joined(separator: ", "),
            service: tail(row.loads.map(\.latency.service)),
            lag: tail(row.loads.map(\.latency.sendLag))
        )
    }

    /// The 99th percentile over several summaries; of one, as it is stated.
    private static func tail(_ summaries: [LatencySummary]) -> String {
        if summaries.count == 1 { return Quantity.duration(summaries[0].p99) }
        var merged = LatencyHistogram()
        for summary in summaries {
            do { try merged.merge(hdrText: summary.hdr) } catch { return "–" }
        }
        return Quantity.duration(merged.value(percentile: 99))
    }

    static let template = HTMLTemplate(
        """
        <p>Latency counts from the moment at which a query was meant to be sent, so that a generator that is held up \
        cannot hide it.</p>
        {{#chart}}<figure>{{{wide}}}{{{narrow}}}<figcaption>Further right is rarer; each step is ten times as rare. \
        Thin dotted ends rest on fewer than ten answers.</figcaption></figure>{{/chart}}
        <div class="scroll" tabindex="0" role="region" aria-label="Percentiles of the response latency">
        <table><thead><tr><th scope="col">Target</th><th scope="col" class="n">Answers</th>{{#heads}}<th scope="col" class="n">{{.}}</th>{{/heads}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row"><span class="swatch {{look}}" aria-hidden="true"></span>{{name}}</th>\
        <td class="n">{{queries}}</td>{{#values}}<td class="n">{{.}}</td>{{/values}}</tr>
        {{/rows}}</tbody></table></div>
        {{#more}}<p class="caption">{{more}}</p>{{/more}}
        {{#isThin}}<p class="caption">In brackets: fewer than ten answers lie above, so that it is one outlier's luck.</p>{{/isThin}}
        {{{shares}}}
        <h3>What became of the queries</h3>
        <div class="scroll" tabindex="0" role="region" aria-label="What became of the queries">
        <table><thead><tr><th scope="col">Target</th><th scope="col" class="n">Asked/s</th><th scope="col" class="n">Answered/s</th>\
        <th scope="col" class="n">Scheduled</th><th scope="col" class="n">Answered</th><th scope="col" class="n">Lost</th>\
        <th scope="col" class="n">Service p99</th><th scope="col" class="n">Send lag p99</th><th scope="col">Rcodes</th><th scope="col">Other</th></tr></thead>
        <tbody>{{#loads}}<tr><th scope="row">{{name}}</th><td class="n">{{offered}}</td><td class="n">{{achieved}}</td><td class="n">{{scheduled}}</td>\
        <td class="n">{{answered}}</td><td class="n">{{lost}}</td><td class="n">{{service}}</td><td class="n">{{lag}}</td><td class="words">{{rcodes}}</td><td class="words">{{other}}</td></tr>
        {{/loads}}</tbody></table></div>
        {{#loads}}{{#remarks}}<p class="caption">{{name}}: {{remarks}}.</p>{{/remarks}}{{/loads}}
        """
    )
}
