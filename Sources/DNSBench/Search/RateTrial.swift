import DNSWire
import Measure

/// One trial of a search: a rate and what came of it.
package struct RateTrial: Sendable, Hashable {
    /// Whether the goals were met.
    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// They were.
        case met
        /// At least one was not.
        case missed
        /// The generator could not keep the rate: the trial says nothing of the server.
        case generator
    }

    /// The asked rate, queries a second.
    package let rate: Double
    /// Answers a second.
    package let achieved: Double
    /// The share of queries without an answer.
    package let loss: Double
    /// The median response latency, nanoseconds.
    package let p50: Int64
    /// The 99th percentile of the response latency.
    package let p99: Int64
    /// The share of answers that were SERVFAIL.
    package let servfail: Double
    /// Whether it was a long one, to confirm.
    package let isConfirming: Bool
    /// Whether the goals were met.
    package let verdict: Verdict
    /// Why not; nil when they were.
    package let reason: String?

    /// Judges a load by goals.
    package init(_ result: LoadResult, rate: Double, goals: RateGoals, isConfirming: Bool) {
        let answered = result.counters.answered
        let share = answered == 0 ? 0 : Double(result.rcodes[.servFail, default: 0]) / Double(answered)
        let p99 = result.response.value(percentile: 99)
        var verdict = Verdict.met
        var reason: String?
        if let invalid = result.invalidReason {
            (verdict, reason) = (.generator, invalid)
        } else if result.counters.unsent + result.counters.sendErrors > 0 {
            (verdict, reason) = (
                .generator, "\(result.counters.unsent + result.counters.sendErrors) queries were not sent"
            )
        } else if result.lossRatio > goals.loss {
            (verdict, reason) = (.missed, "loss \(result.lossRatio) is above \(goals.loss)")
        } else if share > goals.servfail {
            (verdict, reason) = (.missed, "the share of SERVFAIL, \(share), is above \(goals.servfail)")
        } else if let bound = goals.p99Nanoseconds, p99 > bound {
            (verdict, reason) = (.missed, "p99 of \(p99) ns is above \(bound) ns")
        }
        self.init(
            rate: rate,
            achieved: result.achievedQueriesPerSecond,
            loss: result.lossRatio,
            p50: result.response.value(percentile: 50),
            p99: p99,
            servfail: share,
            isConfirming: isConfirming,
            verdict: verdict,
            reason: reason
        )
    }

    /// A trial from its parts.
    package init(
        rate: Double,
        achieved: Double,
        loss: Double = 0,
        p50: Int64 = 0,
        p99: Int64 = 0,
        servfail: Double = 0,
        isConfirming: Bool,
        verdict: Verdict,
        reason: String? = nil
    ) {
        self.rate = rate
        self.achieved = achieved
        self.loss = loss
        self.p50 = p50
        self.p99 = p99
        self.servfail = servfail
        self.isConfirming = isConfirming
        self.verdict = verdict
        self.reason = reason
    }
}
