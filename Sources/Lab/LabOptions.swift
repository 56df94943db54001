/// How the lab's network is laid out.
package enum LabTopology: String, CaseIterable, Sendable {
    /// Three namespaces; the cluster DNS IP is held on the node as IPVS holds it and rewritten to endpoint addresses.
    case ipvs
    /// Three namespaces; the cluster DNS IP exists in NAT rules alone, so that a cache may claim it.
    case iptables
    /// One namespace with every address on `lo`; needs no privilege beyond a user namespace.
    case loopback
}

/// What stands at 169.254.20.10 in the lab.
package enum LabCache: Sendable, Equatable {
    /// The project's own reference cache, the only one that takes defects.
    case reference
    /// A resolver of Debian, configured to the Corefile's duties.
    case peer(CachePeer)
    /// A node-cache or CoreDNS binary, given the same Corefile.
    case binary(path: String)
}

extension LabCache: CustomStringConvertible {
    /// Debian's unbound, the peer that comparisons are made with.
    package static let unbound = LabCache.peer(.unbound)

    /// The cache as users name it: `reference`, the peer's name, or the binary's path.
    package var description: String {
        switch self {
        case .reference: "reference"
        case .peer(let peer): peer.rawValue
        case .binary(let path): path
        }
    }
}

/// What a lab is made of.
package struct LabOptions: Sendable {
    /// The network layout.
    package var topology: LabTopology
    /// The cache under test.
    package var cache: LabCache
    /// Faults of the reference cache; refused with any other cache.
    package var defects: [CacheDefect]
    /// What the reference cache takes for healthy; other caches are as they are.
    package var profile: CacheProfile
    /// Text of the Corefile, pillars allowed; `nil` takes the seed's.
    package var corefile: String?
    /// Number of Services in the generated cluster zone.
    package var services: Int
    /// Seed of everything generated: zone, external names, the reference cache's choices.
    package var seed: UInt64
    /// Time that the scripted upstreams take over each answer, in nanoseconds.
    package var upstreamDelayNanoseconds: Int64
    /// Time that the reference cache takes over each answer besides its own, in nanoseconds.
    package var serviceNanoseconds: Int64 = 0
    /// What is wrong with the node on purpose, staged in this order when everything else is up.
    package var faults: [LabFault] = []
    /// Whether the lab is kept for several commands; ``LabKeeper`` sets it.
    var isKept = false

    /// Creates the default lab: topology `ipvs`, reference cache without defects, the seed's Corefile.
    package init(
        topology: LabTopology = .ipvs,
        cache: LabCache = .reference,
        defects: [CacheDefect] = [],
        profile: CacheProfile = .coreDNS1_13,
        corefile: String? = nil,
        services: Int = 5_000,
        seed: UInt64 = 1,
        upstreamDelayNanoseconds: Int64 = 300_000
    ) {
        self.topology = topology
        self.cache = cache
        self.defects = defects
        self.profile = profile
        self.corefile = corefile
        self.services = services
        self.seed = seed
        self.upstreamDelayNanoseconds = upstreamDelayNanoseconds
    }

    /// Whether the cache begins as it should, so that it can be waited for.
    var beginsSound: Bool { defects.isEmpty && faults.allSatisfy { $0.corefile == nil } }

    /// What of the lab decides how noisy latencies are in it; which binary, Corefile or defect stands there is left out.
    package var noiseLabel: String {
        let cache =
            switch cache {
            case .reference where serviceNanoseconds > 0: "reference of \(serviceNanoseconds / 1_000) µs"
            case .reference: "reference"
            case .peer(let peer): peer.rawValue
            case .binary: "binary"
            }
        return "lab \(topology.rawValue), \(cache)"
    }
}
