package import DNSWire

/// What a zone of the Corefile promises, as the proofs need it.
package struct ProofZone: Sendable, Hashable {
    /// How the zone's queries go upstream.
    package enum Upstream: Sendable, Hashable {
        /// `force_tcp`.
        case tcp
        /// Without `force_tcp`: as the client asked, or `prefer_udp`.
        case other
    }

    package var name: DNSName
    package var upstream: Upstream
    /// Addresses at which the wire shows this zone's upstream: endpoints, not the cluster DNS IP, on IPVS nodes.
    package var upstreamAddresses: [IPAddress]
    /// The zone has the cache plugin.
    package var isCached: Bool
    /// Highest TTL of an answer with records, seconds.
    package var successTTLCap: UInt32
    /// Highest TTL of a denial, seconds.
    package var denialTTLCap: UInt32
    /// Entries that the cache holds of one kind; random eviction begins well below.
    package var capacity: Int

    package init(
        name: DNSName,
        upstream: Upstream,
        upstreamAddresses: [IPAddress],
        isCached: Bool = true,
        successTTLCap: UInt32 = 30,
        denialTTLCap: UInt32 = 5,
        capacity: Int = 9_984
    ) {
        self.name = name
        self.upstream = upstream
        self.upstreamAddresses = upstreamAddresses
        self.isCached = isCached
        self.successTTLCap = successTTLCap
        self.denialTTLCap = denialTTLCap
        self.capacity = capacity
    }
}

/// The number of a CoreDNS release.
package struct ReleaseNumber: Sendable, Hashable, Comparable {
    package var major: Int
    package var minor: Int
    package var patch: Int

    package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Since this release the health checks of a `force_tcp` forward use TCP (coredns PR 5109).
    static let healthChecksOverTCP = ReleaseNumber(1, 9, 0)

    package static func < (left: ReleaseNumber, right: ReleaseNumber) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}

/// How much must be seen before anything counts as proven.
package struct ProofRequirements: Sendable {
    /// Cache misses of a zone that must have been seen going upstream.
    package var minimumMisses = 3
    /// Cache hits of a zone that must have been seen.
    package var minimumHits = 2
    /// Frames kept as evidence of one proof.
    package var evidenceLimit = 20
    /// Release of the CoreDNS in the cache; nil when it is not known.
    package var coreDNS: ReleaseNumber?
    /// Names that nobody can have asked before, from `ActiveControl`.
    package var freshNames: Set<DNSName> = []

    package init() {}
}

/// What the proofs are judged on.
package struct Observation: Sendable {
    package let records: [MessageRecord]
    package let losses: CaptureLosses
    package let join: Join

    /// An observation out of the messages of a capture and what it is known to have missed.
    package init(records: [MessageRecord], losses: CaptureLosses) {
        self.records = records
        self.losses = losses
        join = Join(records)
    }

    /// All that a capture saw.
    package init(_ result: CaptureResult) {
        self.init(records: result.records, losses: result.report.losses)
    }
}

/// Finds the zone that answers for a name: the longest match, label by label, as CoreDNS does.
struct ZoneFinder {
    private let zones: [ProofZone]
    private var found: [DNSName: Int?] = [:]

    init(_ zones: [ProofZone]) {
        self.zones = zones
    }

    /// The position of the zone of a lower-case name, or nil.
    mutating func position(of name: DNSName) -> Int? {
        if let known = found[name] { return known }
        let position = zones.indices
            .filter { name.isSubdomain(of: zones[$0].name) }
            .max { zones[$0].name.labelCount < zones[$1].name.labelCount }
        found[name] = .some(position)
        return position
    }
}
