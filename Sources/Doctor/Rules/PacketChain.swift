package import DNSWire

/// A chain of packet filter rules.
package struct PacketChain: Sendable, Hashable {
    /// Who keeps the rules; both sorts meet every packet.
    package enum Backend: String, Sendable, Hashable, CaseIterable {
        /// nf_tables: `nft`, `iptables-nft`.
        case nft
        /// The tables of `iptables-legacy`.
        case legacy
    }

    /// Where the kernel calls a base chain (linux/netfilter.h, NF_INET_*).
    package enum Hook: UInt32, Sendable, Hashable, CaseIterable {
        case prerouting = 0
        case input = 1
        case forward = 2
        case output = 3
        case postrouting = 4
    }

    /// Who keeps it.
    package let backend: Backend
    /// The family of nf_tables: 2 for IPv4, 10 for IPv6, 1 for both.
    package let family: UInt8
    /// The table.
    package let table: String
    /// The name.
    package let name: String
    /// Where it is called; nil for a chain that only jumps lead to.
    package let hook: Hook?
    /// When it is called at its hook; lower is earlier, connection tracking is at -200.
    package let priority: Int32
    /// True when what no rule decides is dropped.
    package let dropsByDefault: Bool
    /// True when it may rewrite addresses.
    package let isNAT: Bool
    /// The rules in their order.
    package var rules: [PacketRule] = []

    /// True when it is called before connection tracking at its hook.
    package var isBeforeTracking: Bool { priority < -200 && !isNAT }

    /// `raw PREROUTING (nft)`.
    package var title: String { "\(table) \(name) (\(backend.rawValue))" }
}

/// The packet filter chains of one network namespace that queries to the cache can meet, of one back end.
package struct PacketRules: Sendable, Hashable {
    /// The base chains and those that jumps lead to.
    package var chains: [PacketChain] = []
    /// True when kube-proxy's chain KUBE-SERVICES is there.
    package var hasServicesChain = false
    /// True when the table of kube-proxy's nftables mode is there.
    package var hasProxyTable = false

    /// No rules.
    package init() {}

    /// A chain with a rule that rewrites an address to others, as kube-proxy's do.
    package func chainRewriting(_ address: IPAddress) -> PacketChain? {
        chains.first { chain in
            chain.rules.contains { $0.verdict == .rewrite && $0.destination?.contains(address) == true }
        }
    }

    /// The chain of that name in the table of another.
    package func chain(_ name: String, besides chain: PacketChain) -> PacketChain? {
        chains.first { $0.name == name && $0.table == chain.table && $0.family == chain.family }
    }
}
