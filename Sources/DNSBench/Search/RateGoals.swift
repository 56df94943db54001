/// What a rate must meet to count as borne.
package struct RateGoals: Sendable, Hashable {
    /// The largest share of queries that may stay without an answer.
    package var loss: Double
    /// The largest 99th percentile of the response latency, nanoseconds; `nil` sets no bound.
    package var p99Nanoseconds: Int64?
    /// The largest share of answers that may be SERVFAIL.
    package var servfail: Double

    /// Goals: one query in a thousand lost, one answer in a thousand SERVFAIL, unless given otherwise.
    package init(loss: Double = 0.001, p99Nanoseconds: Int64? = nil, servfail: Double = 0.001) {
        self.loss = loss
        self.p99Nanoseconds = p99Nanoseconds
        self.servfail = servfail
    }
}
