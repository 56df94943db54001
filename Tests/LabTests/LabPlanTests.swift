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
        for cache in [LabCache.reference, .unbound, .binary(path: "/a b/c")] {
            options.cache = cache
            let decoded = try KeepArguments.decode(KeepArguments.encode(options))
            #expect(decoded.cache == cache && decoded.topology == .iptables && decoded.defects == options.defects)
            #expect(decoded.profile == .rfc && decoded.corefile == "x\ny" && decoded.services == 7)
            #expect(decoded.seed == 9 && decoded.upstreamDelayNanoseconds == 5)
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
