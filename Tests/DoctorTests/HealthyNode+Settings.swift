import DNSWire

@testable import Doctor

/// How the healthy node is set up: IPVS serves the cluster DNS, node-cache's rules are those of iptables-nft.
extension HealthyNode {
    static func settings() -> NodeSettings {
        NodeSettings(
            route: .value(RouteReading(type: 2)),
            interfaces: .value([
                Interface("eth0", [.v4(0xC0A8_0002)]), Interface("kube-ipvs0", [clusterDNS.address]),
                Interface("lo", [.v4(0x7F00_0001)]), Interface("nodelocaldns", [cache.address]),
            ]),
            rules: RulesReading(nft: .value(rules()), legacy: .value(PacketRules())),
            ipvs: IPVSReading(
                table: .value(virtualServices()),
                connections: .value(connections()),
                udpTimeoutSeconds: .value(300)
            ),
            settings: SettingsReading([
                "net/core/rmem_default": .value([212_992]), "net/core/rmem_max": .value([4_194_304]),
                "net/ipv4/udp_mem": .value([188_000, 250_000, 376_000]),
                "net/ipv4/ip_local_port_range": .value([32_768, 60_999]), "net/ipv4/tcp_tw_reuse": .value([2]),
                "net/ipv4/vs/conntrack": .value([1]), "net/ipv4/vs/conn_reuse_mode": .value([1]),
                "net/ipv4/vs/expire_nodest_conn": .value([1]),
                "net/ipv4/vs/expire_quiescent_template": .value([1]),
            ]),
            udpPages: .value(12),
            kernel: .value("6.1.0-18-amd64")
        )
    }

    static func rule(_ flow: PacketFlow, _ verdict: PacketRule.Verdict) -> PacketRule {
        var rule = PacketRule()
        rule.transport = flow.transport
        rule.source = flow.source.map { LocalAddressTable.Prefix(address: $0, length: 32) }
        rule.destination = flow.destination.map { LocalAddressTable.Prefix(address: $0, length: 32) }
        rule.sourcePort = flow.sourcePort.map { $0...$0 }
        rule.destinationPort = flow.destinationPort.map { $0...$0 }
        rule.verdict = verdict
        return rule
    }

    static func chain(
        _ table: String,
        _ name: String,
        _ hook: PacketChain.Hook?,
        backend: PacketChain.Backend = .nft
    ) -> PacketChain {
        PacketChain(
            backend: backend,
            family: 2,
            table: table,
            name: name,
            hook: hook,
            priority: table == "raw" ? -300 : 0,
            dropsByDefault: false,
            isNAT: table == "nat"
        )
    }

    /// node-cache's twelve rules, and the one chain that kube-proxy keeps in IPVS mode.
    static func rules(backend: PacketChain.Backend = .nft) -> PacketRules {
        var rules = PacketRules()
        rules.chains = [
            chain("raw", "PREROUTING", .prerouting, backend: backend),
            chain("raw", "OUTPUT", .output, backend: backend),
            chain("filter", "INPUT", .input, backend: backend), chain("filter", "OUTPUT", .output, backend: backend),
        ]
        for wanted in CacheRule.all(for: cache, healthPort: 8080) {
            for index in rules.chains.indices where wanted.belongs(in: rules.chains[index]) {
                rules.chains[index].rules.append(rule(wanted.flow, wanted.verdict))
            }
        }
        rules.hasServicesChain = true
        return rules
    }

    static func virtualServices(_ text: String = ProcSnippets.virtualServices) -> IPVSTable {
        var table = IPVSTable(port: 53)
        table.add(text: text)
        return table
    }

    static func connections(_ text: String = ProcSnippets.virtualConnections) -> IPVSConnectionTable {
        var table = IPVSConnectionTable(port: 53)
        table.add(text: text)
        return table
    }

    /// IPVS's connections, the first of them from another address.
    static func connections(from address: String) -> IPVSConnectionTable {
        connections(ProcSnippets.virtualConnections.replacing("C0A80002", with: address, maxReplacements: 1))
    }

    /// A connection tracking table with one entry that leads from an address to the cluster DNS.
    static func tracked(from address: String) -> ConntrackTable {
        tracked(from: CollectionOfOne(address))
    }

    /// A table of two thousand addresses of the range that is the node's own.
    static func trackedFromManyLocalAddresses() -> ConntrackTable {
        tracked(from: (0..<2_000).map { "127.0.\($0 / 250).\(1 + $0 % 250)" })
    }

    private static func tracked(from addresses: some Sequence<String>) -> ConntrackTable {
        var table = ConntrackTable(destination: cache, cluster: clusterDNS)
        for address in addresses {
            table.add(
                text: "ipv4 2 udp 17 25 src=\(address) dst=10.96.0.10 sport=47331 dport=53 src=10.244.1.2 "
                    + "dst=\(address) sport=53 dport=47331 mark=0 use=2\n"
            )
        }
        return table
    }

    static func softnet(_ text: String = ProcSnippets.softnet) -> SoftnetTable {
        var table = SoftnetTable()
        table.add(text: text)
        return table
    }

    static func statistics(_ text: String = ProcSnippets.conntrackStatistics) -> ConntrackStatistics {
        var table = ConntrackStatistics()
        table.add(text: text)
        return table
    }
}
