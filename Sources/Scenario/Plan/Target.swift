package import DNSWire

/// What a target is in the network of a node.
package enum TargetRole: String, Sendable, Hashable, CaseIterable {
    /// The node's DNS cache, which is under test.
    case cache
    /// The cluster DNS that the cache stands before.
    case cluster
    /// A resolver outside the cluster.
    case upstream
}

extension Scenario {
    /// A DNS server that a scenario asks.
    package struct Target: Sendable, Hashable {
        /// The name under which steps and gates speak of it.
        package let name: String
        /// Where it listens.
        package let endpoint: Endpoint
        /// What it is.
        package let role: TargetRole

        package init(name: String, endpoint: Endpoint, role: TargetRole) {
            self.name = name
            self.endpoint = endpoint
            self.role = role
        }
    }
}

/// A DNS server that a scenario asks; the short name within this module.
package typealias Target = Scenario.Target

/// Where the expectations of checks and proofs come from.
package struct ExpectationSource: Sendable, Hashable {
    /// The Corefile that tells what the cache must do.
    package enum CorefileSource: Sendable, Hashable {
        /// The one in force on the node or in the lab.
        case live
        /// The one of the embedded seed manifest.
        case seed
        /// A file; a relative path starts at the scenario's folder.
        case file(path: String)
    }

    /// Which Corefile.
    package let corefile: CorefileSource
    /// The id of the profile, or nil to find it from `coredns_build_info`.
    package let profile: String?
}
