import Measure
package import Results

/// The latency histograms as an HdrHistogram interval log, version 1.3: a line each, tagged `target.phase.kind`.
///
/// Response and service latencies, of queries and of lookups, have a line for each interval of the series where the
/// document holds their histograms, else one for the whole load, as the send lag always has. Lines come in the order of their start, which readers ask
/// for. Values are nanoseconds, the column `Interval_Max` is milliseconds. Source: HdrHistogram/HdrHistogram
/// `HistogramLogWriter.java` and `HistogramLogReader.java`.
package enum HistogramLogReport {
    /// One kind of latency of a load.
    private struct Kind {
        let name: String
        /// Of the whole load.
        let summary: LatencySummary
        /// Of each interval as text, if the document has that.
        var texts: [String?]?
        /// How many latencies each interval has.
        var counts: [UInt64] = []
    }

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
                let words = [load.target, load.phase].map { DisplayText.clean($0, limit: 60) } + [kind]
                return String(words.joined(separator: ".").map { ", ".contains($0) ? "_" : $0 })
            }
            for kind in kinds(of: load) where kind.summary.count > 0 {
                if let series = load.series, let texts = kind.texts, texts.contains(where: { $0 != nil }) {
                    lines += intervals(texts, kind.counts, of: series, in: load, tag: tag(kind.name), start: start)
                } else {
                    lines.append(
                        Line(
                            tag: tag(kind.name),
                            start: start,
                            length: load.durationNanoseconds,
                            max: kind.summary.max,
                            hdr: kind.summary.hdr
                        )
                    )
                }
            }
        }
        // Sorting keeps the order of equals.
        return (head + lines.sorted { $0.start < $1.start }.map(\.text)).joined(separator: "\n") + "\n"
    }

    private static func kinds(of load: LoadRecord) -> [Kind] {
        let series = load.series
        let answered = series?.answered ?? []
        var kinds = [
            Kind(name: "response", summary: load.latency.response, texts: series?.responseHDR, counts: answered),
            Kind(name: "service", summary: load.latency.service, texts: series?.serviceHDR, counts: answered),
            Kind(name: "send_lag", summary: load.latency.sendLag),
        ]
        if let latency = load.lookup?.latency {
            let ended = series?.lookups ?? []
            kinds += [
                Kind(
                    name: "lookup_response",
                    summary: latency.response,
                    texts: series?.lookupResponseHDR,
                    counts: ended
                ),
                Kind(name: "lookup_service", summary: latency.service, texts: series?.lookupServiceHDR, counts: ended),
            ]
        }
        return kinds
    }

    private static func intervals(
        _ texts: [String?],
        _ counts: [UInt64],
        of series: LoadSeries,
        in load: LoadRecord,
        tag: String,
        start: Int64
    ) -> [Line] {
        var lines: [Line] = []
        // Rows with latencies and no text are part of the next row that has one.
        var first: Int64?
        for row in texts.indices.prefix(min(series.offsetNanoseconds.count, counts.count)) {
            let offset = series.offsetNanoseconds[row]
            if first == nil, counts[row] > 0 { first = offset }
            guard let text = texts[row] else { continue }
            var end = offset &+ series.intervalNanoseconds
            // The last interval ends with its load.
            if row == texts.count - 1, load.durationNanoseconds > offset { end = min(end, load.durationNanoseconds) }
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
