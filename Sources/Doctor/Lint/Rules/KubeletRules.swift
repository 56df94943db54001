internal import DNSWire
internal import NodeLocal

/// What kubelets write into the resolv.conf of pods.
enum KubeletRules {
    static let all = [clusterDNS, several, missing, domain, resolvConf]

    static let clusterDNS = LintRule(
        "kubelet-cluster-dns",
        .error,
        "kubelets do not point at the cache",
        reason:
            "where the cache does not hold the cluster DNS IP, pods reach it by their resolv.conf alone: node-cache runs and "
            + "nobody asks it",
        remedy:
            "set clusterDNS (--cluster-dns) to the cache's address; pods that run keep the old one until they are made anew",
        source: "kubernetes.io, Using NodeLocal DNSCache, Configuration; rancher/rke#2093"
    ) { subject in
        let cache = subject.cacheAddresses.filter(\.isLinkLocal)
        return subject.kubelets.compactMap { kubelet in
            guard let first = kubelet.clusterDNS.first else { return nil }
            let named = kubelet.clusterDNS.compactMap { IPAddress($0.text) }
            let isCache = named.contains { cache.isEmpty ? $0.isLinkLocal : cache.contains($0) }
            guard !isCache else { return nil }
            if subject.needsKubeletChange {
                let wanted = cache.first.map(\.description) ?? "a link-local address such as 169.254.20.10"
                return .init(first.place, "clusterDNS is \(first.text), and the cache is at \(wanted)")
            }
            // With iptables the cache answers at the cluster DNS IP itself.
            guard subject.proxyMode == nil, subject.cacheAddresses.isEmpty else { return nil }
            return .init(
                first.place,
                "clusterDNS is \(first.text); on IPVS it must be the cache's address (say so with --proxy-mode)",
                .note
            )
        }
    }

    static let several = LintRule(
        "kubelet-several-cluster-dns",
        .warning,
        "pods have more than one name server",
        reason:
            "musl asks all of them at once and takes the first answer, and glibc goes on to the next after a time-out: "
            + "part of the queries does not go through the cache, and what is measured is a mixture",
        remedy: "name the cache alone, or accept the mixture as a way around a cache that is down",
        source: "resolv.conf(5); musl, src/network/res_msend.c"
    ) { subject in
        subject.kubelets.filter { $0.clusterDNS.count > 1 }.map { kubelet in
            let list = kubelet.clusterDNS.map(\.text).joined(separator: ", ")
            return .init(kubelet.clusterDNS[1].place, "clusterDNS names \(kubelet.clusterDNS.count) servers: \(list)")
        }
    }

    static let missing = LintRule(
        "kubelet-cluster-dns-missing",
        .warning,
        "the kubelet has no cluster DNS",
        reason:
            "pods with ClusterFirst then get the node's resolv.conf, which knows no Service, unless the flag --cluster-dns "
            + "says otherwise",
        remedy: "set clusterDNS to the cache's address",
        source: "kubernetes pkg/kubelet/network/dns/dns.go"
    ) { subject in
        subject.kubelets.filter { $0.isWhole && $0.clusterDNS.isEmpty }.map {
            .init($0.place, "the KubeletConfiguration has no clusterDNS")
        }
    }

    static let domain = LintRule(
        "kubelet-cluster-domain",
        .error,
        "the cache does not serve the kubelet's cluster domain",
        reason:
            "the search list of pods ends in the kubelet's domain; its names fall to the block of `.` and its servers",
        remedy: "give the Corefile a block for the domain, or correct the kubelet",
        source: "kubernetes pkg/kubelet/network/dns/dns.go"
    ) { subject in
        let blocks = subject.corefiles.flatMap(\.blocks)
        guard !blocks.isEmpty else { return [] }
        return subject.kubelets.compactMap { kubelet in
            guard let domain = kubelet.clusterDomain, let name = try? DNSName(domain.text), name != .root,
                !blocks.contains(where: { $0.zones.contains { $0 != .root && name.lowercased.isSubdomain(of: $0) } })
            else { return nil }
            return .init(domain.place, "clusterDomain is \(domain.text), and no block of the Corefile serves it")
        }
    }

    static let resolvConf = LintRule(
        "kubelet-resolv-conf-stub",
        .error,
        "pods with dnsPolicy Default get a name server on the loopback address",
        reason:
            "stub-resolv.conf names 127.0.0.53, the systemd-resolved of the node: in a pod nobody listens there, and "
            + "node-cache or CoreDNS that forward to it go round until the loop plugin ends them",
        remedy: "set resolvConf to /run/systemd/resolve/resolv.conf",
        source: "coredns plugin/loop, Troubleshooting; kubernetes-sigs/kubespray#9948"
    ) { subject in
        subject.kubelets.compactMap { kubelet in
            guard let path = kubelet.resolvConf, path.text.hasSuffix("/stub-resolv.conf") else { return nil }
            return .init(path.place, "resolvConf is \(path.text)")
        }
    }
}
