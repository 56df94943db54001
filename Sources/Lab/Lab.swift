package import DNSWire
import Glibc
package import LinuxNet
package import NodeLocal
import Synchronization

/// A running lab: namespaces, cluster DNS, external upstream, and a cache under test.
///
/// Everything in it belongs to this process and goes with it: namespaces are held by descriptors, servers are children
/// that end with their standard input. ``stop()`` is the orderly way; a crash has the same effect, save for one small
/// directory that ``LabLeftovers`` removes.
package final class Lab: Sendable {
    /// Where clients run.
    package let pod: NetworkNamespace
    /// Where the cache runs.
    package let node: NetworkNamespace
    /// Where the cluster DNS and the external upstream run.
    package let cluster: NetworkNamespace
    /// What the lab was asked to be.
    package let options: LabOptions
    /// The Corefile that the cache is judged by, every pillar replaced; it is in force unless a fault put another there.
    package let corefile: String
    /// The Corefile with which the cache began.
    let cacheCorefile: String
    /// What the Corefile promises.
    package let expectations: CorefileExpectations
    /// The cluster that the cluster DNS serves.
    package let zone: KubernetesZone
    /// Pods of the cluster DNS, as they show on the wire.
    package let endpoints: [Endpoint]
    /// The cache's health endpoint; `nil` when the Corefile or the cache has none.
    package let health: Endpoint?
    /// The cache's metrics endpoint; `nil` when the Corefile or the cache has none.
    package let metrics: Endpoint?
    /// Process id of the cache; of its supervisor when the cache is another's program.
    package var cacheProcessID: Int32? { state.withLock { $0.cache }?.processID }

    /// What acts on the lab change.
    struct State {
        /// The scripted servers.
        var servers: [LabPart]
        /// The cache; nil while it is stopped.
        var cache: LabPart?
        /// How the cache is started, with the files as they are now.
        var command: CacheCommand
        /// Whether the Corefile in force is another than ``Lab/corefile``.
        var isCorefileChanged = false
        /// Whether the scripted servers cannot be reached.
        var isUpstreamOff = false
        /// The faults that were staged.
        var faults: [StagedFault] = []
        /// What is to be done before the parts are ended.
        var endings: [@Sendable () -> Void] = []
    }

    let network: LabNetwork
    let directory: LabDirectory
    /// Path of the program that the parts run.
    let executable: String
    let state: Mutex<State>
    private var parts: [LabPart] { state.withLock { $0.servers + [$0.cache].compactMap { $0 } } }

    /// What a Corefile would promise if it were in force in a lab; `file` names it in errors.
    package static func expectations(of corefile: String, file: String) throws(LabError) -> CorefileExpectations {
        try LabPlan.reading(corefile, file: file).expectations
    }

    /// Where the cache under test listens.
    package var cacheEndpoint: Endpoint { LabLayout.cache }
    /// The ClusterIP of the cluster DNS.
    package var clusterDNS: Endpoint { LabLayout.clusterDNS }
    /// The upstream of the `.` zone.
    package var external: Endpoint { LabLayout.external }
    /// Addresses from which the node's own processes send.
    package var nodeAddresses: [IPAddress] { LabLayout.nodeAddresses }

    init(
        _ plan: LabPlan,
        network: LabNetwork,
        directory: LabDirectory,
        parts: [LabPart],
        command: CacheCommand,
        executable: String
    ) {
        self.network = network
        self.directory = directory
        self.executable = executable
        state = Mutex(State(servers: Array(parts.dropLast()), cache: parts.last, command: command))
        pod = network.pod
        node = network.node
        cluster = network.cluster
        options = plan.options
        corefile = plan.corefile
        cacheCorefile = plan.cacheCorefile
        expectations = plan.expectations
        zone = plan.zone
        endpoints = network.rewritesServices ? LabLayout.endpoints : [LabLayout.clusterDNS]
        health = command.servesHTTP ? plan.expectations.health : nil
        metrics = command.servesHTTP ? plan.metrics : nil
    }

    /// The command line that runs `command` in the pod, for programs that know nothing of the lab.
    ///
    /// The program finds the pod's network and its `/etc/resolv.conf`, which names the cache and the search path.
    package func podCommand(_ command: [String]) throws(LabError) -> [String] {
        var enter: [String] = []
        if let path = network.path(of: network.pod) { enter = [try LabTool.nsenter.find(), "--net=\(path)", "--"] }
        return try PodCommand(enter: enter, directory: directory.path).wrapping(command)
    }

    /// Where the pod's network is, in words for a person with a shell.
    package var podDescription: String {
        guard let path = network.path(of: network.pod) else { return "the namespace of process \(getpid())" }
        return "a namespace of their own: nsenter --net=\(path)"
    }

    /// Throws when a part has ended although nobody asked it to.
    package func checkHealth() throws(LabError) {
        try checkParts(StopFlag())
    }

    /// Throws when a part has ended, or somebody asked to stop.
    func checkParts(_ stop: StopFlag) throws(LabError) {
        for part in parts { try part.check(stop) }
    }

    /// The lab's own directory, with configuration files and logs.
    package var directoryPath: String { directory.path }

    /// The last lines of the cache's log.
    package var cacheLogTail: String { state.withLock { $0.cache }?.logTail ?? "" }

    /// The packet filter's rules on the node, one a line without blanks around it; none when they cannot be read.
    package func packetRules() async -> [String] {
        await packetRules(of: network.node)
    }

    func packetRules(of namespace: NetworkNamespace) async -> [String] {
        let text = try? await LabCommand.run(.nft, ["list", "ruleset"], namespace: network.path(of: namespace))
        return (text ?? "").split(separator: "\n").map { String($0.drop { $0 == "\t" || $0 == " " }) }
    }

    /// The kubelet's configuration on the lab's node.
    package var kubeletPath: String { "\(directory.path)/\(PodCommand.kubeletFile)" }

    /// The file that a pod of the lab finds as its `/etc/resolv.conf`.
    package var podResolverPath: String { "\(directory.path)/\(PodCommand.resolverFile)" }

    /// The resolver file of a pod, as kubelet would write it.
    package var podResolverText: String { PodCommand.resolverText(options.defects) }

    /// Writes into the lab's directory who owns it, for ``LabLeftovers``.
    static func noteOwner(
        of options: LabOptions,
        parts: [LabPart],
        network: LabNetwork,
        in directory: LabDirectory
    ) throws(LabError) {
        guard let owner = LabProcess(processID: getpid()) else { return }
        let running = parts.compactMap { $0.processID.flatMap { LabProcess(processID: $0) } }
        try directory.write(
            LabLeftovers.text(
                owner: owner,
                summary: "\(options.isKept ? "kept" : "passing") \(options.topology.rawValue), \(options.cache)",
                parts: running,
                podPath: network.path(of: network.pod)
            ),
            to: "\(directory.path)/\(LabLeftovers.note)"
        )
    }

    /// Does something before the parts are ended.
    func atEnd(_ ending: @escaping @Sendable () -> Void) { state.withLock { $0.endings.append(ending) } }

    /// Ends every part and gives everything back; calling it again does nothing more.
    package func stop() async {
        let endings = state.withLock { state in
            defer { state.endings = [] }
            return state.endings
        }
        for ending in endings { ending() }
        await Self.stop(parts)
        directory.remove()
    }

    static func stop(_ parts: [LabPart]) async {
        await withTaskGroup(of: Void.self) { group in
            for part in parts { group.addTask { await part.stop() } }
        }
    }
}
