import DNSWire
import NodeLocal

@testable import Doctor

/// The cache's process on the healthy node, what it counts, and who asks it.
extension HealthyNode {
    static func process(
        throttled: Int = 4,
        killed: Int = 1,
        memory: Int = 40 << 20,
        descriptors: Int = 61
    ) -> ProcessReading {
        ProcessReading(
            owner: SocketOwner(processID: 812, name: "node-cache"),
            descriptors: .value(descriptors),
            descriptorLimit: .value(1_024),
            group: ControlGroupReading(
                throttled: .value(throttled),
                killed: .value(killed),
                memory: .value(memory),
                memoryLimit: .value(170 << 20),
                pressure: .value("0.12")
            )
        )
    }

    /// A metrics page, with counters raised by what is given under their names.
    static func counters(after raises: [String: Double] = [:], version: String = "1.13.1") -> Reading<CacheCounters> {
        var text = "coredns_build_info{version=\"\(version)\"} 1\nprocess_start_time_seconds 1.7e9\n"
        let rows: [(name: String, labels: String, value: Double)] = [
            ("coredns_dns_responses_total", "rcode=\"NOERROR\"", 900),
            ("coredns_dns_responses_total", "rcode=\"SERVFAIL\"", 3), ("coredns_panics_total", "", 1),
            ("coredns_cache_evictions_total", "type=\"success\",zones=\"cluster.local.\"", 7),
            ("coredns_cache_entries", "type=\"success\",zones=\"cluster.local.\"", 512),
            ("coredns_proxy_healthcheck_failures_total", "to=\"10.96.0.10:53\"", 2),
            ("coredns_forward_healthcheck_broken_total", "", 1),
            ("coredns_forward_max_concurrent_rejects_total", "", 5), ("coredns_reload_failed_total", "", 0),
            ("coredns_proxy_conn_cache_hits_total", "proto=\"tcp\",to=\"10.96.0.10:53\"", 300),
            ("coredns_proxy_conn_cache_misses_total", "proto=\"tcp\",to=\"10.96.0.10:53\"", 20),
            ("coredns_proxy_conn_cache_misses_total", "proto=\"udp\",to=\"192.0.2.53:53\"", 9),
        ]
        for row in rows {
            let key = row.labels.contains("SERVFAIL") ? "SERVFAIL" : row.name
            let raise = row.labels.contains("192.0.2.53") ? 0 : raises[key] ?? 0
            text += "\(row.name){\(row.labels)} \(row.value + raise)\n"
        }
        text +=
            raises["udp"].map { "coredns_proxy_conn_cache_misses_total{proto=\"udp\",to=\"10.96.0.10:53\"} \($0)\n" }
            ?? ""
        guard let page = try? MetricsPage.parse(text), let counters = CacheCounters(page) else {
            return .unreadable("the page of this test is wrong")
        }
        return .value(counters)
    }

    static func resolver(_ text: String) -> ResolvConf { (try? ResolvConf(parsing: Array(text.utf8))) ?? ResolvConf() }

    static func pods(ofCache: Int, ofCluster: Int) -> PodResolvers {
        var pods = PodResolvers()
        pods.ofCache = ofCache
        pods.ofCluster = ofCluster
        return pods
    }
}
