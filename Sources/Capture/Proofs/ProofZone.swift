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
    /// `serve_stale`: answers after their expiry are as they should be.
    package var servesStale: Bool
    /// `serve_stale DURATION verify`: for so long after its end an entry is renewed before it is used; 0 without.
    package var verifiesStaleNanoseconds: Int64
    /// `keepttl`: a hit shows the TTL that the entry began with.
    package var keepsTTL: Bool
    /// Highest TTL of an answer with records, seconds.
    package var successTTLCap: UInt32
    /// Highest TTL of a denial, seconds.
    package var denialTTLCap: UInt32
    /// Lowest TTL that the cache gives to a fetched answer with records, seconds (coredns plugin/cache MINTTL).
    package var successTTLFloor: UInt32
    /// The same of a denial, seconds.
    package var denialTTLFloor: UInt32
    /// Entries that the cache holds of one kind; random eviction begins well below.
    package var capacity: Int

    package init(
        name: DNSName,
        upstream: Upstream,
        upstreamAddresses: [IPAddress],
        isCached: Bool = true,
        servesStale: Bool = false,
        verifiesStaleNanoseconds: Int64 = 0,
        keepsTTL: Bool = false,
        successTTLCap: UInt32 = 30,
        denialTTLCap: UInt32 = 5,
        successTTLFloor: UInt32 = 5,
        denialTTLFloor: UInt32 = 5,
        capacity: Int = 9_984
    ) {
        self.name = name
        self.upstream = upstream
        self.upstreamAddresses = upstreamAddresses
        self.isCached = isCached
        self.servesStale = servesStale
        self.verifiesStaleNanoseconds = verifiesStaleNanoseconds
        self.keepsTTL = keepsTTL
        self.successTTLCap = successTTLCap
        self.denialTTLCap = denialTTLCap
        self.successTTLFloor = successTTLFloor
        self.denialTTLFloor = denialTTLFloor
        self.capacity = capacity
    }

    /// Whether the cache gives this TTL, seconds, to the answer that an upstream query brought.
    func gives(_ ttl: UInt32, to upstream: OpenQuery.Upstream) -> Bool {
        guard upstream.ttl != .max else { return false }
        guard isCached else { return ttl == upstream.ttl }
        return upstream.isDenial
            ? ttl == min(max(upstream.ttl, denialTTLFloor), denialTTLCap)
            : ttl == min(max(upstream.ttl, successTTLFloor), successTTLCap)
    }
}
