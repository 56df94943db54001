import DNSWire

/// Findings on the cache's address and on who listens there.
extension Diagnosis {
    var cacheAddress: Finding {
        let address = facts.context.cache.address
        switch facts.latest.localAddresses {
        case .unreadable(let reason): return skip(.cacheAddress, reason)
        case .value(let table):
            if table.contains(address) { return Finding(.cacheAddress, .pass, read: "\(address) is local") }
            let text = "\(address) is none of the node's \(table.prefixes.count) local addresses and ranges"
            return Finding(.cacheAddress, .fail, read: text)
        }
    }

    var cacheListeners: Finding {
        let sample = facts.latest
        if case .unreadable(let reason) = sample.sockets { return skip(.cacheListeners, reason) }
        let udp = facts.listeners(.udp, in: sample)
        let tcp = facts.listeners(.tcp, in: sample)
        let read = "UDP: \(holders(of: udp)); TCP: \(holders(of: tcp))"
        guard !udp.isEmpty, !tcp.isEmpty else {
            let missing = udp.isEmpty && tcp.isEmpty ? "pods that ask get silence or a refusal" : nil
            return Finding(.cacheListeners, .fail, read: read, meaning: missing)
        }
        let owners = Set((udp + tcp).compactMap { facts.owner(of: $0)?.processID })
        guard owners.count <= 1 else {
            return Finding(
                .cacheListeners,
                .fail,
                read: read,
                meaning: "two processes share the address, so that each answers a part of the queries"
            )
        }
        return Finding(.cacheListeners, .pass, read: read)
    }

    var foreignListener: Finding {
        let sample = facts.latest
        if case .unreadable(let reason) = sample.sockets { return skip(.foreignListener, reason) }
        let context = facts.context
        let cacheProcesses = facts.cacheProcesses
        let wildcards = (sample.rows(.udp) + sample.rows(.tcp)).filter { row in
            row.isListener && row.isWildcard && row.local.port == context.cache.port
        }
        let foreign = wildcards.filter { row in
            // Where the Corefile binds no address the wildcard socket is the cache's own, if anyone's is.
            guard !cacheProcesses.isEmpty, let owner = facts.owner(of: row) else { return !context.listensEverywhere }
            return !cacheProcesses.contains(owner.processID)
        }
        if !foreign.isEmpty {
            // Whether a socket on [::] takes IPv4 too (IPV6_V6ONLY) is not in /proc.
            let isOtherFamily = foreign.allSatisfy { $0.local.address.isIPv4 != context.cache.address.isIPv4 }
            guard isOtherFamily else { return Finding(.foreignListener, .fail, read: list(foreign)) }
            return Finding(
                .foreignListener,
                .inconclusive,
                read: list(foreign),
                meaning: "if that socket takes IPv4 too, it keeps the cache from binding when it starts second"
            )
        }
        let read =
            wildcards.isEmpty
            ? "no socket on port \(context.cache.port) of all addresses" : "\(list(wildcards)), the cache's own"
        return Finding(.foreignListener, .pass, read: read)
    }

    private func holders(of rows: [SocketRow]) -> String {
        guard let first = rows.first else { return "no socket on \(facts.context.cache)" }
        return "\(first.local) held by \(owners(rows))"
    }

    private func list(_ rows: [SocketRow]) -> String {
        rows.map { "\($0.transport.rawValue) \($0.local) held by \(owners([$0]))" }.joined(separator: "; ")
    }

    private func owners(_ rows: [SocketRow]) -> String {
        var names: [String] = []
        for row in rows {
            let name =
                facts.owner(of: row)?.description
                ?? "a process that cannot be seen from here (socket \(row.inode))"
            if !names.contains(name) { names.append(name) }
        }
        return names.joined(separator: ", ")
    }
}
