internal import NodeLocal

/// What the pod needs of its node.
enum WorkloadRules {
    static let all = [
        hostNetwork, dnsPolicy, capability, privileged, lock, memoryLimit, requests, cpuLimit, serviceLinks,
    ]

    static let hostNetwork = LintRule(
        "host-network-missing",
        .error,
        "node-cache is not on the node's network",
        reason:
            "it makes its interface and rules in the pod's own network namespace, and no pod of the node reaches them",
        remedy:
            "set hostNetwork: true; where something else leads queries to the pod, as Cilium's local redirect does, start "
            + "node-cache with -setupinterface=false -setupiptables=false",
        source: "kubernetes nodelocaldns.yaml; cilium local redirect policy"
    ) { subject in
        subject.workloads.filter { !$0.isOnHostNetwork && ($0.setsUpInterface || $0.setsUpRules) }.map {
            .init(($0.pod["hostNetwork"] ?? $0.pod).place, "hostNetwork is not true")
        }
    }

    static let dnsPolicy = LintRule(
        "dns-policy",
        .warning,
        "node-cache may resolve through the cluster DNS or itself",
        reason:
            "node-cache forwards `.` to its own /etc/resolv.conf; with ClusterFirstWithHostNet that names the cluster DNS, "
            + "or the cache, and queries go round. ClusterFirst on the host network falls back to Default in silence",
        remedy: "set dnsPolicy: Default",
        source: "kubernetes nodelocaldns.yaml; kubernetes.io, DNS for Services and Pods"
    ) { subject in
        subject.workloads.compactMap { workload in
            let policy = workload.pod["dnsPolicy"]
            let word = policy?.text ?? "ClusterFirst"
            guard !["Default", "None"].contains(word) else { return nil }
            let severity: LintSeverity? = word == "ClusterFirst" && workload.isOnHostNetwork ? nil : .error
            let sentence = policy == nil ? "there is no dnsPolicy" : "dnsPolicy is \(word)"
            return .init((policy ?? workload.pod).place, sentence, severity)
        }
    }

    /// Whether the container may do what needs NET_ADMIN, and whether it may do anything.
    private static func powers(_ workload: NodeCacheWorkload) -> (admin: Bool, privileged: Bool) {
        let context = workload.container["securityContext"]
        let isPrivileged = context?["privileged"]?.isTrue == true
        let added = (context?["capabilities", "add"]?.items ?? []).compactMap(\.text)
        return (isPrivileged || added.contains { ["NET_ADMIN", "CAP_NET_ADMIN", "ALL"].contains($0) }, isPrivileged)
    }

    static let capability = LintRule(
        "net-admin-missing",
        .error,
        "node-cache may not make its interface and rules",
        reason: "both need CAP_NET_ADMIN; without it the address does not exist and nothing can be bound to it",
        remedy: "add NET_ADMIN to securityContext.capabilities.add",
        source: "kubernetes/dns cmd/node-cache/app/cache_app.go; kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.workloads.filter { ($0.setsUpInterface || $0.setsUpRules) && !powers($0).admin }.map {
            .init(($0.container["securityContext"] ?? $0.container).place, "the container has no NET_ADMIN")
        }
    }

    static let privileged = LintRule(
        "privileged",
        .note,
        "node-cache may do more than it needs",
        reason:
            "privileged opens all devices and capabilities of the node to it; interface and rules need NET_ADMIN alone",
        remedy: "write capabilities.add: [NET_ADMIN] in its place",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard powers(workload).privileged, let tree = workload.container["securityContext", "privileged"] else {
                return nil
            }
            return .init(tree.place, "the container is privileged")
        }
    }

    static let lock = LintRule(
        "xtables-lock-missing",
        .warning,
        "node-cache does not share the lock of iptables with the node",
        reason: "it and kube-proxy write rules at the same time, and one of them fails or loses its rules",
        remedy: "mount the node's /run/xtables.lock, type FileOrCreate, for reading and writing",
        source: "kubernetes/dns#292, #310; kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard workload.setsUpRules else { return nil }
            guard let (mount, volume) = workload.mount(holding: "/run/xtables.lock") else {
                return .init(workload.container.place, "/run/xtables.lock is not mounted")
            }
            if mount["readOnly"]?.isTrue == true {
                return .init(mount.place, "/run/xtables.lock is mounted for reading alone")
            }
            guard let host = volume["hostPath"] else {
                return .init(volume.place, "/run/xtables.lock is not the node's")
            }
            let type = host["type"]?.text ?? ""
            guard host["path"]?.text?.hasSuffix("xtables.lock") == true, type != "FileOrCreate" else { return nil }
            return .init(host.place, "without type FileOrCreate a node without the file gets a directory of that name")
        }
    }

    /// Memory of a full cache of 10,000 entries; coredns/deployment `Scaling_CoreDNS.md`.
    private static let bytesPerTenThousand = 30_000_000

    static let memoryLimit = LintRule(
        "memory-limit",
        .warning,
        "full caches do not fit the memory limit",
        reason:
            "a full cache of 10,000 entries takes about 30 MB, and each server block has two; the kernel kills the process "
            + "at the limit, and its rules and address stay behind without a listener",
        remedy: "raise or drop the limit, or make the caches smaller",
        source: "coredns/deployment Scaling_CoreDNS.md; kubesphere/kubekey#3246; kubernetes/dns#438"
    ) { subject in
        subject.corefiles.compactMap { corefile in
            guard let limit = corefile.workload?.container["resources", "limits", "memory"],
                let bytes = limit.text.flatMap({ KubernetesQuantity.bytes($0) })
            else { return nil }
            let entries = corefile.blocks.compactMap(\.cache).reduce(0) {
                let sum = $0 + $1.success.effectiveCapacity + $1.denial.effectiveCapacity
                return min(sum, 1_000_000_000)
            }
            let need = entries / 100 * (bytesPerTenThousand / 100)
            guard need > bytes else { return nil }
            return .init(
                limit.place,
                "\(entries) cache entries take about \(need / 1_000_000) MB, and the limit is \(bytes / 1_000_000) MB"
            )
        }
    }

    static let requests = LintRule(
        "requests-missing",
        .warning,
        "node-cache is the first to go when the node runs short",
        reason:
            "without requests the pod is of class BestEffort: the first that is killed for memory and the last that gets "
            + "the processor",
        remedy: "set requests, as in the official manifest: cpu 25m, memory 5Mi",
        source: "kubernetes nodelocaldns.yaml; kubernetes.io, Pod Quality of Service Classes"
    ) { subject in
        subject.workloads.filter {
            let resources = $0.container["resources"]
            return resources?["requests"] == nil && resources?["limits"] == nil
        }.map { .init($0.container.place, "the container has no resource requests") }
    }

    static let cpuLimit = LintRule(
        "cpu-limit",
        .note,
        "node-cache is throttled in bursts",
        reason:
            "when its share of a period is used up the process stands still for the rest, and datagrams overflow its "
            + "socket in no metric",
        remedy: "drop the limit; requests keep its share",
        source: "kernel cgroup-v2, cpu.max; /proc/net/udp drops"
    ) { subject in
        subject.workloads.compactMap { workload in
            workload.container["resources", "limits", "cpu"].map {
                .init($0.place, "the processor limit is \($0.text ?? "set")")
            }
        }
    }

    static let serviceLinks = LintRule(
        "service-links-off",
        .error,
        "node-cache does not learn the address of its upstream Service",
        reason:
            "it reads the address of -upstreamsvc from the environment that service links make; without them the variable "
            + "becomes the text of no address and the Corefile is refused",
        remedy: "take enableServiceLinks: false out, or write the cluster DNS IP for __PILLAR__CLUSTER__DNS__",
        source: "kubernetes/dns cmd/node-cache/app/cache_app.go; kubernetes/dns#401, #596"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard let links = workload.pod["enableServiceLinks"], links.isFalse,
                subject.fillsClusterDNS(workload)
            else { return nil }
            return .init(links.place, "enableServiceLinks is false")
        }
    }
}
