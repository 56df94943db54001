import DNSWire
import LinuxNet

/// Topology `loopback`: every address on `lo` of the namespace that this process is in.
///
/// ``LabReexec`` puts the process into a namespace of its own first.
enum LoopbackTopology {
    /// Lays out the addresses, and the rewriting of Service addresses where the kernel lets a user do that.
    static func make(listen: [IPAddress], log: (String) -> Void) async throws(LabError) -> LabNetwork {
        try LabTool.require([.ip, .setpriv])
        guard LabReexec.isInside else {
            throw .options(
                "topology 'loopback' changes addresses and so wants a network namespace of its own: "
                    + "start it through 'unshare --user --map-root-user --net'"
            )
        }
        let layout = LabLayout.self
        var addresses = Set(listen)
        addresses.formUnion(layout.nodeAddresses)
        addresses.formUnion(layout.endpoints.map(\.address))
        addresses.formUnion([
            layout.pod, layout.external.address, layout.clusterDNS.address, layout.upstreamService.address,
        ])
        let lines = addresses.map { "addr add \($0)/32 dev lo\n" }.sorted().joined()
        try await LabCommand.run(.ip, ["-batch", "-"], namespace: nil, input: "link set lo up\n" + lines)
        let rewrites = await rewriteServices(listen: listen, log: log)
        let here: NetworkNamespace
        do throws(NetError) {
            here = try NetworkNamespace.current()
        } catch {
            throw .system(operation: "open this network namespace", reason: error.description)
        }
        return LabNetwork(pod: here, node: here, cluster: here, rewritesServices: rewrites, isSeparate: false)
    }

    private static func rewriteServices(listen: [IPAddress], log: (String) -> Void) async -> Bool {
        let rules = LabRules(
            services: [LabLayout.clusterDNS.address, LabLayout.upstreamService.address],
            endpoints: LabLayout.endpoints.map(\.address),
            listen: listen,
            source: .fixed(LabLayout.node)
        )
        do {
            try await LabCommand.run(.nft, ["-f", "-"], namespace: nil, input: rules.text)
            return true
        } catch {
            log("no rewriting of Service addresses here (\(error)); the cluster DNS binds them itself")
            return false
        }
    }
}
