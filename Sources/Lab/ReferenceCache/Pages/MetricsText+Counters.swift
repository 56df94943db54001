import DNSWire

extension MetricsText {
    /// The page at `/metrics`.
    static func page(_ counters: Counters, rules: CacheRules, process: ProcessFacts) -> String {
        var page = MetricsText()
        page.build(rules, counters)
        page.caches(counters, omitsRequests: rules.service.omitsCacheRequests)
        page.zones(counters)
        page.upstreams(counters)
        page.operations(counters)
        page.setupErrors(rules.service)
        page.process(process)
        return page.text
    }

    /// The page at the metrics address of node-cache itself.
    static func setupPage(_ process: ProcessFacts, rules: CacheRules) -> String {
        var page = MetricsText()
        page.setupErrors(rules.service)
        page.process(process)
        return page.text
    }

    private mutating func build(_ rules: CacheRules, _ counters: Counters) {
        if !rules.service.omitsBuildInfo {
            family(
                "coredns_build_info",
                "gauge",
                "A metric with a constant '1' value labeled by version, revision, and goversion from which CoreDNS was "
                    + "built."
            )
            sample(
                "coredns_build_info",
                [("goversion", ""), ("revision", "nldns-reference"), ("version", rules.profile.buildVersion)],
                1
            )
        }
        guard !counters.plugins.isEmpty else { return }
        family(
            "coredns_plugin_enabled",
            "gauge",
            "A metric that indicates whether a plugin is enabled on per server and zone basis."
        )
        for plugin in counters.plugins {
            sample(
                "coredns_plugin_enabled",
                [("name", plugin.name), ("server", plugin.server), ("view", ""), ("zone", plugin.zone)],
                1
            )
        }
    }

    // MARK: Caches

    private mutating func caches(_ counters: Counters, omitsRequests: Bool) {
        let caches = counters.caches.sorted { ($0.key.server, $0.key.zone) < ($1.key.server, $1.key.zone) }
        func labels(_ key: Counters.ZoneKey, type: String? = nil) -> [(String, String)] {
            [("server", key.server)] + (type.map { [("type", $0)] } ?? []) + [("view", ""), ("zones", key.zone)]
        }
        /// Writes a family by cache type, leaving out what was never counted.
        func byType(
            _ name: String,
            _ type: String,
            _ help: String,
            _ page: inout MetricsText,
            _ value: (Counters.Cache, _ isSuccess: Bool) -> UInt64?
        ) {
            var begun = false
            for (key, cache) in caches {
                for (label, isSuccess) in [("denial", false), ("success", true)] {
                    guard let value = value(cache, isSuccess) else { continue }
                    if !begun { page.family(name, type, help) }
                    begun = true
                    page.sample(name, labels(key, type: label), value)
                }
            }
        }
        byType("coredns_cache_entries", "gauge", "The number of elements in the cache.", &self) { cache, isSuccess in
            cache.entries.map { UInt64(isSuccess ? $0.success : $0.denial) }
        }
        byType("coredns_cache_evictions_total", "counter", "The count of cache evictions.", &self) { cache, isSuccess in
            let count = isSuccess ? cache.successEvictions : cache.denialEvictions
            return count > 0 ? count : nil
        }
        byType("coredns_cache_hits_total", "counter", "The count of cache hits.", &self) { cache, isSuccess in
            let count = isSuccess ? cache.successHits : cache.denialHits
            return count > 0 ? count : nil
        }
        if caches.contains(where: { $0.value.misses > 0 }) {
            family(
                "coredns_cache_misses_total",
                "counter",
                "The count of cache misses. Deprecated, derive misses from cache hits/requests counters."
            )
            for (key, cache) in caches where cache.misses > 0 {
                sample("coredns_cache_misses_total", labels(key), cache.misses)
            }
        }
        if !caches.isEmpty, !omitsRequests {
            family("coredns_cache_requests_total", "counter", "The count of cache requests.")
            for (key, cache) in caches { sample("coredns_cache_requests_total", labels(key), cache.requests) }
        }
    }

    // MARK: Queries

    private mutating func zones(_ counters: Counters) {
        let zones = counters.zones.sorted { ($0.key.server, $0.key.zone) < ($1.key.server, $1.key.zone) }
        guard !zones.isEmpty else { return }
        func labels(_ key: Counters.ZoneKey, _ first: [(String, String)] = []) -> [(String, String)] {
            (first + [("server", key.server), ("view", ""), ("zone", key.zone)]).sorted { $0.0 < $1.0 }
        }
        if zones.contains(where: { $0.value.dnssecOK > 0 }) {
            family("coredns_dns_do_requests_total", "counter", "Counter of DNS requests with DO bit set per zone.")
            for (key, zone) in zones where zone.dnssecOK > 0 {
                sample("coredns_dns_do_requests_total", labels(key), zone.dnssecOK)
            }
        }
        family(
            "coredns_dns_request_duration_seconds",
            "histogram",
            "Histogram of the time (in seconds) each request took per zone."
        )
        for (key, zone) in zones { histogram("coredns_dns_request_duration_seconds", labels(key), zone.duration) }
        family(
            "coredns_dns_request_size_bytes",
            "histogram",
            "Size of the EDNS0 UDP buffer in bytes (64K for TCP) per zone and protocol."
        )
        for (key, zone) in zones {
            for (proto, sizes) in zone.requestSize.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                histogram("coredns_dns_request_size_bytes", labels(key, [("proto", proto.rawValue)]), sizes)
            }
        }
        family("coredns_dns_requests_total", "counter", "Counter of DNS requests made per zone, protocol and family.")
        for (key, zone) in zones {
            for (request, count) in zone.requests.sorted(by: { $0.key.order < $1.key.order }) {
                let type = request.type.map { RecordType(rawValue: $0).description } ?? "other"
                sample(
                    "coredns_dns_requests_total",
                    labels(
                        key,
                        [
                            ("family", request.isIPv6 ? "2" : "1"), ("proto", request.transport.rawValue),
                            ("type", type),
                        ]
                    ),
                    count
                )
            }
        }
        family("coredns_dns_response_size_bytes", "histogram", "Size of the returned response in bytes.")
        for (key, zone) in zones {
            for (proto, sizes) in zone.responseSize.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                histogram("coredns_dns_response_size_bytes", labels(key, [("proto", proto.rawValue)]), sizes)
            }
        }
        family("coredns_dns_responses_total", "counter", "Counter of response status codes.")
        for (key, zone) in zones {
            for (response, count) in zone.responses.sorted(by: { $0.key.rcode < $1.key.rcode }) {
                sample(
                    "coredns_dns_responses_total",
                    labels(key, [("plugin", response.plugin), ("rcode", Self.rcode(response.rcode))]),
                    count
                )
            }
        }
    }

    // MARK: Upstreams

    private mutating func upstreams(_ counters: Counters) {
        connections(
            "coredns_proxy_conn_cache_hits_total",
            "Counter of connection cache hits per upstream and protocol.",
            counters.connectionHits
        )
        connections(
            "coredns_proxy_conn_cache_misses_total",
            "Counter of connection cache misses per upstream and protocol.",
            counters.connectionMisses
        )
        if !counters.healthCheckFailures.isEmpty {
            family(
                "coredns_proxy_healthcheck_failures_total",
                "counter",
                "Counter of the number of failed healthchecks."
            )
            for (upstream, count) in counters.healthCheckFailures.sorted(by: { $0.key < $1.key }) {
                sample(
                    "coredns_proxy_healthcheck_failures_total",
                    [("proxy_name", "forward"), ("to", upstream)],
                    count
                )
            }
        }
        guard !counters.exchanges.isEmpty else { return }
        family("coredns_proxy_request_duration_seconds", "histogram", "Histogram of the time each request took.")
        let exchanges = counters.exchanges.sorted {
            ($0.key.upstream, $0.key.rcode) < ($1.key.upstream, $1.key.rcode)
        }
        for (key, durations) in exchanges {
            histogram(
                "coredns_proxy_request_duration_seconds",
                [("proxy_name", "forward"), ("rcode", Self.rcode(key.rcode)), ("to", key.upstream)],
                durations
            )
        }
    }

    private mutating func connections(_ name: String, _ help: String, _ counts: [Counters.ConnectionKey: UInt64]) {
        guard !counts.isEmpty else { return }
        family(name, "counter", help)
        for (key, count) in counts.sorted(by: { $0.key.upstream < $1.key.upstream }) {
            sample(
                name,
                [("proto", key.transport.rawValue), ("proxy_name", "forward"), ("to", key.upstream)],
                count
            )
        }
    }

    // MARK: Operations

    private mutating func operations(_ counters: Counters) {
        func counter(_ name: String, _ help: String, _ value: UInt64, _ page: inout MetricsText) {
            page.family(name, "counter", help)
            page.sample(name, [], value)
        }
        counter(
            "coredns_forward_healthcheck_broken_total",
            "Counter of the number of complete failures of the healthchecks.",
            counters.healthCheckBroken,
            &self
        )
        counter(
            "coredns_forward_max_concurrent_rejects_total",
            "Counter of the number of queries rejected because the concurrent queries were at maximum.",
            counters.concurrentRejects,
            &self
        )
        family(
            "coredns_health_request_duration_seconds",
            "histogram",
            "Histogram of the time (in seconds) each request took."
        )
        histogram("coredns_health_request_duration_seconds", [], counters.healthDuration)
        counter(
            "coredns_health_request_failures_total",
            "The number of times the health check failed.",
            counters.healthFailures,
            &self
        )
        counter(
            "coredns_panics_total",
            "A metrics that counts the number of panics.",
            counters.panics,
            &self
        )
        counter(
            "coredns_reload_failed_total",
            "Counter of the number of failed reload attempts.",
            counters.reloadFailures,
            &self
        )
        guard let version = counters.reloadVersion else { return }
        family(
            "coredns_reload_version_info",
            "gauge",
            "A metric with a constant '1' value labeled by hash, and value which type of hash generated."
        )
        sample("coredns_reload_version_info", [("hash", "fnv1a64"), ("value", version)], 1)
    }

    private mutating func setupErrors(_ rules: ServiceRules) {
        family(
            "coredns_nodecache_setup_errors_total",
            "counter",
            "The number of errors during periodic network setup for node-cache"
        )
        for type in ["configmap", "interface_add", "interface_check", "iptables", "iptables_lock"] {
            sample(
                "coredns_nodecache_setup_errors_total",
                [("errortype", type)],
                rules.countsSetupErrors && type == "iptables" ? 1 : 0
            )
        }
    }

    private mutating func process(_ process: ProcessFacts) {
        let facts: [(String, String, String, Double)] = [
            (
                "process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.",
                process.cpuSeconds
            ),
            ("process_max_fds", "gauge", "Maximum number of open file descriptors.", process.maximumDescriptors),
            ("process_open_fds", "gauge", "Number of open file descriptors.", process.openDescriptors),
            ("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", process.residentBytes),
            (
                "process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.",
                process.startSeconds
            ),
            ("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.", process.virtualBytes),
        ]
        for (name, type, help, value) in facts {
            family(name, type, help)
            sample(name, [], Self.number(value))
        }
    }

    private static func rcode(_ code: UInt16) -> String { RCode(rawValue: code).description }
}

extension Counters.RequestKey {
    /// A stable order for the page.
    fileprivate var order: (String, Int, UInt16) { (transport.rawValue, isIPv6 ? 2 : 1, type ?? .max) }
}
