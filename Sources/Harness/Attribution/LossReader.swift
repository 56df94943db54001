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
        let (port, address) = (target.port, target.address)
        let client = try? await Threads.run(name: "counters", namespace: client) { NetworkSample.take(port: port) }
        let server = try? await Threads.run(name: "counters", namespace: site.nodeNamespace) {
            LossReader.holds(address) ? NetworkSample.take(port: port) : nil
        }
        var page: MetricsPage?
        if let metrics { page = try? await SiteProbe.page(metrics, site: site) }
        var shown = server ?? nil
        // One namespace has one table of connections, whose failures are counted once.
        if isOneNamespace { shown?.conntrack = nil }
        return LossReading(client: client ?? NetworkSample(), server: shown, metrics: page)
    }

    private var isOneNamespace: Bool {
        switch (client, site.nodeNamespace) {
        case (nil, nil): true
        case (let client?, let node?): client.isSame(as: node)
        case (let one?, nil), (nil, let one?): (try? NetworkNamespace.current()).map { one.isSame(as: $0) } ?? false
        }
    }

    /// Whether the calling thread's namespace holds an address: only then a server on it can be seen here.
    private static func holds(_ address: IPAddress) -> Bool {
        (try? UDPSocket(boundTo: Endpoint(address: address, port: 0)).fd) != nil
    }
}
