package import DNSWire

/// One of the rules that node-cache sets for each of its addresses, twelve in all (kubernetes/dns,
/// cmd/node-cache/app/cache_app.go).
package struct CacheRule: Sendable, Hashable {
    /// Where it stands.
    package let hook: PacketChain.Hook
    /// `notrack` in the table raw, or `accept` in the table filter.
    package let verdict: PacketRule.Verdict
    /// The packets that it is for.
    package let flow: PacketFlow
    /// True for the rules for the kubelet's probes of `/health`.
    package let isForHealth: Bool

    /// True when the rule keeps packets from being tracked.
    package var isNotrack: Bool { verdict == .notrack }

    /// The rules for an address and port, and those for the port of its health page.
    package static func all(for cache: Endpoint, healthPort: UInt16?) -> [CacheRule] {
        var rules: [CacheRule] = []
        func add(_ hook: PacketChain.Hook, _ verdict: PacketRule.Verdict, _ flow: PacketFlow, isForHealth: Bool = false)
        {
            rules.append(CacheRule(hook: hook, verdict: verdict, flow: flow, isForHealth: isForHealth))
        }
        for transport: UInt8 in [6, 17] {
            let query = PacketFlow(transport: transport, destination: cache.address, destinationPort: cache.port)
            let answer = PacketFlow(transport: transport, source: cache.address, sourcePort: cache.port)
            add(.prerouting, .notrack, query)
            add(.input, .accept, query)
            add(.output, .notrack, answer)
            add(.output, .accept, answer)
            add(.output, .notrack, query)
        }
        if let healthPort {
            let probe = PacketFlow(transport: 6, destination: cache.address, destinationPort: healthPort)
            let reply = PacketFlow(transport: 6, source: cache.address, sourcePort: healthPort)
            add(.output, .notrack, probe, isForHealth: true)
            add(.output, .notrack, reply, isForHealth: true)
        }
        return rules
    }

    /// True when a base chain is where this rule may stand.
    func belongs(in chain: PacketChain) -> Bool {
        chain.hook == hook && !chain.isNAT && chain.isBeforeTracking == isNotrack
    }

    /// Times that this very rule stands in the base chains.
    func copies(in chains: [PacketChain]) -> Int {
        chains.filter(belongs).reduce(0) { count, chain in
            count + chain.rules.count { $0.verdict == verdict && $0.isExactly(flow) }
        }
    }
}

extension CacheRule: CustomStringConvertible {
    /// `NOTRACK for TCP to 169.254.20.10 port 53 in OUTPUT`.
    package var description: String {
        "\(isNotrack ? "NOTRACK" : "ACCEPT") for \(flow) in \("\(hook)".uppercased())"
    }
}
