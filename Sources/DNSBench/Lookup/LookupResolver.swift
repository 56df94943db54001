/// Whose `getaddrinfo` a lookup behaves as; `docs/lookup-model.md` sets the three side by side.
package enum LookupResolver: String, Sendable, Hashable, CaseIterable, BitwiseCopyable {
    /// The GNU C library, 2.36 and later (resolv/res_query.c, resolv/res_send.c, resolv/nss_dns/dns-host.c).
    case glibc
    /// musl 1.2.4 and later, as Alpine has it (src/network/lookup_name.c, src/network/res_msend.c).
    case musl
    /// Go's own resolver, without cgo (src/net/dnsclient_unix.go, src/net/dnsconfig_unix.go).
    case go
}

/// The two questions of a lookup, in the order in which all three resolvers ask them.
enum LookupFamily: UInt8, BitwiseCopyable, CaseIterable {
    case a = 0
    case aaaa = 1

    /// Its place in tables of two.
    var index: Int { Int(rawValue) }
    /// The other one.
    var other: LookupFamily { self == .a ? .aaaa : .a }
}

/// Which of the two questions something holds for.
struct LookupFamilies: OptionSet, BitwiseCopyable {
    let rawValue: UInt8

    static let both = LookupFamilies(rawValue: 3)

    init(rawValue: UInt8) { self.rawValue = rawValue }
    init(_ family: LookupFamily) { rawValue = 1 << family.rawValue }

    func contains(_ family: LookupFamily) -> Bool { contains(LookupFamilies(family)) }
}

/// How a lookup ended.
package enum LookupOutcome: UInt8, Sendable, Hashable, BitwiseCopyable {
    /// At least one address.
    case found
    /// The name does not exist or has no address (EAI_NONAME, EAI_NODATA, "no such host").
    case notFound
    /// No usable answer: time-outs, SERVFAIL, refusals (EAI_AGAIN, EAI_FAIL, "server misbehaving").
    case failed
}
