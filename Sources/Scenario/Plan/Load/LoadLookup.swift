package import DNSWire
package import NodeLocal

/// Has a load look names up as applications do it, in place of asking single questions.
///
/// What is not given comes from ``resolvConf``, or without one from a pod's settings in the namespace `default`.
package struct LoadLookup: Sendable, Hashable {
    /// Whose `getaddrinfo`.
    package enum Resolver: String, Sendable, Hashable, CaseIterable {
        case glibc
        case musl
        case go
    }

    /// Whose behaviour.
    package let resolver: Resolver
    /// A file as of resolv.conf(5).
    package let resolvConf: String?
    /// Name servers in order; `nil` for those of the file, or else the target.
    package let nameservers: [Endpoint]?
    /// The search list; `nil` for that of the file, or else a pod's.
    package let search: [DNSName]?
    /// Dots from which a name is tried as it is; `nil` for that of the file, or else 5.
    package let ndots: Int?
    /// Words of an `options` line, which add to those of the file.
    package let options: String

    /// The settings in force, given what the file says.
    ///
    /// `file` must be given when ``resolvConf`` names one. Servers are empty where the target is meant.
    package func settings(file: ResolvConf?) -> (conf: ResolvConf, servers: [Endpoint]) {
        var conf = file ?? ResolvConf()
        if file == nil {
            conf.search = KubernetesMix.defaultSearch.compactMap { try? DNSName($0) }
            conf.ndots = 5
        }
        conf.read(options: options)
        if let search { conf.search = search }
        if let ndots { conf.ndots = ndots }
        let servers = nameservers ?? conf.nameservers.map { Endpoint(address: $0, port: 53) }
        return (conf, servers)
    }
}

extension LoadLookup {
    var resolved: ResolvedValue {
        var members: [String: ResolvedValue] = [
            "resolver": .string(resolver.rawValue), "options": .string(options),
        ]
        members["resolv_conf"] = resolvConf.map { .string($0) }
        members["nameservers"] = nameservers.map { .array($0.map { .string($0.description) }) }
        members["search"] = search.map { .array($0.map { .string($0.description) }) }
        members["ndots"] = ndots.map { .integer(Int64($0)) }
        return .object(members)
    }
}
