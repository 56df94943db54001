/// When the queries of a load are sent, and for how long.
package struct LoadShape: Sendable, Hashable {
    /// What paces it.
    package let pace: LoadPace
    /// How long it lasts.
    package let durationNanoseconds: Int64
}

/// What paces a load.
package enum LoadPace: Sendable, Hashable {
    /// Open loop: queries a second over all connections and threads, whatever the answers do.
    case rate(perSecond: Double)
    /// Closed loop: queries in flight over all connections and threads.
    case outstanding(Int)
}

extension LoadShape {
    var settings: [String: ResolvedValue] {
        var settings: [String: ResolvedValue] = ["duration_ns": .integer(durationNanoseconds)]
        switch pace {
        case .rate(let perSecond): settings["rate_qps"] = .number(perSecond)
        case .outstanding(let count): settings["outstanding"] = .integer(Int64(count))
        }
        return settings
    }
}
