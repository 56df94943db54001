package import Measure

/// What a run measured of one target over all its loads that count.
package struct TargetFigures: Sendable {
    /// The target's name.
    package let target: String
    /// What became of every query.
    package private(set) var counters = LoadCounters()
    /// Answers by rcode mnemonic.
    package private(set) var rcodes: [String: UInt64] = [:]
    /// Response latencies, from the intended send time.
    package private(set) var response = LatencyHistogram()
    /// The highest rate that was asked for, in queries a second.
    package let offeredQPS: Double
    /// The lowest rate of answers, a second.
    package let achievedQPS: Double

    /// The figures of each target that was loaded, by name; a target whose loads do not count is absent.
    package static func all(in document: ResultDocument) -> [TargetFigures] {
        let loads = (document.load ?? []).filter { $0.invalidReason == nil }
        return Dictionary(grouping: loads, by: \.target).map { TargetFigures(target: $0, loads: $1) }
            .filter { $0.counters.scheduled > 0 }.sorted { $0.target < $1.target }
    }

    private init(target: String, loads: [LoadRecord]) {
        self.target = target
        offeredQPS = loads.map(\.offeredQPS).max() ?? 0
        achievedQPS = loads.map(\.achievedQPS).min() ?? 0
        for load in loads {
            counters.add(load.counters)
            for (rcode, count) in load.rcodes {
                let (sum, overflow) = (rcodes[rcode] ?? 0).addingReportingOverflow(count)
                rcodes[rcode] = overflow ? .max : sum
            }
            // Far from the end of the numbers, so that no sum of many can reach it.
            if let histogram = try? load.latency.response.histogram(), response.count < 1 << 60 {
                response.merge(histogram)
            }
        }
    }

    /// Queries that were answered or lost: an interrupted one is neither.
    package var judged: UInt64 { counters.scheduled - min(counters.interrupted, counters.scheduled) }

    /// Judged queries without an answer.
    package var lost: UInt64 { judged - min(counters.answered, judged) }

    /// Lost queries per judged one; nil when none was judged.
    package var loss: Double? { judged == 0 ? nil : Double(lost) / Double(judged) }

    /// A percentile in nanoseconds; nil with fewer than ten answers above it.
    package func latency(percentile: Double) -> Int64? {
        response.supports(percentile: percentile) ? response.value(percentile: percentile) : nil
    }

    /// The figure of a compared metric, in its unit; nil when it was not measured well enough.
    package func value(of metric: ComparisonMetric) -> Double? {
        switch metric {
        case .p50, .p90, .p99, .p99_9: metric.percentile.flatMap { latency(percentile: $0) }.map(Double.init)
        case .loss: loss
        case .achievedQPS: achievedQPS
        }
    }
}
