package import DNSWire

/// What a running node-cache must do, derived from the Corefile in force.
package struct CorefileExpectations: Sendable {
    /// One zone on one port, in the order of the file.
    package let zones: [ZoneExpectation]
    /// Where `/health` answers, or nil without the plugin or when it listens on every address.
    package let health: Endpoint?
    /// The port of `/metrics`, or nil without the plugin.
    package let metricsPort: UInt16?
    /// The address of `/metrics` when the Corefile names one; nil means every address of the node.
    package let metricsAddress: IPAddress?
    /// The resolv.conf files whose servers were not given, so that some upstreams are unknown.
    package let unresolvedFiles: [String]

    /// Derives the expectations.
    ///
    /// `resolvers` maps the path of a resolv.conf to its servers; an unknown path leaves `upstreams` without them and
    /// is listed in `unresolvedFiles`.
    package init(_ corefile: Corefile, resolvers: [String: [Endpoint]] = [:]) {
        var zones: [ZoneExpectation] = []
        var unresolved: [String] = []
        for block in corefile.serverBlocks {
            for key in block.keys {
                let forward = block.forwards.first { $0.covers(key.zone) } ?? block.forwards.first
                var upstreams: [Endpoint] = []
                for upstream in forward?.upstreams ?? [] {
                    switch upstream {
                    case .endpoint(let endpoint), .tls(let endpoint): upstreams.append(endpoint)
                    case .resolvConf(let path):
                        if let known = resolvers[path] {
                            upstreams += known
                        } else if !unresolved.contains(path) {
                            unresolved.append(path)
                        }
                    }
                }
                zones.append(
                    ZoneExpectation(
                        zone: key.zone,
                        port: key.port,
                        listen: block.bind,
                        upstreams: upstreams,
                        transport: forward?.transport ?? .mirrorsClient,
                        expireNanoseconds: forward?.expireNanoseconds ?? 10_000_000_000,
                        cache: block.cache.flatMap { $0.applies(to: key.zone) ? $0 : nil },
                        detectsLoops: block.detectsLoops && key == block.keys.first
                    )
                )
            }
        }
        self.zones = zones
        unresolvedFiles = unresolved
        let listen = corefile.serverBlocks.lazy.compactMap(\.health).first?.listen
        let fallback = corefile.serverBlocks.lazy.flatMap(\.bind).first
        health = listen.flatMap { listen in
            (listen.address ?? fallback).map { Endpoint(address: $0, port: listen.port) }
        }
        let prometheus = corefile.serverBlocks.lazy.compactMap(\.prometheus).first
        metricsPort = prometheus?.port
        metricsAddress = prometheus?.address
    }

    /// The zone that answers a query for `name`: the longest match, label by label, as CoreDNS chooses a server block.
    package func expectation(for name: DNSName) -> ZoneExpectation? {
        zones.filter { name.isSubdomain(of: $0.zone) }.max { $0.zone.labels.count < $1.zone.labels.count }
    }

    /// The addresses that the cache listens on, each once, in the order of the file.
    package var listenAddresses: [IPAddress] {
        var addresses: [IPAddress] = []
        for address in zones.flatMap(\.listen) where !addresses.contains(address) { addresses.append(address) }
        return addresses
    }

    /// The zones whose upstream queries must all be TCP.
    package var zonesForcingTCP: [ZoneExpectation] { zones.filter { $0.transport == .tcp } }
}

/// What is expected of one zone.
package struct ZoneExpectation: Sendable, Hashable {
    /// The zone in lower case.
    package let zone: DNSName
    /// The port that serves it.
    package let port: UInt16
    /// The addresses that serve it; empty means every address of the node.
    package let listen: [IPAddress]
    /// Where its queries are forwarded; empty when unknown or when nothing forwards.
    package let upstreams: [Endpoint]
    /// How upstream is asked.
    package let transport: UpstreamTransport
    /// How long an idle upstream connection is kept.
    package let expireNanoseconds: Int64
    /// What is cached, or nil when nothing is.
    package let cache: CacheSettings?
    /// True when `loop` sends its HINFO probe for a name below this zone: the first of its block (plugin/loop, setup.go).
    package let detectsLoops: Bool

    /// Entries that the success cache holds; 0 without a cache.
    package var successCapacity: Int { cache?.success.effectiveCapacity ?? 0 }
    /// Longest lifetime of a positive answer in seconds; 0 without a cache.
    package var successTTLCap: UInt32 { cache?.success.maximumTTL ?? 0 }
    /// Entries that the denial cache holds; 0 without a cache.
    package var denialCapacity: Int { cache?.denial.effectiveCapacity ?? 0 }
    /// Longest lifetime of a negative answer in seconds; 0 without a cache.
    package var denialTTLCap: UInt32 { cache?.denial.maximumTTL ?? 0 }
    /// TTL to which a smaller one is raised, in seconds; 5 unless the Corefile says otherwise.
    package var minimumTTL: UInt32 { cache?.success.minimumTTL ?? 0 }

    /// The TTL on a positive answer fresh from upstream, whose smallest TTL was `ttl`.
    package func successTTL(upstream ttl: UInt32) -> UInt32 { cache?.success.clamp(ttl) ?? ttl }
    /// The TTL on a negative answer fresh from upstream, whose smallest TTL was `ttl`.
    package func denialTTL(upstream ttl: UInt32) -> UInt32 { cache?.denial.clamp(ttl) ?? ttl }
}

extension CacheSettings {
    /// True when names of `zone` are cached by this line.
    func applies(to zone: DNSName) -> Bool {
        guard let zones else { return true }
        return zones.contains { zone.isSubdomain(of: $0) }
    }
}
