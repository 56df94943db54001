package import Measure

/// When queries are sent.
package enum LoadModel: Sendable, Hashable {
    /// A new query as soon as an old one has ended, with `outstanding` in flight over all connections and threads.
    ///
    /// Latencies of a closed loop hide a server's stalls: the intended send time is the actual one.
    case closed(outstanding: Int)
    /// Queries at their intended times, whatever the answers do; rates are totals over connections and threads.
    case open(RateProfile, spacing: ArrivalSchedule.Spacing)

    /// Queries at one rate.
    package static func open(ratePerSecond: Double, spacing: ArrivalSchedule.Spacing = .constant) -> LoadModel {
        .open(.constant(perSecond: ratePerSecond), spacing: spacing)
    }
}

/// When a load ends.
package enum LoadLimit: Sendable, Hashable {
    /// After this long.
    case duration(nanoseconds: Int64)
    /// After this many queries over all threads.
    case queries(UInt64)
    /// After this long or this many queries, whichever comes first.
    case either(nanoseconds: Int64, queries: UInt64)
}

extension LoadLimit {
    /// After this long, or after so many queries if those are limited as well.
    package init(nanoseconds: Int64, queries: UInt64?) {
        self = queries.map { .either(nanoseconds: nanoseconds, queries: $0) } ?? .duration(nanoseconds: nanoseconds)
    }

    /// The longest time that queries are sent for; `nil` when only their number counts.
    package var durationNanoseconds: Int64? {
        switch self {
        case .duration(let nanoseconds), .either(let nanoseconds, _): nanoseconds
        case .queries: nil
        }
    }

    /// The most queries sent over all threads; `nil` when only time counts.
    package var queryCount: UInt64? {
        switch self {
        case .queries(let count), .either(_, let count): count
        case .duration: nil
        }
    }
}
