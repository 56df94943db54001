import Testing

@testable import Measure

@Suite("Latency histogram")
struct LatencyHistogramTests {
    @Test("percentiles stay within the third significant digit of the sorted values")
    func percentiles() {
        var generator = SeededGenerator(seed: 1)
        var histogram = LatencyHistogram()
        var values: [Int64] = []
        for _ in 0..<20_000 {
            let value = Int64(20_000 + generator.next() % 5_000_000)
            values.append(value)
            histogram.record(value)
        }
        values.sort()
        for percentile in [50.0, 90, 99, 99.9, 99.99] {
            let rank = Int((percentile / 100 * Double(values.count)).rounded(.up)) - 1
            let exact = Double(values[rank])
            #expect(abs(Double(histogram.value(percentile: percentile)) - exact) <= exact * 0.001)
        }
        #expect(histogram.min == values[0])
        #expect(histogram.max == values[values.count - 1])
        #expect(histogram.buckets.map(\.count).reduce(0, +) == 20_000)
    }

    @Test("a latency above 60 s is kept in the tail and counted as such")
    func overRange() {
        var histogram = LatencyHistogram()
        histogram.record(1_000)
        histogram.record(LatencyHistogram.highestTrackableNanoseconds)
        histogram.record(LatencyHistogram.highestTrackableNanoseconds + 1)
        histogram.record(.max)
        #expect(histogram.count == 4)
        #expect(histogram.overRangeCount == 2)
        #expect(histogram.value(percentile: 99) == LatencyHistogram.highestTrackableNanoseconds)
    }

    @Test("a negative latency counts as zero and is counted as such")
    func negative() {
        var histogram = LatencyHistogram()
        histogram.record(-1)
        histogram.record(.min)
        #expect(histogram.count == 2)
        #expect(histogram.negativeCount == 2)
        #expect(histogram.max == 0)
    }

    @Test("an empty histogram answers zero everywhere")
    func empty() {
        let histogram = LatencyHistogram()
        #expect(histogram.isEmpty)
        #expect(histogram.min == 0)
        #expect(histogram.max == 0)
        #expect(histogram.mean == 0)
        #expect(histogram.value(percentile: 99) == 0)
        #expect(histogram.buckets.isEmpty)
    }

    @Test("merging equals recording both into one")
    func merge() {
        var first = LatencyHistogram()
        var second = LatencyHistogram()
        var both = LatencyHistogram()
        for value: Int64 in [1, 77, 45_678, -3] {
            first.record(value)
            both.record(value)
        }
        for value: Int64 in [60_000_000_001, 9_999_999, 45_679] {
            second.record(value)
            both.record(value)
        }
        first.merge(second)
        #expect(first == both)
    }

    @Test(
        "a percentile is supported from ten latencies above it",
        arguments: [(50.0, 20), (99.0, 1_000), (99.9, 10_000)]
    )
    func support(percentile: Double, needed: UInt64) {
        var histogram = LatencyHistogram()
        histogram.record(1, count: needed - 1)
        #expect(!histogram.supports(percentile: percentile))
        histogram.record(1)
        #expect(histogram.supports(percentile: percentile))
    }
}
