internal import DNSWire

extension CheckContext {
    /// Names that every check can use without declaring them.
    static let builtinNames: [String] = [
        "unique", "fresh", "fresh_external", "fresh_missing", "fresh_nodata", "cluster",
    ]

    /// Dotted names of what a context may know.
    static let factNames: Set<String> = [
        "have.capture", "have.scripted", "have.metrics", "have.health", "have.cluster", "have.endpoints", "have.lab",
        "coredns",
        "target.address", "scripted.cluster", "scripted.external", "scripted.reverse", "service.name", "service.type",
        "service.other_type", "service.addresses", "service.ptr", "service.srv", "service.port", "headless.name",
        "headless.type", "headless.addresses", "external_service.name", "external_service.target",
        "service_v6.name", "service_v6.ptr", "unnamed.name", "unnamed.srv", "headless.srv", "headless.port",
        "headless.targets", "headless.second_srv", "headless.second_port", "endpoint.name", "endpoint.type",
        "endpoint.addresses", "endpoint.ptr", "empty.name", "unready.name", "unready.service", "unready.type",
        "unready.addresses", "published.name", "published.type", "published.addresses", "pod.name",
    ]

    /// What the context knows, under the names of the check language; `unique` is a label that nobody used before.
    func facts(unique: String) -> [String: CheckValue] {
        var facts: [String: CheckValue] = [:]
        facts["unique"] = .text(unique)
        let cluster = expectations.clusterZone?.description
        facts["cluster"] = cluster.map(CheckValue.text) ?? .unknown("the configuration has no cluster zone")
        facts["target.address"] = .text(target.address.description)
        facts["coredns"] =
            product == "coredns"
            ? version.map(CheckValue.version) ?? .unknown("the version of CoreDNS is not known")
            : .unknown("the target is not CoreDNS")
        facts["have.capture"] = .boolean(observer != nil)
        facts["have.scripted"] = .boolean(scripted != nil)
        facts["have.metrics"] = .boolean(metrics != nil)
        facts["have.health"] = .boolean(health != nil)
        facts["have.cluster"] = .boolean(clusterDNS != nil)
        facts["have.lab"] = .boolean(lab != nil)
        facts["have.endpoints"] = .boolean(!upstreamAliases.isEmpty)
        let noScript = CheckValue.unknown("no upstream follows scripted names; the check needs the lab")
        facts["scripted.cluster"] = scripted.map { .text($0.cluster.description) } ?? noScript
        facts["scripted.external"] = scripted.map { .text($0.external.description) } ?? noScript
        facts["scripted.reverse"] = scripted.map { .text($0.reverse.description) } ?? noScript
        facts.merge(serviceFacts(zone: cluster ?? "cluster.local.")) { $1 }
        facts["fresh"] =
            scripted.map { .text("\(unique).\($0.cluster)") } ?? facts["service.name"]
            ?? .unknown("no name is known to exist")
        facts["fresh_missing"] =
            scripted.map { .text("\(unique).rcode-nxdomain.soattl-300.\($0.cluster)") }
            ?? cluster.map { .text("\(unique).\($0)") } ?? .unknown("the configuration has no cluster zone")
        facts["fresh_nodata"] =
            scripted.map { .text("\(unique).nodata.soattl-300.\($0.cluster)") } ?? facts["service.name"]
            ?? .unknown("no name is known to exist")
        facts["fresh_external"] = .text("\(unique)." + (scripted?.external.description ?? "example.com."))
        return facts
    }

    private func serviceFacts(zone: String) -> [String: CheckValue] {
        var facts: [String: CheckValue] = [:]
        func name(_ service: KnownService) -> String { "\(service.name).\(service.namespace).svc.\(zone)" }
        func addresses(_ addresses: [IPAddress], _ subject: String) -> CheckValue {
            addresses.isEmpty
                ? .unknown("the addresses of \(subject) are not known") : .list(addresses.map { .text("\($0)") })
        }
        let candidates = services.filter { !$0.isHeadless && $0.externalName == nil && !$0.ports.isEmpty }
        let service =
            candidates.first { $0.name == "kubernetes" && $0.namespace == "default" } ?? candidates.first
            ?? .kubernetes
        let isIPv6 = service.clusterIPs.first.map { !$0.isIPv4 } ?? false
        facts["service.name"] = .text(name(service))
        facts["service.type"] = .text(isIPv6 ? "AAAA" : "A")
        facts["service.other_type"] = .text(isIPv6 ? "A" : "AAAA")
        let families = Set(service.clusterIPs.map(\.isIPv4))
        if families.count > 1 {
            facts["service.other_type"] = .unknown("\(name(service)) has addresses of both families")
        }
        facts["service.addresses"] = addresses(service.clusterIPs, name(service))
        facts["service.ptr"] =
            service.clusterIPs.first.map { .text($0.reverseName.description) }
            ?? .unknown("the addresses of \(name(service)) are not known")
        if let port = service.ports.first {
            facts["service.srv"] = .text("_\(port.name)._\(port.networkProtocol).\(name(service))")
            facts["service.port"] = .integer(Int64(port.number))
        }
        facts.merge(endpointFacts(zone: zone, name: name)) { $1 }
        let headless = headlessService
        let noHeadless = CheckValue.unknown("no headless service is known")
        facts["headless.name"] = headless.map { .text(name($0)) } ?? noHeadless
        facts["headless.type"] = headless.map { .text($0.endpoints[0].isIPv4 ? "A" : "AAAA") } ?? noHeadless
        facts["headless.addresses"] = headless.map { addresses($0.endpoints, name($0)) } ?? noHeadless
        let external = services.first { $0.externalName != nil }
        let noExternal = CheckValue.unknown("no ExternalName service is known")
        facts["external_service.name"] = external.map { .text(name($0)) } ?? noExternal
        facts["external_service.target"] = external?.externalName.map { .text($0.description) } ?? noExternal
        return facts
    }

    /// The headless service that checks look at: one whose endpoints all have names, if there is one.
    private var headlessService: KnownService? {
        let candidates = services.filter { $0.isHeadless && !$0.endpoints.isEmpty }
        return candidates.first { $0.hosts.count == $0.endpoints.count } ?? candidates.first
    }

    /// Facts about unnamed ports, endpoints with names, and endpoints that are not ready.
    private func endpointFacts(zone: String, name: (KnownService) -> String) -> [String: CheckValue] {
        var facts: [String: CheckValue] = [:]
        func put(_ names: [String], _ reason: String, _ values: [CheckValue]?) {
            for (index, key) in names.enumerated() { facts[key] = values?[index] ?? .unknown(reason) }
        }
        func type(_ address: IPAddress?) -> CheckValue { .text(address?.isIPv4 == false ? "AAAA" : "A") }
        func list(_ addresses: [IPAddress]) -> CheckValue { .list(addresses.map { .text($0.description) }) }

        let dual = services.first { service in service.clusterIPs.contains { !$0.isIPv4 } }
        let address = dual?.clusterIPs.first { !$0.isIPv4 }
        put(
            ["service_v6.name", "service_v6.ptr"],
            "no service with an IPv6 address is known",
            dual.flatMap { dual in address.map { [.text(name(dual)), .text($0.reverseName.description)] } }
        )
        let unnamed = services.first { !$0.unnamedPorts.isEmpty && !$0.clusterIPs.isEmpty }
        put(
            ["unnamed.name", "unnamed.srv"],
            "no service with an unnamed port is known",
            unnamed.map { service in
                let port = service.unnamedPorts[0]
                return [.text(name(service)), .text("_\(port.name)._\(port.networkProtocol).\(name(service))")]
            }
        )
        let headless = headlessService.flatMap { $0.hosts.count == $0.endpoints.count ? $0 : nil }
        let noHosts = "no headless service whose endpoints have names is known"
        for (index, prefix) in ["", "second_"].enumerated() {
            let port = headless.flatMap { index < $0.ports.count ? $0.ports[index] : nil }
            put(
                ["headless.\(prefix)srv", "headless.\(prefix)port"],
                noHosts,
                headless.flatMap { service in
                    port.map {
                        [.text("_\($0.name)._\($0.networkProtocol).\(name(service))"), .integer(Int64($0.number))]
                    }
                }
            )
        }
        put(
            ["headless.targets"],
            noHosts,
            headless.map { service in
                [.list(service.hosts.map { .text("\($0.label).\(name(service))".lowercased()) })]
            }
        )
        put(
            ["endpoint.name", "endpoint.type", "endpoint.addresses", "endpoint.ptr"],
            noHosts,
            headless.flatMap { service in
                service.hosts.first.map { host in
                    [
                        .text("\(host.label).\(name(service))"), type(host.address), list([host.address]),
                        .text(host.address.reverseName.description),
                    ]
                }
            }
        )
        put(
            ["pod.name"],
            "no endpoint is known",
            headlessService.flatMap { service in
                service.endpoints.first.map { address in
                    let label = String(address.description.map { $0 == "." || $0 == ":" ? "-" : $0 })
                    return [.text("\(label).\(service.namespace).pod.\(zone)")]
                }
            }
        )
        let empty = services.first { $0.isHeadless && $0.endpoints.isEmpty && !$0.notReady.isEmpty }
        put(["empty.name"], "no headless service without a ready endpoint is known", empty.map { [.text(name($0))] })
        let partly = services.first {
            $0.isHeadless && !$0.publishesNotReady && !$0.notReady.isEmpty && !$0.endpoints.isEmpty
        }
        put(
            ["unready.name", "unready.service", "unready.type", "unready.addresses"],
            "no headless service with an endpoint that is not ready is known",
            partly.map { service in
                [
                    .text("\(service.notReady[0].label).\(name(service))"), .text(name(service)),
                    type(service.endpoints.first), list(service.endpoints),
                ]
            }
        )
        let published = services.first { $0.isHeadless && $0.publishesNotReady && !$0.notReady.isEmpty }
        put(
            ["published.name", "published.type", "published.addresses"],
            "no headless service with publishNotReadyAddresses is known",
            published.map { [.text(name($0)), type($0.endpoints.first), list($0.endpoints)] }
        )
        return facts
    }
}
