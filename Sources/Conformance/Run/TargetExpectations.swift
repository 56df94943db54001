package import DNSWire
package import NodeLocal

/// What the target's configuration says about one zone.
package struct ExpectedZone: Sendable, Hashable {
    /// How the cache asks upstream.
    package enum Transport: Sendable, Hashable {
        case tcp, udp
        /// The client's own transport.
        case mirrorsClient
    }

    package var zone: DNSName
    package var transport: Transport
    /// Where queries of the zone may go; empty when the configuration does not tell.
    package var upstreams: [IPAddress]
    /// Bounds on TTLs in seconds; nil where the zone has no cache.
    package var successTTLCap: UInt32?
    package var denialTTLCap: UInt32?
    /// The TTL in seconds to which smaller ones are raised, in each cache.
    package var successTTLFloor: UInt32
    package var denialTTLFloor: UInt32
    /// Entries that the zone's cache of positive answers can hold; nil without a cache.
    package var successCapacity: Int?
    /// Whether expired entries are given out for a while.
    package var servesStale: Bool
    /// Whether popular entries are fetched before they expire.
    package var prefetches: Bool
    /// How long an idle upstream connection is kept.
    package var expireNanoseconds: Int64
    /// Whether the server block asks itself for a name below the zone when it begins, to see whether it loops.
    package var probesLoop: Bool

    package init(
        zone: DNSName,
        transport: Transport,
        upstreams: [IPAddress],
        successTTLCap: UInt32?,
        denialTTLCap: UInt32?,
        successTTLFloor: UInt32 = 5,
        denialTTLFloor: UInt32 = 5,
        successCapacity: Int? = nil,
        servesStale: Bool = false,
        prefetches: Bool = false,
        expireNanoseconds: Int64 = 10_000_000_000,
        probesLoop: Bool = false
    ) {
        self.zone = zone
        self.transport = transport
        self.upstreams = upstreams
        self.successTTLCap = successTTLCap
        self.denialTTLCap = denialTTLCap
        self.successTTLFloor = successTTLFloor
        self.denialTTLFloor = denialTTLFloor
        self.successCapacity = successCapacity
        self.servesStale = servesStale
        self.prefetches = prefetches
        self.expireNanoseconds = expireNanoseconds
        self.probesLoop = probesLoop
    }
}

/// The expectations that follow from the target's configuration.
package struct TargetExpectations: Sendable, Hashable {
    package var zones: [ExpectedZone]

    package init(zones: [ExpectedZone]) {
        self.zones = zones
    }

    /// Takes the expectations of a Corefile; zones that share a name keep the first.
    package init(_ corefile: CorefileExpectations) {
        zones = corefile.zones.map { zone in
            let transport: ExpectedZone.Transport =
                switch zone.transport {
                case .tcp: .tcp
                case .udp: .udp
                case .mirrorsClient: .mirrorsClient
                }
            return ExpectedZone(
                zone: zone.zone,
                transport: transport,
                upstreams: corefile.unresolvedFiles.isEmpty ? zone.upstreams.map(\.address) : [],
                successTTLCap: zone.cache?.success.maximumTTL,
                denialTTLCap: zone.cache?.denial.maximumTTL,
                successTTLFloor: zone.cache?.success.minimumTTL ?? 0,
                denialTTLFloor: zone.cache?.denial.minimumTTL ?? 0,
                successCapacity: zone.cache?.success.effectiveCapacity,
                servesStale: zone.cache?.serveStale != nil,
                prefetches: zone.cache?.prefetch != nil,
                expireNanoseconds: zone.expireNanoseconds,
                probesLoop: zone.detectsLoops
            )
        }
    }

    /// The zone that serves a name: the longest match by whole labels.
    package func zone(for name: DNSName) -> ExpectedZone? {
        zones.filter { name.isSubdomain(of: $0.zone) }.max { $0.zone.labelCount < $1.zone.labelCount }
    }

    /// The zone of the cluster's own names: the first that is neither the root nor a reverse zone.
    package var clusterZone: DNSName? {
        zones.first { !$0.zone.isRoot && !Self.isReverse($0.zone) }?.zone
    }

    private static func isReverse(_ name: DNSName) -> Bool {
        name.lowercased.description.hasSuffix("arpa.")
    }
}
