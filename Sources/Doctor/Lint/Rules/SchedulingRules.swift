internal import NodeLocal

/// On which nodes node-cache runs, and how it is replaced.
enum SchedulingRules {
    static let all = [tolerations, priority, nodes, maxSurge, maxUnavailable, onDelete]

    static let tolerations = LintRule(
        "toleration-missing",
        .warning,
        "nodes with taints have no cache",
        reason:
            "kubelets everywhere point at the cache's address; where node-cache does not run, pods resolve nothing, and a "
            + "NoExecute taint takes it from a node on which pods still run",
        remedy: "tolerate NoSchedule and NoExecute with operator Exists and no key",
        source: "kubernetes nodelocaldns.yaml; kubernetes.io, Taints and Tolerations"
    ) { subject in
        subject.workloads.compactMap { workload in
            let list = workload.pod["tolerations"]
            let wide = (list?.items ?? []).filter {
                $0["operator"]?.text == "Exists" && ($0["key"]?.text ?? "").isEmpty
            }
            let missing = ["NoSchedule", "NoExecute"].filter { effect in
                !wide.contains { ($0["effect"]?.text ?? effect) == effect && $0["tolerationSeconds"] == nil }
            }
            guard !missing.isEmpty else { return nil }
            let place = workload.pod.entry("tolerations")?.place ?? workload.pod.place
            return .init(place, "not every taint of \(missing.joined(separator: " and ")) is tolerated")
        }
    }

    static let priority = LintRule(
        "priority-class",
        .warning,
        "node-cache can be evicted or finds no room",
        reason: "a node under pressure gives up pods of low priority first, and a full one does not take them",
        remedy: "set priorityClassName: system-node-critical",
        source: "kubernetes nodelocaldns.yaml; kubernetes.io, Pod Priority and Preemption"
    ) { subject in
        subject.workloads.compactMap { workload in
            let name = workload.pod["priorityClassName"]
            guard name?.text?.hasPrefix("system-") != true else { return nil }
            return .init(
                (name ?? workload.pod).place,
                name.map { "priorityClassName is \($0.text ?? "no text")" } ?? "there is no priorityClassName"
            )
        }
    }

    /// Labels by which a manifest keeps to nodes that can run the image at all.
    private static let harmlessLabels = ["kubernetes.io/os", "beta.kubernetes.io/os", "kubernetes.io/arch"]

    static let nodes = LintRule(
        "not-on-every-node",
        .warning,
        "node-cache runs on some nodes alone",
        reason: "where it does not run, pods whose kubelet points at the cache's address resolve nothing",
        remedy: "take the selector out, or point only the kubelets of these nodes at the cache",
        source: "gardener#5039"
    ) { subject in
        subject.workloads.flatMap { workload -> [LintRule.Match] in
            var matches: [LintRule.Match] = (workload.pod["nodeSelector"]?.entries ?? [])
                .filter { !harmlessLabels.contains($0.key) }
                .map { .init($0.place, "only nodes with \($0.key) run node-cache") }
            let path = "requiredDuringSchedulingIgnoredDuringExecution"
            if let affinity = workload.pod["affinity", "nodeAffinity"]?.entry(path) {
                let keys =
                    affinity.value["nodeSelectorTerms"]?.items.flatMap { $0["matchExpressions"]?.items ?? [] } ?? []
                if keys.contains(where: { !harmlessLabels.contains($0["key"]?.text ?? "") }) {
                    matches.append(.init(affinity.place, "a node affinity keeps node-cache off some nodes"))
                }
            }
            return matches
        }
    }

    static let maxSurge = LintRule(
        "max-surge",
        .error,
        "the new pod cannot start while the old one runs",
        reason:
            "both want port 9353 of one node and it is not shared, so that the update stands still; and the old pod's "
            + "teardown takes the address from the new one for up to 60 s",
        remedy: "leave maxSurge out and update with maxUnavailable",
        source: "kubernetes/dns#324, #667"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard let surge = workload.object.tree["spec", "updateStrategy", "rollingUpdate", "maxSurge"],
                let text = surge.text, !["0", "0%"].contains(text)
            else { return nil }
            return .init(surge.place, "maxSurge is \(text)")
        }
    }

    static let maxUnavailable = LintRule(
        "max-unavailable",
        .warning,
        "an update takes DNS from many nodes at once",
        reason:
            "between the end of the old pod and the start of the new one a node has no DNS for seconds, and pods have no "
            + "other name server where kubelets point at the cache",
        remedy: "write maxUnavailable: 10%, or less",
        source: "kubernetes nodelocaldns.yaml; kubernetes/dns#310, #732"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard let tree = workload.object.tree["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"],
                let text = tree.text, text.hasSuffix("%"), let share = Int(text.dropLast()), share > 10
            else { return nil }
            return .init(tree.place, "maxUnavailable is \(text) of the nodes")
        }
    }

    static let onDelete = LintRule(
        "update-on-delete",
        .note,
        "a changed manifest reaches no node by itself",
        reason: "with OnDelete pods keep the old image and flags until somebody deletes them",
        remedy: "use RollingUpdate, or delete the pods node by node after each change",
        source: "kubernetes.io, Perform a Rolling Update on a DaemonSet"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard let type = workload.object.tree["spec", "updateStrategy", "type"], type.text == "OnDelete" else {
                return nil
            }
            return .init(type.place, "updateStrategy is OnDelete")
        }
    }
}
