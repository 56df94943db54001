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
