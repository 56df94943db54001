import Glibc
import Measure
import Results

extension TerminalReport {
    /// Small charts below the table of latencies: the 99th percentile over the run, and how latency spread.
    static func charts(_ summary: RunSummary, on page: inout TerminalPage) {
        let hasPhases = Set(summary.latencies.map { $0.phase + $0.transport }).count > 1
        let rows = summary.latencies.prefix(6).map { row in
            (name: hasPhases ? "\(row.markedTarget) \(row.phase)/\(row.transport)" : row.markedTarget, row: row)
        }
        overTime(rows, on: &page)
        spread(rows, on: &page)
    }

    private static func overTime(_ rows: [(name: String, row: LatencyRow)], on page: inout TerminalPage) {
        let series = rows.map { entry in
            (name: entry.name, values: entry.row.loads.flatMap { $0.series?.p99 ?? [] })
        }.filter { entry in entry.values.count { $0.map { $0 > 0 } ?? false } > 2 }
        let all = series.flatMap { $0.values.compactMap(\.self) }.filter { $0 > 0 }
        guard let low = all.min(), let high = all.max() else { return }
        let range = log(Double(low))...log(Double(max(high, low + 1)))
        var table = TextTable(columns: [.left, .left, .left])
        for entry in series {
            let known = entry.values.compactMap(\.self).filter { $0 > 0 }
            let logs = entry.values.map { value in value.flatMap { $0 > 0 ? log(Double($0)) : nil } }
            table.append([
                entry.name,
                Sparkline.draw(Sparkline.joined(logs, cells: page.chartCells), in: range, unicode: page.unicode),
                "\(Quantity.duration(known.min() ?? 0)) … \(Quantity.duration(known.max() ?? 0))",
            ])
        }
        page.paragraph("p99 over the run", indent: 2)
        page.table(table, header: false)
    }

    private static func spread(_ rows: [(name: String, row: LatencyRow)], on page: inout TerminalPage) {
        let spreads = rows.compactMap { entry -> (name: String, bands: LatencyBands)? in
            guard let bands = entry.row.histogram.map(LatencyBands.init), !bands.counts.isEmpty else { return nil }
            return (entry.name, bands)
        }
        guard let first = spreads.map(\.bands.first).min(),
            let end = spreads.map({ $0.bands.first + $0.bands.counts.count }).max(), end - first > 1
        else { return }
        var table = TextTable(columns: [.left, .left, .left])
        for entry in spreads {
            let most = Double(entry.bands.counts.max() ?? 1)
            // One answer in a thousand is still seen: heights are those of the roots.
            let heights = (first..<end).map { band -> Double? in
                let place = band - entry.bands.first
                guard entry.bands.counts.indices.contains(place), entry.bands.counts[place] > 0 else { return nil }
                return (Double(entry.bands.counts[place]) / most).squareRoot()
            }
            table.append([
                entry.name, Sparkline.draw(heights, in: 0...1, unicode: page.unicode),
                "\(Quantity.tick(Double(LatencyBands.bound(first)))) … \(Quantity.tick(Double(LatencyBands.bound(end))))",
            ])
        }
        page.paragraph("how latency spread, two signs an octave", indent: 2)
        page.table(table, header: false)
    }
}
