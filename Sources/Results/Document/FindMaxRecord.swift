/// What a search for the highest rate found.
package struct FindMaxRecord: Codable, Sendable, Equatable {
    /// What a rate had to meet.
    package struct Goals: Codable, Sendable, Equatable {
        /// The largest share of queries without an answer.
        package var loss: Double
        /// The largest 99th percentile of the response latency; absent without a bound.
        package var p99Nanoseconds: Int64?
        /// The largest share of SERVFAIL among the answers.
        package var servfail: Double

        /// Creates the goals.
        package init(loss: Double, p99Nanoseconds: Int64?, servfail: Double) {
            self.loss = loss
            self.p99Nanoseconds = p99Nanoseconds
            self.servfail = servfail
        }

        enum CodingKeys: String, CodingKey {
            case loss, servfail
            case p99Nanoseconds = "p99_ns"
        }
    }

    /// One trial.
    package struct Trial: Codable, Sendable, Equatable {
        /// The asked rate, queries a second.
        package var offeredQPS: Double
        /// Answers a second.
        package var achievedQPS: Double
        /// The share of queries without an answer.
        package var loss: Double
        /// The median response latency.
        package var p50Nanoseconds: Int64
        /// The 99th percentile.
        package var p99Nanoseconds: Int64
        /// The share of SERVFAIL among the answers.
        package var servfail: Double
        /// Whether it was a long one, to confirm.
        package var isConfirming: Bool
        /// `met`, `missed`, or `generator` when the generator could not keep the rate.
        package var verdict: String
        /// Why not; absent when the goals were met.
        package var reason: String?

        /// Creates a trial.
        package init(
            offeredQPS: Double,
            achievedQPS: Double,
            loss: Double,
            p50Nanoseconds: Int64,
            p99Nanoseconds: Int64,
            servfail: Double,
            isConfirming: Bool,
            verdict: String,
            reason: String?
        ) {
            self.offeredQPS = offeredQPS
            self.achievedQPS = achievedQPS
            self.loss = loss
            self.p50Nanoseconds = p50Nanoseconds
            self.p99Nanoseconds = p99Nanoseconds
            self.servfail = servfail
            self.isConfirming = isConfirming
            self.verdict = verdict
            self.reason = reason
        }

        enum CodingKeys: String, CodingKey {
            case loss, servfail, verdict, reason
            case offeredQPS = "offered_qps"
            case achievedQPS = "achieved_qps"
            case p50Nanoseconds = "p50_ns"
            case p99Nanoseconds = "p99_ns"
            case isConfirming = "confirming"
        }
    }

    /// The target's name.
    package var target: String
    /// What a rate had to meet.
    package var goals: Goals
    /// The highest rate that was confirmed; absent when none was.
    package var bestQPS: Double?
    /// Why the search ended: `found`, `maximum`, `generator`, `nothing-met`, `unstable` or `stopped`.
    package var ending: String
    /// The trials in their order.
    package var curve: [Trial]

    /// Creates a record.
    package init(target: String, goals: Goals, bestQPS: Double?, ending: String, curve: [Trial]) {
        self.target = target
        self.goals = goals
        self.bestQPS = bestQPS
        self.ending = ending
        self.curve = curve
    }

    /// The outcome in a sentence.
    package var sentence: String {
        let rate =
            bestQPS.map { "\($0.magnitude < 1e15 ? "\(Int64($0.rounded()))" : "\($0)") queries a second" } ?? "no rate"
        switch ending {
        case "found": return "\(rate) met the goals, and a little more did not"
        case "maximum": return "\(rate) met the goals, which is the most that was to be tried"
        case "generator": return "\(rate) met the goals; above that the generator, not the server, is the limit"
        case "nothing-met": return "not even the lowest rate met the goals"
        case "unstable": return "no rate held for the length of a confirming trial"
        default: return "the search was stopped before its end"
        }
    }

    enum CodingKeys: String, CodingKey {
        case target, goals, ending, curve
        case bestQPS = "best_qps"
    }
}
