package import DNSWire
package import LinuxNet
package import NodeLocal

/// The node to look at and what should be found there.
package struct DoctorContext: Sendable {
    /// The network namespace in which the cache runs, or nil for that of the calling process.
    package var namespace: NetworkNamespace?
    /// Where the cache listens.
    package var cache: Endpoint
    /// The Service address of the cluster DNS, or nil when unknown.
    package var clusterDNS: Endpoint?
    /// What the Corefile in force asks for.
    package var expectations: CorefileExpectations
    /// The Corefile itself, which tells the zones that count nothing; nil takes all zones as counted.
    package var corefile: Corefile?
    /// Where `/health` answers, or nil when nothing is said of it.
    package var health: Endpoint?
    /// Where `/metrics` answers, or nil when nothing is said of it.
    package var metrics: Endpoint?
    /// Time over which counters are watched.
    package var windowNanoseconds: Int64 = 2_000_000_000
    /// Time to wait for an answer; a query over UDP is sent twice.
    package var queryTimeoutNanoseconds: Int64 = 1_000_000_000
    /// The kubelet's configuration; nil looks for the kubelet among the processes.
    package var kubeletConfiguration: String?
    /// The resolv.conf files of pods; none looks into the containers that are seen in /proc.
    package var podResolvers: [PodResolverSource] = []
    /// Where /proc and /sys of the node are mounted.
    package var roots = NodeRoots()
    /// True while somebody captures the node's traffic to judge the cache by it.
    ///
    /// The cluster DNS is not asked then: queries from the node's address look as if the cache had sent them.
    package var isCaptureRunning = false

    /// True while the look is one step of a run, whose other steps may ask the cluster DNS from a pod's address.
    package var isPartOfRun = false

    /// True while the process does nothing else and looks again and again: it then gives back memory when it waits.
    package var isRepeated = false

    /// A context without health and metrics pages.
    package init(
        namespace: NetworkNamespace? = nil,
        cache: Endpoint,
        clusterDNS: Endpoint?,
        expectations: CorefileExpectations,
        corefile: Corefile? = nil,
        health: Endpoint? = nil,
        metrics: Endpoint? = nil
    ) {
        self.namespace = namespace
        self.cache = cache
        self.clusterDNS = clusterDNS
        self.expectations = expectations
        self.corefile = corefile
        self.health = health
        self.metrics = metrics
    }

    /// A context whose expectations and pages are those of a Corefile, as seen on the node itself.
    package init(namespace: NetworkNamespace? = nil, cache: Endpoint, clusterDNS: Endpoint?, corefile: Corefile) {
        let expectations = CorefileExpectations(corefile)
        self.init(
            namespace: namespace,
            cache: cache,
            clusterDNS: clusterDNS,
            expectations: expectations,
            corefile: corefile,
            health: expectations.health,
            metrics: expectations.metricsPort.map {
                Endpoint(address: expectations.metricsAddress ?? cache.address, port: $0)
            }
        )
    }

    /// The zones that the cache serves at its endpoint, each once.
    var servedZones: [ZoneExpectation] {
        var seen: Set<DNSName> = []
        return expectations.zones.filter { zone in
            zone.port == cache.port && (zone.listen.isEmpty || zone.listen.contains(cache.address))
                && seen.insert(zone.zone).inserted
        }
    }

    /// The addresses at which queries reach the cache.
    var cacheAddresses: Set<IPAddress> { Set(expectations.listenAddresses + [cache.address]) }

    /// True when a zone of the Corefile listens on every address, so that a wildcard socket is the cache's own.
    var listensEverywhere: Bool { servedZones.contains { $0.listen.isEmpty } }

    /// The upstreams that only zones with force_tcp use.
    var upstreamsForcedToTCP: Set<Endpoint> {
        let forced = servedZones.filter { $0.transport == .tcp }.flatMap(\.upstreams)
        let free = servedZones.filter { $0.transport != .tcp }.flatMap(\.upstreams)
        return Set(forced).subtracting(free)
    }
}
