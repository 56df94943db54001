/// Latencies counted in bands of half an octave, as coarse as a heat map needs: 1,024, 1,536, 2,048, 3,072 … ns.
///
/// Each bound is one of a histogram's own bucket limits, so that the bands of a sum are the sum of the bands.
package struct LatencyBands: Sendable, Hashable {
    /// The number of the first band that is counted; 0 holds everything below 1,024 ns.
    package let first: Int
    /// Latencies in each band from `first` on, without empty bands at either end; empty without latencies.
    package let counts: [UInt64]

    /// Counts the latencies of a histogram.
    package init(_ histogram: LatencyHistogram) {
        self.init(histogram.buckets.map { ($0.lowest, $0.count) })
    }

    /// Takes counts that stand beside their bounds, the smallest latency of each band in nanoseconds, ascending.
    ///
    /// Bounds of other bands count in the one that holds them.
    package init?(bounds: [Int64], counts: [UInt64]) {
        guard bounds.count == counts.count, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }),
            bounds.first ?? 0 >= 0
        else { return nil }
        self.init(zip(bounds, counts).filter { $0.1 > 0 }.map { ($0.0, $0.1) })
    }

    /// Counts latencies in nanoseconds that come in ascending order.
    init(_ latencies: [(nanoseconds: Int64, count: UInt64)]) {
        guard let lowest = latencies.first, let highest = latencies.last else {
            first = 0
            counts = []
            return
        }
        let first = Self.band(of: lowest.nanoseconds)
        var counts = [UInt64](repeating: 0, count: Self.band(of: highest.nanoseconds) - first + 1)
        for (nanoseconds, count) in latencies {
            let band = Self.band(of: nanoseconds) - first
            counts[band] = counts[band].addingReportingOverflow(count).partialValue
        }
        self.first = first
        self.counts = counts
    }

    /// The smallest latency of a band in nanoseconds.
    package static func bound(_ band: Int) -> Int64 {
        guard band > 0 else { return 0 }
        let octave = 10 + (band - 1) / 2
        return (band - 1) % 2 == 0 ? 1 << octave : 3 << (octave - 1)
    }

    /// The band that a latency in nanoseconds falls into.
    package static func band(of nanoseconds: Int64) -> Int {
        guard nanoseconds >= 1_024 else { return 0 }
        let octave = Int64.bitWidth - 1 - nanoseconds.leadingZeroBitCount
        return 1 + 2 * (octave - 10) + (nanoseconds >= 3 << (octave - 1) ? 1 : 0)
    }
}
