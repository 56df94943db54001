internal import DNSWire
internal import NodeLocal

/// The zones that a node-cache must serve.
enum ZoneRules {
    static let all = [root, cluster, reverse]

    private static func missing(
        _ subject: LintSubject,
        _ sentence: (LintCorefile) -> String?
    ) -> [LintRule.Match] {
        subject.corefiles.compactMap { corefile in
            guard let first = corefile.blocks.first, let text = sentence(corefile) else { return nil }
            return .init(corefile.place(first.line), text)
        }
    }

    static let root = LintRule(
        "root-zone-missing",
        .error,
        "names outside the cluster are refused",
        reason: "CoreDNS answers REFUSED for a name of which it serves no zone, and pods have no other name server",
        remedy: "add a block `.:53` that forwards to __PILLAR__UPSTREAM__SERVERS__",
        source: "coredns core/dnsserver/server.go; kubernetes nodelocaldns.yaml"
    ) { subject in
        missing(subject) { corefile in
            corefile.blocks.contains { $0.zones.contains(.root) } ? nil : "no block serves the zone ."
        }
    }

    static let cluster = LintRule(
        "cluster-zone-missing",
        .error,
        "names of Services go to the wrong servers",
        reason: "without a block for the cluster domain its names fall to `.`, whose servers do not know them",
        remedy: "add a block for the cluster domain that forwards to the cluster DNS",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        missing(subject) { corefile in
            // A zone that might be the cluster's is taken for it.
            let zones = corefile.blocks.filter { !$0.forwards.isEmpty }.flatMap(\.zones)
            guard zones.allSatisfy({ $0 == .root || $0.isReverse }) else { return nil }
            // A root that goes to the cluster DNS serves the cluster's names as well.
            let domain = Upstream.endpoint(Endpoint(address: LintCorefile.unfilledClusterDNS, port: 53))
            let roots = corefile.blocks.filter { $0.zones.contains(.root) }.flatMap(\.forwards).flatMap(\.upstreams)
            return roots.contains(domain) ? nil : "no block serves a cluster domain such as cluster.local"
        }
    }

    static let reverse = LintRule(
        "reverse-zone-missing",
        .warning,
        "addresses of Services and pods cannot be looked up",
        reason:
            "without blocks for in-addr.arpa and ip6.arpa PTR queries fall to `.`, whose servers know no cluster address",
        remedy: "add blocks for in-addr.arpa and ip6.arpa that forward to the cluster DNS",
        source: "kubernetes nodelocaldns.yaml"
    ) { subject in
        ["in-addr.arpa", "ip6.arpa"].flatMap { name in
            missing(subject) { corefile in
                guard let zone = try? DNSName(name) else { return nil }
                let isServed = corefile.blocks.contains { $0.zones.contains { $0.isSubdomain(of: zone) } }
                return isServed ? nil : "no block serves \(name)"
            }
        }
    }
}
