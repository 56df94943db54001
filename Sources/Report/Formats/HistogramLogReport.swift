import Measure
package import Results

/// The latency histograms as an HdrHistogram interval log, version 1.3: a line each, tagged `target.phase.kind`.
///
/// Response and service latencies have a line for each interval of the series where the document holds their histograms,
/// else one for the whole load, as the send lag always has. Lines come in the order of their start, which readers ask
/// for. Values are nanoseconds, the column `Interval_Max` is milliseconds. Source: HdrHistogram/HdrHistogram
/// `HistogramLogWriter.java` and `HistogramLogReader.java`.
package enum HistogramLogReport {
    private struct Line {
        /// Nanoseconds since the run began.
        let start: Int64
        let text: String

        init(tag: String, start: Int64, length: Int64, max: Int64, hdr: String) {
            self.start = start
            text =
                "Tag=\(tag),\(CSVReport.decimalSeconds(start)),\(CSVReport.decimalSeconds(length)),"
                + "\(CSVReport.decimalSeconds(max.multipliedReportingOverflow(by: 1_000).partialValue)),\(hdr)"
        }
    }

    /// Renders a document.
    package static func render(_ document: ResultDocument) -> String {
        let base = document.started.realtimeNanoseconds
        let head = [
            "#[Histogram log format version 1.3]", "#[nldns \(DisplayText.clean(document.tool.version, limit: 40))]",
            "#[StartTime: \(CSVReport.decimalSeconds(base)) (seconds since epoch)]",
            "#[BaseTime: \(CSVReport.decimalSeconds(base)) (seconds since epoch)]",
            "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"",
        ]
        var lines: [Line] = []
        for load in document.load ?? [] {
            let start = load.series?.started.map { $0.realtimeNanoseconds &- base } ?? 0
            func tag(_ kind: String) -> String {
                String("\(load.target).\(load.phase).\(kind)".map { ", \n\r".contains($0) ? "_" : $0 })
            }
            for (kind, summary, column) in [
                ("response", load.latency.response, load.series?.responseHDR),
                ("service", load.latency.service, load.series?.serviceHDR), ("send_lag", load.latency.sendLag, nil),
            ] where summary.count > 0 {
                if let series = load.series, let column, column.contains(where: { $0 != nil }) {
                    lines += intervals(column, of: series, in: load, tag: tag(kind), start: start)
                } else {
                    lines.append(
                        Line(
                            tag: tag(kind),
                            start: start,
                            length: load.durationNanoseconds,
                            max: summary.max,
                            hdr: summary.hdr
                        )
                    )
                }
            }
        }
        // Sorting keeps the order of equals.
        return (head + lines.sorted { $0.start < $1.start }.map(\.text)).joined(separator: "\n") + "\n"
    }

    private static func intervals(
        _ column: [String?],
        of series: LoadSeries,
        in load: LoadRecord,
        tag: String,
        start: Int64
    ) -> [Line] {
        var lines: [Line] = []
        // Rows with answers and no text are part of the next row that has one.
        var first: Int64?
        for row in column.indices.prefix(min(series.offsetNanoseconds.count, series.answered.count)) {
            let offset = series.offsetNanoseconds[row]
            if first == nil, series.answered[row] > 0 { first = offset }
            guard let text = column[row] else { continue }
            var end = offset &+ series.intervalNanoseconds
            // The last interval ends with its load.
            if row == column.count - 1, load.durationNanoseconds > offset { end = min(end, load.durationNanoseconds) }
            let begin = first ?? offset
            lines.append(
                Line(
                    tag: tag,
                    start: start &+ begin,
                    length: end &- begin,
                    max: (try? LatencyHistogram(hdrText: text))?.max ?? 0,
                    hdr: text
                )
            )
            first = nil
        }
        return lines
    }
}
