import DNSWire
import LinuxNet
import NodeLocal

/// Reads the cache's counters off its pages.
struct CounterProbe: Sendable {
    /// The metrics page, or nil when nobody says where it is.
    let metrics: Endpoint?
    /// Time for one page.
    let timeoutNanoseconds: Int64
    /// Where the pages are.
    let namespace: NetworkNamespace?

    /// Reads them once.
    func read() async -> Reading<CacheCounters> {
        guard let metrics else { return .unreadable("nobody says where a metrics page is") }
        switch await page(metrics) {
        case .unreadable(let reason): return .unreadable(reason)
        case .value(let page):
            return CacheCounters(page).map { .value($0) }
                ?? .unreadable("the page does not tell the version of CoreDNS")
        }
    }

    /// Reads node-cache's own errors of setting up, which older versions tell on a page of their own alone.
    func setupErrors(at endpoint: Endpoint) async -> Reading<Double> {
        guard let name = CoreDNSMetric.setupErrors.name(in: CoreDNSVersion(1, 7)) else { return .unreadable("?") }
        switch await page(endpoint) {
        case .unreadable(let reason): return .unreadable(reason)
        case .value(let page): return page.sum(name).map { .value($0) } ?? .unreadable("\(endpoint) has no \(name)")
        }
    }

    private func page(_ endpoint: Endpoint) async -> Reading<MetricsPage> {
        let probe = PageProbe(server: endpoint, path: "/metrics", timeoutNanoseconds: timeoutNanoseconds)
        switch await probe.fetch(namespace: namespace) {
        case .unknown(let reason), .unreachable(let reason): return .unreadable(reason)
        case .reply(let reply):
            guard reply.status == 200 else { return .unreadable("HTTP status \(reply.status)") }
            return Reading { () throws(MetricsError) in try MetricsPage.parse(reply.body) }
        }
    }
}
