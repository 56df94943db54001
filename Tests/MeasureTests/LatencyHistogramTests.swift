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

    @Test("Bands of half an octave hold every latency, and those of a sum are the sum of those of its parts")
    func bands() {
        #expect((0...6).map(LatencyBands.bound) == [0, 1_024, 1_536, 2_048, 3_072, 4_096, 6_144])
        for band in 1...52 {
            #expect(LatencyBands.band(of: LatencyBands.bound(band)) == band)
            #expect(LatencyBands.band(of: LatencyBands.bound(band) - 1) == band - 1)
        }
        var parts = [LatencyHistogram(), LatencyHistogram()]
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let latency = Int64(1) << Int64(generator.next() % 35) + Int64(generator.next() % 1_000)
            parts[Int(generator.next() % 2)].record(latency)
        }
        var sum = parts[0]
        sum.merge(parts[1])
        func spread(_ histogram: LatencyHistogram) -> [Int: UInt64] {
            let bands = LatencyBands(histogram)
            #expect(bands.counts.first != 0 && bands.counts.last != 0)
            return Dictionary(
                uniqueKeysWithValues: bands.counts.enumerated().map { (bands.first + $0.offset, $0.element) }
            ).filter { $0.value > 0 }
        }
        #expect(spread(parts[0]).merging(spread(parts[1]), uniquingKeysWith: +) == spread(sum))
        #expect(LatencyBands(LatencyHistogram()).counts.isEmpty)
    }
}
