/// A quantity that node-cache counts, apart from the name that a version gives it.
///
/// Names changed at 1.7.0 (`_count_total` became `_total`) and 1.11.0 (`forward` became `proxy`); sources are
/// coredns/coredns `plugin/metrics`, `plugin/cache`, `plugin/forward` and `plugin/pkg/proxy` at their tags.
package enum CoreDNSMetric: String, CaseIterable, Sendable {
    /// Queries received, by server, zone, protocol, family and type.
    case queries
    /// Answers given, by rcode.
    case replies
    /// Panics that the server caught.
    case panics
    /// Entries in the caches.
    case cacheEntries
    /// Lookups in the cache, since 1.8.5.
    case cacheRequests
    /// Answers from the cache, by type success or denial.
    case cacheHits
    /// Lookups that found nothing.
    case cacheMisses
    /// Entries put out for want of room, since 1.8.4.
    case cacheEvictions
    /// Entries refreshed ahead of their end.
    case cachePrefetches
    /// Upstream answers that do not fit their query.
    case cacheDrops
    /// Answers given past the end of their entry.
    case cacheServedStale
    /// Upstream exchanges that ended in an answer.
    case upstreamExchanges
    /// Upstream queries sent on a kept connection, since 1.7.1.
    case connectionReuses
    /// Upstream queries that opened a connection, since 1.7.1.
    case connectionOpens
    /// Failed health checks of upstreams.
    case healthCheckFailures
    /// Queries while every upstream was out.
    case healthCheckBroken
    /// Queries refused by `max_concurrent`.
    case concurrencyRejects
    /// Reloads that failed.
    case reloadFailures
    /// Failed self-checks of `/health`, since 1.8.4.
    case healthRequestFailures
    /// Failures to set up interface and iptables rules, by errortype; node-cache's own.
    case setupErrors
    /// The start of the process in seconds since 1970.
    case processStart

    /// The name on the metrics page of that CoreDNS version, or nil when the version does not count it.
    package func name(in version: CoreDNSVersion) -> String? {
        let isOld = version < CoreDNSVersion(1, 7)
        let isProxy = version >= CoreDNSVersion(1, 11)
        switch self {
        case .queries: return isOld ? "coredns_dns_request_count_total" : "coredns_dns_requests_total"
        case .replies: return isOld ? "coredns_dns_response_rcode_count_total" : "coredns_dns_responses_total"
        case .panics: return isOld ? "coredns_panic_count_total" : "coredns_panics_total"
        case .cacheEntries: return isOld ? "coredns_cache_size" : "coredns_cache_entries"
        case .cacheRequests: return version < CoreDNSVersion(1, 8, 5) ? nil : "coredns_cache_requests_total"
        case .cacheHits: return "coredns_cache_hits_total"
        case .cacheMisses: return "coredns_cache_misses_total"
        case .cacheEvictions: return version < CoreDNSVersion(1, 8, 4) ? nil : "coredns_cache_evictions_total"
        case .cachePrefetches: return "coredns_cache_prefetch_total"
        case .cacheDrops: return "coredns_cache_drops_total"
        case .cacheServedStale: return version < CoreDNSVersion(1, 6, 6) ? nil : "coredns_cache_served_stale_total"
        case .upstreamExchanges:
            if isProxy { return "coredns_proxy_request_duration_seconds_count" }
            return isOld ? "coredns_forward_request_count_total" : "coredns_forward_requests_total"
        case .connectionReuses: return connectionName("hits", in: version)
        case .connectionOpens: return connectionName("misses", in: version)
        case .healthCheckFailures:
            if isProxy { return "coredns_proxy_healthcheck_failures_total" }
            return isOld
                ? "coredns_forward_healthcheck_failure_count_total" : "coredns_forward_healthcheck_failures_total"
        case .healthCheckBroken:
            // 1.7.0 counts it and does not export it (coredns#4021).
            if version == CoreDNSVersion(1, 7, 0) { return nil }
            return isOld ? "coredns_forward_healthcheck_broken_count_total" : "coredns_forward_healthcheck_broken_total"
        case .concurrencyRejects: return isOld ? nil : "coredns_forward_max_concurrent_rejects_total"
        case .reloadFailures: return isOld ? "coredns_reload_failed_count_total" : "coredns_reload_failed_total"
        case .healthRequestFailures:
            return version < CoreDNSVersion(1, 8, 4) ? nil : "coredns_health_request_failures_total"
        case .setupErrors: return "coredns_nodecache_setup_errors_total"
        case .processStart: return "process_start_time_seconds"
        }
    }

    private func connectionName(_ kind: String, in version: CoreDNSVersion) -> String? {
        guard version >= CoreDNSVersion(1, 7, 1) else { return nil }
        return "coredns_\(version >= CoreDNSVersion(1, 11) ? "proxy" : "forward")_conn_cache_\(kind)_total"
    }
}

extension MetricsPage {
    /// The sum of a quantity under the name that `version` gives it; nil when the page does not tell.
    ///
    /// CoreDNS leaves a labelled counter out until it first counts, so nil may also mean zero; a caller that knows the
    /// page to be complete may read it so.
    package func sum(
        _ metric: CoreDNSMetric,
        in version: CoreDNSVersion,
        where labels: [String: String] = [:]
    ) -> Double? {
        metric.name(in: version).flatMap { sum($0, where: labels) }
    }
}
