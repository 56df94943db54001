import DNSWire
import NodeLocal
import Testing

@testable import Lab

@Suite("Options are checked before anything is made")
struct LabPlanTests {
    @Test("the seed's Corefile needs no filling but the pillars")
    func seed() throws {
        let plan = try LabPlan(LabOptions(services: 10))
        #expect(plan.listen == [LabLayout.cache.address])
        #expect(plan.expectations.zones.count == 4)
        #expect(plan.expectations.health == Endpoint("169.254.20.10:8080"))
        #expect(plan.metrics == Endpoint("169.254.20.10:9253"))
        #expect(!plan.corefile.contains("__PILLAR__"))
        let root = try #require(plan.expectations.expectation(for: try DNSName("www.example.com")))
        #expect(root.upstreams == [LabLayout.external])
    }

    @Test("defects belong to the reference cache")
    func defects() {
        var options = LabOptions(cache: .unbound, defects: [.noCache], services: 0)
        #expect(throws: LabError.self) { try LabPlan(options) }
        options.cache = .reference
        #expect(throws: Never.self) { try LabPlan(options) }
    }

    @Test(
        "a Corefile that the lab cannot serve is refused",
        arguments: [".:53 {\n  bind 10.0.0.1\n}\n", ".:53 {\n  forward . __PILLAR__UNKNOWN__\n}\n", ".:53 {"]
    )
    func corefiles(_ text: String) {
        #expect(throws: LabError.self) { try LabPlan(LabOptions(corefile: text, services: 0)) }
    }

    @Test("options survive the way to the keeper")
    func keepArguments() throws {
        var options = LabOptions(
            topology: .iptables,
            cache: .reference,
            defects: [.noCache, .slow50ms],
            profile: .rfc,
            corefile: "x\ny",
            services: 7,
            seed: 9,
            upstreamDelayNanoseconds: 5
        )
        options.serviceNanoseconds = 6
        for cache in [LabCache.reference, .binary(path: "/a b/c")] + CachePeer.allCases.map(LabCache.peer) {
            options.cache = cache
            let decoded = try KeepArguments.decode(KeepArguments.encode(options))
            #expect(decoded.cache == cache && decoded.topology == .iptables && decoded.defects == options.defects)
            #expect(decoded.profile == .rfc && decoded.corefile == "x\ny" && decoded.services == 7)
            #expect(decoded.seed == 9 && decoded.upstreamDelayNanoseconds == 5)
            #expect(decoded.serviceNanoseconds == 6)
        }
        #expect(throws: KeepArguments.Malformed.self) { try KeepArguments.decode(["--typo", "1"]) }
    }

    @Test("unbound gets every zone of the Corefile with its transport and the smallest caps")
    func unbound() throws {
        let text = UnboundConfiguration(expectations: try LabPlan(LabOptions(services: 0)).expectations).text
        #expect(text.contains("cache-max-ttl: 30\n") && text.contains("cache-max-negative-ttl: 5\n"))
        #expect(
            text.contains("name: \"cluster.local.\"\n    forward-addr: 10.96.0.10@53\n    forward-tcp-upstream: yes")
        )
        #expect(text.contains("name: \".\"\n    forward-addr: 172.18.0.53@53\n    forward-tcp-upstream: no"))
    }

    @Test("dnsmasq gets a server line for each zone, and one cap for all answers")
    func dnsmasq() throws {
        let text = DnsmasqConfiguration(duties: try duties()).text
        #expect(text.contains("listen-address=169.254.20.10\n"))
        #expect(text.contains("server=/cluster.local/10.96.0.10#53\n") && text.contains("server=172.18.0.53#53\n"))
        #expect(text.contains("max-cache-ttl=30\n"))
    }

    @Test("Knot Resolver forwards the longest zones first, the cluster's over TCP")
    func knotResolver() throws {
        let text = KnotResolverConfiguration(duties: try duties(), directory: "/d").text
        let lines = text.split(separator: "\n")
        #expect(lines.contains("net.listen('169.254.20.10', 53, { kind = 'dns' })"))
        #expect(lines.contains("cache.open(32 * MB, 'lmdb:///d/kresd-cache')") && lines.contains("cache.max_ttl(30)"))
        let cluster = "policy.todnames({ 'cluster.local.' })"
        #expect(lines.contains("policy.add(policy.suffix(policy.FLAGS({ 'TCP' }), \(cluster)))"))
        #expect(lines.contains("policy.add(policy.suffix(policy.STUB({ '10.96.0.10@53' }), \(cluster)))"))
        #expect(lines.last == "policy.add(policy.suffix(policy.STUB({ '172.18.0.53@53' }), policy.todnames({ '.' })))")
    }

    @Test("PowerDNS Recursor forwards each zone, with both caps")
    func pdnsRecursor() throws {
        let text = PDNSRecursorConfiguration(duties: try duties()).text
        #expect(text.contains("max-cache-ttl=30\n") && text.contains("max-negative-ttl=5\n"))
        let zones = try #require(text.split(separator: "\n").first { $0.hasPrefix("forward-zones-recurse=") })
        #expect(zones.contains("cluster.local=10.96.0.10:53,") && zones.hasSuffix(",.=172.18.0.53:53"))
    }

    @Test("BIND forwards each zone, with both caps, and asks the cluster DNS over TCP alone")
    func bind9() throws {
        let text = BIND9Configuration(duties: try duties(), directory: "/d").text
        #expect(text.contains("max-cache-ttl 30;") && text.contains("max-ncache-ttl 5;"))
        #expect(text.contains("server 10.96.0.10 { tcp-only yes; };") && !text.contains("server 172.18.0.53"))
        #expect(
            text.contains(
                "zone \"cluster.local\" { type forward; forward only; forwarders { 10.96.0.10 port 53; }; };"
            )
        )
        #expect(text.contains("    forward only;\n    forwarders { 172.18.0.53 port 53; };\n"))
    }

    @Test("dnsdist has a pool for each zone, the longest zones first")
    func dnsdist() throws {
        let text = DnsdistConfiguration(duties: try duties()).text
        #expect(text.contains("maxTTL = 30, maxNegativeTTL = 5"))
        #expect(text.contains("addAction(makeRule({ \"cluster.local.\" }), PoolAction("))
        #expect(text.contains("address = \"10.96.0.10:53\"") && text.contains("tcpOnly = true }):setUp()"))
        #expect(text.split(separator: "\n").last?.hasPrefix("addAction(AllRule(), PoolAction(") == true)
    }

    private func duties() throws -> PeerDuties {
        PeerDuties(try LabPlan(LabOptions(services: 0)).expectations)
    }

    @Test("the node has node-cache's twelve rules for each address, and rewrites what the cache does not claim")
    func rules() {
        let rules = LabRules(
            services: [.v4(0x0A60_000A), .v4(0x0A60_000B)],
            endpoints: [.v4(0x0AF4_0102)],
            listen: [LabLayout.cache.address, .v4(0x0A60_000A)],
            source: .masquerade(exceptFrom: "10.244.0.0/24")
        )
        let lines = rules.text.split(separator: "\n")
        #expect(lines.filter { $0.contains("169.254.20.10") }.count == 12)
        #expect(lines.filter { $0.contains("dnat") }.allSatisfy { $0.contains("10.96.0.11") })
    }

    @Test("what waits for its time comes out in order")
    func dueQueue() {
        var queue = DueQueue<Int>()
        for (index, due) in [50, 10, 30, 10, 40].enumerated() { queue.add(index, due: Int64(due)) }
        #expect(queue.earliest == 10)
        var order: [Int] = []
        while let next = queue.take(at: 45) { order.append(next) }
        #expect(order == [1, 3, 2, 4])
        #expect(queue.earliest == 50 && queue.take(at: 49) == nil)
    }
}
