internal import NodeLocal

/// Whether node-cache would run the Corefile, and the plugins that each block needs.
enum CorefileRules {
    static let all = [
        refused, plugin, option, notMounted, forward, loop, reload, errors, kubeDNSRequired, stubDomains,
    ]

    static let refused = LintRule(
        "corefile-refused",
        .error,
        "node-cache refuses the Corefile",
        reason: "CoreDNS does not start with it, or at a reload keeps the old one, perhaps without health and metrics",
        remedy:
            "correct the line; node-cache holds few of CoreDNS's plugins, and never kubernetes, autopath, ready, acl or file",
        source: "kubernetes/dns cmd/node-cache/main.go (imports); coredns plugin/*/setup.go"
    ) { subject in
        subject.corefiles.compactMap { corefile in
            guard case .failure(let error) = corefile.parsed else { return nil }
            if case .unreplacedPillar = error.kind { return nil }
            let note = corefile.origin.note(line: error.line)
            return .init(
                corefile.place(error.line),
                error.message + note + "; the rest of this Corefile was not looked at"
            )
        }
    }

    /// Since which node-cache the plugins are compiled in that were not there from the start.
    private static let plugins = [
        "template": CoreDNSVersion(1, 15, 13), "loadbalance": CoreDNSVersion(1, 15, 10),
        "whoami": CoreDNSVersion(1, 15, 10), "hosts": CoreDNSVersion(1, 17, 0), "rewrite": CoreDNSVersion(1, 17, 0),
        "trace": CoreDNSVersion(1, 17, 0), "dns64": CoreDNSVersion(1, 21, 3), "bufsize": CoreDNSVersion(1, 22, 7),
        "timeouts": CoreDNSVersion(1, 26, 8),
    ]

    static let plugin = LintRule(
        "plugin-not-in-image",
        .error,
        "this release of node-cache does not have the plugin",
        reason: "CoreDNS refuses a Corefile with a directive that is not compiled in, and node-cache does not start",
        remedy: "take the plugin out, or run a release that has it",
        source: "kubernetes/dns cmd/node-cache/main.go over its tags"
    ) { subject in
        subject.corefiles.flatMap { corefile -> [LintRule.Match] in
            guard let version = corefile.workload?.version else { return [] }
            return corefile.blocks.flatMap(\.plugins).compactMap { plugin in
                guard let since = plugins[plugin.name], version < since else { return nil }
                return .init(
                    corefile.place(plugin.line),
                    "\(plugin.name) came with node-cache \(since); the image is \(version)"
                )
            }
        }
    }

    /// Since which CoreDNS the words inside a plugin's block are understood.
    private static let options: [String: [String: CoreDNSVersion]] = [
        "cache": [
            "servfail": CoreDNSVersion(1, 9, 4), "disable": CoreDNSVersion(1, 9, 4),
            "keepttl": CoreDNSVersion(1, 10, 1),
        ],
        "forward": [
            "max_idle_conns": CoreDNSVersion(1, 14, 1), "max_age": CoreDNSVersion(1, 14, 3),
            "read_timeout": CoreDNSVersion(1, 14, 5), "max_connect_attempts": CoreDNSVersion(1, 13, 2),
            "failfast_all_unhealthy_upstreams": CoreDNSVersion(1, 12, 2), "failover": CoreDNSVersion(1, 13, 1),
        ],
    ]

    static let option = LintRule(
        "option-not-in-image",
        .error,
        "the CoreDNS inside the image does not understand the option",
        reason: "CoreDNS refuses a Corefile with an unknown property, and node-cache does not start",
        remedy: "take the option out, or run a release that understands it",
        source: "coredns plugin/cache/setup.go and plugin/forward/setup.go over their tags"
    ) { subject in
        subject.corefiles.flatMap { corefile -> [LintRule.Match] in
            guard let core = corefile.workload?.version.flatMap({ NodeCacheRelease.holding($0)?.coreDNS }) else {
                return []
            }
            return corefile.blocks.flatMap(\.plugins).flatMap { plugin in
                plugin.block.compactMap { line in
                    guard let since = options[plugin.name]?[line.words[0]], core < since else { return nil }
                    return .init(
                        corefile.place(line.line),
                        "\(line.words[0]) came with CoreDNS \(since); the image holds \(core)"
                    )
                }
            }
        }
    }

    static let notMounted = LintRule(
        "corefile-not-mounted",
        .error,
        "node-cache does not find its Corefile",
        reason:
            "node-cache reads the template at -basecorefile (/etc/coredns/Corefile.base unless given) and fills it in; "
            + "without it there is nothing to serve",
        remedy: "mount the ConfigMap's key so that it becomes that path",
        source: "kubernetes/dns cmd/node-cache/app/configmap.go; kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.workloads.compactMap { workload in
            let path = workload.corefilePath
            guard let (mount, volume) = workload.mount(holding: path) else {
                return .init(workload.container.place, "nothing is mounted at \(path)")
            }
            guard let map = volume["configMap"], let name = map["name"]?.text else { return nil }
            let mountPath = mount["mountPath"]?.text ?? ""
            let file = mount["subPath"]?.text ?? String(path.dropFirst(mountPath.count).drop { $0 == "/" })
            let items = map["items"]?.items ?? []
            let key = items.isEmpty ? file : items.first { $0["path"]?.text == file }?["key"]?.text
            guard let key else { return .init(map.place, "no item of ConfigMap \(name) becomes \(file)") }
            guard let object = subject.object("ConfigMap", named: name, beside: workload.object) else {
                let others = subject.objects.filter { $0.kind == "ConfigMap" && $0.tree["data", key] != nil }
                guard let other = others.first, workload.object.sharesNamespace(with: other) else { return nil }
                return .init(map.place, "ConfigMap \(name) is not given; the one with a \(key) is called \(other.name)")
            }
            guard object.tree["data", key] == nil else { return nil }
            return .init(object.place, "ConfigMap \(name) has no key \(key), which the DaemonSet mounts")
        }
    }

    static let forward = LintRule(
        "forward-missing",
        .error,
        "a zone is forwarded nowhere",
        reason: "nothing in the block answers what is not in the cache, and the cache is never filled",
        remedy: "add a forward line",
        source: "coredns plugin/forward"
    ) { subject in
        subject.corefiles.flatMap { corefile in
            corefile.blocks.filter { block in
                block.forwards.isEmpty && !["hosts", "template", "whoami"].contains { block.plugin($0) != nil }
            }.map { .init(corefile.place($0.line), "\($0.zoneList) has no forward line") }
        }
    }

    private static func blocks(
        without plugin: String,
        _ subject: LintSubject
    ) -> [LintRule.Match] {
        subject.corefiles.flatMap { corefile in
            corefile.blocks.filter { $0.plugin(plugin) == nil }.map {
                .init(corefile.place($0.line), "\($0.zoneList) has no \(plugin) line")
            }
        }
    }

    static let loop = LintRule(
        "loop-missing",
        .warning,
        "a forwarding loop would go unseen",
        reason:
            "with a resolv.conf that names the node itself queries go round until memory or sockets end; loop ends the "
            + "process at once and says why",
        remedy: "add `loop`",
        source: "coredns plugin/loop; kubernetes/kubernetes#93379"
    ) { blocks(without: "loop", $0) }

    static let reload = LintRule(
        "reload-missing",
        .warning,
        "a changed ConfigMap has no effect until the pods restart",
        reason: "node-cache rewrites the Corefile and CoreDNS does not look at it again",
        remedy: "add `reload`",
        source: "coredns plugin/reload; kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.corefiles.compactMap { corefile in
            let isSignalled = corefile.workload?.isOn("reloadwithsignal", standard: false) ?? false
            guard let first = corefile.blocks.first, !isSignalled,
                corefile.blocks.allSatisfy({ $0.plugin("reload") == nil })
            else { return nil }
            return .init(corefile.place(first.line), "no block has a reload line")
        }
    }

    static let errors = LintRule(
        "errors-missing",
        .note,
        "a zone logs no errors",
        reason: "time-outs towards upstream are in no log",
        remedy: "add `errors`",
        source: "coredns plugin/errors"
    ) { blocks(without: "errors", $0) }

    static let kubeDNSRequired = LintRule(
        "kube-dns-config-required",
        .warning,
        "pods do not start in a cluster without the ConfigMap kube-dns",
        reason:
            "clusters with CoreDNS do not have it, and a ConfigMap that is missing holds the pod in ContainerCreating",
        remedy: "add `optional: true` to the volume",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.workloads.flatMap { workload in
            (workload.pod["volumes"]?.items ?? []).compactMap { volume in
                guard let map = volume["configMap"], map["name"]?.text == "kube-dns", map["optional"]?.isTrue != true,
                    subject.object("ConfigMap", named: "kube-dns", beside: workload.object) == nil
                else { return nil }
                return .init(map.place, "the ConfigMap kube-dns is required")
            }
        }
    }

    static let stubDomains = LintRule(
        "stub-domains-unseen",
        .note,
        "stub domains have no metrics and no loop detection",
        reason:
            "node-cache appends a block of its own for each, with errors, cache, bind and forward alone: the zones are in "
            + "no coredns_dns_ metric, and they are forwarded over UDP",
        remedy: "write the zones into the Corefile, with the plugins of the other blocks",
        source: "kubernetes/dns cmd/node-cache/app/configmap.go, stubDomainBlock"
    ) { subject in
        guard !subject.workloads.isEmpty || !subject.corefiles.isEmpty else { return [] }
        return subject.objects.compactMap { object in
            guard object.kind == "ConfigMap", object.name == "kube-dns",
                let entry = object.tree["data"]?.entry("stubDomains")
            else { return nil }
            return .init(entry.place, "stubDomains are set")
        }
    }
}
