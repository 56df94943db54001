import DNSWire
import NodeLocal

/// The finding on the transport of the cache's own queries.
extension Diagnosis {
    /// The first CoreDNS whose health checks follow force_tcp (coredns 1.9.0 release notes).
    private static let healthChecksOverTCP = CoreDNSVersion(1, 9)

    var upstreamUDPSockets: Finding {
        let id = FindingID.upstreamUDPSockets
        let upstreams = facts.context.upstreamsForcedToTCP
        guard !upstreams.isEmpty else {
            return skip(id, "no upstream is used by zones with force_tcp alone")
        }
        if case .unreadable(let reason) = facts.before.sockets { return skip(id, reason) }
        let cache = facts.cacheProcesses
        var udp: [SocketRow] = []
        var unattributed: [SocketRow] = []
        var tcp = 0
        for sample in facts.samples {
            for row in sample.rows(.udp) + sample.rows(.tcp)
            where row.state == .established && upstreams.contains(row.remote) {
                let owner = facts.owner(of: row)?.processID
                let isOfCache = owner.map { cache.contains($0) }
                switch (row.transport, isOfCache) {
                case (.udp, true): if !udp.contains(row) { udp.append(row) }
                case (.udp, nil): if !unattributed.contains(row) { unattributed.append(row) }
                case (.tcp, true): tcp += 1
                default: break
                }
            }
        }
        let looks = "in \(facts.samples.count) looks"
        if let row = udp.first {
            let read = "\(udp.count) UDP sockets of the cache \(looks), such as \(row.local) to \(row.remote)"
            if let version = facts.metricsPage.value?.coreDNSVersion, version < Self.healthChecksOverTCP {
                return Finding(
                    id,
                    .inconclusive,
                    read: read,
                    meaning: "CoreDNS \(version) makes its health checks over UDP whatever the Corefile says; only a "
                        + "capture tells them from queries"
                )
            }
            return Finding(id, .fail, read: read)
        }
        if let row = unattributed.first {
            let read =
                "\(unattributed.count) UDP sockets \(looks) whose holder cannot be seen, such as \(row.local) to "
            return Finding(id, .inconclusive, read: read + "\(row.remote)")
        }
        guard tcp > 0 else {
            return Finding(id, .inconclusive, read: "neither a UDP nor a TCP socket of the cache to it \(looks)")
        }
        return Finding(id, .pass, read: "TCP connections of the cache, and no UDP socket, \(looks)")
    }
}
