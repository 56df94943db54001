package import NodeLocal

/// What the cache's metrics page counts, of which changes are judged; the page itself is not kept.
package struct CacheCounters: Sendable {
    /// The counters of interest.
    static let metrics: [CoreDNSMetric] = [
        .replies, .panics, .cacheEvictions, .healthCheckFailures, .healthCheckBroken, .concurrencyRejects,
        .reloadFailures, .setupErrors, .connectionReuses, .connectionOpens, .processStart,
    ]

    /// Counters that exist from the start of the process, so that a page without them says nothing.
    private static let unlabelled: Set<CoreDNSMetric> = [.setupErrors, .processStart]

    /// How full one cache is.
    package struct Fill: Sendable, Hashable {
        /// `success` or `denial`.
        package let type: String
        /// The zones that share it, as the page names them; nil before CoreDNS 1.9.1.
        package let zones: String?
        /// Entries in it.
        package let entries: Double
    }

    /// The version of CoreDNS.
    package let version: CoreDNSVersion
    /// The counters by metric; nil for those that the version does not count or the page does not tell.
    package let values: [CoreDNSMetric: Double]
    /// Answers with SERVFAIL.
    package let failures: Double
    /// Upstream queries over UDP, by the upstream's address and port.
    package let datagrams: [String: Double]
    /// The caches.
    package let fills: [Fill]

    /// Takes the counters of a page; nil when the page does not tell the version of CoreDNS.
    package init?(_ page: MetricsPage) {
        guard let version = page.coreDNSVersion else { return nil }
        self.version = version
        var values: [CoreDNSMetric: Double] = [:]
        for metric in Self.metrics {
            guard metric.name(in: version) != nil else { continue }
            // CoreDNS leaves a labelled counter out until it first counts.
            values[metric] = page.sum(metric, in: version) ?? (Self.unlabelled.contains(metric) ? nil : 0)
        }
        self.values = values
        failures = page.sum(.replies, in: version, where: ["rcode": "SERVFAIL"]) ?? 0
        var datagrams: [String: Double] = [:]
        for metric in [CoreDNSMetric.connectionReuses, .connectionOpens] {
            guard let name = metric.name(in: version) else { continue }
            for sample in page.samples(of: name) where sample.labels["proto"] == "udp" {
                datagrams[sample.labels["to"] ?? "?", default: 0] += sample.value
            }
        }
        self.datagrams = datagrams
        fills =
            CoreDNSMetric.cacheEntries.name(in: version).map { name in
                page.samples(of: name).map {
                    Fill(type: $0.labels["type"] ?? "?", zones: $0.labels["zones"], entries: $0.value)
                }
            } ?? []
    }
}
