/// Something that some releases of node-cache are known to do wrong and later ones do not.
package struct NodeCacheDefect: Sendable, Hashable {
    /// The first release that does it.
    package let first: CoreDNSVersion
    /// The last release that does it.
    package let last: CoreDNSVersion
    /// One clause that says what happens.
    package let effect: String
    /// The upstream issue or commit.
    package let source: String

    private init(_ first: CoreDNSVersion, _ last: CoreDNSVersion, _ effect: String, _ source: String) {
        self.first = first
        self.last = last
        self.effect = effect
        self.source = source
    }

    /// The defects that a newer release mends, oldest first.
    package static let all = [
        NodeCacheDefect(
            .init(1, 15, 0),
            .init(1, 15, 10),
            "-skipteardown has no effect",
            "kubernetes/dns#358"
        ),
        NodeCacheDefect(
            .init(1, 15, 8),
            .init(1, 15, 16),
            "an expired negative entry hides a positive one",
            "coredns#3744"
        ),
        NodeCacheDefect(
            .init(1, 15, 0),
            .init(1, 17, 3),
            "-pidfile is not honoured, so that NOTRACK rules come 60 s late",
            "kubernetes/dns#448"
        ),
        NodeCacheDefect(
            .init(1, 20, 0),
            .init(1, 20, 0),
            "the release was reverted for a performance regression",
            "kubernetes/dns commit 8920c17d"
        ),
        NodeCacheDefect(
            .init(1, 21, 0),
            .init(1, 21, 0),
            "interface and rules stay when the pod is deleted",
            "kubernetes/dns#479"
        ),
        NodeCacheDefect(
            .init(1, 15, 0),
            .init(1, 22, 13),
            "health checks go over UDP in spite of force_tcp",
            "coredns 1.9.0, plugin/forward"
        ),
        NodeCacheDefect(
            .init(1, 15, 0),
            .init(1, 22, 99),
            "a SIGTERM during a reload hangs, and the pod stays in Terminating",
            "kubernetes/dns#394, #453"
        ),
        NodeCacheDefect(
            .init(1, 22, 14),
            .init(1, 23, 1),
            "each upstream query asks for DNSSEC records with a 2,048-octet buffer",
            "coredns 1.7.1 to 1.10.0, plugin/cache"
        ),
        NodeCacheDefect(
            .init(1, 15, 0),
            .init(1, 23, 1),
            "an answer to a query with CD set is given to clients that did not set it",
            "coredns#6186"
        ),
        NodeCacheDefect(
            .init(1, 24, 0),
            .init(1, 26, 5),
            "a connection that the upstream closed counts as a failed attempt and costs a health check",
            "coredns PR 7427"
        ),
    ]

    /// The defects of one release, oldest first.
    package static func known(in version: CoreDNSVersion) -> [NodeCacheDefect] {
        all.filter { $0.first <= version && version <= $0.last }
    }
}
