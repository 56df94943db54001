/// How a comparison was laid out before its first query.
package struct ComparisonDesign: Codable, Sendable, Equatable {
    /// A look at the pairs so far, at which the run may end.
    package struct Look: Codable, Sendable, Equatable {
        /// Pairs that count by then.
        package var pairs: Int
        /// One minus the confidence of its intervals.
        package var level: Double

        /// Creates a look.
        package init(pairs: Int, level: Double) {
            self.pairs = pairs
            self.level = level
        }
    }

    /// How queries travelled.
    package var transport: String
    /// Queries a second during a segment, in an open loop.
    package var rateQPS: Double
    /// Counted length of a segment, in nanoseconds.
    package var segmentNanoseconds: Int64
    /// Load before each segment that is not counted, in nanoseconds.
    package var settleNanoseconds: Int64
    /// The state of the caches during segments: `mixed`, `warm` or `cold`.
    package var cache: String
    /// Where it took place, such as `lab ipvs` or `node`.
    package var site: String
    /// What was asked: the name of the workload and a digest of what it holds.
    package var workload: String
    /// The looks in their order; the last is the most pairs that are measured.
    package var looks: [Look]
    /// Whether A and B are the same server, so that any difference is noise.
    package var isSelf: Bool

    /// Creates a design.
    package init(
        transport: String,
        rateQPS: Double,
        segmentNanoseconds: Int64,
        settleNanoseconds: Int64,
        cache: String,
        site: String,
        workload: String,
        looks: [Look],
        isSelf: Bool
    ) {
        self.transport = transport
        self.rateQPS = rateQPS
        self.segmentNanoseconds = segmentNanoseconds
        self.settleNanoseconds = settleNanoseconds
        self.cache = cache
        self.site = site
        self.workload = workload
        self.looks = looks
        self.isSelf = isSelf
    }

    /// What must be the same for the noise of one run to tell that of another; addresses and programs are left out.
    package var conditions: String {
        "\(site), \(transport), \(rateQPS)/s, \(segmentNanoseconds / 1_000_000) ms, \(cache), \(workload)"
    }

    enum CodingKeys: String, CodingKey {
        case transport, cache, site, workload, looks
        case rateQPS = "rate_qps"
        case segmentNanoseconds = "segment_ns"
        case settleNanoseconds = "settle_ns"
        case isSelf = "is_self"
    }
}
