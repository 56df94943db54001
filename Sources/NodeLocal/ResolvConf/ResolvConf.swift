package import DNSWire

/// What a resolv.conf(5) says to a stub resolver.
package struct ResolvConf: Sendable, Hashable {
    /// The switches that take no number.
    package enum Switch: String, Sendable, Hashable, CaseIterable {
        case rotate
        case edns0
        case singleRequestReopen = "single-request-reopen"
        case singleRequest = "single-request"
        case noTLDQuery = "no-tld-query"
        case noReload = "no-reload"
        case useVC = "use-vc"
        case trustAD = "trust-ad"
        case noAAAA = "no-aaaa"
        case strictError = "strict-error"
    }

    /// Something that was read and does not count.
    package struct Ignored: Sendable, Hashable {
        /// The line, from 1; 0 for text that is no file.
        package let line: Int
        /// The words in question.
        package let text: String
        /// Why they do not count, one clause.
        package let reason: String
    }

    /// Name servers in order, all of them; resolvers use the first three.
    package var nameservers: [IPAddress] = []
    /// The search list: the last `search` or `domain` line wins.
    package var search: [DNSName] = []
    /// `ndots`, 1 unless given; what a resolver makes of large numbers is its own affair.
    package var ndots = 1
    /// `timeout` in seconds, 5 unless given.
    package var timeout = 5
    /// `attempts`, 2 unless given.
    package var attempts = 2
    /// The switches that are on.
    package var switches: Set<Switch> = []
    /// What does not count, in order.
    package var ignored: [Ignored] = []

    /// The defaults: no server, no search list.
    package init() {}
}

/// Why octets are no resolv.conf.
package enum ResolvConfError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A zero octet: some other file.
    case binary(line: Int)
    /// More octets than a resolver's configuration ever has.
    case tooLarge(Int)

    /// The most octets that are read.
    package static let limit = 1 << 20

    /// One clause for the user.
    package var description: String {
        switch self {
        case .binary(let line): "line \(line) holds a zero octet: this is no resolv.conf"
        case .tooLarge(let count): "\(count) octets are too many for a resolv.conf (limit \(ResolvConfError.limit))"
        }
    }
}
