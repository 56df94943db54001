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
        servesStale: Bool = false,
        successTTLCap: UInt32 = 30,
        denialTTLCap: UInt32 = 5,
        capacity: Int = 9_984
    ) {
        self.name = name
        self.upstream = upstream
        self.upstreamAddresses = upstreamAddresses
        self.isCached = isCached
        self.servesStale = servesStale
        self.successTTLCap = successTTLCap
        self.denialTTLCap = denialTTLCap
        self.capacity = capacity
    }
}
