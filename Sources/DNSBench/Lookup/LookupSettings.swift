package import DNSWire

/// How lookups are done: whose resolver, and what its resolv.conf says.
package struct LookupSettings: Sendable, Hashable {
    /// The most name servers that the resolvers use (MAXNS of glibc and musl; dnsReadConfig of Go).
    package static let mostServers = 3
    /// The most search domains; kubelet writes at most 32.
    package static let mostSearchDomains = 32

    /// Whose behaviour.
    package var resolver: LookupResolver
    /// The name servers in order; only the first three are asked.
    package var servers: [Endpoint]
    /// The search list in order.
    package var search: [DNSName]
    /// From how many dots on a name is tried as it is first; musl then never searches.
    package var ndots: Int
    /// Seconds that a server has; the three resolvers share them out differently.
    package var timeout: Int
    /// How often each server is asked.
    package var attempts: Int
    /// Switches of resolv.conf(5).
    package var options: Options

    /// The length of the resolver's second in nanoseconds; only tests shorten it.
    var second: Int64 = 1_000_000_000

    /// Switches of resolv.conf(5); a resolver ignores those that it does not know.
    package struct Options: OptionSet, Sendable, Hashable {
        /// One bit a switch.
        package let rawValue: UInt16

        /// Switches by their bits.
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// Servers take turns at being the first (glibc, Go).
        package static let rotate = Options(rawValue: 1)
        /// AAAA is asked once A is answered (glibc, Go).
        package static let singleRequest = Options(rawValue: 2)
        /// The same, and from a new socket (glibc; Go takes it for `single-request`).
        package static let singleRequestReopen = Options(rawValue: 4)
        /// Queries go over TCP (glibc, Go).
        package static let useVC = Options(rawValue: 8)
        /// An OPT record with 1,200 octets (glibc; Go always sends one with 1,232).
        package static let edns0 = Options(rawValue: 16)
        /// The AD bit is set in queries (glibc, Go).
        package static let trustAD = Options(rawValue: 32)
        /// AAAA is not asked (glibc).
        package static let noAAAA = Options(rawValue: 64)
        /// An error for one type makes glibc ask the next server for both (glibc 2.41).
        package static let strictError = Options(rawValue: 128)
        /// Names without a dot are not tried as they are (glibc).
        package static let noTLDQuery = Options(rawValue: 256)
    }

    /// Settings with the defaults of resolv.conf(5).
    package init(
        resolver: LookupResolver,
        servers: [Endpoint],
        search: [DNSName] = [],
        ndots: Int = 1,
        timeout: Int = 5,
        attempts: Int = 2,
        options: Options = []
    ) {
        self.resolver = resolver
        self.servers = servers
        self.search = search
        self.ndots = ndots
        self.timeout = timeout
        self.attempts = attempts
        self.options = options
    }

    /// The number of dots that is in force: all three resolvers know at most 15.
    package var effectiveNdots: Int { min(max(ndots, 0), 15) }
    /// The servers that are asked.
    package var effectiveServers: [Endpoint] { Array(servers.prefix(LookupSettings.mostServers)) }

    /// The timeout in force, seconds: at most 30 in glibc (RES_MAXRETRANS), 60 in musl, and at least 1.
    package var effectiveTimeout: Int {
        switch resolver {
        case .glibc: min(max(timeout, 1), 30)
        case .musl: min(max(timeout, 1), 60)
        case .go: min(max(timeout, 1), 3_600)
        }
    }

    /// The attempts in force: at most 5 in glibc (RES_MAXRETRY), 10 in musl, and at least 1.
    package var effectiveAttempts: Int {
        switch resolver {
        case .glibc: min(max(attempts, 1), 5)
        case .musl: min(max(attempts, 1), 10)
        case .go: min(max(attempts, 1), 100)
        }
    }

    /// The switches that the resolver knows.
    package var effectiveOptions: Options {
        switch resolver {
        case .glibc: return options
        case .musl: return []
        case .go:
            var known = options.intersection([.rotate, .singleRequest, .useVC, .trustAD])
            if options.contains(.singleRequestReopen) { known.insert(.singleRequest) }
            return known
        }
    }

    /// What is in force, in the words of resolv.conf(5).
    package var words: [String] {
        let known = effectiveOptions
        let switches: [(Options, String)] = [
            (.rotate, "rotate"), (.singleRequest, "single-request"), (.singleRequestReopen, "single-request-reopen"),
            (.useVC, "use-vc"), (.edns0, "edns0"), (.trustAD, "trust-ad"), (.noAAAA, "no-aaaa"),
            (.strictError, "strict-error"), (.noTLDQuery, "no-tld-query"),
        ]
        return ["ndots:\(effectiveNdots)", "timeout:\(effectiveTimeout)", "attempts:\(effectiveAttempts)"]
            + switches.filter { known.contains($0.0) }.map(\.1)
    }
}
