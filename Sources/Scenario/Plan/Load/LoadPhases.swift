/// The states of a cache in which a load is measured.
package enum CachePhase: String, Sendable, Hashable, CaseIterable {
    /// Each question for the first time in this run.
    case cold
    /// The same questions again within their TTL.
    case warm
    /// Each question again and again, about as often as its TTL runs out.
    case expiring
}

/// The phases of a load, each measured by itself.
package struct LoadPhases: Sendable, Hashable {
    /// The phases in their order, each once.
    package let phases: [CachePhase]
    /// The TTL that `expiring` goes by; `nil` learns it from answers.
    package let ttlNanoseconds: Int64?
}

extension LoadPhases {
    var settings: [String: ResolvedValue] {
        var settings: [String: ResolvedValue] = ["phases": .array(phases.map { .string($0.rawValue) })]
        settings["expiring_ttl_ns"] = ttlNanoseconds.map { .integer($0) }
        return settings
    }
}
