import DNSWire
import LinuxNet

/// Topologies `ipvs` and `iptables`: namespaces pod, node and cluster, joined by veth pairs.
///
/// The namespaces have no names. Descriptors of this process alone hold them, so the kernel takes them back, with
/// interfaces, addresses and rules, when this process ends in any way.
enum SeparateTopology {
    /// Lays out the network.
    ///
    /// - Parameters:
    ///   - holdsServices: whether the node holds the Service addresses on `kube-ipvs0`, as IPVS does.
    ///   - listen: the addresses that the cache binds.
    ///   - defects: those of the set-up that node-cache does itself.
    static func make(
        holdsServices: Bool,
        listen: [IPAddress],
        defects: [CacheDefect] = []
    ) async throws(LabError) -> LabNetwork {
        try LabTool.require([.ip, .nft, .nsenter, .setpriv])
        if let missing = Privileges.missing([.sysAdmin, .netAdmin]).first {
            throw noPrivilege(missing)
        }
        let network = LabNetwork(
            pod: try namespace(),
            node: try namespace(),
            cluster: try namespace(),
            rewritesServices: true,
            isSeparate: true
        )
        try LabNetwork.set(
            ["ip_forward": "1", "conf/all/rp_filter": "0", "conf/default/rp_filter": "0"],
            in: network.node
        )
        try await join(network)
        // IPVS takes what is sent to a Service address before any socket or NOTRACK rule of the cache can.
        let own = holdsServices ? listen.filter { !Self.services.contains($0) } : listen
        try await addDummy(
            defects.contains(.interfaceMisnamed) ? "dns0" : "nodelocaldns",
            own,
            in: network
        )
        if holdsServices { try await addDummy("kube-ipvs0", Self.services, in: network) }
        let rules = LabRules(
            services: Self.services,
            endpoints: LabLayout.endpoints.map(\.address),
            listen: defects.contains(.rulesMissing) ? [] : own,
            source: .masquerade(exceptFrom: LabLayout.podNetwork)
        )
        try await LabCommand.run(.nft, ["-f", "-"], namespace: network.path(of: network.node), input: rules.text)
        return network
    }

    private static let services = [LabLayout.clusterDNS.address, LabLayout.upstreamService.address]

    private static func noPrivilege(_ capability: Capability) -> LabError {
        .missingPrivilege(
            capability: capability.name,
            purpose: "make network namespaces",
            advice: "run as root, or use --lab=loopback"
        )
    }

    private static func namespace() throws(LabError) -> NetworkNamespace {
        do throws(NetError) {
            return try NetworkNamespace.create()
        } catch {
            if error.isPermissionDenied {
                throw noPrivilege(.sysAdmin)
            }
            throw .system(operation: "make a network namespace", reason: error.description)
        }
    }

    /// Creates the veth pairs with their addresses and routes.
    private static func join(_ network: LabNetwork) async throws(LabError) {
        let pod = network.path(of: network.pod) ?? ""
        let cluster = network.path(of: network.cluster) ?? ""
        let layout = LabLayout.self
        try await LabCommand.run(
            .ip,
            ["-batch", "-"],
            namespace: network.path(of: network.node),
            input: """
                link add veth-pod type veth peer name eth0 netns \(pod)
                link add eth0 type veth peer name eth0 netns \(cluster)
                addr add \(layout.nodePodSide)/24 dev veth-pod
                addr add \(layout.node)/16 dev eth0
                link set veth-pod up
                link set eth0 up
                route add default via \(layout.otherNode)
                route add 10.244.1.0/24 via \(layout.otherNode)
                route add 10.244.2.0/24 via \(layout.otherNode)

                """
        )
        try await LabCommand.run(
            .ip,
            ["-batch", "-"],
            namespace: pod,
            input: """
                addr add \(layout.pod)/24 dev eth0
                link set eth0 up
                route add default via \(layout.nodePodSide)

                """
        )
        let endpoints = layout.endpoints.map { "addr add \($0.address)/32 dev lo" }.joined(separator: "\n")
        try await LabCommand.run(
            .ip,
            ["-batch", "-"],
            namespace: cluster,
            input: """
                addr add \(layout.otherNode)/16 dev eth0
                addr add \(layout.external.address)/16 dev eth0
                \(endpoints)
                link set eth0 up
                route add \(layout.podNetwork) via \(layout.node)

                """
        )
    }

    /// Adds an interface that only holds addresses.
    ///
    /// A `dummy` where the kernel has them, else a bridge without ports: neither is ever set up, and an address on
    /// either lands in the local table, which is all that node-cache and IPVS want of it.
    private static func addDummy(
        _ name: String,
        _ addresses: [IPAddress],
        in network: LabNetwork
    ) async throws(LabError) {
        let node = network.path(of: network.node)
        do {
            try await LabCommand.run(.ip, ["link", "add", name, "type", "dummy"], namespace: node)
        } catch {
            try await LabCommand.run(.ip, ["link", "add", name, "type", "bridge"], namespace: node)
        }
        let lines = addresses.map { "addr add \($0)/32 dev \(name)\n" }.joined()
        try await LabCommand.run(.ip, ["-batch", "-"], namespace: node, input: lines)
    }
}
