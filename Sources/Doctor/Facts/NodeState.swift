import DNSWire
import LinuxNet

/// What is read once, at the end of the window, on a thread in the cache's network namespace.
struct NodeState: Sendable {
    let conntrack: ConntrackReading
    let settings: NodeSettings
    let isHostNamespace: Reading<Bool>
    let cacheFiles: CacheFiles
    let arguments: Reading<CacheArguments>
    let kubelet: Reading<KubeletReading>
    let podResolvers: Reading<PodResolvers>
    let look: LookReading

    /// Why processes say nothing of the node.
    private static let isElsewhere =
        "this network namespace is not the machine's own, so that the machine's processes are not those of this node"

    /// Reads it all; `process` is the cache's, where it is seen.
    static func take(_ context: DoctorContext, process: Int32?) -> NodeState {
        let roots = context.roots
        let isHost = Reading { () throws(ProcError) in try HostNamespace.isCurrent(roots) }
        // In a lab, or in a pod, the processes that are seen belong to other nodes.
        let elsewhere = isHost.value == true ? nil : isHost.reason ?? isElsewhere
        return NodeState(
            conntrack: ConntrackReading.take(destination: context.cache, cluster: context.clusterDNS, roots: roots),
            settings: NodeSettings.take(context),
            isHostNamespace: isHost,
            cacheFiles: CacheFiles.take(context, process: process),
            arguments: process.map { process in
                Reading { () throws(ProcError) in try CacheArguments.take(process, roots: roots) }
            } ?? .unreadable("the cache's process cannot be seen from here"),
            kubelet: given(context.kubeletConfiguration != nil, elsewhere) { () throws(ProcError) in
                try KubeletReading.take(path: context.kubeletConfiguration, roots: roots)
            },
            podResolvers: given(!context.podResolvers.isEmpty, elsewhere) { () throws(ProcError) in
                try PodResolvers.take(
                    sources: context.podResolvers,
                    caches: context.cacheAddresses,
                    cluster: context.clusterDNS?.address,
                    roots: roots
                )
            },
            look: LookReading.take(roots: roots)
        )
    }

    /// Reads where a file was given, or where the processes are those of this node.
    private static func given<Value>(
        _ isGiven: Bool,
        _ elsewhere: String?,
        _ read: () throws(ProcError) -> Value
    ) -> Reading<Value> {
        if let elsewhere, !isGiven { return .unreadable(elsewhere) }
        return Reading(read)
    }
}
