import DNSWire
import NodeLocal

/// Why a Corefile that can be read cannot be served by the reference cache.
struct CacheConfigurationError: Error, Equatable, CustomStringConvertible {
    var file: String
    var line: Int
    var message: String

    /// `file:line: message`.
    var description: String { "\(file):\(line): \(message)" }
}

extension CacheConfiguration {
    /// What `corefile` asks for; `servers` gives the addresses in a file such as /etc/resolv.conf.
    init(_ corefile: Corefile, servers: (String) -> [Endpoint]) throws(CacheConfigurationError) {
        self.init(blocks: [])
        for block in corefile.serverBlocks {
            let forwards = block.forwards
            guard forwards.count <= 1 else {
                throw CacheConfigurationError(
                    file: corefile.file,
                    line: forwards[1].line,
                    message: "the reference cache takes one forward line in a server block"
                )
            }
            var forward: Forward?
            if let settings = forwards.first { forward = try Forward(settings, file: corefile.file, servers: servers) }
            let addresses = block.bind.isEmpty ? [IPAddress.v4(0)] : block.bind
            var ports: [UInt16] = []
            for key in block.keys where !ports.contains(key.port) { ports.append(key.port) }
            for port in ports {
                blocks.append(
                    Block(
                        zones: block.keys.filter { $0.port == port }.map(\.zone),
                        listen: addresses.map { Endpoint(address: $0, port: port) },
                        cache: block.cache.map(Cache.init),
                        forward: forward,
                        probesLoop: block.detectsLoops,
                        plugins: block.plugins.map(\.name).filter { $0 != "bind" && $0 != "reload" && $0 != "health" },
                        countsQueries: block.prometheus != nil
                    )
                )
            }
            if reload == nil, let settings = block.reload {
                reload = Reload(
                    intervalNanoseconds: settings.intervalNanoseconds,
                    jitterNanoseconds: settings.jitterNanoseconds
                )
            }
            if health == nil, let listen = block.health?.listen {
                health = Endpoint(address: listen.address ?? .v4(0), port: listen.port)
            }
            if metrics == nil, let listen = block.prometheus {
                metrics = Endpoint(address: listen.address ?? .v4(0), port: listen.port)
            }
        }
    }

    /// A text that differs when what is served differs: comments and layout leave it alone (plugin/reload).
    static func fingerprint(_ corefile: Corefile) -> UInt64 {
        func words(_ line: CorefileLine) -> [String] { line.words + ["{"] + line.block.flatMap(words) + ["}"] }
        var text: [String] = []
        for block in corefile.serverBlocks {
            text += block.keys.map { "\($0.zone):\($0.port)" } + ["{"]
            for plugin in block.plugins {
                text += [plugin.name] + plugin.arguments + ["{"] + plugin.block.flatMap(words) + ["}"]
            }
            text.append("}")
        }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for octet in text.joined(separator: "\n").utf8 {
            hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3
        }
        return hash
    }
}

extension CacheConfiguration.Cache {
    fileprivate init(_ settings: CacheSettings) {
        self.init(
            successCapacity: settings.success.capacity,
            successTTL: settings.success.maximumTTL,
            denialCapacity: settings.denial.capacity,
            denialTTL: settings.denial.maximumTTL,
            successMinimumTTL: settings.success.minimumTTL == 5 ? nil : settings.success.minimumTTL,
            denialMinimumTTL: settings.denial.minimumTTL == 5 ? nil : settings.denial.minimumTTL,
            servfailTTL: UInt32(clamping: settings.servfailNanoseconds / 1_000_000_000),
            keepsTTL: settings.keepsTTL,
            staleSeconds: settings.serveStale.map { $0.upToNanoseconds / 1_000_000_000 },
            prefetch: settings.prefetch
        )
    }
}

extension CacheConfiguration.Forward {
    fileprivate init(
        _ settings: ForwardSettings,
        file: String,
        servers: (String) -> [Endpoint]
    ) throws(CacheConfigurationError) {
        var upstreams: [Endpoint] = []
        for upstream in settings.upstreams {
            switch upstream {
            case .endpoint(let endpoint): upstreams.append(endpoint)
            case .resolvConf(let path): upstreams += servers(path)
            case .tls:
                throw CacheConfigurationError(
                    file: file,
                    line: settings.line,
                    message: "the reference cache does not speak DNS over TLS"
                )
            }
        }
        guard !upstreams.isEmpty else {
            throw CacheConfigurationError(file: file, line: settings.line, message: "no upstream has an address")
        }
        self.init(
            upstreams: Array(upstreams.prefix(15)),
            transport: settings.transport == .tcp ? .tcp : settings.transport == .udp ? .udp : .mirrorsClient,
            policy: Policy(rawValue: settings.policy.rawValue) ?? .random,
            maximumFails: UInt32(settings.maximumFails),
            expireNanoseconds: settings.expireNanoseconds,
            healthCheckNanoseconds: settings.healthCheckNanoseconds,
            maximumConcurrent: settings.maximumConcurrent == 0 ? nil : settings.maximumConcurrent
        )
    }
}
