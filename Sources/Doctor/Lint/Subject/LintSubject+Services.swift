internal import NodeLocal

extension LintSubject {
    /// True when a Corefile of the workload leaves it to node-cache to fill in the cluster DNS.
    func fillsClusterDNS(_ workload: NodeCacheWorkload) -> Bool {
        workload.fillsCorefile
            && corefiles(of: workload).contains { !$0.places(of: "__PILLAR__CLUSTER__DNS__").isEmpty }
    }

    /// The Service that `-upstreamsvc` names; `kube-dns`, the cluster's own, when it names none.
    func upstreamServiceName(_ workload: NodeCacheWorkload) -> String {
        workload.flags["upstreamsvc"]?.value ?? "kube-dns"
    }

    /// The `-upstreamsvc` Service, or nil when it is not among the files.
    func upstreamService(_ workload: NodeCacheWorkload) -> KubernetesObject? {
        object("Service", named: upstreamServiceName(workload), beside: workload.object)
    }

    /// The Services that select the pods of a workload.
    func metricsServices(of workload: NodeCacheWorkload) -> [KubernetesObject] {
        let labels = workload.object.tree["spec", "template", "metadata", "labels"]
        return objects.filter { object in
            guard object.kind == "Service", object.sharesNamespace(with: workload.object),
                let selector = object.tree["spec", "selector"]?.entries, !selector.isEmpty
            else { return false }
            return selector.allSatisfy { labels?[$0.key]?.text == $0.value.text }
        }
    }

    /// True when more of the installation is given than the DaemonSet alone, so that what is missing is missing.
    func isWhole(_ workload: NodeCacheWorkload) -> Bool {
        objects.contains {
            ["ConfigMap", "Service", "ServiceAccount"].contains($0.kind) && $0.sharesNamespace(with: workload.object)
        }
    }
}
