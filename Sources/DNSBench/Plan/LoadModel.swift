package import Measure

/// When queries are sent.
package enum LoadModel: Sendable, Hashable {
    /// A new query as soon as an old one has ended, with `outstanding` in flight over all connections and threads.
    ///
    /// Latencies of a closed loop hide a server's stalls: the intended send time is the actual one.
    case closed(outstanding: Int)
    /// Queries at their intended times, whatever the answers do; the rate is the total over connections and threads.
    case open(ratePerSecond: Double, spacing: ArrivalSchedule.Spacing = .constant)
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
