import DNSWire
import LinuxNet
import NodeLocal
import Testing

@testable import Lab

/// The pages, the Corefile and the role's refusals.
@Suite struct ReferenceCachePageTests {
    /// Families that CoreDNS 1.13 shows once each kind of query was served.
    private static let families = [
        "coredns_build_info", "coredns_cache_entries", "coredns_cache_hits_total", "coredns_cache_misses_total",
        "coredns_cache_requests_total", "coredns_dns_do_requests_total", "coredns_dns_request_duration_seconds_count",
        "coredns_dns_request_size_bytes_count", "coredns_dns_requests_total", "coredns_dns_response_size_bytes_count",
        "coredns_dns_responses_total", "coredns_forward_healthcheck_broken_total",
        "coredns_forward_max_concurrent_rejects_total", "coredns_health_request_duration_seconds_count",
        "coredns_health_request_failures_total", "coredns_panics_total", "coredns_reload_failed_total",
        "coredns_nodecache_setup_errors_total", "process_cpu_seconds_total", "process_start_time_seconds",
    ]

    private func page(_ defects: Set<CacheDefect> = []) throws -> MetricsPage {
        var cache = try CacheHarness(.coreDNS1_13, defects, upstream: Upstream.addresses())
        for name in ["a.cluster.local.", "a.cluster.local.", "b.example.com."] {
            _ = try cache.ask(name, edns: EDNS(flags: 0x8000))
        }
        return try MetricsPage.parse(
            MetricsText.page(cache.core.ledger.snapshot, rules: cache.core.rules, process: .current())
        )
    }

    @Test("the metrics page has node-cache's families; one defect leaves one out")
    func familiesAreThere() throws {
        let whole = try page()
        let missing = Self.families.filter { whole.samples(of: $0).isEmpty }
        #expect(missing.isEmpty)
        #expect(whole.coreDNSVersion == CoreDNSVersion(1, 13, 1))
        let cut = try page([.metricsMissingFamily])
        #expect(Self.families.filter { cut.samples(of: $0).isEmpty } == ["coredns_cache_requests_total"])
    }

    @Test("samples carry node-cache's labels and what was served")
    func labels() throws {
        let page = try page()
        let server = ["server": "dns://169.254.20.10:53", "view": ""]
        /// The value with these labels beside those of the server.
        func value(_ name: String, _ labels: [String: String]) -> Double? {
            page.value(name, labels: server.merging(labels) { own, _ in own })
        }
        let zone = "cluster.local."
        #expect(value("coredns_cache_requests_total", ["zones": zone]) == 2)
        #expect(value("coredns_cache_hits_total", ["zones": zone, "type": "success"]) == 1)
        #expect(value("coredns_dns_requests_total", ["zone": zone, "proto": "udp", "family": "1", "type": "A"]) == 2)
        #expect(value("coredns_dns_responses_total", ["zone": zone, "rcode": "NOERROR", "plugin": "cache"]) == 2)
        #expect(value("coredns_dns_request_duration_seconds_bucket", ["zone": zone, "le": "+Inf"]) == 2)
        #expect(page.sum("coredns_dns_do_requests_total") == 3)
    }

    @Test("a histogram's buckets add up and end in +Inf")
    func histogram() throws {
        var counts = BucketCounts(.seconds)
        for value in [0.0001, 0.00025, 0.3, 100] { counts.observe(value) }
        var text = MetricsText()
        text.histogram("h", [], counts)
        let page = try MetricsPage.parse(text.text)
        #expect(page.value("h_bucket", labels: ["le": "0.00025"]) == 2)
        #expect(page.value("h_bucket", labels: ["le": "0.512"]) == 3)
        #expect(page.value("h_bucket", labels: ["le": "+Inf"]) == 4)
        #expect(page.value("h_count") == 4)
    }

    @Test("the seed's Corefile is served as it says")
    func seed() throws {
        let text = Pillars.installed(clusterDNS: .v4(0x0A60_000A), localDNS: []).replacing(in: Seed.corefile)
        let resolver = Endpoint(address: .v4(0xC000_0235), port: 53)
        let configuration = try CacheConfiguration(Corefile.parse(text, file: "Corefile")) { _ in [resolver] }
        #expect(
            configuration.blocks.map { $0.zones.map(\.description) } == [
                ["cluster.local."], ["in-addr.arpa."], ["ip6.arpa."], ["."],
            ]
        )
        #expect(configuration.blocks.map(\.forward?.transport) == [.tcp, .tcp, .tcp, .mirrorsClient])
        #expect(configuration.blocks.map(\.cache?.denialTTL) == [5, 30, 30, 30])
        #expect(configuration.blocks.map(\.probesLoop) == [true, true, true, true])
        #expect(configuration.listeners.map(\.description) == ["169.254.20.10:53"])
        #expect(configuration.health?.description == "169.254.20.10:8080")
        #expect(configuration.metrics?.port == 9253)
    }

    @Test("a comment does not make another Corefile; a number does")
    func fingerprint() throws {
        func print(_ text: String) throws -> UInt64 {
            try CacheConfiguration.fingerprint(Corefile.parse(text, file: "Corefile"))
        }
        let text = ".:53 {\n    cache 30\n    forward . 192.0.2.1\n}\n"
        let known = try print(text)
        let commented = try print("# changed\n" + text)
        let changed = try print(text.replacing("30", with: "31"))
        #expect(known == commented && known != changed)
    }

    @Test("the role refuses what it cannot do, with a status of its own for each")
    func refusals() async throws {
        #expect(await ReferenceCacheRole.run(arguments: []) == 64)
        #expect(await ReferenceCacheRole.run(arguments: ["--corefile", "x", "--defect", "no-such"]) == 64)
        #expect(await ReferenceCacheRole.run(arguments: ["--corefile", "/no/such/file"]) == 66)
        #expect(await ReferenceCacheRole.run(arguments: ["--corefile", "/proc/self/cmdline"]) == 65)
    }
}
