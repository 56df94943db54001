internal import DNSWire
internal import NodeLocal

/// Health and metrics: ports of the node that must be free, known and agreed on.
enum PortRules {
    static let all = [
        healthMissing, healthAddress, healthEverywhere, healthPort, probeMissing, probe, collision, prometheusMissing,
        prometheusLoopback, metricsPort,
    ]

    /// The `health` lines of a Corefile with their blocks.
    private static func health(_ corefile: LintCorefile) -> [(block: ServerBlock, listen: ListenAddress)] {
        corefile.blocks.compactMap { block in block.health.map { (block, $0.listen) } }
    }

    static let healthMissing = LintRule(
        "health-missing",
        .warning,
        "no server block serves /health",
        reason: "nobody can tell whether the process lives; a liveness probe fails and restarts it over and over",
        remedy: "add `health 169.254.20.10:8080` to the block of the cluster domain",
        source: "coredns plugin/health; kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.corefiles.compactMap { corefile in
            guard let first = corefile.blocks.first, health(corefile).isEmpty else { return nil }
            let isProbed = corefile.workload?.container["livenessProbe", "httpGet"] != nil
            return .init(
                corefile.place(first.line),
                isProbed ? "no block has health, and the liveness probe asks for it" : "no block has health",
                isProbed ? .error : nil
            )
        }
    }

    static let healthAddress = LintRule(
        "health-not-localip",
        .error,
        "health listens on an address that -localip does not give the node",
        reason: "the page cannot be bound, and the liveness probe restarts node-cache over and over",
        remedy: "write an address of -localip",
        source: "coredns plugin/health; kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.corefiles.flatMap { corefile in
            health(corefile).compactMap { block, listen -> LintRule.Match? in
                let local = corefile.workload?.localAddresses ?? []
                let known = local.isEmpty ? corefile.blocks.flatMap(\.bind) : local
                guard let address = listen.address, !address.isLoopback, !known.isEmpty, !known.contains(address) else {
                    return nil
                }
                let where_ = local.isEmpty ? "bound by no block" : "not among the addresses of -localip"
                return .init(corefile.place(of: "health", in: block), "\(address) is \(where_)")
            }
        }
    }

    static let healthEverywhere = LintRule(
        "health-on-every-address",
        .warning,
        "health listens on every address of the node",
        reason: "on the host network port 8080 is often taken, and then node-cache does not start on that node",
        remedy: "write the cache's address in front of the port",
        source: "kubernetes/kops#9245; kubernetes/kubernetes#117552"
    ) { subject in
        subject.corefiles.flatMap { corefile in
            health(corefile).filter { $0.listen.address == nil && corefile.workload?.isOnHostNetwork ?? true }.map {
                block,
                listen in
                .init(corefile.place(of: "health", in: block), "health listens on port \(listen.port) of every address")
            }
        }
    }

    static let healthPort = LintRule(
        "health-port-differs",
        .warning,
        "-health-port is not the port of health",
        reason:
            "node-cache makes NOTRACK rules for -health-port (8080 unless given); probes to the other port are tracked",
        remedy: "write the port of the health line behind -health-port",
        source: "kubernetes/dns cmd/node-cache/app/cache_app.go"
    ) { subject in
        subject.corefiles.flatMap { corefile -> [LintRule.Match] in
            guard let workload = corefile.workload, workload.isCommandLineKnown, workload.setsUpRules else { return [] }
            let text = workload.flags["health-port"]?.value ?? "8080"
            guard let port = UInt16(text) else { return [] }
            return health(corefile).filter { $0.listen.port != port }.map { block, listen in
                .init(
                    corefile.place(of: "health", in: block),
                    "health listens on port \(listen.port), and -health-port is \(port)"
                )
            }
        }
    }

    static let probeMissing = LintRule(
        "probe-missing",
        .warning,
        "node-cache has no liveness probe",
        reason: "a process that hangs keeps its address and is not restarted, and there is no second name server",
        remedy: "add an httpGet probe of /health on the cache's address",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.workloads.filter { $0.container["livenessProbe"] == nil }.map {
            .init($0.container.place, "the container has no livenessProbe")
        }
    }

    static let probe = LintRule(
        "probe-not-health",
        .error,
        "the liveness probe does not ask where health listens",
        reason:
            "it fails, and the kubelet restarts node-cache over and over; without a host it asks the node's own address",
        remedy: "give the probe the host, the port and the path (/health) of the health line",
        source: "coredns plugin/health; kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.corefiles.flatMap { corefile -> [LintRule.Match] in
            let pages = health(corefile).map(\.listen)
            guard let get = corefile.workload?.container["livenessProbe", "httpGet"], !pages.isEmpty else { return [] }
            var matches: [LintRule.Match] = []
            if let path = get["path"], path.text != "/health" {
                matches.append(
                    .init(path.place, "the probe asks for \(path.text ?? "something else"), not for /health")
                )
            }
            if let port = get["port"], let number = port.text.flatMap({ UInt16($0) }),
                !pages.contains(where: { $0.port == number })
            {
                matches.append(
                    .init(port.place, "the probe asks port \(number), and health listens on \(pages[0].port)")
                )
            }
            let bound = pages.compactMap(\.address)
            guard bound.count == pages.count else { return matches }
            let host = get["host"]
            if let text = host?.text, Pillars.firstVariable(in: text) != nil { return matches }
            if !bound.contains(where: { host?.text.flatMap { IPAddress($0) } == $0 }) {
                let asked = host?.text ?? "the node's address"
                matches.append(
                    .init((host ?? get).place, "the probe asks \(asked), and health listens on \(bound[0])")
                )
            }
            return matches
        }
    }

    static let collision = LintRule(
        "port-collision",
        .error,
        "two listeners of node-cache want one port",
        reason: "the second cannot bind; only the DNS port is shared",
        remedy: "give health, prometheus and -metrics-listen-address (9353 unless given) ports of their own",
        source: "kubernetes/dns#667; coredns plugin/health, plugin/metrics"
    ) { subject in
        subject.corefiles.flatMap { corefile -> [LintRule.Match] in
            var taken: [(what: String, listen: ListenAddress)] = []
            if let workload = corefile.workload {
                let text = workload.flags["metrics-listen-address"]?.value ?? "0.0.0.0:9353"
                if let own = listen(text) { taken.append(("-metrics-listen-address", own)) }
            }
            var matches: [LintRule.Match] = []
            func claim(_ what: String, _ listen: ListenAddress, _ place: SourcePlace) {
                let rival = taken.first {
                    $0.what != what && $0.listen.port == listen.port
                        && ($0.listen.address == nil || listen.address == nil || $0.listen.address == listen.address)
                }
                if let rival { matches.append(.init(place, "\(what) and \(rival.what) want port \(listen.port)")) }
                taken.append((what, listen))
            }
            for block in corefile.blocks {
                if let health = block.health?.listen {
                    claim("health", health, corefile.place(of: "health", in: block))
                }
                if let metrics = block.prometheus {
                    let isKnown = taken.contains { $0.what == "prometheus" && $0.listen == metrics }
                    if !isKnown { claim("prometheus", metrics, corefile.place(of: "prometheus", in: block)) }
                }
            }
            return matches
        }
    }

    /// `host:port`, in which 0.0.0.0 and no host mean every address.
    private static func listen(_ text: String) -> ListenAddress? {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = IPAddress(String(text[..<colon]).trimmingBrackets)
        let isAny = host.map { $0.bytes.allSatisfy { $0 == 0 } } ?? true
        return ListenAddress(address: isAny ? nil : host, port: port)
    }

    static let prometheusMissing = LintRule(
        "prometheus-missing",
        .warning,
        "a zone has no metrics",
        reason: "queries for the zone are in no coredns_dns_ metric, so that alerts do not see it fail",
        remedy: "add `prometheus :9253`",
        source: "coredns plugin/metrics"
    ) { subject in
        subject.corefiles.flatMap { corefile in
            corefile.blocks.filter { $0.plugin("prometheus") == nil }.map {
                .init(corefile.place($0.line), "\($0.zoneList) has no prometheus line")
            }
        }
    }

    static let prometheusLoopback = LintRule(
        "prometheus-on-loopback",
        .warning,
        "metrics cannot be scraped from outside the node",
        reason: "without an address prometheus listens on localhost:9153",
        remedy: "write `prometheus :9253`",
        source: "coredns plugin/metrics"
    ) { subject in
        subject.corefiles.flatMap { corefile in
            corefile.blocks.filter { $0.prometheus?.address?.isLoopback == true }.map {
                .init(corefile.place(of: "prometheus", in: $0), "\($0.zoneList) serves metrics on the loopback address")
            }
        }
    }

    static let metricsPort = LintRule(
        "metrics-port-differs",
        .warning,
        "the manifest names another port for metrics than the Corefile",
        reason: "Prometheus scrapes a port on which nobody listens, or another page",
        remedy: "write the port of the prometheus lines",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        subject.corefiles.flatMap { corefile -> [LintRule.Match] in
            guard let workload = corefile.workload, !corefile.blocks.isEmpty else { return [] }
            var ports = Set(corefile.blocks.compactMap { $0.prometheus?.port })
            guard let first = ports.min() else { return [] }
            // The page of node-cache itself may be scraped as well.
            if let own = listen(workload.flags["metrics-listen-address"]?.value ?? ":9353") { ports.insert(own.port) }
            var named: [YAMLTree] = []
            let template = workload.object.tree["spec", "template", "metadata", "annotations"]
            if let port = template?["prometheus.io/port"] { named.append(port) }
            for port in workload.container["ports"]?.items ?? [] where port["name"]?.text?.hasPrefix("metrics") == true
            {
                if let number = port["containerPort"] { named.append(number) }
            }
            for service in subject.metricsServices(of: workload)
            where service.name != subject.upstreamServiceName(workload) {
                for port in service.tree["spec", "ports"]?.items ?? [] {
                    if let target = port["targetPort"] ?? port["port"] { named.append(target) }
                }
            }
            return named.compactMap { tree in
                guard let number = tree.text.flatMap({ UInt16($0) }), !ports.contains(number) else { return nil }
                return .init(tree.place, "port \(number) is named for metrics, and the Corefile says \(first)")
            }
        }
    }
}

extension String {
    fileprivate var trimmingBrackets: String { String(drop { $0 == "[" }.prefix { $0 != "]" }) }
}
