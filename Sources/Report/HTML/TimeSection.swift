import Measure
import Results

/// Latency and losses over the run, as lines and as a heat map.
enum TimeSection {
    private struct View {
        let chart: [HTMLChart]
        let isThinned: Bool
        let rows: [Row]
        let hasHeat: Bool
        let heats: [Heat]
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

    private struct Heat {
        let name: String
        let chart: [HTMLChart]
        let heads: [String]
        let rows: [HeatRow]
    }

    private struct HeatRow {
        let at: String
        let cells: [String]
    }

    /// All loads of one target.
    private struct Gathered {
        let name: String
        var rows: [Interval] = []
        var gap = 0.0
        var interval = 0.0
    }

    private struct Interval {
        let seconds: Double
        let sent: UInt64
        let answered: UInt64
        let lost: UInt64
        let p50: Int64?
        let p99: Int64?
        let bands: LatencyBands?
    }

    /// Rows of a heat map's table.
    private static let maximumHeatRows = 24
    /// A heat map for each of so many targets.
    private static let maximumHeats = 4

    static func make(_ summary: RunSummary, _ palette: TargetPalette, _ limits: PageLimits) -> HTMLSection? {
        let targets = gathered(summary.document)
        let chart = TimeChart(
            series: targets.map { target in
                .init(
                    name: target.name,
                    style: palette.style(of: target.name),
                    rows: target.rows.map {
                        .init(
                            seconds: $0.seconds,
                            p50: $0.p50.map(Double.init),
                            p99: $0.p99.map(Double.init),
                            lost: $0.lost
                        )
                    },
                    gap: target.gap
                )
            }
        )
        guard let drawn = HTMLChart(chart.render) else { return nil }
        let all = targets.flatMap { target in target.rows.map { (name: target.name, row: $0) } }
            .sorted { $0.row.seconds < $1.row.seconds }
        let begin = targets.compactMap { $0.rows.first.map(\.seconds) }.min() ?? 0
        let end = targets.compactMap { target in target.rows.last.map { $0.seconds + target.interval } }.max() ?? 0
        let heats = targets.prefix(maximumHeats).compactMap { heat($0, over: begin...max(end, begin + 1)) }
        return HTMLSection(
            anchor: "time",
            title: "Over time",
            markup: template.render(
                View(
                    chart: [drawn],
                    isThinned: all.count > limits.rows,
                    rows: thinned(all, to: limits.rows).map(row),
                    hasHeat: !heats.isEmpty,
                    heats: heats
                )
            )
        )
    }

    // MARK: The document

    private static func gathered(_ document: ResultDocument) -> [Gathered] {
        var targets: [Gathered] = []
        for load in document.load ?? [] {
            guard let series = load.series else { continue }
            let name = DisplayText.clean(load.target, limit: 60)
            if !targets.contains(where: { $0.name == name }) { targets.append(Gathered(name: name)) }
            guard let place = targets.firstIndex(where: { $0.name == name }) else { continue }
            targets[place].rows += intervals(series, start: document.started)
            let seconds = Double(max(series.intervalNanoseconds, 1)) / 1e9
            targets[place].gap = max(targets[place].gap, seconds * 1.6)
            targets[place].interval = max(targets[place].interval, seconds)
        }
        for index in targets.indices { targets[index].rows.sort { $0.seconds < $1.seconds } }
        return targets
    }

    private static func intervals(_ series: LoadSeries, start: Timestamp) -> [Interval] {
        let count =
            [series.offsetNanoseconds.count, series.sent.count, series.answered.count, series.timedOut.count].min() ?? 0
        // The difference as floating point: a damaged document may hold times that no integer can tell apart.
        let origin =
            series.started.map { (Double($0.realtimeNanoseconds) - Double(start.realtimeNanoseconds)) / 1e9 } ?? 0
        return (0..<count).map { index in
            func value(_ column: [Int64?]?) -> Int64? { column.flatMap { index < $0.count ? $0[index] : nil } }
            return Interval(
                seconds: max(0, origin + Double(series.offsetNanoseconds[index]) / 1e9),
                sent: series.sent[index],
                answered: series.answered[index],
                lost: series.timedOut[index],
                p50: value(series.p50),
                p99: value(series.p99),
                bands: bands(series, index)
            )
        }
    }

    /// How the latencies of an interval spread, from its counts or, where those are not kept, its histogram.
    private static func bands(_ series: LoadSeries, _ index: Int) -> LatencyBands? {
        if let heat = series.heat, index < heat.counts.count, heat.counts[index].count == heat.boundsNanoseconds.count {
            return LatencyBands(bounds: heat.boundsNanoseconds, counts: heat.counts[index])
        }
        guard let text = series.responseHDR.flatMap({ index < $0.count ? $0[index] : nil }) else { return nil }
        return (try? LatencyHistogram(hdrText: text)).map(LatencyBands.init)
    }

    // MARK: Tables

    private static func row(_ entry: (name: String, row: Interval)) -> Row {
        Row(
            name: entry.name,
            at: "\(Quantity.fixed(entry.row.seconds, 1)) s",
            sent: Quantity.count(entry.row.sent),
            answered: Quantity.count(entry.row.answered),
            lost: Quantity.count(entry.row.lost),
            p50: entry.row.p50.map { Quantity.duration($0) } ?? "–",
            p99: entry.row.p99.map { Quantity.duration($0) } ?? "–"
        )
    }

    /// Every so many intervals one, evenly over the run, and of those between the one with the largest p99 or losses.
    private static func thinned(
        _ all: [(name: String, row: Interval)],
        to most: Int
    ) -> [(name: String, row: Interval)] {
        let step = (all.count + most - 1) / most
        guard step > 1 else { return all }
        return stride(from: 0, to: all.count, by: step).compactMap { start in
            all[start..<min(start + step, all.count)].max {
                ($0.row.lost, $0.row.p99 ?? 0) < ($1.row.lost, $1.row.p99 ?? 0)
            }
        }
    }

    private static func heat(_ target: Gathered, over span: ClosedRange<Double>) -> Heat? {
        let rows = target.rows.compactMap { row in row.bands.map { (row.seconds, $0) } }
        let spread = rows.map(\.1).filter { !$0.counts.isEmpty }
        guard let first = spread.map(\.first).min(), let last = spread.map({ $0.first + $0.counts.count }).max() else {
            return nil
        }
        let width = last - first
        let chart = HeatChart(
            name: target.name,
            bounds: (first..<last).map(LatencyBands.bound),
            rows: rows.map { seconds, bands in
                var counts = [UInt64](repeating: 0, count: width)
                for (offset, count) in bands.counts.enumerated() { counts[bands.first - first + offset] = count }
                return HeatChart.Row(seconds: seconds, counts: counts)
            },
            interval: target.interval,
            span: span
        )
        guard let drawn = HTMLChart(chart.render) else { return nil }
        let columns = chart.columns(.narrow)
        let step = (columns.count + maximumHeatRows - 1) / maximumHeatRows
        let table = stride(from: 0, to: columns.count, by: max(step, 1)).map { start in
            let group = columns[start..<min(start + max(step, 1), columns.count)]
            let sums = (0..<width).map { band in
                group.reduce(UInt64(0)) { $0.addingReportingOverflow($1.counts[band]).partialValue }
            }
            return HeatRow(
                at: "\(Quantity.fixed(group[group.startIndex].start, 1)) s",
                cells: sums.map { $0 == 0 ? "" : Quantity.count($0) }
            )
        }
        return Heat(
            name: target.name,
            chart: [drawn],
            heads: chart.bounds.map { $0 == 0 ? "0" : Quantity.tick(Double($0)) },
            rows: table
        )
    }

    static let template = HTMLTemplate(
        """
        {{#chart}}<figure>{{{wide}}}{{{narrow}}}<figcaption>Lines are the 99th percentile of each interval, rings or thin lines \
        the median, red marks at the foot lost queries.</figcaption></figure>{{/chart}}
        <details><summary>The intervals as a table</summary>{{#isThinned}}<p class="caption">There are too many to show: \
        of neighbours the one with most losses or the largest p99 stands here.</p>{{/isThinned}}\
        <div class="scroll" tabindex="0" role="region" aria-label="Intervals"><table>
        <thead><tr><th scope="col" class="n">At</th><th scope="col">Target</th><th scope="col" class="n">Sent</th><th scope="col" class="n">Answered</th>\
        <th scope="col" class="n">Lost</th><th scope="col" class="n">p50</th><th scope="col" class="n">p99</th></tr></thead>
        <tbody>{{#rows}}<tr><td class="n">{{at}}</td><th scope="row">{{name}}</th><td class="n">{{sent}}</td><td class="n">{{answered}}</td>\
        <td class="n">{{lost}}</td><td class="n">{{p50}}</td><td class="n">{{p99}}</td></tr>{{/rows}}</tbody></table></div></details>
        {{#hasHeat}}<h3>How latency spread</h3>
        <p>Each column is a moment of the run, each cell a range of latencies; the stronger its colour, the more of that \
        moment's answers fell into it. A percentile hides a second cluster; this does not.</p>{{/hasHeat}}
        {{#heats}}
        {{#chart}}<figure>{{{wide}}}{{{narrow}}}</figure>{{/chart}}
        <details><summary>The spread of {{name}} as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Spread of {{name}}"><table>
        <caption>Answers by latency, each column from its time on</caption>
        <thead><tr><th scope="col" class="n">At</th>{{#heads}}<th scope="col" class="n">{{.}}</th>{{/heads}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row" class="n">{{at}}</th>{{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>{{/rows}}</tbody></table></div></details>
        {{/heats}}
        """
    )
}
