import DNSWire
import Doctor
import LinuxNet
import NodeLocal
import Scenario

/// Reads the counters that tell who lost a query, each in its network namespace.
struct LossReader: Sendable {
    private let target: Endpoint
    private let client: NetworkNamespace?
    private let site: Site
    private let metrics: Endpoint?

    /// Reads around loads on `target` from `client`; metrics count only for the cache under test.
    init(target: Scenario.Target, client: NetworkNamespace?, site: Site) {
        self.target = target.endpoint
        self.client = client
        self.site = site
        metrics = target.role == .cache ? site.metrics : nil
    }

    /// Reads once; what cannot be read stays unknown.
    func read() async -> LossReading {
        let port = target.port
        let client = try? await Threads.run(name: "counters", namespace: client) { NetworkSample.take(port: port) }
        let server = try? await Threads.run(name: "counters", namespace: site.nodeNamespace) {
            NetworkSample.take(port: port)
        }
        var page: MetricsPage?
        if let metrics { page = try? await SiteProbe.page(metrics, site: site) }
        return LossReading(client: client ?? NetworkSample(), server: server, metrics: page)
    }
}
