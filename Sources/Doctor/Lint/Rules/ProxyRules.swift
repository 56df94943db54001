internal import NodeLocal

/// What the kind of kube-proxy means for the cache as a whole.
enum ProxyRules {
    static let all = [ipvsRemoval, ebpfBypass]

    static let ipvsRemoval = LintRule(
        "ipvs-removal",
        .note,
        "kube-proxy's IPVS mode is being removed",
        reason:
            "KEP-5495 warns from Kubernetes 1.35 on, turns the mode off by default in 1.40 and deletes it in 1.43; after a "
            + "change of mode the cache may hold the cluster DNS IP again, and kubelets need not point at it",
        remedy: "plan the change to nftables together with that of the cache",
        source: "KEP-5495"
    ) { subject in
        guard let place = subject.proxyModePlace, subject.proxyMode == .ipvs else { return [] }
        return [.init(place, "kube-proxy runs in IPVS mode")]
    }

    static let ebpfBypass = LintRule(
        "ebpf-bypass",
        .warning,
        "an eBPF replacement of kube-proxy leads queries past the cache",
        reason:
            "it rewrites the cluster DNS IP at the socket, before the node's routing and node-cache's rules see the query; "
            + "only pods that ask the link-local address itself reach the cache",
        remedy:
            "use a local redirect policy, with -setupinterface=false -setupiptables=false and without hostNetwork, or point "
            + "kubelets at the cache's address",
        source: "cilium#13040, #16906; projectcalico/calico#4689"
    ) { subject in
        guard subject.proxyMode == .ebpf else { return [] }
        return subject.workloads.compactMap { workload in
            let isPointedAt = subject.kubelets.contains { kubelet in
                kubelet.clusterDNS.contains { value in workload.localAddresses.contains { "\($0)" == value.text } }
            }
            guard workload.setsUpInterface, !isPointedAt else { return nil }
            return .init(workload.object.place, "\(workload.object.name) relies on its interface to be asked")
        }
    }
}
