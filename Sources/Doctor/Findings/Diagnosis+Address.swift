import DNSWire
import NodeLocal

/// Findings on the way to the cache's address and on the variant that is installed.
extension Diagnosis {
    var cacheRoute: Finding {
        guard let settings = facts.settings else { return skip(.cacheRoute, Self.stopped) }
        let address = facts.context.cache.address
        switch settings.route {
        case .unreadable(let reason): return skip(.cacheRoute, reason)
        case .value(let route):
            let read = "the kernel's route to \(address) is \(route.name)"
            return Finding(.cacheRoute, route.isLocal ? .pass : .fail, read: read)
        }
    }

    var proxyMode: Finding {
        let id = FindingID.proxyMode
        guard let settings = facts.settings else { return skip(id, Self.stopped) }
        let signs = ProxySigns(facts, settings)
        guard let mode = signs.mode else {
            if let reason = settings.interfaces.reason ?? settings.rules.reason { return skip(id, reason) }
            return Finding(
                id,
                .inconclusive,
                read: signs.text,
                meaning: "what depends on the mode is judged without it"
            )
        }
        let others = ProxyMode.allCases.filter { $0 != mode && signs.seen[$0] != nil }
        // kube-proxy keeps a few iptables chains in IPVS mode, and Cilium may stand beside any mode.
        let leftovers = others.filter { !(mode == .ipvs && $0 == .iptables) && $0 != .ebpf }
        let read = "\(mode.rawValue): \(signs.text)"
        return Finding(id, leftovers.isEmpty ? .pass : .fail, read: read)
    }

    var installVariant: Finding {
        let id = FindingID.installVariant
        guard let settings = facts.settings else { return skip(id, Self.stopped) }
        if let reason = settings.interfaces.reason { return skip(id, reason) }
        let context = facts.context
        let interfaces = settings.interfaces.value ?? []
        let onIPVS = interfaces.first { $0.name == ProxySigns.ipvsInterface }
        if onIPVS?.addresses.contains(context.cache.address) == true {
            return Finding(
                id,
                .fail,
                read: "\(context.cache.address) is on \(ProxySigns.ipvsInterface)",
                meaning:
                    "IPVS takes the queries before the cache's socket can: the cache's address is that of a Service",
                remediation: "give the cache an address of its own, such as 169.254.20.10, and remove that Service"
            )
        }
        guard let clusterDNS = context.clusterDNS else {
            return skip(id, "the address of the cluster DNS is not known")
        }
        let signs = ProxySigns(facts, settings)
        guard signs.isClusterDNSOnIPVS else {
            let mode = signs.mode.map { "mode \($0.rawValue)" } ?? "no IPVS"
            if signs.mode == .ipvs { return skip(id, "IPVS does not serve \(clusterDNS.address)") }
            return Finding(id, .pass, read: "\(mode): \(clusterDNS.address) may be the cache's too")
        }
        var texts: [String] = []
        if context.expectations.listenAddresses.contains(clusterDNS.address) { texts.append("the Corefile binds it") }
        let holders = interfaces.filter { $0.name != ProxySigns.ipvsInterface }
            .filter { $0.addresses.contains(clusterDNS.address) }
        if !holders.isEmpty { texts.append("it is on \(holders.map(\.name).joined(separator: ", ")) too") }
        if let socket = facts.latest.rows(.udp).first(where: { $0.isListener && $0.local == clusterDNS }) {
            texts.append("\(facts.owner(of: socket)?.description ?? "an unseen process") listens there")
        }
        let rules = CacheRule.all(for: clusterDNS, healthPort: nil).filter(\.isNotrack)
        if rules.contains(where: { $0.copies(in: settings.rules.chains) > 0 }) {
            texts.append("NOTRACK rules name it")
        }
        let read = "IPVS serves \(clusterDNS.address)"
        guard texts.isEmpty else {
            return Finding(id, .fail, read: "\(read), and \(texts.joined(separator: ", "))")
        }
        return Finding(id, .pass, read: "\(read), and the cache keeps to \(context.cache.address)")
    }
}
