internal import DNSWire
internal import NodeLocal

/// How the cache asks on.
enum UpstreamRules {
    static let all = [forceMissing, forceOnRoot]

    private static func forwards(
        _ subject: LintSubject
    ) -> [(corefile: LintCorefile, block: ServerBlock, forward: ForwardSettings, zone: LintZone)] {
        subject.corefiles.flatMap { corefile in
            corefile.blocks.flatMap { block in
                block.forwards.map { (corefile, block, $0, corefile.zone(block, subject)) }
            }
        }
    }

    static let forceMissing = LintRule(
        "force-tcp-missing",
        .warning,
        "the cluster DNS is asked over UDP",
        reason:
            "each lost datagram costs a whole time-out, each query a conntrack entry, and on IPVS the entries of pods that "
            + "are gone swallow queries for 300 s",
        remedy: "add `force_tcp` to the forward block",
        source: "kubernetes nodelocaldns.yaml; kubernetes/kubernetes#71514, kubernetes/dns#277"
    ) { subject in
        forwards(subject).filter { item in
            guard item.zone == .cluster || item.zone == .reverse, item.forward.transport != .tcp else { return false }
            return item.forward.upstreams.contains { if case .endpoint = $0 { true } else { false } }
        }.map {
            .init($0.corefile.place($0.forward.line), "\($0.block.zoneList) is forwarded without force_tcp")
        }
    }

    static let forceOnRoot = LintRule(
        "force-tcp-on-root",
        .warning,
        "names outside the cluster are asked for over TCP",
        reason:
            "resolvers of cloud networks take few TCP connections or none, so that such names get slow or SERVFAIL; a "
            + "cluster DNS that is asked over TCP asks them over TCP in its turn, unless its Corefile says prefer_udp",
        remedy:
            "take force_tcp out of the block of `.`, as the official manifest did, or set prefer_udp in the cluster DNS",
        source: "kubernetes/kops#9917; kubernetes/kubernetes#111975; kubernetes/dns#387"
    ) { subject in
        forwards(subject).filter { $0.zone == .root && $0.forward.transport == .tcp }.map {
            let to = $0.forward.upstreams.map(\.description).joined(separator: ", ")
                .replacing("\(LintCorefile.unfilledClusterDNS):53", with: "the cluster DNS")
            return .init($0.corefile.place($0.forward.line), "`.` is forwarded to \(to) with force_tcp")
        }
    }
}
