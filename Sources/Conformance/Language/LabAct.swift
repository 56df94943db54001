package import NodeLocal

/// What a check does to the lab around it.
package enum LabAct: Sendable, Hashable {
    /// The cache reads its configuration anew, which is as before.
    case reload
    /// The cache gets a changed Corefile and reads it.
    case corefile([CorefileEdit])
    /// The cache ends.
    case stop(LabSignal)
    /// A cache that was stopped begins again.
    case start
    /// The cache ends and begins again.
    case restart(LabSignal)
    /// What the scripted upstreams do from now on.
    case upstream(UpstreamState)

    /// Whether the act ends the process of the cache, and its counters with it.
    package var endsProcess: Bool {
        switch self {
        case .stop, .restart: true
        case .reload, .corefile, .start, .upstream: false
        }
    }

    /// The signal that ends the cache.
    package enum LabSignal: String, Sendable, Hashable, CaseIterable {
        /// Asks it to end in order.
        case terminate = "TERM"
        /// Ends it at once.
        case kill = "KILL"
    }

    /// How the scripted upstreams behave.
    package enum UpstreamState: String, Sendable, Hashable, CaseIterable {
        /// They answer by their script.
        case on
        /// Nothing that is sent to them arrives, and they send nothing.
        case off
        /// UDP queries get an ICMP error, connections a reset.
        case refuse
    }
}
