@testable import Doctor

extension LintMutation {
    private static let rootForward = "forward . __PILLAR__UPSTREAM__SERVERS__\n"

    /// Plugins, zones, caches and upstreams.
    static let corefile: [LintMutation] = [
        .init("a plugin that node-cache lacks", ["corefile-refused"], [(rootForward, "ready\n        \(rootForward)")]),
        .init("a value that CoreDNS refuses", ["corefile-refused"], [("success 9984 30", "success 9984 thirty")]),
        .init("two blocks for one zone", ["corefile-refused"], [("ip6.arpa:53", "in-addr.arpa:53")]),
        .init(
            "a plugin that the image lacks",
            ["plugin-not-in-image", "image-known-defects"],
            [
                (rootForward, "timeouts {\n            read 5s\n        }\n        \(rootForward)"),
                ("cache:1.26.8", "cache:1.26.4"),
            ]
        ),
        .init(
            "an option that the image does not understand",
            ["option-not-in-image"],
            [(rootForward, "forward . __PILLAR__UPSTREAM__SERVERS__ {\n            read_timeout 2s\n        }\n")]
        ),
        .init("another file name", ["corefile-not-mounted"], [("path: Corefile.base", "path: Corefile")]),
        .init(
            "the ConfigMap has another name",
            ["corefile-not-mounted"],
            [("name: node-local-dns\n          items", "name: nodelocaldns\n          items")]
        ),
        .init(
            "the Corefile is not mounted at all",
            ["corefile-not-mounted"],
            [("mountPath: /etc/coredns\n", "mountPath: /etc/dns\n")]
        ),
        .init("nothing is forwarded", ["forward-missing"], [("        \(rootForward)", "")]),
        .init(
            "no loop",
            ["loop-missing"],
            [("loop\n        bind 169.254.20.10\n        \(rootForward)", "bind 169.254.20.10\n        \(rootForward)")]
        ),
        .init("no reload", ["reload-missing"], [("        reload\n", "")]),
        .init(
            "no reload, and node-cache signals",
            [],
            [("        reload\n", ""), ("- -pidfile\n", "- -reloadwithsignal=true\n        - -pidfile\n")]
        ),
        .init("no errors", ["errors-missing"], [("        errors\n        cache 30\n", "        cache 30\n")]),
        .init("kube-dns must be there", ["kube-dns-config-required"], [("          optional: true\n", "")]),
        .init(
            "stub domains",
            ["stub-domains-unseen"],
            appended: "---\nkind: ConfigMap\nmetadata: { name: kube-dns, namespace: kube-system }\n"
                + "data: { stubDomains: '{\"corp\": [\"10.0.0.1\"]}' }\n"
        ),
        .init("no root zone", ["root-zone-missing"], [(GoodManifest.rootBlock, "")]),
        .init(
            "no cluster zone",
            ["cluster-zone-missing", "health-missing"],
            [(GoodManifest.clusterBlock, "")]
        ),
        .init("no reverse zone", ["reverse-zone-missing"], [(GoodManifest.reverseBlock, "")]),
        .init(
            "another cluster domain",
            [],
            [("cluster.local:53", "k8s.example:53")]
        ),
        .init(
            "no cache",
            ["cache-missing"],
            [
                (
                    "cache 30\n        reload\n        loop\n        bind 169.254.20.10\n        \(rootForward)",
                    "reload\n        loop\n        bind 169.254.20.10\n        \(rootForward)"
                )
            ]
        ),
        .init("no cap on negative answers", ["denial-uncapped"], [("            denial 9984 5\n", "")]),
        .init("negative answers are kept for long", ["denial-ttl-long"], [("denial 9984 5", "denial 9984 30")]),
        .init("negative answers are not kept", [], [("denial 9984 5", "disable denial")]),
        .init("answers are kept for long", ["success-ttl-long"], [("success 9984 30", "success 9984 300")]),
        .init(
            "the cluster DNS is asked over UDP",
            ["force-tcp-missing"],
            [("forward . 10.96.0.10 {\n            force_tcp\n        }", "forward . 10.96.0.10")]
        ),
        .init(
            "everything is asked over TCP",
            ["force-tcp-on-root"],
            [(rootForward, "forward . __PILLAR__UPSTREAM__SERVERS__ {\n            force_tcp\n        }\n")]
        ),
    ]
}
