package import DNSWire

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
    package var minimumTTL: UInt32

    package init(
        zone: DNSName,
        transport: Transport,
        upstreams: [IPAddress],
        successTTLCap: UInt32?,
        denialTTLCap: UInt32?,
        minimumTTL: UInt32
    ) {
        self.zone = zone
        self.transport = transport
        self.upstreams = upstreams
        self.successTTLCap = successTTLCap
        self.denialTTLCap = denialTTLCap
        self.minimumTTL = minimumTTL
    }
}

/// The expectations that follow from the target's configuration.
package struct TargetExpectations: Sendable, Hashable {
    package var zones: [ExpectedZone]

    package init(zones: [ExpectedZone]) {
        self.zones = zones
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
