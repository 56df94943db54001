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
}

extension LoadShape {
    /// The highest rate that it asks for, queries a second; 0 where answers pace it, and of a capture not yet read.
    package var peakPerSecond: Double {
        switch pace {
        case .rate(let perSecond): perSecond
        case .outstanding, .replay: 0
        case .stages(let stages): RateProfile.stages(stages).peakPerSecond
        case .burst(let size, let every): RateProfile.bursts(size: size, everyNanoseconds: every).peakPerSecond
        }
    }

    var settings: [String: ResolvedValue] {
        var settings: [String: ResolvedValue] = [
            "duration_ns": .integer(durationNanoseconds), "spacing": .string(spacing.rawValue),
        ]
        settings["queries"] = queries.map { .integer(Int64(clamping: $0)) }
        switch pace {
        case .rate(let perSecond): settings["rate_qps"] = .number(perSecond)
        case .outstanding(let count): settings["outstanding"] = .integer(Int64(count))
        case .stages(let stages): settings["stages"] = .array(stages.map(\.resolved))
        case .burst(let size, let every):
            settings["burst"] = .object(["size": .integer(Int64(size)), "every_ns": .integer(every)])
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
