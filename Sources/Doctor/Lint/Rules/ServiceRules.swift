internal import NodeLocal

/// The objects around the DaemonSet.
enum ServiceRules {
    static let all = [
        upstreamMissing, upstreamPorts, upstreamSelector, upstreamHeadless, metricsMissing, metricsHeadless, account,
        rbac,
    ]

    static let upstreamMissing = LintRule(
        "upstream-service-missing",
        .error,
        "the Service that -upstreamsvc names is not there",
        reason:
            "node-cache reads its address from the environment, which has Services of its own namespace alone; without it "
            + "__PILLAR__CLUSTER__DNS__ becomes the text of no address and the Corefile is refused",
        remedy:
            "add the Service to the namespace of the DaemonSet, in front of it, with the ports and the selector of kube-dns",
        source: "kubernetes/dns cmd/node-cache/app/cache_app.go; kubernetes/dns#401, #596; rancher/rke2#10103"
    ) { subject in
        subject.workloads.compactMap { workload -> LintRule.Match? in
            guard let flag = workload.flags["upstreamsvc"], let name = flag.value, name != "kube-dns",
                subject.upstreamService(workload) == nil
            else { return nil }
            guard subject.isWhole(workload) else {
                return .init(flag.place, "the Service \(name) is not among the files; give them together", .note)
            }
            let elsewhere = subject.objects.first { $0.kind == "Service" && $0.name == name }
            let where_ = elsewhere.map { "the Service \(name) stands in the namespace \($0.namespace ?? "default")" }
            // With the cluster DNS IP written down nobody asks for the variable; and a Service that is not made for this,
            // such as kubespray's coredns, may be the cluster's own.
            let isNeeded = subject.fillsClusterDNS(workload) && (elsewhere != nil || name.contains("upstream"))
            return LintRule.Match(flag.place, where_ ?? "there is no Service \(name)", isNeeded ? nil : .warning)
        }
    }

    /// The upstream Services that are given, each with the workload that asks it.
    private static func upstreams(_ subject: LintSubject) -> [(workload: NodeCacheWorkload, service: KubernetesObject)]
    {
        subject.workloads.compactMap { workload in subject.upstreamService(workload).map { (workload, $0) } }
    }

    static let upstreamPorts = LintRule(
        "upstream-service-ports",
        .error,
        "the upstream Service lacks port 53 of TCP or UDP",
        reason: "zones with force_tcp need TCP, and the rest and the health checks of old releases need UDP",
        remedy: "give it port 53 for both protocols, as kube-dns has",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        upstreams(subject).flatMap { _, service -> [LintRule.Match] in
            let ports = service.tree["spec", "ports"]?.items ?? []
            let place = service.tree["spec"]?.entry("ports")?.place ?? service.place
            let missing = ["TCP", "UDP"].filter { wanted in
                !ports.contains { $0["port"]?.text == "53" && ($0["protocol"]?.text ?? "TCP") == wanted }
            }
            return missing.map { LintRule.Match(place, "the Service \(service.name) has no port 53 over \($0)") }
        }
    }

    static let upstreamSelector = LintRule(
        "upstream-service-selector",
        .error,
        "the upstream Service does not lead to the cluster DNS",
        reason: "without a selector it has no endpoint, and with that of node-cache the cache asks itself",
        remedy: "select k8s-app: kube-dns, or what the Service kube-dns selects",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        upstreams(subject).compactMap { workload, service in
            let selector = service.tree["spec", "selector"]?.entries ?? []
            guard let first = selector.first else {
                return .init(service.place, "the Service \(service.name) has no selector")
            }
            if subject.metricsServices(of: workload).contains(where: { $0.place == service.place }) {
                return .init(first.place, "the Service \(service.name) selects node-cache itself")
            }
            if selector.contains(where: { $0.key == "k8s-app" && $0.value.text == "kube-dns" }) { return nil }
            let words = selector.map { "\($0.key): \($0.value.text ?? "")" }.joined(separator: ", ")
            return .init(
                first.place,
                "the Service \(service.name) selects \(words), which is not the usual k8s-app: kube-dns",
                .warning
            )
        }
    }

    static let upstreamHeadless = LintRule(
        "upstream-service-headless",
        .error,
        "the upstream Service has no address",
        reason: "a headless Service has no cluster IP, and the environment of the pod no variable with it",
        remedy: "take clusterIP: None out",
        source: "kubernetes/dns cmd/node-cache/app/cache_app.go; kubernetes.io, Service, Environment variables"
    ) { subject in
        upstreams(subject).compactMap { _, service in
            guard let address = service.tree["spec", "clusterIP"], address.text == "None" else { return nil }
            return .init(address.place, "the Service \(service.name) is headless")
        }
    }

    static let metricsMissing = LintRule(
        "metrics-service-missing",
        .note,
        "no Service leads to the metrics of all nodes",
        reason: "monitoring that finds its targets by Services does not see the caches",
        remedy: "add a headless Service (clusterIP: None) that selects node-cache's pods, with the port of prometheus",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.workloads.compactMap { workload in
            let isScraped = subject.objects.contains { $0.kind == "PodMonitor" }
            let others = subject.metricsServices(of: workload).filter {
                $0.name != subject.upstreamServiceName(workload)
            }
            guard subject.isWhole(workload), !isScraped, others.isEmpty else { return nil }
            return .init(workload.object.place, "no Service selects the pods of \(workload.object.name)")
        }
    }

    static let metricsHeadless = LintRule(
        "metrics-service-not-headless",
        .warning,
        "metrics come from some node or other",
        reason: "a Service with a cluster IP leads each scrape to another node, so that counters jump",
        remedy: "set clusterIP: None",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.workloads.flatMap { workload in
            subject.metricsServices(of: workload).filter {
                $0.name != subject.upstreamServiceName(workload) && $0.tree["spec", "clusterIP"]?.text != "None"
            }.map { .init($0.place, "the Service \($0.name) is not headless") }
        }
    }

    static let account = LintRule(
        "service-account-missing",
        .warning,
        "the DaemonSet's account is not there",
        reason: "without its ServiceAccount no pod is made",
        remedy: "add the ServiceAccount; node-cache needs no right",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.workloads.compactMap { workload in
            guard let name = workload.pod["serviceAccountName"], let text = name.text, text != "default",
                subject.isWhole(workload),
                subject.object("ServiceAccount", named: text, beside: workload.object) == nil
            else { return nil }
            return .init(name.place, "there is no ServiceAccount \(text)")
        }
    }

    static let rbac = LintRule(
        "rbac-leftover",
        .warning,
        "node-cache is given rights that it does not use",
        reason:
            "it asks nothing of the API server; a pod on the host network with rights is one more way into the cluster",
        remedy: "delete roles and bindings of its account",
        source: "kubernetes nodelocaldns.yaml; kubernetes/dns cmd/node-cache"
    ) { subject in
        let accounts = Set(subject.workloads.compactMap { $0.pod["serviceAccountName"]?.text })
        return subject.objects.compactMap { object in
            guard object.kind == "ClusterRoleBinding" || object.kind == "RoleBinding" else { return nil }
            let subjects = object.tree["subjects"]?.items ?? []
            guard
                let its = subjects.first(where: {
                    $0["kind"]?.text == "ServiceAccount" && accounts.contains($0["name"]?.text ?? "")
                })
            else { return nil }
            let role = object.tree["roleRef", "name"]?.text ?? "a role"
            return .init(
                its.place,
                "\(object.kind) \(object.name) gives \(role) to \(its["name"]?.text ?? "the account")"
            )
        }
    }
}
