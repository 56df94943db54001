@testable import Doctor

extension LintMutation {
    private static let image = "registry.k8s.io/dns/k8s-dns-node-cache:1.26.8"
    private static let kubelet = GoodManifest.kubelet

    /// The pod, its node and the objects around it.
    static let workload: [LintMutation] = [
        .init("no host network", ["host-network-missing"], [("      hostNetwork: true\n", "")]),
        .init(
            "no host network where something else leads queries to the pod",
            [],
            [
                ("      hostNetwork: true\n", ""),
                (
                    "        - -pidfile\n        - /run/node-cache.pid\n",
                    "        - -setupinterface=false\n        - -setupiptables=false\n"
                ),
            ]
        ),
        .init("no DNS policy", ["dns-policy"], [("      dnsPolicy: Default\n", "")]),
        .init(
            "the cluster DNS resolves for node-cache",
            ["dns-policy"],
            [("dnsPolicy: Default", "dnsPolicy: ClusterFirstWithHostNet")],
            severity: .error
        ),
        .init(
            "no capability",
            ["net-admin-missing"],
            [("            add: [NET_ADMIN]\n", "            add: [NET_BIND_SERVICE]\n")]
        ),
        .init(
            "privileged",
            ["privileged"],
            [("          capabilities:\n            add: [NET_ADMIN]\n", "          privileged: true\n")]
        ),
        .init("no lock", ["xtables-lock-missing"], [("mountPath: /run/xtables.lock", "mountPath: /run/lock")]),
        .init("a lock for reading", ["xtables-lock-missing"], [("readOnly: false", "readOnly: true")]),
        .init("a lock that may become a directory", ["xtables-lock-missing"], [("          type: FileOrCreate\n", "")]),
        .init(
            "a small memory limit",
            ["memory-limit"],
            [("requests: { cpu: 25m, memory: 5Mi }", "limits: { memory: 128Mi }")]
        ),
        .init(
            "a memory limit that is enough",
            [],
            [("requests: { cpu: 25m, memory: 5Mi }", "limits: { memory: 512Mi }")]
        ),
        .init(
            "no requests",
            ["requests-missing"],
            [("        resources:\n          requests: { cpu: 25m, memory: 5Mi }\n", "")]
        ),
        .init(
            "a processor limit",
            ["cpu-limit"],
            [("memory: 5Mi }", "memory: 5Mi }\n          limits: { cpu: 100m }")]
        ),
        .init(
            "no service links",
            ["service-links-off"],
            [
                ("      hostNetwork: true\n", "      hostNetwork: true\n      enableServiceLinks: false\n"),
                ("forward . 10.96.0.10", "forward . __PILLAR__CLUSTER__DNS__"),
            ],
            mode: .iptables
        ),
        .init(
            "no service links, and nobody needs them",
            [],
            [("      hostNetwork: true\n", "      hostNetwork: true\n      enableServiceLinks: false\n")]
        ),
        .init(
            "a taint is not tolerated",
            ["toleration-missing"],
            [("      - { effect: NoExecute, operator: Exists }\n", "")]
        ),
        .init(
            "each taint is tolerated in one line",
            [],
            [
                (
                    "      - { effect: NoExecute, operator: Exists }\n      - { effect: NoSchedule, operator: Exists }\n",
                    "      - { operator: Exists }\n"
                )
            ]
        ),
        .init("no priority", ["priority-class"], [("      priorityClassName: system-node-critical\n", "")]),
        .init(
            "some nodes",
            ["not-on-every-node"],
            [("      hostNetwork: true\n", "      hostNetwork: true\n      nodeSelector: { dns: local }\n")]
        ),
        .init(
            "nodes of Linux",
            [],
            [
                (
                    "      hostNetwork: true\n",
                    "      hostNetwork: true\n      nodeSelector: { kubernetes.io/os: linux }\n"
                )
            ]
        ),
        .init("a surge", ["max-surge"], [("maxUnavailable: 10%", "maxUnavailable: 0\n      maxSurge: 1")]),
        .init("many nodes at once", ["max-unavailable"], [("maxUnavailable: 10%", "maxUnavailable: 50%")]),
        .init(
            "no update",
            ["update-on-delete"],
            [("    rollingUpdate:\n      maxUnavailable: 10%", "    type: OnDelete")]
        ),
    ]

    /// Services, accounts and rights.
    static let objects: [LintMutation] = [
        .init(
            "no upstream Service, and node-cache needs it",
            ["upstream-service-missing"],
            [(GoodManifest.upstream, ""), ("forward . 10.96.0.10", "forward . __PILLAR__CLUSTER__DNS__")],
            mode: .iptables
        ),
        .init(
            "no upstream Service, and stub domains alone would miss it",
            ["upstream-service-missing"],
            [(GoodManifest.upstream, "")],
            severity: .warning
        ),
        .init(
            "the upstream Service stands elsewhere",
            ["upstream-service-missing"],
            [("name: kube-dns-upstream\n  namespace: kube-system", "name: kube-dns-upstream\n  namespace: dns")],
            severity: .warning
        ),
        .init(
            "no TCP upstream",
            ["upstream-service-ports"],
            [("  - { name: dns-tcp, port: 53, protocol: TCP, targetPort: 53 }\n  selector", "  selector")]
        ),
        .init(
            "the upstream Service leads back",
            ["upstream-service-selector"],
            [("  selector:\n    k8s-app: kube-dns\n", "  selector:\n    k8s-app: node-local-dns\n")]
        ),
        .init(
            "the upstream Service leads elsewhere",
            ["upstream-service-selector"],
            [("  selector:\n    k8s-app: kube-dns\n", "  selector:\n    app: coredns\n")],
            severity: .warning
        ),
        .init(
            "the upstream Service is headless",
            ["upstream-service-headless"],
            [
                (
                    "name: kube-dns-upstream\n  namespace: kube-system\nspec:\n",
                    "name: kube-dns-upstream\n  namespace: kube-system\nspec:\n  clusterIP: None\n"
                )
            ]
        ),
        .init("no Service for metrics", ["metrics-service-missing"], [(GoodManifest.metrics, "")]),
        .init("a cluster IP for metrics", ["metrics-service-not-headless"], [("  clusterIP: None\n", "")]),
        .init("no account", ["service-account-missing"], [(GoodManifest.account, "")]),
        .init(
            "rights",
            ["rbac-leftover"],
            appended:
                "---\nkind: ClusterRoleBinding\nmetadata: { name: node-local-dns }\nroleRef: { kind: ClusterRole, name: view }\n"
                + "subjects: [{ kind: ServiceAccount, name: node-local-dns, namespace: kube-system }]\n"
        ),
        .init(
            "a digest alone",
            ["image-version-unknown"],
            [(image, "registry.k8s.io/dns/k8s-dns-node-cache@sha256:0123")]
        ),
        .init(
            "the release that was taken back",
            ["image-withdrawn", "image-old", "image-known-defects"],
            [("cache:1.26.8", "cache:1.20.0")]
        ),
        .init("an old release", ["image-old", "image-known-defects"], [("cache:1.26.8", "cache:1.22.13")]),
        .init("a release with a defect", ["image-known-defects"], [("cache:1.26.8", "cache:1.26.5")]),
        .init("a release without", [], [("cache:1.26.8", "cache:1.26.6")]),
        .init("the old registry", ["image-registry-frozen"], [("registry.k8s.io/dns", "k8s.gcr.io/dns")]),
    ]

    /// Kubelets and the kind of kube-proxy.
    static let nodes: [LintMutation] = [
        .init("a kubelet that points at the cache", [], others: [kubelet]),
        .init(
            "a kubelet that points elsewhere",
            ["kubelet-cluster-dns"],
            others: [kubelet.replacing("169.254.20.10", with: "10.96.0.10")]
        ),
        .init(
            "a kubelet's flags that point elsewhere",
            ["kubelet-cluster-dns"],
            others: ["KUBELET_ARGS=\"--cluster-dns=10.96.0.10 --v=2\"\n"]
        ),
        .init(
            "two name servers",
            ["kubelet-several-cluster-dns"],
            others: [kubelet.replacing("- 169.254.20.10", with: "- 169.254.20.10\n- 10.96.0.10")]
        ),
        .init(
            "no name server",
            ["kubelet-cluster-dns-missing"],
            others: [kubelet.replacing("clusterDNS:\n- 169.254.20.10\n", with: "")]
        ),
        .init(
            "another domain",
            ["kubelet-cluster-domain"],
            others: [kubelet.replacing("cluster.local", with: "k8s.example")]
        ),
        .init(
            "the stub of the node",
            ["kubelet-resolv-conf-stub"],
            others: [kubelet.replacing("/resolv.conf", with: "/stub-resolv.conf")]
        ),
        .init("kube-proxy in IPVS mode", ["ipvs-removal"], others: ["kind: KubeProxyConfiguration\nmode: ipvs\n"]),
        .init("kube-proxy in iptables mode", [], others: ["kind: KubeProxyConfiguration\nmode: iptables\n"]),
        .init("no kube-proxy", ["ebpf-bypass"], mode: .ebpf),
        .init("no kube-proxy, and kubelets point at the cache", [], others: [kubelet], mode: .ebpf),
    ]

    /// Every edit.
    static let all = commandLine + pages + corefile + workload + objects + nodes
}
