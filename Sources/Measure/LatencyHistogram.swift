package import Histogram

/// Latencies in nanoseconds, 1 ns … 60 s at three significant digits; every instance has the same layout, so any two merge.
///
/// A value type of about 220 kB. `record` allocates nothing. A latency above 60 s is counted at 60 s and besides in
/// `overRangeCount`; a negative one at 0 and in `negativeCount`: no tail is lost in silence.
package struct LatencyHistogram: Sendable, Equatable {
    /// The largest latency that is told apart: 60 s.
    package static let highestTrackableNanoseconds: Int64 = 60_000_000_000

    @usableFromInline var histogram: Histogram<UInt64>
    /// How many latencies were above 60 s.
    package internal(set) var overRangeCount: UInt64 = 0
    /// How many latencies were negative (a clock that jumped, a query sent before its time).
    package internal(set) var negativeCount: UInt64 = 0

    /// Creates an empty histogram.
    package init() {
        histogram = Histogram<UInt64>(
            lowestDiscernibleValue: 1,
            highestTrackableValue: UInt64(Self.highestTrackableNanoseconds),
            numberOfSignificantValueDigits: .three
        )
    }

    /// Counts one latency in nanoseconds.
    @inlinable
    package mutating func record(_ nanoseconds: Int64) {
        if nanoseconds >= 0, nanoseconds <= Self.highestTrackableNanoseconds {
            histogram.record(UInt64(nanoseconds), count: 1)
        } else {
            recordOutOfRange(nanoseconds)
        }
    }

    /// Counts `count` equal latencies.
    package mutating func record(_ nanoseconds: Int64, count: UInt64) {
        guard count > 0 else { return }
        if nanoseconds < 0 { negativeCount += count }
        if nanoseconds > Self.highestTrackableNanoseconds { overRangeCount += count }
        let clamped = Swift.min(Swift.max(nanoseconds, 0), Self.highestTrackableNanoseconds)
        histogram.record(UInt64(clamped), count: count)
    }

    @usableFromInline
    mutating func recordOutOfRange(_ nanoseconds: Int64) {
        record(nanoseconds, count: 1)
    }

    /// Forgets everything and keeps the storage.
    package mutating func clear() {
        histogram.reset()
        overRangeCount = 0
        negativeCount = 0
    }

    /// Adds the counts of another histogram, without loss.
    package mutating func merge(_ other: LatencyHistogram) {
        histogram.add(other.histogram)
        overRangeCount += other.overRangeCount
        negativeCount += other.negativeCount
    }

    /// How many latencies were counted.
    package var count: UInt64 { histogram.totalCount }

    /// Whether nothing was counted.
    package var isEmpty: Bool { histogram.totalCount == 0 }

    /// The smallest latency in nanoseconds; 0 when empty.
    package var min: Int64 { isEmpty ? 0 : Int64(clamping: histogram.min) }

    /// The largest latency in nanoseconds; 0 when empty.
    package var max: Int64 { Int64(clamping: histogram.maxRecorded) }

    /// The mean in nanoseconds from the middle of each bucket; 0 when empty.
    package var mean: Int64 {
        guard !isEmpty else { return 0 }
        let sum = buckets.reduce(0.0) { sum, bucket in
            let middle = bucket.lowest + (bucket.highest - bucket.lowest + 1) / 2
            return sum + Double(middle) * Double(bucket.count)
        }
        return Int64(sum / Double(count))
    }

    /// The latency in nanoseconds that `percentile` per cent of the counted ones do not exceed; 0 when empty.
    package func value(percentile: Double) -> Int64 {
        isEmpty ? 0 : Int64(clamping: histogram.valueAtPercentile(percentile))
    }

    /// Whether at least ten latencies lie above `percentile`; below that its value is one outlier's luck.
    package func supports(percentile: Double) -> Bool {
        // n(1 − p) ≥ 10, in thousandths of a per cent, so that p99 of exactly 1,000 is not lost to rounding.
        Double(count) * (100_000 - (percentile * 1000).rounded()) >= 1_000_000
    }

    /// Whether two latencies fall into one bucket, which is all that the text form can tell apart.
    package func areEquivalent(_ first: Int64, _ second: Int64) -> Bool {
        guard first >= 0, second >= 0 else { return first == second }
        return histogram.valuesAreEquivalent(UInt64(first), UInt64(second))
    }

    /// One bucket that was counted in.
    package struct Bucket: Sendable, Equatable {
        /// The smallest latency of the bucket in nanoseconds.
        package let lowest: Int64
        /// The largest latency of the bucket in nanoseconds.
        package let highest: Int64
        /// How many latencies fell into it; never 0.
        package let count: UInt64
    }

    /// The buckets that were counted in, from the lowest latency to the highest.
    package var buckets: [Bucket] {
        var found: [Bucket] = []
        var value: UInt64 = 0
        var seen: UInt64 = 0
        while seen < histogram.totalCount, value <= UInt64(Self.highestTrackableNanoseconds) {
            let next = histogram.nextNonEquivalentForValue(value)
            let count = histogram.countForValue(value)
            if count > 0 {
                found.append(Bucket(lowest: Int64(value), highest: Int64(next - 1), count: count))
                seen += count
            }
            value = next
        }
        return found
    }
}

extension LatencyHistogram: CustomStringConvertible {
    /// Count and range, short enough for a log line.
    package var description: String {
        "\(count) latencies, \(min) … \(max) ns"
    }
}
