import Results

/// A search for the highest rate in words: what was asked for, what was found, and each trial.
struct SearchRow: Sendable {
    /// One trial.
    struct Trial: Sendable {
        /// `met`, `missed` or `generator`, as the document has it.
        let verdict: String
        /// Whether it was a long one.
        let isConfirming: Bool
        /// Asked and answered queries a second.
        let asked: String
        let answered: String
        /// The share of queries without an answer.
        let lost: String
        /// Response latencies; a dash without answers.
        let p50: String
        let p99: String
        /// The share of SERVFAIL among the answers.
        let servfail: String
        /// Which goal was missed and by what, or why the trial says nothing; empty when the goals were met.
        let detail: String

        /// All that is to be said of how it ended, for one cell.
        var outcome: String {
            [verdict, detail, isConfirming ? "confirming" : ""].filter { !$0.isEmpty }.joined(separator: ", ")
        }
    }

    /// The most trials that a page shows of one search; a search takes some dozens.
    private static let mostTrials = 200

    /// The target's name.
    let target: String
    /// The outcome in a sentence.
    let sentence: String
    /// What a rate had to meet, in a sentence.
    let goals: String
    /// The trials in their order.
    let trials: [Trial]
    /// The search itself, for the chart.
    let record: FindMaxRecord

    /// One row for each search, in the order of the document.
    static func all(in document: ResultDocument) -> [SearchRow] {
        (document.findMax ?? []).map { SearchRow($0) }
    }

    private init(_ record: FindMaxRecord) {
        self.record = record
        target = DisplayText.clean(record.target, limit: 60)
        sentence = record.sentence
        let goals = record.goals
        let latency = goals.p99Nanoseconds.map { "a 99th percentile of at most \(Quantity.duration($0))" }
        self.goals = [
            "at most \(SearchRow.bound(goals.loss)) of the queries lost", latency,
            "at most \(SearchRow.bound(goals.servfail)) of the answers SERVFAIL",
        ].compactMap(\.self).joined(separator: ", ")
        trials = record.curve.prefix(SearchRow.mostTrials).map { trial in
            let hasAnswers = trial.p99Nanoseconds > 0
            return Trial(
                verdict: DisplayText.clean(trial.verdict, limit: 20),
                isConfirming: trial.isConfirming,
                asked: Quantity.rate(trial.offeredQPS),
                answered: Quantity.rate(trial.achievedQPS),
                lost: Quantity.percent(trial.loss),
                p50: hasAnswers ? Quantity.duration(trial.p50Nanoseconds) : "–",
                p99: hasAnswers ? Quantity.duration(trial.p99Nanoseconds) : "–",
                servfail: Quantity.percent(trial.servfail),
                detail: SearchRow.detail(trial, goals)
            )
        }
    }

    private static func detail(_ trial: FindMaxRecord.Trial, _ goals: FindMaxRecord.Goals) -> String {
        switch trial.verdict {
        case "met": return ""
        case "missed":
            if trial.loss > goals.loss { return "loss above \(bound(goals.loss))" }
            if trial.servfail > goals.servfail { return "SERVFAIL above \(bound(goals.servfail))" }
            if let latency = goals.p99Nanoseconds, trial.p99Nanoseconds > latency {
                return "p99 above \(Quantity.duration(latency))"
            }
            fallthrough
        default: return DisplayText.clean(trial.reason ?? "", limit: 200)
        }
    }

    /// A bound was written by people: `0.1 %` has no digit that it was not given.
    private static func bound(_ fraction: Double) -> String {
        guard fraction.isFinite else { return "–" }
        return "\(Quantity.trimmed(Quantity.significant(fraction * 100))) %"
    }
}
