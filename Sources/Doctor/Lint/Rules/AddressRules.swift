internal import DNSWire
internal import NodeLocal

/// `-localip`, `bind` and `forward`, which must agree.
enum AddressRules {
    static let all = [
        localMissing, localInvalid, localNotBound, bindNotLocal, bindDiffers, bindMissing, clusterBound, forwardToSelf,
    ]

    static let localMissing = LintRule(
        "localip-missing",
        .error,
        "node-cache is started without -localip",
        reason: "an empty -localip is no address, and node-cache ends at once",
        remedy: "add \"-localip\", \"169.254.20.10\"",
        source: "kubernetes/dns cmd/node-cache/main.go, parseAndValidateFlags"
    ) { subject in
        subject.workloads.filter { $0.isCommandLineKnown && $0.flags["localip"] == nil }.map {
            .init($0.argumentsPlace, "there is no -localip")
        }
    }

    static let localInvalid = LintRule(
        "localip-invalid",
        .error,
        "-localip holds something that is no address, or both families",
        reason:
            "node-cache splits the value at commas and ends at once when a part is no address, an empty one behind a last "
            + "comma among them, or when IPv4 and IPv6 are mixed",
        remedy: "write addresses of one family with single commas between them",
        source: "kubernetes/dns cmd/node-cache/main.go, parseAndValidateFlags"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard let flag = workload.flags["localip"], let value = flag.value,
                Pillars.firstVariable(in: value) == nil
            else { return nil }
            if let wrong = workload.localWords.first(where: { IPAddress($0) == nil }) {
                return .init(flag.place, wrong.isEmpty ? "-localip has an empty element" : "'\(wrong)' is no address")
            }
            guard Set(workload.localAddresses.map(\.isIPv4)).count > 1 else { return nil }
            return .init(flag.place, "-localip '\(value)' mixes IPv4 and IPv6")
        }
    }

    static let localNotBound = LintRule(
        "localip-not-bound",
        .error,
        "the node holds an address of -localip on which nobody listens",
        reason:
            "node-cache gives the node the address, queries to it stay on the node, and no server block answers them",
        remedy: "add the address to each bind line, or take it out of -localip",
        source: "kubernetes/dns cmd/node-cache/app/cache_app.go; coredns plugin/bind"
    ) { subject in
        subject.workloads.flatMap { workload -> [LintRule.Match] in
            let blocks = subject.corefiles(of: workload).flatMap(\.blocks)
            guard let flag = workload.flags["localip"], workload.setsUpInterface, !blocks.isEmpty,
                blocks.allSatisfy({ !$0.bind.isEmpty && $0.bindInterfaces.isEmpty })
            else { return [] }
            let bound = Set(blocks.flatMap(\.bind))
            return workload.localAddresses.filter { !bound.contains($0) }.map {
                .init(flag.place, "no bind line of the Corefile names \($0)")
            }
        }
    }

    static let bindNotLocal = LintRule(
        "bind-not-localip",
        .error,
        "bind names an address that -localip does not give the node",
        reason: "an address that the node does not have cannot be bound, and CoreDNS does not start",
        remedy: "write the same addresses behind -localip and bind",
        source: "kubernetes/dns cmd/node-cache/app/cache_app.go; kubernetes/dns#282"
    ) { subject in
        subject.corefiles.flatMap { corefile -> [LintRule.Match] in
            guard let workload = corefile.workload, workload.setsUpInterface, !workload.localAddresses.isEmpty else {
                return []
            }
            let local = Set(workload.localAddresses)
            return corefile.blocks.flatMap { block in
                block.bind.filter { !local.contains($0) && !$0.isLoopback && !$0.isUnspecified }.map {
                    .init(corefile.place(of: "bind", in: block), "\($0) is not among the addresses of -localip")
                }
            }
        }
    }

    static let bindDiffers = LintRule(
        "bind-differs",
        .error,
        "a zone is not served on an address on which others are",
        reason:
            "a query for the zone at that address falls to the block of `.`, which forwards it to the wrong servers",
        remedy: "give all server blocks the same bind line",
        source: "coredns core/dnsserver/server.go, ServeDNS"
    ) { subject in
        subject.corefiles.flatMap { corefile -> [LintRule.Match] in
            let blocks = corefile.blocks.filter { !$0.bind.isEmpty && $0.bindInterfaces.isEmpty }
            var seen: Set<IPAddress> = []
            let all = blocks.flatMap(\.bind).filter { seen.insert($0).inserted }
            return blocks.compactMap { block in
                let bound = Set(block.bind)
                guard bound.count < all.count, let missing = all.first(where: { !bound.contains($0) }) else {
                    return nil
                }
                return .init(corefile.place(of: "bind", in: block), "\(block.zoneList) is not served on \(missing)")
            }
        }
    }

    static let bindMissing = LintRule(
        "bind-missing",
        .warning,
        "a server block listens on every address of the node",
        reason:
            "on the host network it collides with any other resolver on port 53, such as systemd-resolved, and answers "
            + "whoever can reach the node",
        remedy: "add `bind` with the addresses of -localip",
        source: "coredns plugin/bind; kubernetes/kops#9245"
    ) { subject in
        subject.corefiles.flatMap { corefile in
            // In a network namespace of its own the pod may listen on all of it.
            corefile.blocks.filter {
                $0.bind.isEmpty && $0.bindInterfaces.isEmpty && corefile.workload?.isOnHostNetwork ?? true
            }.map { .init(corefile.place($0.line), "\($0.zoneList) has no bind line") }
        }
    }

    static let clusterBound = LintRule(
        "cluster-ip-bound",
        .warning,
        "the cache takes the cluster DNS IP",
        reason:
            "right on iptables, wrong on IPVS: there kube-ipvs0 holds each cluster IP and IPVS takes the packets before "
            + "any socket, so that the cache is not asked or DNS fails, and NOTRACK rules for the IP break the Service",
        remedy:
            "on IPVS write the link-local address alone behind -localip and bind, and point kubelets at it; on iptables "
            + "say so with --proxy-mode iptables",
        source: "KEP-1024; kubernetes.io, Using NodeLocal DNSCache, Configuration; deliveryhero/helm-charts#663"
    ) { subject in
        let severity: LintSeverity
        let saying: String
        switch subject.proxyMode {
        case .iptables: return []
        case .ipvs: (severity, saying) = (.error, "is bound, and IPVS holds it as a cluster IP")
        case .nftables:
            (severity, saying) = (.note, "is bound; with kube-proxy's nftables mode that is not specified (dns#682)")
        case .ebpf:
            (severity, saying) = (.warning, "is bound; an eBPF replacement of kube-proxy answers before the cache")
        case nil:
            (severity, saying) = (.warning, "seems to be the cluster DNS IP, and is bound; on IPVS that breaks DNS")
        }
        func isCluster(_ address: IPAddress) -> Bool {
            !address.isLinkLocal && !address.isLoopback && !address.isUnspecified
        }
        var matches: [LintRule.Match] = []
        var seen: Set<IPAddress> = []
        for workload in subject.workloads where workload.takesAddresses {
            guard let flag = workload.flags["localip"] else { continue }
            for address in workload.localAddresses where isCluster(address) {
                seen.insert(address)
                matches.append(.init(flag.place, "\(address) \(saying)", severity))
            }
        }
        for corefile in subject.corefiles where corefile.workload?.takesAddresses ?? true {
            for block in corefile.blocks {
                for address in block.bind where isCluster(address) && seen.insert(address).inserted {
                    matches.append(
                        .init(corefile.place(of: "bind", in: block), "\(address) \(saying)", severity)
                    )
                }
            }
        }
        return matches
    }

    static let forwardToSelf = LintRule(
        "forward-to-itself",
        .error,
        "the cache forwards to its own address",
        reason: "each query comes back until the loop plugin ends the process, over and over",
        remedy:
            "forward to the cluster DNS: to its IP where the cache does not hold it, else to the -upstreamsvc Service",
        source: "coredns plugin/loop; kubernetes-sigs/kubespray#9948"
    ) { subject in
        subject.corefiles.flatMap { corefile in
            corefile.blocks.flatMap { block in
                block.forwards.flatMap { forward in
                    forward.upstreams.compactMap { upstream -> LintRule.Match? in
                        guard case .endpoint(let endpoint) = upstream, endpoint.port == block.port,
                            block.bind.contains(endpoint.address)
                        else { return nil }
                        return .init(
                            corefile.place(forward.line),
                            "\(block.zoneList) is forwarded to \(endpoint.address), which the block itself binds"
                        )
                    }
                }
            }
        }
    }
}

extension NodeCacheWorkload {
    /// True when the node's own addresses are taken: by an interface, by rules, or by listening on its network.
    fileprivate var takesAddresses: Bool { setsUpInterface || setsUpRules || isOnHostNetwork }
}
