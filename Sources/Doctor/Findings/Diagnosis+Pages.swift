import DNSWire
import NodeLocal

/// Findings on the health and metrics pages.
extension Diagnosis {
    var health: Finding {
        switch facts.health {
        case .unknown(let reason): return skip(.health, reason)
        case .unreachable(let reason): return Finding(.health, .fail, read: reason)
        case .reply(let reply):
            return Finding(.health, reply.status == 200 ? .pass : .fail, read: "HTTP status \(reply.status)")
        }
    }

    var metrics: Finding {
        if case .unknown(let reason) = facts.metrics { return skip(.metrics, reason) }
        switch facts.metricsPage {
        case .unreadable(let reason): return Finding(.metrics, .fail, read: reason)
        case .value(let page):
            guard page.sum("coredns_build_info") != nil else {
                return Finding(
                    .metrics,
                    .fail,
                    read: "\(page.samples.count) samples without coredns_build_info",
                    meaning: "the page is not that of CoreDNS: another program took the port"
                )
            }
            let version = page.coreDNSVersion.map { "CoreDNS \($0)" } ?? "a CoreDNS without a readable version"
            return Finding(.metrics, .pass, read: "\(version), \(page.samples.count) samples")
        }
    }

    var corefileInForce: Finding {
        let page: MetricsPage
        switch facts.metricsPage {
        case .unreadable(let reason): return skip(.corefileInForce, "no metrics: \(reason)")
        case .value(let value): page = value
        }
        let served = ServedZone.all(on: page)
        guard !served.isEmpty else {
            return Finding(.corefileInForce, .inconclusive, read: "no metric names a server and a zone")
        }
        let counted = countedZones
        let answered = Set((facts.cacheUDP + facts.cacheTCP).filter { $0.rcode != nil }.map(\.question.zone))
        let missing = counted.filter { zone in !zone.servers.contains { served.contains(ServedZone($0, zone.zone)) } }
        let known = Set(facts.context.expectations.zones.map(\.zone))
        let surplus = Set(served.map(\.zone)).subtracting(known)
        let zones = Set(served.map(\.zone.description)).sorted().joined(separator: ", ")
        let servers = Set(served.map(\.server)).sorted().joined(separator: ", ")
        var read = "zones \(zones) at \(servers)"
        if !missing.isEmpty { read += "; missing: " + missing.map(\.zone.description).joined(separator: ", ") }
        if !surplus.isEmpty {
            read += "; not in the Corefile: " + surplus.map(\.description).sorted().joined(separator: ", ")
        }
        if !surplus.isEmpty || missing.contains(where: { answered.contains($0.zone) }) {
            return Finding(.corefileInForce, .fail, read: read)
        }
        // A zone that never answered is not counted either, so that its absence says nothing of the Corefile.
        return Finding(.corefileInForce, missing.isEmpty ? .pass : .inconclusive, read: read)
    }

    /// The zones that the metrics must name: those whose server block has the prometheus plugin.
    private var countedZones: [(zone: DNSName, servers: [String])] {
        let counted = facts.context.corefile.map { corefile in
            Set(corefile.serverBlocks.filter { $0.prometheus != nil }.flatMap(\.zones))
        }
        return facts.context.servedZones.filter { counted?.contains($0.zone) ?? true }.map { zone in
            let servers =
                zone.listen.isEmpty
                ? ["dns://:\(zone.port)"]
                : zone.listen.map { "dns://\(Endpoint(address: $0, port: zone.port))" }
            return (zone.zone, servers)
        }
    }
}

/// A zone and the listener that serves it, as metrics label them.
struct ServedZone: Hashable {
    /// Such as `dns://169.254.20.10:53`.
    let server: String
    /// The zone in lower case.
    let zone: DNSName

    init(_ server: String, _ zone: DNSName) {
        self.server = server
        self.zone = zone.lowercased
    }

    /// All pairs of `server` with `zone` or `zones` labels; the zone `dropped` stands for queries that no zone took.
    static func all(on page: MetricsPage) -> Set<ServedZone> {
        var pairs: Set<ServedZone> = []
        for sample in page.samples where sample.name.hasPrefix("coredns_") {
            guard let server = sample.labels["server"], let zones = sample.labels["zone"] ?? sample.labels["zones"]
            else { continue }
            for text in zones.split(separator: ",") where text != "dropped" {
                if let zone = try? DNSName(String(text)) { pairs.insert(ServedZone(server, zone)) }
            }
        }
        return pairs
    }
}
