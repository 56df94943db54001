package import Measure

/// When the queries of a load are sent, and for how long.
package struct LoadShape: Sendable, Hashable {
    /// What paces it.
    package let pace: LoadPace
    /// Open loop: how queries are spaced around the rate.
    package let spacing: ArrivalSchedule.Spacing
    /// How long it lasts.
    package let durationNanoseconds: Int64
    /// The most queries over all threads; `nil` when only time counts.
    package let queries: UInt64?
    /// The time over which one entry of the result's series runs.
    package let intervalNanoseconds: Int64
}

/// What paces a load.
package enum LoadPace: Sendable, Hashable {
    /// Open loop: queries a second over all connections and threads, whatever the answers do.
    case rate(perSecond: Double)
    /// Closed loop: queries in flight over all connections and threads.
    case outstanding(Int)
    /// Open loop: rates that stay or change evenly, one after the other.
    case stages([RateStage])
    /// Open loop: so many queries at once, again and again.
    case burst(size: Int, everyNanoseconds: Int64)
    /// Open loop: the queries of a capture file at their own times, `speed` times as fast.
    case replay(path: String, speed: Double)
    /// Open loop: the highest rate that meets goals is searched.
    case findMax(FindMaxPlan)
}

/// The goals and bounds of a search for the highest rate.
package struct FindMaxPlan: Sendable, Hashable {
    /// The largest share of queries without an answer.
    package let loss: Double
    /// The largest 99th percentile of the response latency; `nil` sets no bound.
    package let p99Nanoseconds: Int64?
    /// The largest share of SERVFAIL among the answers.
    package let servfail: Double
    /// The highest rate that is tried, queries a second.
    package let mostPerSecond: Double
    /// How long a trial lasts.
    package let trialNanoseconds: Int64
    /// How long the confirming trial lasts.
    package let confirmNanoseconds: Int64
}

extension LoadShape {
    /// The most queries that may leave within a second; without bound for a capture, which is as fast as it is, and 0
    /// where answers pace the load.
    package var peakPerSecond: Double {
        switch pace {
        case .rate(let perSecond): perSecond
        case .outstanding: 0
        case .replay: .infinity
        case .findMax(let plan): plan.mostPerSecond
        case .stages(let stages): RateProfile.stages(stages).peakPerSecond
        case .burst(let size, let every):
            max(Double(size), RateProfile.bursts(size: size, everyNanoseconds: every).peakPerSecond)
        }
    }

    var settings: [String: ResolvedValue] {
        var settings: [String: ResolvedValue] = [
            "duration_ns": .integer(durationNanoseconds), "spacing": .string(spacing.rawValue),
            "interval_ns": .integer(intervalNanoseconds),
        ]
        settings["queries"] = queries.map { .integer(Int64(clamping: $0)) }
        switch pace {
        case .rate(let perSecond): settings["rate_qps"] = .number(perSecond)
        case .outstanding(let count): settings["outstanding"] = .integer(Int64(count))
        case .stages(let stages): settings["stages"] = .array(stages.map(\.resolved))
        case .burst(let size, let every):
            settings["burst"] = .object(["size": .integer(Int64(size)), "every_ns": .integer(every)])
        case .findMax(let plan): settings["find_max"] = plan.resolved
        case .replay(let path, let speed):
            settings["replay"] = .object(["file": .string(path), "speed": .number(speed)])
        }
        return settings
    }
}

extension RateStage {
    fileprivate var resolved: ResolvedValue {
        .object([
            "from_qps": .number(fromPerSecond), "to_qps": .number(toPerSecond),
            "duration_ns": .integer(durationNanoseconds),
        ])
    }
}

extension FindMaxPlan {
    fileprivate var resolved: ResolvedValue {
        var settings: [String: ResolvedValue] = [
            "loss": .number(loss), "servfail": .number(servfail), "max_qps": .number(mostPerSecond),
            "trial_ns": .integer(trialNanoseconds), "confirm_ns": .integer(confirmNanoseconds),
        ]
        settings["p99_ns"] = p99Nanoseconds.map { .integer($0) }
        return .object(settings)
    }
}
