package import DNSWire

/// How a server block talks to its upstream.
package enum UpstreamTransport: String, Sendable, Hashable, CaseIterable {
    /// `force_tcp`: each query goes over TCP.
    case tcp
    /// `prefer_udp`: UDP first, TCP only after a truncated answer.
    case udp
    /// Neither: the protocol of the client's query.
    case mirrorsClient
}

/// Where `forward` sends queries.
package enum Upstream: Sendable, Hashable, CustomStringConvertible {
    /// An address and port, plain DNS.
    case endpoint(Endpoint)
    /// An address and port, DNS over TLS.
    case tls(Endpoint)
    /// A file in the form of resolv.conf, whose servers only the node knows.
    case resolvConf(path: String)

    /// As the Corefile spells it, with the port filled in.
    package var description: String {
        switch self {
        case .endpoint(let endpoint): endpoint.description
        case .tls(let endpoint): "tls://\(endpoint)"
        case .resolvConf(let path): path
        }
    }
}

/// What a `forward` plugin line asks for; defaults and refusals are those of coredns `plugin/forward/setup.go`.
package struct ForwardSettings: Sendable, Hashable {
    /// How the next upstream is chosen.
    package enum Policy: String, Sendable, Hashable, CaseIterable {
        case random
        case roundRobin = "round_robin"
        case sequential
    }

    /// Line of the plugin, from 1.
    package var line: Int
    /// Names below this one are forwarded.
    package var from: DNSName
    /// The upstreams in the order of the file, at least one.
    package var upstreams: [Upstream]
    /// Names that are not forwarded although they are below `from`.
    package var except: [DNSName] = []
    /// How upstream is asked.
    package var transport = UpstreamTransport.mirrorsClient
    /// Idle time after which a cached connection is closed.
    package var expireNanoseconds: Int64 = 10_000_000_000
    /// Failed health checks that take an upstream out; 0 never does.
    package var maximumFails = 2
    /// Gap between two health checks.
    package var healthCheckNanoseconds: Int64 = 500_000_000
    /// Name that a health check asks NS for.
    package var healthCheckName = DNSName.root
    /// Queries in flight above which the answer is REFUSED; 0 is no bound.
    package var maximumConcurrent = 0
    /// How the next upstream is chosen.
    package var policy = Policy.random

    /// True when a query for `name` is sent upstream by this line.
    package func covers(_ name: DNSName) -> Bool {
        name.isSubdomain(of: from) && !except.contains { name.isSubdomain(of: $0) }
    }
}

extension ForwardSettings {
    /// Upstreams that one line may name.
    private static let maximumUpstreams = 15

    private static let properties = [
        "except", "max_fails", "max_connect_attempts", "health_check", "force_tcp", "prefer_udp", "tls",
        "tls_servername", "expire", "max_age", "max_idle_conns", "read_timeout", "doh_method", "policy",
        "max_concurrent", "next", "next_on_nodata", "failfast_all_unhealthy_upstreams", "failover", "resolver",
        "source_address",
    ]

    init(_ plugin: Plugin, reader: PluginReader) throws(CorefileError) {
        guard let from = plugin.arguments.first else {
            throw reader.refusal("needs a zone and at least one upstream, as in: forward . 10.96.0.10")
        }
        guard plugin.arguments.count > 1 else { throw reader.refusal("'forward \(from)' names no upstream") }
        self.init(line: plugin.line, from: .root, upstreams: [])
        do throws(ZoneKey.Refusal) {
            self.from = try ZoneKey.parse(from).first?.zone ?? .root
        } catch {
            throw reader.refusal(error.reason)
        }
        for text in plugin.arguments.dropFirst() { upstreams.append(try Self.upstream(text, reader: reader)) }
        guard upstreams.count <= Self.maximumUpstreams else {
            throw reader.refusal("more than \(Self.maximumUpstreams) upstreams are given")
        }
        var isTCPForced = false
        var isUDPPreferred = false
        for line in plugin.block {
            switch line.words[0] {
            case "force_tcp":
                try reader.requireArguments(0...0, of: line)
                isTCPForced = true
            case "prefer_udp":
                try reader.requireArguments(0...0, of: line)
                isUDPPreferred = true
            default: try read(line, reader: reader)
            }
        }
        transport = isTCPForced ? .tcp : isUDPPreferred ? .udp : .mirrorsClient
    }

    private mutating func read(_ line: CorefileLine, reader: PluginReader) throws(CorefileError) {
        let word = line.words[0]
        guard Self.properties.contains(word) else { throw reader.unknownProperty(line, known: Self.properties) }
        let value = line.words.count > 1 ? line.words[1] : ""
        switch word {
        case "next_on_nodata", "failfast_all_unhealthy_upstreams":
            try reader.requireArguments(0...0, of: line)
        case "tls": try reader.requireArguments(0...3, of: line)
        case "except":
            try reader.requireArguments(1...1_000, of: line)
            for name in line.words.dropFirst() { except.append(try reader.name(name, line: line.line)) }
        case "next", "failover", "resolver": try reader.requireArguments(1...64, of: line)
        case "health_check":
            try reader.requireArguments(1...4, of: line)
            healthCheckNanoseconds = try reader.duration(value, for: "health_check interval", line: line.line)
            try readHealthCheckOptions(line, reader: reader)
        case "expire":
            try reader.requireArguments(1...1, of: line)
            expireNanoseconds = try reader.duration(value, for: "expire time", line: line.line)
        case "max_age", "read_timeout":
            try reader.requireArguments(1...1, of: line)
            _ = try reader.duration(value, for: word, line: line.line)
        case "max_fails":
            try reader.requireArguments(1...1, of: line)
            maximumFails = try reader.integer(value, atLeast: 0, for: word, line: line.line)
        case "max_concurrent":
            try reader.requireArguments(1...1, of: line)
            maximumConcurrent = try reader.integer(value, atLeast: 0, for: word, line: line.line)
        case "max_connect_attempts", "max_idle_conns":
            try reader.requireArguments(1...1, of: line)
            _ = try reader.integer(value, atLeast: 0, for: word, line: line.line)
        case "policy":
            try reader.requireArguments(1...1, of: line)
            guard let known = Policy(rawValue: value) else {
                let hint = Suggestion.sentence(for: value, among: Policy.allCases.map(\.rawValue))
                throw reader.refusal(line.line, "unknown policy '\(value)'\(hint)")
            }
            policy = known
        case "source_address":
            try reader.requireArguments(1...1, of: line)
            guard IPAddress(value) != nil else { throw reader.refusal(line.line, "'\(value)' is not an IP address") }
        default: try reader.requireArguments(1...1, of: line)
        }
    }

    private mutating func readHealthCheckOptions(
        _ line: CorefileLine,
        reader: PluginReader
    ) throws(CorefileError) {
        var options = line.words.dropFirst(2)
        while let option = options.popFirst() {
            switch option {
            case "no_rec": break
            case "domain":
                guard let domain = options.popFirst() else {
                    throw reader.refusal(line.line, "'health_check … domain' needs a name")
                }
                healthCheckName = try reader.name(domain, line: line.line)
            default:
                let hint = Suggestion.sentence(for: option, among: ["no_rec", "domain"])
                throw reader.refusal(line.line, "unknown health_check option '\(option)'\(hint)")
            }
        }
    }

    private static func upstream(_ text: String, reader: PluginReader) throws(CorefileError) -> Upstream {
        var host = Substring(text)
        var isTLS = false
        if let separator = host.firstRange(of: "://") {
            switch host[..<separator.lowerBound] {
            case "dns": break
            case "tls": isTLS = true
            default:
                throw reader.refusal("'\(text)' is no upstream for node-cache; only dns:// and tls:// are read")
            }
            host = host[separator.upperBound...]
        }
        if !isTLS, host.contains("/") { return .resolvConf(path: String(host)) }
        let endpoint: Endpoint
        if let address = IPAddress(String(host)) {
            endpoint = Endpoint(address: address, port: isTLS ? 853 : 53)
        } else if let given = Endpoint(String(host)) {
            endpoint = given
        } else {
            throw reader.refusal("'\(text)' is neither an IP address nor a file")
        }
        return isTLS ? .tls(endpoint) : .endpoint(endpoint)
    }
}
