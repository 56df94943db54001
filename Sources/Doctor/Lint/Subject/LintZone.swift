internal import DNSWire
internal import NodeLocal

/// What a server block is there for.
enum LintZone: Sendable, Hashable {
    /// The cluster's own names.
    case cluster
    /// in-addr.arpa or ip6.arpa, or a part of them.
    case reverse
    /// Everything else: `.`.
    case root
    /// A zone of somebody else.
    case other
}

extension LintCorefile {
    /// The cluster domain: the one that kubelets name, `cluster.local` if a block serves it, or else the zone that is
    /// forwarded as the reverse zones are; nil when none can be told.
    func clusterDomain(_ subject: LintSubject) -> DNSName? {
        let zones = blocks.flatMap(\.zones)
        let named = subject.kubelets.lazy.compactMap { $0.clusterDomain.flatMap { try? DNSName($0.text) } }.first
        if let named, zones.contains(named.lowercased) { return named.lowercased }
        let standard = try? DNSName("cluster.local")
        if let standard, zones.contains(standard) { return standard }
        let reverse = blocks.first { $0.zones.contains(where: \.isReverse) }?.forwards.first?.upstreams
        let candidate = blocks.first { block in
            guard let upstreams = block.forwards.first?.upstreams,
                !block.zones.contains(where: { $0.isReverse || $0 == .root })
            else { return false }
            return upstreams == reverse
                || upstreams.contains(.endpoint(Endpoint(address: Self.unfilledClusterDNS, port: 53)))
        }
        return candidate?.zones.first
    }

    /// What a block is there for.
    func zone(_ block: ServerBlock, _ subject: LintSubject) -> LintZone {
        let domain = clusterDomain(subject)
        if block.zones.contains(where: { zone in domain.map { zone.isSubdomain(of: $0) } ?? false }) { return .cluster }
        if block.zones.contains(where: \.isReverse) { return .reverse }
        return block.zones.contains(.root) ? .root : .other
    }
}

extension DNSName {
    /// True for names at or below in-addr.arpa and ip6.arpa.
    var isReverse: Bool {
        ["in-addr.arpa", "ip6.arpa"].contains { (try? DNSName($0)).map { isSubdomain(of: $0) } ?? false }
    }
}

extension ServerBlock {
    /// The zones in the words of a sentence.
    var zoneList: String { zones.map(\.description).joined(separator: ", ") }
}
