import DNSWire
import NodeLocal

/// Findings on who is led to the cache, and where the cache leads what it does not hold.
extension Diagnosis {
    /// The addresses at which queries reach the cache.
    private var cacheAddresses: Set<IPAddress> { facts.context.cacheAddresses }

    var kubeletClusterDNS: Finding {
        let id = FindingID.kubeletClusterDNS
        switch facts.kubelet {
        case .unreadable(let reason): return skip(id, reason)
        case .value(let kubelet):
            guard let first = kubelet.clusterDNS.first else {
                return Finding(id, .fail, read: "\(kubelet.source) names no clusterDNS")
            }
            let read = "\(kubelet.source) names \(kubelet.clusterDNS.joined(separator: ", "))"
            if IPAddress(first).map({ cacheAddresses.contains($0) }) == true { return Finding(id, .pass, read: read) }
            if let settings = facts.settings, ProxySigns(facts, settings).mode == .ebpf {
                return Finding(
                    id,
                    .inconclusive,
                    read: read,
                    meaning: "eBPF may lead queries for the cluster DNS IP to the cache, whatever pods are told"
                )
            }
            return Finding(id, .fail, read: read)
        }
    }

    var podResolvers: Finding {
        let id = FindingID.podResolvers
        switch facts.podResolvers {
        case .unreadable(let reason): return skip(id, reason)
        case .value(let pods):
            var read =
                "\(pods.ofCache) containers ask the cache, \(pods.ofCluster) the cluster DNS, "
                + "\(pods.ofOthers) others"
            if pods.unread > 0 { read += "; \(pods.unread) cannot be read" }
            if let example = pods.example { read += "; \(example) asks the cluster DNS" }
            if pods.ofCluster > 0 { return Finding(id, .fail, read: read) }
            return pods.ofCache > 0 ? Finding(id, .pass, read: read) : skip(id, read)
        }
    }

    /// Who else than the node asks the cluster DNS, by the entries of connection tracking and of IPVS.
    ///
    /// An answer of a pod's own node to the cluster DNS IP, as in iptables mode, is not tracked and leaves no entry.
    var cacheBypass: Finding {
        let id = FindingID.cacheBypass
        guard let conntrack = facts.conntrack, let settings = facts.settings else { return skip(id, Self.stopped) }
        guard let cluster = facts.context.clusterDNS else {
            return skip(id, "the address of the cluster DNS is not known")
        }
        let local = facts.samples.compactMap(\.localAddresses.value)
        guard !local.isEmpty else {
            return skip(id, facts.latest.localAddresses.reason ?? "the node's addresses are not known")
        }
        if ProxySigns(facts, settings).mode == .ebpf {
            return skip(id, "eBPF leads queries to their servers past connection tracking")
        }
        let tracked = conntrack.table.value?.clusterClients
        let virtual = settings.ipvs.connections.value.map { $0.clients[cluster.address] ?? ClientCounts() }
        let isIPVS = ProxySigns(facts, settings).mode == .ipvs
        if settings.ipvs.isPresent, isIPVS, virtual == nil {
            return skip(id, settings.ipvs.connections.reason ?? "IPVS was not read")
        }
        // An empty table of IPVS says nothing where kube-proxy does not use it.
        guard tracked != nil || isIPVS && virtual != nil else {
            return skip(id, conntrack.table.reason ?? "connection tracking was not read")
        }
        let tables = [tracked, virtual].compactMap(\.self)
        // A connection through IPVS can stand in both tables. From the cluster DNS IP itself only a node asks that holds
        // it, or held it when it asked.
        var entries: [IPAddress: Int] = [:]
        for table in tables {
            for (client, count) in table.entries where client != cluster.address {
                guard !local.contains(where: { $0.contains(client) }) else { continue }
                entries[client] = max(entries[client] ?? 0, count)
            }
        }
        guard let busiest = entries.max(by: { ($0.value, $1.key.description) < ($1.value, $0.key.description) }) else {
            let read = "no entry of another address than the node's leads to \(cluster)"
            let untold = tables.map(\.untold).reduce(0, +)
            guard untold == 0 else {
                return Finding(id, .inconclusive, read: "\(read); \(untold) more entries were not told apart")
            }
            return Finding(id, .pass, read: read)
        }
        let total = entries.values.reduce(0, +)
        let read =
            "\(total) \(total == 1 ? "entry" : "entries") of \(entries.count) other "
            + "\(entries.count == 1 ? "address" : "addresses") than the node's \(total == 1 ? "leads" : "lead") to "
            + "\(cluster), \(busiest.value) from \(busiest.key)"
        guard !facts.context.isPartOfRun else {
            return Finding(id, .inconclusive, read: read, meaning: "this run asks the cluster DNS itself")
        }
        return Finding(id, .fail, read: read)
    }

    var resolverLoop: Finding {
        let id = FindingID.resolverLoop
        guard let files = facts.cacheFiles else { return skip(id, Self.stopped) }
        switch files.resolver {
        case nil: return skip(id, "no zone of the Corefile forwards to a resolv.conf")
        case .unreadable(let reason): return skip(id, reason)
        case .value(let file):
            let servers = file.nameservers
            guard !servers.isEmpty else { return Finding(id, .fail, read: "it names no server") }
            let read = "it names \(servers.map(\.description).joined(separator: ", "))"
            if servers.contains(where: { cacheAddresses.contains($0) }) { return Finding(id, .fail, read: read) }
            guard let stub = servers.first(where: \.isLoopback) else { return Finding(id, .pass, read: read) }
            let listens = facts.latest.rows(.udp).contains { row in
                row.isListener && row.local.port == 53 && (row.local.address == stub || row.isWildcard)
            }
            guard listens else { return Finding(id, .fail, read: "\(read), and nobody listens on \(stub)") }
            return Finding(
                id,
                .inconclusive,
                read: read,
                meaning: "a stub resolver of the node stands between: whom it asks decides whether this is a loop"
            )
        }
    }

    var corefilePlaceholders: Finding {
        let id = FindingID.corefilePlaceholders
        guard let files = facts.cacheFiles else { return skip(id, Self.stopped) }
        let (text, source): (String, String)
        if let file = files.corefile.value {
            (text, source) = (file.text, "\(file.path) of the process")
        } else if let corefile = facts.context.corefile {
            (text, source) = (corefile.text, corefile.file)
        } else {
            return skip(id, files.corefile.reason ?? "no Corefile is known")
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let code = line.prefix { $0 != "#" }
            if let variable = Pillars.firstVariable(in: String(code)) {
                return Finding(id, .fail, read: "\(source), line \(index + 1): \(variable.prefix(60))")
            }
        }
        return Finding(id, .pass, read: "no __PILLAR__ is left in \(source)")
    }
}
