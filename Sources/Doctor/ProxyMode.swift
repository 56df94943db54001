/// How the cluster's Services are made to work.
package enum ProxyMode: String, Sendable, Hashable, CaseIterable {
    case ipvs
    case iptables
    case nftables
    /// A replacement of kube-proxy in eBPF, such as Cilium's.
    case ebpf

    /// The name for people.
    package var title: String { self == .ebpf ? "eBPF" : rawValue }
}
