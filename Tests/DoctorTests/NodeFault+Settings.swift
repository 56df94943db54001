import DNSWire
import LinuxNet
import NodeLocal

@testable import Doctor

/// Faults in how the node is set up.
extension NodeFault {
    static let settings = rules + proxy + ipvs + kernel

    /// Changes one chain of the node's rules.
    private static func edit(
        _ table: String,
        _ name: String,
        _ edit: @escaping @Sendable (inout PacketChain) -> Void
    ) -> @Sendable (inout NodeFacts) -> Void {
        { facts in
            var rules = HealthyNode.rules()
            for index in rules.chains.indices
            where rules.chains[index].table == table && rules.chains[index].name == name {
                edit(&rules.chains[index])
            }
            facts.settings?.rules.nft = .value(rules)
        }
    }

    private static func condition(_ verdict: PacketRule.Verdict, isMarked: Bool = false) -> PacketRule {
        var rule = PacketRule()
        rule.verdict = verdict
        rule.hasOtherConditions = isMarked
        return rule
    }

    private static let rules = [
        NodeFault(
            "the rules for TCP were flushed",
            .notrackRules,
            apply: edit("raw", "OUTPUT") { chain in
                chain.rules.removeAll { $0.transport == 6 }
            }
        ),
        NodeFault(
            "the rules for probes name another port",
            .notrackRules,
            .inconclusive,
            apply: edit("raw", "OUTPUT") {
                $0.rules.removeAll { $0.sourcePort == 8080...8080 || $0.destinationPort == 8080...8080 }
            }
        ),
        NodeFault(
            "an interface is asked for too",
            .notrackRules,
            apply: edit("raw", "PREROUTING") {
                $0.rules[0].hasOtherConditions = true
            }
        ),
        NodeFault(
            "somebody accepts before",
            .notrackOrder,
            apply: edit("raw", "PREROUTING") {
                $0.rules.insert(condition(.accept), at: 0)
            }
        ),
        NodeFault("a policy chain accepts before", .notrackOrder) { facts in
            var rules = HealthyNode.rules()
            rules.chains[1].rules.insert(condition(.jump("cali-OUTPUT")), at: 0)
            var chain = HealthyNode.chain("raw", "cali-OUTPUT", nil)
            chain.rules = [condition(.accept)]
            rules.chains.append(chain)
            facts.settings?.rules.nft = .value(rules)
        },
        NodeFault(
            "somebody may accept before",
            .notrackOrder,
            .inconclusive,
            apply: edit("raw", "PREROUTING") {
                $0.rules.insert(condition(.accept, isMarked: true), at: 0)
            }
        ),
        NodeFault("the rules for answers are gone", .acceptRules, apply: edit("filter", "OUTPUT") { $0.rules = [] }),
        NodeFault(
            "a firewall drops before",
            .acceptRules,
            apply: edit("filter", "INPUT") {
                $0.rules.insert(condition(.drop), at: 0)
            }
        ),
        NodeFault("the rules stand twice", .ruleDuplicates, apply: edit("raw", "OUTPUT") { $0.rules += $0.rules }),
        NodeFault("kube-proxy is in the other back end", .ruleBackend) { facts in
            var rules = HealthyNode.rules(backend: .legacy)
            rules.hasServicesChain = false
            var proxy = PacketRules()
            proxy.hasServicesChain = true
            facts.settings?.rules = RulesReading(nft: .value(proxy), legacy: .value(rules))
        },
        NodeFault("rules in the other back end rewrite the cluster DNS IP", .ruleBackend) { facts in
            var rewrite = PacketRule()
            rewrite.verdict = .rewrite
            rewrite.destination = LocalAddressTable.Prefix(address: HealthyNode.clusterDNS.address, length: 32)
            var chain = HealthyNode.chain("nat", "OUTPUT", .output)
            chain.rules = [rewrite]
            var proxy = PacketRules()
            proxy.chains = [chain]
            var rules = HealthyNode.rules(backend: .legacy)
            rules.hasServicesChain = false
            facts.settings?.rules = RulesReading(nft: .value(proxy), legacy: .value(rules))
        },
        NodeFault("the rules are in both back ends", .ruleBackend) {
            $0.settings?.rules.legacy = .value(HealthyNode.rules(backend: .legacy))
        },
        NodeFault("one back end cannot be read", .ruleBackend, .skip) {
            $0.settings?.rules.legacy = .unreadable("open a raw socket: not permitted")
        },
    ]

    private static let proxy = [
        NodeFault("the address is routed elsewhere", .cacheRoute) {
            $0.settings?.route = .value(RouteReading(type: 1))
        },
        NodeFault("iptables replaced IPVS, which left its addresses", .proxyMode) {
            $0.proxyMode = .reply(HTTPReply(status: 200, text: "iptables"))
            $0.settings?.ipvs = HealthyNode.settings().ipvs
        },
        NodeFault("the cluster DNS IP is on the cache's interface too", .installVariant) {
            $0.settings?.interfaces = .value([
                Interface("kube-ipvs0", [HealthyNode.clusterDNS.address]),
                Interface("nodelocaldns", [HealthyNode.cache.address, HealthyNode.clusterDNS.address]),
            ])
        },
        NodeFault("the cache's address is that of a Service", .installVariant) {
            $0.settings?.interfaces = .value([
                Interface("kube-ipvs0", [HealthyNode.clusterDNS.address, HealthyNode.cache.address])
            ])
        },
    ]

    private static let ipvs = [
        NodeFault("the virtual service for TCP is gone", .ipvsService) { facts in
            let udp = ProcSnippets.virtualServices.split(separator: "UDP")
            facts.settings?.ipvs.table = .value(HealthyNode.virtualServices("UDP" + udp[1]))
            facts.settings?.ipvs.connections = .value(HealthyNode.connections(""))
        },
        NodeFault("IPVS does not hold the cluster DNS IP", .ipvsService, silencing: [.installVariant]) {
            $0.settings?.interfaces = .value([
                Interface("kube-ipvs0", [.v4(0x0A60_0001)]), Interface("nodelocaldns", [HealthyNode.cache.address]),
            ])
        },
        NodeFault("all real servers have weight 0", .ipvsService) { facts in
            let text = ProcSnippets.virtualServices.replacing("Masq    1", with: "Masq    0")
            facts.settings?.ipvs.table = .value(HealthyNode.virtualServices(text))
            facts.settings?.ipvs.connections = .value(HealthyNode.connections(""))
        },
        NodeFault("UDP and TCP lead to different pods", .ipvsService, .inconclusive) { facts in
            let text = """
                TCP  0A60000A:0035 rr
                  -> 0AF40102:0035      Masq    1      3          0
                UDP  0A60000A:0035 rr
                  -> 0AF40203:0035      Masq    1      0          4
                """
            facts.settings?.ipvs.table = .value(HealthyNode.virtualServices(text))
        },
        NodeFault("a connection leads to a pod that is gone", .ipvsConnections) {
            let text = "UDP C0A80002 B2C1 0A60000A 0035 0AF40909 0035 UDP             298\n"
            $0.settings?.ipvs.connections = .value(HealthyNode.connections(text))
        },
        NodeFault("IPVS keeps connections to pods that are gone", .ipvsSettings) {
            $0.settings?.settings.values["net/ipv4/vs/expire_nodest_conn"] = .value([0])
        },
        NodeFault("an old kernel reuses connections", .ipvsSettings) { $0.settings?.kernel = .value("4.19.0-amd64") },
    ]

    private static let kernel = [
        NodeFault("a table race loses packets", .conntrackCounters) {
            let text = ProcSnippets.conntrackStatistics.replacing("0000000b", with: "0000000c")
            $0.after?.conntrack = .value(HealthyNode.statistics(text))
        },
        NodeFault("a backlog overflows", .softnetDrops) {
            let text = ProcSnippets.softnet.replacing("00000002", with: "00000005")
            $0.after?.softnet = .value(HealthyNode.softnet(text))
        },
        NodeFault("a backlog of the machine overflows", .softnetDrops, .inconclusive) {
            let text = ProcSnippets.softnet.replacing("00000002", with: "00000005")
            $0.after?.softnet = .value(HealthyNode.softnet(text))
            $0.isHostNamespace = .value(false)
            $0.context.namespace = try? NetworkNamespace.current()
        },
        NodeFault("receive buffers are small", .receiveBuffers) {
            $0.settings?.settings.values["net/core/rmem_default"] = .value([65_536])
        },
        NodeFault("UDP's memory is under pressure", .receiveBuffers) { $0.settings?.udpPages = .value(260_000) },
    ]
}
