import DNSWire

/// How Services are served on a node.
package enum ProxyMode: String, Sendable, Hashable, CaseIterable {
    case ipvs
    case iptables
    case nftables
    case ebpf = "eBPF"
}

/// What on a node tells how Services are served.
struct ProxySigns {
    /// Where kube-proxy says so itself, 127.0.0.1:10249/proxyMode; nil when it does not.
    let announced: ProxyMode?
    /// What was seen of each mode, in words.
    let seen: [ProxyMode: String]
    /// True when the cluster DNS IP is on kube-ipvs0.
    let isClusterDNSOnIPVS: Bool

    /// The name of the interface that holds the Service addresses in IPVS mode.
    static let ipvsInterface = "kube-ipvs0"
    private static let ebpfInterfaces = ["cilium_host", "bpfin.cali"]

    /// Gathers the signs.
    init(_ facts: NodeFacts, _ settings: NodeSettings) {
        var seen: [ProxyMode: String] = [:]
        let interfaces = settings.interfaces.value ?? []
        let clusterDNS = facts.context.clusterDNS
        let held = interfaces.first { $0.name == Self.ipvsInterface }?.addresses.filter(\.isIPv4) ?? []
        if !held.isEmpty { seen[.ipvs] = "\(held.count) addresses on \(Self.ipvsInterface)" }
        if seen[.ipvs] == nil, let table = settings.ipvs.table.value, table.total > 0 {
            seen[.ipvs] = "\(table.total) virtual services of IPVS"
        }
        let rules = [settings.rules.nft.value, settings.rules.legacy.value].compactMap { $0 }
        let rewriting = clusterDNS.flatMap { clusterDNS in
            rules.lazy.compactMap { $0.chainRewriting(clusterDNS.address) }.first
        }
        if rules.contains(where: \.hasProxyTable) {
            seen[.nftables] = "the table kube-proxy of nf_tables"
        } else if rules.contains(where: \.hasServicesChain) {
            seen[.iptables] = "the chain KUBE-SERVICES"
        } else if let rewriting {
            seen[.iptables] = "rules in \(rewriting.title) that rewrite the cluster DNS IP"
        }
        if let name = interfaces.map(\.name).first(where: { Self.ebpfInterfaces.contains($0) }), seen.isEmpty {
            seen[.ebpf] = "the interface \(name), and no rules of kube-proxy"
        }
        self.seen = seen
        isClusterDNSOnIPVS = clusterDNS.map { held.contains($0.address) } ?? false
        announced = facts.proxyModeText.flatMap { text in
            ProxyMode.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
        }
    }

    /// The mode; nil when nothing tells it.
    ///
    /// In IPVS mode kube-proxy keeps a few iptables chains beside it, so that IPVS goes first.
    var mode: ProxyMode? {
        announced ?? [.ipvs, .nftables, .iptables, .ebpf].first { seen[$0] != nil }
    }

    /// All signs in words.
    var text: String {
        var texts = ProxyMode.allCases.compactMap { seen[$0] }
        if let announced { texts.insert("kube-proxy says \(announced.rawValue)", at: 0) }
        return texts.isEmpty ? "no sign of kube-proxy" : texts.joined(separator: "; ")
    }
}
