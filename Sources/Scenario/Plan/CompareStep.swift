package import Measure

/// Fires one workload at two targets in turn and compares them pair by pair.
package struct CompareStep: Sendable, Hashable {
    /// The target that is the reference.
    package let a: String
    /// The target that is compared with it.
    package let b: String
    /// The workload's name.
    package let workload: String
    /// How queries travel.
    package let transport: LoadTransport
    /// Queries a second at each target during its segments, open loop.
    package let ratePerSecond: Double
    /// Pairs of segments that are planned; below 6 there is no 95 % interval.
    package let pairs: Int
    /// Pairs of segments that are measured when the planned ones decide nothing; `pairs` for a fixed number.
    package let maximumPairs: Int
    /// Counted length of one segment.
    package let segmentNanoseconds: Int64
    /// Load at the start of each segment that is sent and not counted.
    package let settleNanoseconds: Int64
    /// Load that each target gets once before the first pair and that is not counted.
    package let warmupNanoseconds: Int64
    /// Sockets over all threads.
    package let connections: Int
    /// Time after which a query counts as lost.
    package let timeoutNanoseconds: Int64

    /// In which state the caches are during segments.
    package let cacheState: ComparisonCacheState
    /// The share of the processors' time, 0 to 1, that programs beside the lab may use before a pair is left out.
    package let neighbourShare: Double
    /// By what it is judged.
    package let rules: ComparisonRules

    /// The share unless another is given: a tenth of two processors is a fifth of one.
    package static let ordinaryNeighbourShare = 0.1

    /// The most time that the step takes when nothing is lost or left out.
    package var nominalNanoseconds: Int64 {
        2 * warmupNanoseconds + Int64(2 * maximumPairs) * (settleNanoseconds + segmentNanoseconds)
    }

    /// How many queries a segment is to send.
    package var segmentQueries: Double { ratePerSecond * Double(segmentNanoseconds) / 1e9 }

    /// How many queries are sent while a segment settles.
    package var settledQueries: Int { Int(ratePerSecond * Double(settleNanoseconds) / 1e9) }

    /// Whether a segment sends enough queries for a metric.
    package func supports(_ metric: ComparisonMetric) -> Bool {
        segmentQueries >= Double(metric.leastAnswers ?? 0)
    }
}
