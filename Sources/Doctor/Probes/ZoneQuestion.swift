package import DNSWire
import NodeLocal

/// What is asked of one zone.
package struct ZoneQuestion: Sendable, Hashable {
    /// The zone of the Corefile.
    package let zone: DNSName
    /// The question.
    package let question: Question
    /// True when the zone is forwarded to the cluster DNS, so that the cluster DNS must know it too.
    package let isOfCluster: Bool

    /// Questions that have an answer on every node: the API's Service, the root's servers, the reverse of known
    /// addresses, and the SOA of a stub domain.
    static func known(in context: DoctorContext) -> [ZoneQuestion] {
        plan(context) { zone, isClusterDomain in
            if zone.isRoot { return Question(name: zone, type: .ns) }
            if let reverse = Reverse(zone) {
                let address = reverse == .ipv4 ? context.clusterDNS?.address ?? .v4(0x7F00_0001) : .v6(0, 1)
                let name = address.reverseName
                return name.isSubdomain(of: zone)
                    ? Question(name: name, type: .ptr) : Question(name: zone, type: .soa)
            }
            guard isClusterDomain else { return Question(name: zone, type: .soa) }
            return (try? DNSName("kubernetes.default.svc")).flatMap { Self.join($0, zone) }
                .map { Question(name: $0, type: .a) }
        }
    }

    /// Questions that nobody asked before: names with a label of `nonce`, or reverse names in documentation prefixes.
    static func unknown(in context: DoctorContext, nonce: UInt64) -> [ZoneQuestion] {
        plan(context) { zone, _ in
            if let reverse = Reverse(zone) {
                // 198.18.0.0/15 is for benchmarks (RFC 2544), 2001:db8::/32 for documentation (RFC 3849).
                let address: IPAddress =
                    reverse == .ipv4 ? .v4(0xC612_0000 | UInt32(nonce & 0x1_FFFF)) : .v6(0x2001_0DB8_0000_0000, nonce)
                if address.reverseName.isSubdomain(of: zone) {
                    return Question(name: address.reverseName, type: .ptr)
                }
            }
            let label = "nldns-doctor-" + String(nonce, radix: 16)
            return (try? zone.prepending(label: label)).map { Question(name: $0, type: .a) }
        }
    }

    private enum Reverse {
        case ipv4
        case ipv6

        init?(_ zone: DNSName) {
            let labels = zone.lowercased.labels
            guard labels.count >= 2, labels.last == Array("arpa".utf8) else { return nil }
            switch labels[labels.count - 2] {
            case Array("in-addr".utf8): self = .ipv4
            case Array("ip6".utf8): self = .ipv6
            default: return nil
            }
        }
    }

    private static func plan(
        _ context: DoctorContext,
        _ ask: (DNSName, _ isClusterDomain: Bool) -> Question?
    ) -> [ZoneQuestion] {
        let zones = context.servedZones
        let domain = zones.first { !$0.zone.isRoot && Reverse($0.zone) == nil }
        var clusterUpstreams = Set(domain?.upstreams ?? [])
        if let clusterDNS = context.clusterDNS { clusterUpstreams.insert(clusterDNS) }
        return zones.compactMap { zone in
            let isClusterDomain = zone.zone == domain?.zone
            guard let question = ask(zone.zone, isClusterDomain) else { return nil }
            let isOfCluster = isClusterDomain || !clusterUpstreams.isDisjoint(with: zone.upstreams)
            return ZoneQuestion(zone: zone.zone, question: question, isOfCluster: isOfCluster)
        }
    }

    private static func join(_ name: DNSName, _ zone: DNSName) -> DNSName? {
        try? DNSName(labels: name.labels + zone.labels)
    }
}
