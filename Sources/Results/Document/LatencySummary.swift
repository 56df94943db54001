package import Measure

/// A latency distribution: the figures that people read and the histogram that they come from, in nanoseconds.
package struct LatencySummary: Codable, Sendable, Equatable {
    /// How many latencies.
    package var count: UInt64
    /// The smallest.
    package var min: Int64
    /// The mean, rounded down.
    package var mean: Int64
    /// The median.
    package var p50: Int64
    /// The 90th percentile.
    package var p90: Int64
    /// The 99th percentile.
    package var p99: Int64
    /// The 99.9th percentile.
    package var p99_9: Int64
    /// The 99.99th percentile.
    package var p99_99: Int64
    /// The largest.
    package var max: Int64
    /// The whole distribution, as HdrHistogram V2 text.
    package var hdr: String

    /// How many latencies were above 60 s and count as 60 s; absent when none was.
    package var overRange: UInt64?
    /// How many were negative and count as 0; absent when none was.
    package var negative: UInt64?

    /// Summarises a histogram.
    package init(_ histogram: LatencyHistogram) {
        count = histogram.count
        min = histogram.min
        mean = histogram.mean
        p50 = histogram.value(percentile: 50)
        p90 = histogram.value(percentile: 90)
        p99 = histogram.value(percentile: 99)
        p99_9 = histogram.value(percentile: 99.9)
        p99_99 = histogram.value(percentile: 99.99)
        max = histogram.max
        hdr = histogram.hdrText
        overRange = histogram.overRangeCount > 0 ? histogram.overRangeCount : nil
        negative = histogram.negativeCount > 0 ? histogram.negativeCount : nil
    }

    /// The histogram that the figures come from.
    package func histogram() throws(HistogramTextError) -> LatencyHistogram {
        try LatencyHistogram(hdrText: hdr)
    }

    enum CodingKeys: String, CodingKey {
        case count, min, mean, p50, p90, p99, p99_9, p99_99, max, hdr
        case overRange = "over_range"
        case negative
    }
}
