internal import DNSWire

extension Corefile {
    /// Largest Corefile in UTF-8 bytes; a ConfigMap holds 1 MiB.
    private static let maximumBytes = 1 << 20

    /// Reads a Corefile.
    ///
    /// - Parameters:
    ///   - text: the Corefile with its `__PILLAR__` variables replaced.
    ///   - file: the name for diagnostics.
    ///   - firstLine: the line of `file` on which `text` begins; a Corefile inside a manifest begins further down.
    ///   - environment: values for `{$NAME}`; without a dictionary each such word is refused.
    package static func parse(
        _ text: String,
        file: String,
        firstLine: Int = 1,
        environment: [String: String]? = nil
    ) throws(CorefileError) -> Corefile {
        guard text.utf8.count <= maximumBytes else {
            throw CorefileError(file: file, line: firstLine, kind: .syntax, message: "the Corefile is over 1 MiB")
        }
        var parser = try CorefileParser(text: text, file: file, firstLine: firstLine, environment: environment)
        var blocks: [ServerBlock] = []
        for raw in try parser.parse() { blocks.append(try ServerBlock(raw, file: file)) }
        guard !blocks.isEmpty else {
            throw CorefileError(file: file, line: firstLine, kind: .syntax, message: "the Corefile has no server block")
        }
        try refuseConflicts(blocks, file: file)
        return Corefile(file: file, text: text, serverBlocks: blocks)
    }

    /// Most zones, each on one address, that one file may claim: far above any Corefile, and cheap to compare.
    private static let maximumClaims = 5_000

    /// Refuses a zone that two blocks serve on one address and port; coredns `core/dnsserver/register.go`.
    ///
    /// A block without `bind` listens on every address, so it overlaps any other block of its zone and port.
    private static func refuseConflicts(_ blocks: [ServerBlock], file: String) throws(CorefileError) {
        struct Claim {
            let address: IPAddress?
            let line: Int
        }
        var claims: [ZoneKey: [Claim]] = [:]
        var count = 0
        for block in blocks {
            let addresses: [IPAddress?] = block.bind.isEmpty && block.bindInterfaces.isEmpty ? [nil] : block.bind
            let (more, overflow) = block.keys.count.multipliedReportingOverflow(by: max(addresses.count, 1))
            count += overflow ? maximumClaims + 1 : more
            guard count <= maximumClaims else {
                throw CorefileError(
                    file: file,
                    line: block.line,
                    kind: .syntax,
                    message: "more than \(maximumClaims) zones and addresses are served"
                )
            }
            for key in block.keys {
                for address in addresses {
                    let others = claims[key, default: []]
                    let rival = others.first { $0.address == address || $0.address == nil || address == nil }
                    if let rival {
                        throw CorefileError(
                            file: file,
                            line: block.line,
                            kind: .conflict,
                            message: "the zone \(key.zone) on port \(key.port) is already served by the block in line "
                                + "\(rival.line)"
                        )
                    }
                    claims[key] = others + [Claim(address: address, line: block.line)]
                }
            }
        }
    }
}

extension ServerBlock {
    init(_ raw: CorefileParser.RawBlock, file: String) throws(CorefileError) {
        var keys: [ZoneKey] = []
        for token in raw.keys {
            do {
                keys += try ZoneKey.parse(token.text)
            } catch {
                throw CorefileError(file: file, line: token.line, kind: .value, message: error.reason)
            }
        }
        var cache: CacheSettings?
        var forwards: [ForwardSettings] = []
        var bind: [IPAddress] = []
        var bindInterfaces: [String] = []
        var health: HealthSettings?
        var prometheus: ListenAddress?
        var reload: ReloadSettings?
        var seen: Set<String> = []
        for plugin in raw.plugins {
            let reader = PluginReader(file: file, plugin: plugin)
            let isFirst = seen.insert(plugin.name).inserted
            guard isFirst || !["cache", "errors", "loop", "prometheus"].contains(plugin.name) else {
                throw reader.refusal("may stand only once in a server block")
            }
            switch plugin.name {
            case "cache": cache = try CacheSettings(plugin, reader: reader)
            case "forward": forwards.append(try ForwardSettings(plugin, reader: reader))
            case "bind": try Self.readBind(plugin, reader: reader, addresses: &bind, interfaces: &bindInterfaces)
            case "health": health = try HealthSettings(plugin, reader: reader)
            case "prometheus": prometheus = try Self.readPrometheus(plugin, reader: reader)
            case "reload": reload = try ReloadSettings(plugin, reader: reader)
            case "loop", "debug": try reader.requireArguments(atMost: 0)
            case "errors":
                try reader.requireArguments(atMost: 1)
                guard plugin.arguments.allSatisfy({ $0 == "stdout" }) else {
                    throw reader.refusal("writes to stdout alone, not to '\(plugin.arguments[0])'")
                }
            case "bufsize":
                try reader.requireArguments(atMost: 1)
                guard plugin.arguments.allSatisfy({ (512...4096).contains(Int($0) ?? 0) }) else {
                    throw reader.refusal("the size '\(plugin.arguments[0])' is not 512 to 4096")
                }
            default: break
            }
        }
        self.init(
            line: raw.line,
            keys: keys,
            plugins: raw.plugins,
            cache: cache,
            forwards: forwards,
            bind: bind,
            bindInterfaces: bindInterfaces,
            health: health,
            prometheus: prometheus,
            reload: reload
        )
    }

    private static func readPrometheus(
        _ plugin: Plugin,
        reader: PluginReader
    ) throws(CorefileError) -> ListenAddress {
        try reader.requireArguments(atMost: 1)
        for line in plugin.block where !["runtime_metrics", "tls"].contains(line.words[0]) {
            throw reader.unknownProperty(line, known: ["runtime_metrics", "tls"])
        }
        return try reader.listenAddress(plugin.arguments.first ?? "localhost:9153")
    }

    private static func readBind(
        _ plugin: Plugin,
        reader: PluginReader,
        addresses: inout [IPAddress],
        interfaces: inout [String]
    ) throws(CorefileError) {
        guard !plugin.arguments.isEmpty else { throw reader.refusal("needs an address or an interface name") }
        for line in plugin.block where line.words[0] != "except" {
            throw reader.unknownProperty(line, known: ["except"])
        }
        for word in plugin.arguments {
            // With an exception list a repeated address may mean the one that is left.
            if !plugin.block.isEmpty, let address = IPAddress(word), addresses.contains(address) { continue }
            if let address = IPAddress(word) {
                addresses.append(address)
            } else if word.utf8.count < 16, !word.contains("/"), !word.contains(":"), word.first?.isLetter == true {
                interfaces.append(word)
            } else {
                throw reader.refusal("'\(word)' is neither an IP address nor an interface name")
            }
        }
    }
}
