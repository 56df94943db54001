/// What is known of a flag of node-cache; kubernetes/dns `cmd/node-cache/main.go`, read over its tags, and coredns
/// `coremain/run.go`.
package struct NodeCacheFlag: Sendable, Hashable {
    /// How Go reads the value.
    package enum Kind: Sendable, Hashable {
        case text, boolean, duration, port
    }

    /// The name without dashes.
    package let name: String
    /// How its value is read.
    package let kind: Kind
    /// The first node-cache with the flag, or nil when each has it as far as is known.
    package let since: CoreDNSVersion?
    /// The last node-cache with the flag, or nil when none has dropped it.
    package let through: CoreDNSVersion?

    private init(_ name: String, _ kind: Kind, since: CoreDNSVersion? = nil, through: CoreDNSVersion? = nil) {
        self.name = name
        self.kind = kind
        self.since = since
        self.through = through
    }

    /// The flags of node-cache and of the CoreDNS and glog inside it.
    package static let all = [
        NodeCacheFlag("localip", .text),
        NodeCacheFlag("interfacename", .text, since: CoreDNSVersion(1, 15, 2)),
        NodeCacheFlag("setupinterface", .boolean, since: CoreDNSVersion(1, 15, 16)),
        NodeCacheFlag("setupiptables", .boolean, since: CoreDNSVersion(1, 15, 3)),
        NodeCacheFlag("setupebtables", .boolean, since: CoreDNSVersion(1, 15, 14), through: CoreDNSVersion(1, 18, 1)),
        NodeCacheFlag("metrics-listen-address", .text, since: CoreDNSVersion(1, 15, 3)),
        NodeCacheFlag("basecorefile", .text, since: CoreDNSVersion(1, 15, 6)),
        NodeCacheFlag("kubednscm", .text, since: CoreDNSVersion(1, 15, 6)),
        NodeCacheFlag("upstreamsvc", .text, since: CoreDNSVersion(1, 15, 6)),
        NodeCacheFlag("health-port", .port, since: CoreDNSVersion(1, 15, 10)),
        NodeCacheFlag("skipteardown", .boolean, since: CoreDNSVersion(1, 15, 10)),
        NodeCacheFlag("reloadwithsignal", .boolean, since: CoreDNSVersion(1, 26, 5)),
        // On the main branch behind 1.26.8.
        NodeCacheFlag("prometheus-listen-address", .text, since: CoreDNSVersion(1, 26, 9)),
        NodeCacheFlag("syncinterval", .duration), NodeCacheFlag("initialdelay", .duration),
        NodeCacheFlag("corefile", .text),
        NodeCacheFlag("conf", .text), NodeCacheFlag("dns.port", .port), NodeCacheFlag("p", .port),
        NodeCacheFlag("pidfile", .text), NodeCacheFlag("quiet", .boolean), NodeCacheFlag("plugins", .boolean),
        NodeCacheFlag("version", .boolean), NodeCacheFlag("log", .text),
        NodeCacheFlag("alsologtostderr", .boolean), NodeCacheFlag("logtostderr", .boolean), NodeCacheFlag("v", .text),
        NodeCacheFlag("vmodule", .text), NodeCacheFlag("log_dir", .text), NodeCacheFlag("log_backtrace_at", .text),
        NodeCacheFlag("stderrthreshold", .text),
    ]

    /// The names that take no separate value.
    package static let booleans = Set(all.filter { $0.kind == .boolean }.map(\.name))

    /// The flag of that name, or nil when there never was one.
    package static func named(_ name: String) -> NodeCacheFlag? { all.first { $0.name == name } }

    /// Seconds between two looks of node-cache at its rules for a value of `-syncinterval`.
    ///
    /// node-cache multiplies the duration by a second once more, and the 64-bit product wraps around; a product that is
    /// not positive ends the process (time.NewTicker). Nil for a text that is no duration.
    package static func syncSeconds(_ text: String) -> Double? {
        guard let nanoseconds = DurationText.nanoseconds(text) else { return nil }
        return Double(nanoseconds &* 1_000_000_000) / 1e9
    }
}
