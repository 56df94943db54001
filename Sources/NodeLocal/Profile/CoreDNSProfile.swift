/// What a line of CoreDNS is known to do where versions differ.
///
/// Each fact names the version that changed it; they were read from the tags of coredns/coredns.
package struct CoreDNSProfile: Sendable, Hashable {
    /// How a health check of `forward` travels when the zone forces TCP.
    package enum HealthCheckTransport: String, Sendable, Hashable {
        /// Always UDP, so that `force_tcp` does not mean "no UDP packet".
        case udp
        /// TCP wherever `force_tcp` stands.
        case followsForceTCP
    }

    /// The profile's name, such as `coredns-1.13`, as check files write it.
    package let id: String
    /// The version on which the facts were taken.
    package let version: CoreDNSVersion

    /// The profile for node-cache 1.16–1.19 and 1.21.0–1.22.13, among them the seed's 1.17.0.
    package static let coreDNS1_7 = CoreDNSProfile(id: "coredns-1.7", version: CoreDNSVersion(1, 7, 0))
    /// The profile for node-cache 1.20.0, which was withdrawn.
    package static let coreDNS1_8 = CoreDNSProfile(id: "coredns-1.8", version: CoreDNSVersion(1, 8, 3))
    /// The profile for node-cache 1.22.14–1.23.1.
    package static let coreDNS1_10 = CoreDNSProfile(id: "coredns-1.10", version: CoreDNSVersion(1, 10, 0))
    /// The profile for node-cache 1.24.0–1.26.4.
    package static let coreDNS1_11 = CoreDNSProfile(id: "coredns-1.11", version: CoreDNSVersion(1, 11, 3))
    /// The profile for node-cache 1.26.5.
    package static let coreDNS1_12 = CoreDNSProfile(id: "coredns-1.12", version: CoreDNSVersion(1, 12, 2))
    /// The profile for node-cache 1.26.6–1.26.8.
    package static let coreDNS1_13 = CoreDNSProfile(id: "coredns-1.13", version: CoreDNSVersion(1, 13, 1))
    /// The profile for builds after 1.26.8, with all that 1.14.7 mended.
    package static let coreDNS1_14 = CoreDNSProfile(id: "coredns-1.14", version: CoreDNSVersion(1, 14, 7))
    /// Every profile, oldest first.
    package static let all = [
        coreDNS1_7, coreDNS1_8, coreDNS1_10, coreDNS1_11, coreDNS1_12, coreDNS1_13, coreDNS1_14,
    ]

    /// The profile of that name, such as `coredns-1.14`.
    ///
    /// `coredns-1.14.4` is the same line with the facts of that version. Nil for a name that is neither.
    package static func named(_ id: String) -> CoreDNSProfile? {
        if let profile = all.first(where: { $0.id == id }) { return profile }
        guard id.hasPrefix("coredns-"), let version = CoreDNSVersion(String(id.dropFirst(8))),
            id == "coredns-\(version)", let line = all.first(where: { $0.isOfLine(version) })
        else { return nil }
        return line.at(version)
    }

    /// Whether a version belongs to this profile's line.
    package func isOfLine(_ version: CoreDNSVersion) -> Bool {
        (self.version.major, self.version.minor) == (version.major, version.minor)
    }

    /// The same profile with the facts of another version.
    package func at(_ version: CoreDNSVersion) -> CoreDNSProfile { CoreDNSProfile(id: id, version: version) }

    /// Health checks stayed on UDP before 1.9.0, whatever `force_tcp` said.
    package var healthCheckTransport: HealthCheckTransport { version < CoreDNSVersion(1, 9) ? .udp : .followsForceTCP }

    /// Answers with and without DO are separate entries; shared from 1.7.1 to 1.10.0.
    package var cacheKeySplitsOnDO: Bool {
        version < CoreDNSVersion(1, 7, 1) || version > CoreDNSVersion(1, 10, 0)
    }

    /// Answers with and without CD are separate entries since 1.11.3.
    package var cacheKeySplitsOnCD: Bool { version >= CoreDNSVersion(1, 11, 3) }

    /// The query class is part of the cache key since 1.14.7.
    package var cacheKeyIncludesClass: Bool { version >= CoreDNSVersion(1, 14, 7) }

    /// The cache put an OPT with DO and 2,048 octets on each upstream query from 1.7.1 to 1.10.0.
    package var forcesDOUpstream: Bool {
        version >= CoreDNSVersion(1, 7, 1) && version <= CoreDNSVersion(1, 10, 0)
    }

    /// The upstream query carries a fresh random id since 1.8.7; before, the client's id went through.
    package var usesFreshUpstreamID: Bool { version >= CoreDNSVersion(1, 8, 7) }

    /// Queries that one client TCP connection may carry, or nil without a bound; 128 (miekg/dns) before 1.10.1.
    package var queriesPerTCPConnection: Int? { version < CoreDNSVersion(1, 10, 1) ? 128 : nil }

    /// Time that a client's TCP connection may stay without its first query; 2 s (miekg/dns) before 1.10.1, then 3 s.
    package var firstTCPReadNanoseconds: Int64 {
        version < CoreDNSVersion(1, 10, 1) ? 2_000_000_000 : 3_000_000_000
    }

    /// Time that a client's TCP connection may stay idle after a query; 8 s (miekg/dns) before 1.10.1, then 10 s.
    package var idleTCPNanoseconds: Int64 {
        version < CoreDNSVersion(1, 10, 1) ? 8_000_000_000 : 10_000_000_000
    }

    /// `coredns_cache_entries` is one gauge for all zones, set by the last writer, before 1.9.1.
    package var cacheEntriesShowOneZone: Bool { version < CoreDNSVersion(1, 9, 1) }

    /// A cached SERVFAIL hides a positive entry that is still alive, before 1.14.4.
    package var servfailShadowsPositive: Bool { version < CoreDNSVersion(1, 14, 4) }

    /// An NXDOMAIN without SOA is not cached since 1.14.5.
    package var cachesNXDOMAINWithoutSOA: Bool { version < CoreDNSVersion(1, 14, 5) }

    /// A refused upstream connection is retried in a tight loop until the deadline, before 1.14.7.
    package var spinsOnRefusedUpstream: Bool { version < CoreDNSVersion(1, 14, 7) }

    /// `servfail` and `disable` in a cache block are understood since 1.9.4; before, the Corefile is refused.
    package var understandsServfailOption: Bool { version >= CoreDNSVersion(1, 9, 4) }
}

/// The profile chosen for a running node-cache, and how sure the choice is.
package struct ProfileSelection: Sendable, Hashable {
    /// The profile whose facts apply.
    package let profile: CoreDNSProfile
    /// The version that was seen, or nil when none was.
    package let version: CoreDNSVersion?
    /// A sentence when the profile is not exactly that of the version; nil for an exact choice.
    package let note: String?

    /// Chooses by version: the same line if it is known, else the nearest older line, and says so.
    ///
    /// The facts are those of the version that was seen, whichever version of the line the profile was taken on.
    package static func select(for version: CoreDNSVersion?) -> ProfileSelection {
        // What stock images hold today.
        let usual = CoreDNSProfile.coreDNS1_13
        guard let version else {
            return ProfileSelection(
                profile: usual,
                version: nil,
                note: "the CoreDNS version is unknown; the profile \(usual.id) is assumed"
            )
        }
        let lines = CoreDNSProfile.all.filter {
            ($0.version.major, $0.version.minor) <= (version.major, version.minor)
        }
        guard let profile = lines.last else {
            let oldest = CoreDNSProfile.all[0]
            return ProfileSelection(
                profile: oldest,
                version: version,
                note: "CoreDNS \(version) is older than any profile; \(oldest.id) is used"
            )
        }
        let isExact = profile.isOfLine(version)
        return ProfileSelection(
            profile: profile.at(version),
            version: version,
            note: isExact
                ? nil : "there is no profile for CoreDNS \(version); the nearest older one, \(profile.id), is used"
        )
    }
}
