import DNSWire
import NodeLocal

/// Findings on IPVS, which leads queries for the cluster DNS IP to its pods.
extension Diagnosis {
    /// The first kernel on which reusing a source port costs no second with `conn_reuse_mode=1` (Linux f0a5e4d7a594).
    private static let reusesConnections = CoreDNSVersion(5, 9)

    /// The readings of IPVS, or why this node has nothing to say of it.
    private func ipvs(_ id: FindingID) -> (NodeSettings, Finding?) {
        guard let settings = facts.settings else {
            return (NodeSettings.none, skip(id, Self.stopped))
        }
        let signs = ProxySigns(facts, settings)
        if signs.seen[.ipvs] == nil, signs.announced != .ipvs {
            let mode = signs.mode.map { "the mode is \($0.rawValue)" } ?? "there is no sign of IPVS"
            return (settings, skip(id, mode))
        }
        if !settings.ipvs.isPresent {
            return (settings, skip(id, settings.ipvs.table.reason ?? "the kernel has no IPVS"))
        }
        return (settings, nil)
    }

    var ipvsService: Finding {
        let id = FindingID.ipvsService
        let (settings, finding) = ipvs(id)
        if let address = facts.context.clusterDNS?.address, let interfaces = settings.interfaces.value,
            let held = interfaces.first(where: { $0.name == ProxySigns.ipvsInterface })?.addresses, !held.isEmpty,
            !held.contains(address)
        {
            return Finding(
                id,
                .fail,
                read: "\(ProxySigns.ipvsInterface) holds \(held.count) addresses, and not \(address)",
                meaning: "the Service of the cluster DNS is gone or has another address: queries to it leave the node"
            )
        }
        if let finding { return finding }
        guard let address = facts.context.clusterDNS else {
            return skip(id, "the address of the cluster DNS is not known")
        }
        guard let table = settings.ipvs.table.value else {
            return skip(id, settings.ipvs.table.reason ?? "the table was not read")
        }
        var (texts, status) = ([String](), FindingStatus.pass)
        var served: [Set<IPAddress>] = []
        for transport in [SocketRow.Transport.udp, .tcp] {
            guard let service = table.service(transport, address) else {
                texts.append("no virtual service \(transport.rawValue) \(address)")
                status = .fail
                continue
            }
            let live = service.servers.filter { $0.weight > 0 }
            served.append(Set(live.map(\.address.address)))
            texts.append("\(transport.rawValue): \(live.count) of \(service.servers.count) real servers take queries")
            if live.isEmpty { status = .fail }
        }
        if status == .pass, Set(served).count > 1 {
            return Finding(
                id,
                .inconclusive,
                read: texts.joined(separator: "; ") + "; those of UDP and TCP differ",
                meaning: "a pod of the cluster DNS is being added or removed, or one transport is not ready"
            )
        }
        return Finding(id, status, read: texts.joined(separator: "; "))
    }

    var ipvsConnections: Finding {
        let id = FindingID.ipvsConnections
        let (settings, finding) = ipvs(id)
        if let finding { return finding }
        guard let table = settings.ipvs.table.value, let connections = settings.ipvs.connections.value else {
            return skip(id, settings.ipvs.table.reason ?? settings.ipvs.connections.reason ?? "not read")
        }
        var (lost, total) = (0, 0)
        var example: IPVSConnectionTable.Binding?
        for (binding, count) in connections.connections {
            // What leads to addresses that are no virtual service of this port is not ours to judge.
            guard let service = table.service(binding.transport, binding.service) else { continue }
            total += count
            if !service.servers.contains(where: { $0.address == binding.server && $0.weight > 0 }) {
                lost += count
                example = binding
            }
        }
        let read = "\(lost) of \(total) connections lead to real servers that are gone or take no more"
        if let example {
            let name = "\(example.transport.rawValue) \(example.service) to \(example.server)"
            return Finding(id, .fail, read: "\(read), such as \(name)")
        }
        guard connections.untold == 0 else {
            return Finding(id, .inconclusive, read: "\(read); \(connections.untold) more were not told apart")
        }
        return Finding(id, .pass, read: read)
    }

    var ipvsSettings: Finding {
        let id = FindingID.ipvsSettings
        let (settings, finding) = ipvs(id)
        if let finding { return finding }
        let kernel = settings.kernel.value.flatMap { CoreDNSVersion($0) }
        var wanted = [("conntrack", 1), ("expire_nodest_conn", 1), ("expire_quiescent_template", 1)]
        if let kernel { wanted.append(("conn_reuse_mode", kernel < Self.reusesConnections ? 0 : 1)) }
        var (texts, wrong, unread) = ([String](), [String](), [String]())
        for (name, value) in wanted {
            switch settings.settings.number("net/ipv4/vs/" + name) {
            case .value(value): texts.append("\(name)=\(value)")
            case .value(let other):
                texts.append("\(name)=\(other)")
                wrong.append("\(name) should be \(value)")
            case .unreadable(let reason): unread.append(reason)
            }
        }
        if kernel == nil { unread.append("conn_reuse_mode depends on the kernel, whose release is not known") }
        if let seconds = settings.ipvs.udpTimeoutSeconds.value { texts.append("UDP entries live \(seconds) s") }
        let read = (texts + wrong).joined(separator: "; ")
        if !wrong.isEmpty { return Finding(id, .fail, read: read) }
        return unread.isEmpty ? Finding(id, .pass, read: read) : skip(id, unread.joined(separator: "; "))
    }
}

extension NodeSettings {
    /// Nothing of the settings is known.
    static let none = NodeSettings(
        route: .unreadable("not read"),
        interfaces: .unreadable("not read"),
        rules: RulesReading(nft: .unreadable("not read"), legacy: .unreadable("not read")),
        ipvs: IPVSReading(table: .unreadable("not read"), connections: .unreadable("not read")),
        settings: SettingsReading([:]),
        udpPages: .unreadable("not read"),
        kernel: .unreadable("not read")
    )
}
