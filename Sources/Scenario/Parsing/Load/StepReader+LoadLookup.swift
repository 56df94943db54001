internal import DNSWire
internal import NodeLocal

extension StepReader {
    /// Reads how names are looked up; `nil` when single questions are asked.
    func loadLookup(_ map: YAMLMap) throws(YAMLDiagnostic) -> LoadLookup? {
        guard let value = map["lookup"] else { return nil }
        let lookup = try value.map(.lookup)
        for key in Self.loadQuestionKeys + [
            "replay", "segmentation-offload", "retry-truncated", "source-ports", "receive-buffer",
        ] {
            if let other = map[key] { throw other.diagnostic("'\(key)' has no meaning for lookups") }
        }
        if let transport = map["transport"], try transport.string() == "tcp" {
            throw transport.diagnostic("lookups choose their transport themselves; 'options: use-vc' has them use TCP")
        }
        let resolver = try lookup.required("resolver").choice(of: LoadLookup.Resolver.self)
        return LoadLookup(
            resolver: resolver,
            resolvConf: try lookup["resolv-conf"].map { path throws(YAMLDiagnostic) in
                ScenarioPath.resolve(try path.nonEmptyString(), besides: path.file)
            },
            nameservers: try lookup["nameservers"].map { value throws(YAMLDiagnostic) in try nameservers(value) },
            search: try lookup["search"].map { value throws(YAMLDiagnostic) in try searchList(value) },
            ndots: try lookup.integer("ndots", in: 0...15),
            options: try lookup["options"].map { value throws(YAMLDiagnostic) in try options(value) } ?? ""
        )
    }

    private func nameservers(_ value: YAMLTree) throws(YAMLDiagnostic) -> [Endpoint] {
        var servers: [Endpoint] = []
        for item in try value.list() {
            let text = try item.string()
            guard let server = Endpoint(text, defaultPort: 53), server.port != 0 else {
                throw item.diagnostic("'\(text)' is no address with a port, such as 169.254.20.10:53")
            }
            servers.append(server)
        }
        guard (1...3).contains(servers.count) else {
            throw value.diagnostic("resolvers ask one to three name servers, not \(servers.count)")
        }
        return servers
    }

    private func searchList(_ value: YAMLTree) throws(YAMLDiagnostic) -> [DNSName] {
        var names: [DNSName] = []
        for item in try value.list() { names.append(try item.name()) }
        guard names.count <= 32 else { throw value.diagnostic("a search list holds at most 32 domains") }
        return names
    }

    /// Options that are written down here must be known; a file may hold others.
    private func options(_ value: YAMLTree) throws(YAMLDiagnostic) -> String {
        let text = try value.strings().joined(separator: " ")
        var conf = ResolvConf()
        conf.read(options: text)
        if let unknown = conf.ignored.first {
            throw value.diagnostic("the resolver option '\(unknown.text)' does not count: \(unknown.reason)")
        }
        return text
    }
}
