@testable import Doctor

extension LintMutation {
    private static let address = "169.254.20.10"
    private static let both = "169.254.20.10,10.96.0.10"
    private static let bothBound: [(old: String, new: String)] = [
        ("        - -localip\n        - 169.254.20.10", "        - -localip\n        - \(both)"),
        ("bind 169.254.20.10", "bind 169.254.20.10 10.96.0.10"),
        ("forward . 10.96.0.10", "forward . __PILLAR__CLUSTER__DNS__"),
    ]
    private static let localFlag = "        - -localip\n        - 169.254.20.10\n"

    /// Placeholders, addresses and flags.
    static let commandLine: [LintMutation] = [
        .init(
            "the domain's variable is left",
            ["placeholder-left"],
            [("cluster.local:53", "__PILLAR__DNS__DOMAIN__:53")]
        ),
        .init(
            "the address's variable is left in the probe",
            ["placeholder-left"],
            [("host: 169.254.20.10", "host: __PILLAR__LOCAL__DNS__")]
        ),
        .init(
            "the address's variable is left on the command line",
            ["placeholder-left"],
            [("- -localip\n        - 169.254.20.10", "- -localip\n        - __PILLAR__LOCAL__DNS__")]
        ),
        .init("an unknown variable", ["placeholder-left"], [("denial 9984 5", "denial 9984 __PILLAR__X__")]),
        .init(
            "the cluster DNS is left to node-cache where the cache is not at its IP",
            ["placeholder-cluster-dns"],
            [("forward . 10.96.0.10", "forward . __PILLAR__CLUSTER__DNS__")]
        ),
        .init(
            "the cluster DNS is left to node-cache on iptables, as it should be",
            [],
            [("forward . 10.96.0.10", "forward . __PILLAR__CLUSTER__DNS__")],
            mode: .iptables
        ),
        .init(
            "bind is left to node-cache",
            ["placeholder-in-corefile"],
            [("bind 169.254.20.10", "bind __PILLAR__LOCAL__DNS__ __PILLAR__DNS__SERVER__")]
        ),
        .init("no -localip", ["localip-missing"], [(localFlag, "")]),
        .init(
            "a comma at the end",
            ["localip-invalid"],
            [("\n        - 169.254.20.10\n", "\n        - '169.254.20.10,'\n")]
        ),
        .init(
            "a word for an address",
            ["localip-invalid"],
            [("\n        - 169.254.20.10\n", "\n        - 169.254.20.10,dns\n")]
        ),
        .init(
            "two families",
            ["localip-invalid", "localip-not-bound"],
            [("\n        - 169.254.20.10\n", "\n        - 169.254.20.10,fd00::10\n")]
        ),
        .init(
            "an address on which nobody listens",
            ["localip-not-bound"],
            [("\n        - 169.254.20.10\n", "\n        - 169.254.20.10,169.254.20.11\n")]
        ),
        .init(
            "an address that the node does not get",
            ["bind-not-localip"],
            [("bind 169.254.20.10", "bind 169.254.20.10 169.254.20.11")]
        ),
        .init(
            "an address that the node gets from somebody else",
            [],
            [
                ("bind 169.254.20.10", "bind 169.254.20.10 169.254.20.11"),
                ("- -pidfile\n", "- -setupinterface=false\n        - -pidfile\n"),
            ]
        ),
        .init(
            "one block binds less",
            ["bind-differs"],
            [
                ("\n        - 169.254.20.10\n", "\n        - 169.254.20.10,169.254.20.11\n"),
                (
                    "cache 30\n        reload\n        loop\n        bind 169.254.20.10",
                    "cache 30\n        reload\n        loop\n        bind 169.254.20.10 169.254.20.11"
                ),
            ]
        ),
        .init(
            "no bind",
            ["bind-missing"],
            [
                (
                    "        bind 169.254.20.10\n        forward . __PILLAR__UPSTREAM__SERVERS__",
                    "        forward . __PILLAR__UPSTREAM__SERVERS__"
                )
            ]
        ),
        .init("the cluster DNS IP is bound and nobody says how Services work", ["cluster-ip-bound"], bothBound),
        .init(
            "the cluster DNS IP is bound on IPVS",
            ["cluster-ip-bound", "placeholder-cluster-dns"],
            bothBound,
            severity: .error,
            mode: .ipvs
        ),
        .init(
            "the cluster DNS IP is bound with nftables",
            ["cluster-ip-bound"],
            bothBound,
            severity: .note,
            mode: .nftables
        ),
        .init("the cluster DNS IP is bound on iptables, as it should be", [], bothBound, mode: .iptables),
        .init(
            "the cluster DNS IP is bound, and kube-proxy's own configuration says IPVS",
            ["cluster-ip-bound", "ipvs-removal", "placeholder-cluster-dns"],
            bothBound,
            severity: .error,
            others: [
                "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: kube-proxy }\ndata:\n  config.conf: |-\n    kind: KubeProxyConfiguration\n    mode: ipvs\n"
            ]
        ),
        .init(
            "a pod to which something else leads queries, as Cilium's local redirect does",
            [],
            [
                ("      hostNetwork: true\n", ""), ("bind 169.254.20.10", "bind 0.0.0.0"),
                ("health 169.254.20.10:", "health :"),
                ("            host: 169.254.20.10\n", ""),
                ("\n        - 169.254.20.10\n", "\n        - 169.254.20.10,10.96.0.10\n"),
                ("- -pidfile\n", "- -setupinterface=false\n        - -setupiptables=false\n        - -pidfile\n"),
            ],
            mode: .ebpf
        ),
        .init("the cache is forwarded to", ["forward-to-itself"], [("__PILLAR__UPSTREAM__SERVERS__", address)]),
        .init(
            "a flag that never was",
            ["flag-unknown"],
            [("- -pidfile\n", "- -setupiptable=true\n        - -pidfile\n")]
        ),
        .init(
            "a flag that is newer than the image",
            ["flag-not-in-image"],
            [("- -pidfile\n", "- -prometheus-listen-address=:9253\n        - -pidfile\n")]
        ),
        .init(
            "a flag that the image no longer has",
            ["flag-not-in-image"],
            [("- -pidfile\n", "- -setupebtables=true\n        - -pidfile\n")]
        ),
        .init(
            "a Boolean that is none",
            ["flag-value"],
            [("- -pidfile\n", "- -setupiptables=yes\n        - -pidfile\n")]
        ),
        .init(
            "a number for a duration",
            ["flag-value"],
            [("- -pidfile\n", "- -syncinterval=60\n        - -pidfile\n")]
        ),
        .init("a flag without its value", ["flag-value"], [("        - /run/node-cache.pid\n", "")]),
        .init(
            "a Boolean with its value in a word of its own",
            ["flag-unread", "pidfile-missing"],
            [("- -pidfile\n", "- -setupiptables\n        - \"true\"\n        - -pidfile\n")]
        ),
        .init(
            "-syncinterval of ten seconds",
            ["syncinterval-panics"],
            [("- -pidfile\n", "- -syncinterval=10s\n        - -pidfile\n")]
        ),
        .init(
            "-syncinterval of nothing",
            ["syncinterval-panics"],
            [("- -pidfile\n", "- -syncinterval=0\n        - -pidfile\n")]
        ),
        .init(
            "-syncinterval of a minute",
            ["syncinterval-never-fires"],
            [("- -pidfile\n", "- -syncinterval=60s\n        - -pidfile\n")]
        ),
        .init(
            "-syncinterval of a minute without -pidfile",
            ["syncinterval-never-fires", "pidfile-missing"],
            [("        - -pidfile\n        - /run/node-cache.pid\n", "        - -syncinterval=60s\n")]
        ),
        .init("-syncinterval as charts write it", [], [("- -pidfile\n", "- -syncinterval=1ns\n        - -pidfile\n")]),
        .init("no -pidfile", ["pidfile-missing"], [("        - -pidfile\n        - /run/node-cache.pid\n", "")]),
        .init(
            "no -pidfile, and no rules either",
            [],
            [("        - -pidfile\n        - /run/node-cache.pid\n", "        - -setupiptables=false\n")]
        ),
        .init("no -conf", ["conf-missing"], [("        - -conf\n        - /etc/Corefile\n", "")]),
        .init("-skipteardown", ["skip-teardown"], [("- -pidfile\n", "- -skipteardown=true\n        - -pidfile\n")]),
    ]

    /// Health, metrics and their ports.
    static let pages: [LintMutation] = [
        .init(
            "no health, and it is probed",
            ["health-missing"],
            [("        health 169.254.20.10:8080\n", "")],
            severity: .error
        ),
        .init(
            "health at another address",
            ["health-not-localip", "probe-not-health"],
            [("health 169.254.20.10:8080", "health 169.254.20.12:8080")]
        ),
        .init("health everywhere", ["health-on-every-address"], [("health 169.254.20.10:8080", "health :8080")]),
        .init(
            "health at another port",
            ["health-port-differs", "probe-not-health"],
            [("health 169.254.20.10:8080", "health 169.254.20.10:9254")]
        ),
        .init(
            "health at another port, and everybody knows",
            [],
            [
                ("health 169.254.20.10:8080", "health 169.254.20.10:9254"), ("port: 8080", "port: 9254"),
                ("- -pidfile\n", "- -health-port=9254\n        - -pidfile\n"),
            ]
        ),
        .init(
            "no probe",
            ["probe-missing"],
            [("livenessProbe:", "startupProbe:")]
        ),
        .init("a probe of the node", ["probe-not-health"], [("            host: 169.254.20.10\n", "")]),
        .init("a probe of another page", ["probe-not-health"], [("path: /health", "path: /ready")]),
        .init(
            "metrics at health's port",
            ["port-collision", "metrics-port-differs"],
            [("prometheus :9253", "prometheus :8080")]
        ),
        .init(
            "metrics at the port of node-cache's own",
            ["port-collision"],
            [
                ("prometheus :9253", "prometheus :9353"), ("port: 9253, targetPort: 9253", "port: 9353"),
                ("containerPort: 9253", "containerPort: 9353"),
                ("prometheus.io/port: \"9253\"", "prometheus.io/port: \"9353\""),
            ]
        ),
        .init(
            "a zone without metrics",
            ["prometheus-missing"],
            [("__PILLAR__UPSTREAM__SERVERS__\n        prometheus :9253\n", "__PILLAR__UPSTREAM__SERVERS__\n")]
        ),
        .init(
            "metrics on the loopback address",
            ["prometheus-on-loopback"],
            [
                (
                    "__PILLAR__UPSTREAM__SERVERS__\n        prometheus :9253\n",
                    "__PILLAR__UPSTREAM__SERVERS__\n        prometheus localhost:9253\n"
                )
            ]
        ),
        .init(
            "monitoring goes to another port",
            ["metrics-port-differs"],
            [("prometheus.io/port: \"9253\"", "prometheus.io/port: \"9153\"")]
        ),
    ]
}
