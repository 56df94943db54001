package import Measure

/// How latencies spread over a series: one row an interval, one count a band of half an octave.
package struct LatencyHeat: Codable, Sendable, Equatable {
    /// The smallest latency of each band in nanoseconds, ascending; a band ends where the next one begins.
    package var boundsNanoseconds: [Int64] = []
    /// Answers by interval and band.
    package var counts: [[UInt64]] = []

    /// Creates one of so many intervals without an answer.
    package init(rows: Int = 0) {
        counts = Array(repeating: [], count: rows)
    }

    /// Adds an interval; where it needs bands that are not there yet, all rows get them.
    package mutating func append(_ bands: LatencyBands) {
        guard !bands.counts.isEmpty else { return counts.append(boundsNanoseconds.map { _ in 0 }) }
        let known = boundsNanoseconds.first.map(LatencyBands.band) ?? bands.first
        let first = min(known, bands.first)
        let end = max(known + boundsNanoseconds.count, bands.first + bands.counts.count)
        if end - first != boundsNanoseconds.count {
            let before = [UInt64](repeating: 0, count: known - first)
            let after = [UInt64](repeating: 0, count: end - known - boundsNanoseconds.count)
            counts = counts.map { before + $0 + after }
            boundsNanoseconds = (first..<end).map(LatencyBands.bound)
        }
        counts.append(
            [UInt64](repeating: 0, count: bands.first - first) + bands.counts
                + [UInt64](repeating: 0, count: end - bands.first - bands.counts.count)
        )
    }

    enum CodingKeys: String, CodingKey {
        case boundsNanoseconds = "bounds_ns"
        case counts
    }
}
