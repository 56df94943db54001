import Testing

@testable import NodeLocal

private let page = """
    # HELP coredns_build_info A metric with a constant '1' value.
    # TYPE coredns_build_info gauge
    coredns_build_info{goversion="go1.24",revision="abc",version="1.13.1"} 1
    # TYPE coredns_cache_hits_total counter
    coredns_cache_hits_total{server="dns://169.254.20.10:53",type="denial",view="",zones="cluster.local."} 7
    coredns_cache_hits_total{server="dns://169.254.20.10:53",type="success",view="",zones="cluster.local."} 35
    coredns_cache_hits_total{server="dns://169.254.20.10:53",type="success",view="",zones="."} 1e1
    coredns_proxy_request_duration_seconds_bucket{proxy_name="forward",to="10.96.0.10:53",le="+Inf"} 12
    coredns_proxy_request_duration_seconds_count{proxy_name="forward",to="10.96.0.10:53",rcode="NOERROR"} 12

    odd{a="q\\"uote",b="back\\\\slash",c="line\\nfeed",} NaN 1700000000000
      spaced  {  x = "1" , y="2" }   -Inf
    coredns_nodecache_setup_errors_total{errortype="iptables"} 0
    """

@Suite("MetricsPage") struct MetricsTests {
    @Test("samples, labels, escapes and timestamps are read")
    func samples() throws {
        let metrics = try MetricsPage.parse(page)
        #expect(metrics.coreDNSVersion == CoreDNSVersion(1, 13, 1))
        #expect(metrics.sum("coredns_cache_hits_total") == 52)
        #expect(metrics.sum("coredns_cache_hits_total", where: ["type": "success"]) == 45)
        #expect(metrics.sum("coredns_cache_hits_total", where: ["type": "none"]) == nil)
        #expect(metrics.sum("absent") == nil)
        #expect(metrics.values(of: "zones", in: "coredns_cache_hits_total") == [".", "cluster.local."])
        let odd = try #require(metrics.samples(of: "odd").first)
        #expect(odd.labels == ["a": "q\"uote", "b": "back\\slash", "c": "line\nfeed"] && odd.value.isNaN)
        #expect(metrics.value("spaced", labels: ["x": "1", "y": "2"]) == -.infinity)
        #expect(metrics.types["coredns_cache_hits_total"] == "counter")
    }

    @Test("quantities are found under the name of the version")
    func names() throws {
        let metrics = try MetricsPage.parse(page)
        let version = CoreDNSVersion(1, 13, 1)
        #expect(metrics.sum(.cacheHits, in: version) == 52)
        #expect(metrics.sum(.upstreamExchanges, in: version) == 12)
        #expect(metrics.sum(.setupErrors, in: version) == 0)
        #expect(metrics.sum(.queries, in: version) == nil)
        #expect(CoreDNSMetric.upstreamExchanges.name(in: CoreDNSVersion(1, 7, 0)) == "coredns_forward_requests_total")
        #expect(CoreDNSMetric.healthCheckBroken.name(in: CoreDNSVersion(1, 7, 0)) == nil)
        #expect(CoreDNSMetric.cacheRequests.name(in: CoreDNSVersion(1, 7, 0)) == nil)
        #expect(
            CoreDNSMetric.connectionOpens.name(in: CoreDNSVersion(1, 10, 0))
                == "coredns_forward_conn_cache_misses_total"
        )
        #expect(CoreDNSMetric.connectionOpens.name(in: CoreDNSVersion(1, 7, 0)) == nil)
        #expect(CoreDNSMetric.queries.name(in: CoreDNSVersion(1, 6, 7)) == "coredns_dns_request_count_total")
    }

    @Test(
        "a broken page names the line",
        arguments: [
            ("a 1\nb\n", 2), ("a{b=\"c} 1", 1), ("a{b=c} 1", 1), ("a{b=\"c\" 1", 1), ("1a 1", 1), ("a 1 2 3", 1),
            ("a one", 1),
            ("a{b=\"1\",b=\"2\"} 1", 1), ("a nan1", 1), ("{} 1", 1), ("a 0x10zz", 1), ("a{b=\"\\", 1), ("<html>", 1),
        ]
    )
    func broken(text: String, line: Int) {
        #expect {
            try MetricsPage.parse(text)
        } throws: { error in
            (error as? MetricsError)?.line == line
        }
    }

    @Test("a hostile page is bounded")
    func hostile() throws {
        var limits = MetricsPage.Limits()
        limits.samples = 10
        limits.bytes = 1_000
        #expect(throws: MetricsError.self) {
            try MetricsPage.parse(String(repeating: "a 1\n", count: 11), limits: limits)
        }
        #expect(throws: MetricsError.self) {
            try MetricsPage.parse(String(repeating: "x", count: 1_001), limits: limits)
        }
        let labels = (0..<100).map { "l\($0)=\"1\"" }.joined(separator: ",")
        #expect(throws: MetricsError.self) { try MetricsPage.parse("a{\(labels)} 1") }
        let bytes = Array(page.utf8)
        for length in stride(from: 0, to: bytes.count, by: 3) { _ = try? MetricsPage.parse(Array(bytes[..<length])) }
        for index in stride(from: 0, to: bytes.count, by: 5) {
            for noise in [
                UInt8(0), 0xFF, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "\n"),
            ] {
                var mutant = bytes
                mutant[index] = noise
                _ = try? MetricsPage.parse(mutant)
            }
        }
    }
}

@Suite("CoreDNSProfile") struct ProfileTests {
    @Test("a known line is chosen without a note, others name the nearest older one")
    func selection() {
        #expect(
            ProfileSelection.select(for: CoreDNSVersion(1, 7, 0))
                == .init(profile: .coreDNS1_7, version: .init(1, 7, 0), note: nil)
        )
        #expect(ProfileSelection.select(for: CoreDNSVersion(1, 13, 2)).note == nil)
        #expect(ProfileSelection.select(for: CoreDNSVersion(1, 11, 3)).profile == .coreDNS1_11)
        let between = ProfileSelection.select(for: CoreDNSVersion(1, 9, 4))
        #expect(between.profile.id == "coredns-1.8" && between.note?.contains("1.9.4") == true)
        #expect(between.profile.version == CoreDNSVersion(1, 9, 4), "facts are those of the version that was seen")
        let early = ProfileSelection.select(for: CoreDNSVersion(1, 14, 4)).profile
        #expect(early.id == "coredns-1.14" && !early.cacheKeyIncludesClass && !early.servfailShadowsPositive)
        let newer = ProfileSelection.select(for: CoreDNSVersion(1, 15, 0))
        #expect(newer.profile.id == "coredns-1.14" && newer.note != nil)
        let older = ProfileSelection.select(for: CoreDNSVersion(1, 2, 6))
        #expect(older.profile == .coreDNS1_7 && older.note?.contains("older") == true)
        #expect(ProfileSelection.select(for: nil).profile == .coreDNS1_13)
        #expect(CoreDNSProfile.named("coredns-1.13") == .coreDNS1_13)
        #expect(CoreDNSProfile.named("coredns-1.14.4") == early)
        for wrong in ["coredns-1.9.4", "coredns-1.14.x", "coredns-1", "coredns-1.013.1", "unbound-1.13"] {
            #expect(CoreDNSProfile.named(wrong) == nil, "\(wrong)")
        }
    }

    @Test("profiles differ where the versions do")
    func facts() {
        let old = CoreDNSProfile.coreDNS1_7
        let new = CoreDNSProfile.coreDNS1_13
        #expect(old.healthCheckTransport == .udp && new.healthCheckTransport == .followsForceTCP)
        #expect(old.queriesPerTCPConnection == 128 && new.queriesPerTCPConnection == nil)
        #expect(!old.cacheKeySplitsOnCD && new.cacheKeySplitsOnCD && new.cacheKeySplitsOnDO)
        #expect(!old.usesFreshUpstreamID && new.usesFreshUpstreamID && !old.forcesDOUpstream)
    }

    @Test("versions are read with their prefixes and suffixes")
    func versions() {
        #expect(CoreDNSVersion("CoreDNS-1.13.1") == CoreDNSVersion(1, 13, 1))
        #expect(CoreDNSVersion("v1.26.7-gke.3") == CoreDNSVersion(1, 26, 7))
        #expect(CoreDNSVersion("1.7") == CoreDNSVersion(1, 7, 0))
        #expect(CoreDNSVersion("latest") == nil)
        #expect(CoreDNSVersion("1.2.3.4") == nil)
        #expect(CoreDNSVersion("99999999999999999999.1") == nil)
        #expect(CoreDNSVersion(1, 9, 4) < CoreDNSVersion(1, 13, 0))
    }
}
