import Measure
package import Results

/// The response latencies of all loads as HdrHistogram percentile distributions (`.hgrm`), milliseconds.
///
/// Several loads stand one after the other, each behind a comment with its name. Source: HdrHistogram/HdrHistogram
/// `AbstractHistogram.outputPercentileDistribution`, five ticks a half distance.
package enum PercentileTextReport {
    private static let ticks = 5.0

    /// Renders a document.
    package static func render(_ document: ResultDocument) -> String {
        var text = ""
        for load in document.load ?? [] {
            guard let histogram = try? load.latency.response.histogram(), !histogram.isEmpty else { continue }
            text += "#[\(DisplayText.clean(load.target, limit: 60)) \(DisplayText.clean(load.phase, limit: 60))]\n"
            text += distribution(histogram)
        }
        return text
    }

    private static func distribution(_ histogram: LatencyHistogram) -> String {
        var text = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
        let buckets = histogram.buckets
        let total = histogram.count
        var level = 0.0
        var index = 0
        var seen = buckets.first?.count ?? 0
        while true {
            let wanted = UInt64((level / 100 * Double(total)).rounded(.up))
            while index + 1 < buckets.count, seen < wanted {
                index += 1
                seen += buckets[index].count
            }
            let isLast = seen >= total
            let share = isLast ? 1 : level / 100
            let value = DisplayText.padded(milliseconds(buckets[index].highest), 12)
            text += "\(value) \(DisplayText.fraction(share, digits: 12)) \(DisplayText.padded(String(seen), 10))"
            text += isLast ? "\n" : " \(DisplayText.padded(DisplayText.fraction(1 / (1 - share), digits: 2), 14))\n"
            if isLast { break }
            var halves = 1.0
            var distance = 100 / (100 - level)
            while distance >= 2 {
                distance /= 2
                halves *= 2
            }
            level = min(100, level + 100 / (ticks * halves * 2))
        }
        text += "#[Mean    = \(DisplayText.padded(milliseconds(histogram.mean), 12)), Total count = \(total)]\n"
        text += "#[Max     = \(DisplayText.padded(milliseconds(histogram.max), 12))]\n"
        return text
    }

    private static func milliseconds(_ nanoseconds: Int64) -> String { CSVReport.decimalSeconds(nanoseconds * 1_000) }
}
