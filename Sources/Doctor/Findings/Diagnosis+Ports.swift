import DNSWire
import NodeLocal

/// Findings on the cache's own connections.
extension Diagnosis {
    private static let portLimitPercent = 50
    /// Connections in SYN-SENT that are more than chance.
    private static let manyOpening = 3

    /// The upstreams of all zones, and the cluster DNS.
    private var upstreams: Set<Endpoint> {
        var all = Set(facts.context.servedZones.flatMap(\.upstreams))
        if let clusterDNS = facts.context.clusterDNS { all.insert(clusterDNS) }
        return all
    }

    var upstreamPorts: Finding {
        let id = FindingID.upstreamPorts
        guard let settings = facts.settings, let after = facts.after else { return skip(id, Self.stopped) }
        if let reason = after.sockets.reason { return skip(id, reason) }
        switch settings.settings.values["net/ipv4/ip_local_port_range"] {
        case nil: return skip(id, "the range of local ports was not read")
        case .unreadable(let reason): return skip(id, reason)
        case .value(let range):
            guard range.count == 2, range[0] < range[1] else { return skip(id, "the range of local ports is \(range)") }
            let ports = range[1] - range[0] + 1
            // With tcp_tw_reuse=1 the kernel takes a port again that waits for more than a second.
            let isReused = settings.settings.number("net/ipv4/tcp_tw_reuse").value == 1
            let used = upstreams.map { upstream in (upstream, after.portUse[upstream] ?? PortUse()) }
            let counts = used.map { ($0.0, $0.1.active + (isReused ? 0 : $0.1.timeWait), $0.1.timeWait) }
            guard let most = counts.max(by: { $0.1 < $1.1 }) else { return skip(id, "no upstream is known") }
            let read = "\(most.1) of \(ports) local ports lead to \(most.0), \(most.2) of them in TIME-WAIT"
            return Finding(id, most.1 * 100 >= ports * Self.portLimitPercent ? .fail : .pass, read: read)
        }
    }

    var upstreamConnections: Finding {
        let id = FindingID.upstreamConnections
        guard let after = facts.after else { return skip(id, Self.stopped) }
        if let reason = after.sockets.reason { return skip(id, reason) }
        let cache = facts.cacheProcesses
        let rows = facts.latest.rows(.tcp).filter { row in
            upstreams.contains(row.remote) && facts.owner(of: row).map { cache.contains($0.processID) } == true
        }
        let established = rows.filter { $0.state == .established }
        let opening = rows.count { $0.state == .synSent }
        let stuck = established.filter { $0.retransmits > 1 }
        let read =
            "\(established.count) established, \(opening) opening, \(stuck.count) that repeat what was not "
            + "acknowledged"
        if let row = stuck.first { return Finding(id, .fail, read: "\(read), such as to \(row.remote)") }
        if opening >= Self.manyOpening, opening > established.count { return Finding(id, .fail, read: read) }
        guard !rows.isEmpty else {
            return skip(id, "no TCP connection of the cache to an upstream was seen")
        }
        return Finding(id, .pass, read: read)
    }

    var reversePathFilter: Finding {
        let id = FindingID.reversePathFilter
        let finding = counters(id, [("TcpExt", "IPReversePathFilter")])
        guard let strict = facts.settings?.strictInterfaces.value, !strict.isEmpty else { return finding }
        let names = strict.prefix(8).joined(separator: ", ") + (strict.count > 8 ? " …" : "")
        return Finding(id, finding.status, read: "\(finding.read); strict on \(names)")
    }
}
