import DNSWire
import LinuxNet
import NodeLocal

/// Gathers the facts: samples of /proc around a round of queries and page fetches.
struct NodeExamination: Sendable {
    /// The node.
    let context: DoctorContext
    /// Ends the look early.
    let stop: StopFlag

    /// Reads everything; throws only when the namespace cannot be entered.
    func run() async throws -> NodeFacts {
        let start = Clock.monotonicNanoseconds()
        var facts = NodeFacts(context: context, before: try await sample())
        (facts.countersBefore, facts.setupErrorsBefore) = await counters()
        await ask(&facts)
        if stop.isRaised { return facts }
        facts.between = try await sample(known: facts.before.owners)
        await fetchPages(&facts)
        try await waitForWindow(start: start)
        if stop.isRaised { return facts }
        facts.after = try await sample(known: facts.between?.owners ?? [:])
        (facts.countersAfter, facts.setupErrorsAfter) = await counters()
        try await readState(&facts)
        return facts
    }

    /// Reads what is read once.
    private func readState(_ facts: inout NodeFacts) async throws {
        let (context, process) = (context, facts.cacheProcesses.min())
        let state = try await Threads.run(name: "doctor-state", namespace: context.namespace) {
            NodeState.take(context, process: process)
        }
        facts.conntrack = state.conntrack
        facts.settings = state.settings
        facts.isHostNamespace = state.isHostNamespace
        facts.cacheFiles = state.cacheFiles
        facts.arguments = state.arguments
        facts.kubelet = state.kubelet
        facts.podResolvers = state.podResolvers
        facts.look = state.look
    }

    /// The cache's counters, and node-cache's own from its other page where the first has none.
    private func counters() async -> (Reading<CacheCounters>, Reading<Double>) {
        let probe = CounterProbe(
            metrics: context.metrics,
            timeoutNanoseconds: 2 * context.queryTimeoutNanoseconds,
            namespace: context.namespace
        )
        let counters = await probe.read()
        if let errors = counters.value?.values[.setupErrors] { return (counters, .value(errors)) }
        let page = Endpoint(address: context.cache.address, port: Self.setupPort)
        return (counters, await probe.setupErrors(at: page))
    }

    /// The port of node-cache's own metrics (-metrics-listen-address, kubernetes/dns, cmd/node-cache/main.go).
    private static let setupPort: UInt16 = 9_353

    private func sample(known: [UInt64: SocketOwner] = [:]) async throws -> NodeSample {
        let ports = Set([context.cache.port, context.clusterDNS?.port ?? 53])
            .union(context.servedZones.flatMap(\.upstreams).map(\.port))
        let (cache, roots) = (context.cache, context.roots)
        return try await Threads.run(name: "doctor-sample", namespace: context.namespace) {
            NodeSample.take(cache: cache, ports: ports, roots: roots, known: known)
        }
    }

    private func ask(_ facts: inout NodeFacts) async {
        let known = ZoneQuestion.known(in: context)
        let unknown = ZoneQuestion.unknown(in: context, nonce: UInt64.random(in: 0...UInt64.max))
        let ofCluster = context.isCaptureRunning ? [] : known.filter(\.isOfCluster)
        async let cacheUDP = answers(context.cache, .udp, known)
        async let cacheTCP = answers(context.cache, .tcp, known)
        async let misses = answers(context.cache, .udp, unknown)
        async let clusterUDP = answers(context.clusterDNS, .udp, ofCluster)
        async let clusterTCP = answers(context.clusterDNS, .tcp, ofCluster)
        async let software = ofCluster.isEmpty ? nil : software(context.clusterDNS)
        facts.cacheUDP = await cacheUDP
        facts.cacheTCP = await cacheTCP
        facts.misses = await misses
        facts.clusterUDP = await clusterUDP
        facts.clusterTCP = await clusterTCP
        if let software = await software { facts.clusterSoftware = software }
    }

    private func software(_ server: Endpoint?) async -> Reading<String>? {
        guard let server else { return nil }
        let probe = SoftwareProbe(server: server, timeoutNanoseconds: context.queryTimeoutNanoseconds)
        do {
            return try await Threads.run(name: "doctor-query", namespace: context.namespace) { probe.ask() }
        } catch {
            return .unreadable("\(error)")
        }
    }

    private func answers(
        _ server: Endpoint?,
        _ transport: SocketRow.Transport,
        _ questions: [ZoneQuestion]
    ) async -> [ZoneAnswer] {
        guard let server, !questions.isEmpty else { return [] }
        let probe = ZoneProbe(
            server: server,
            transport: transport,
            timeoutNanoseconds: context.queryTimeoutNanoseconds
        )
        let stop = stop
        do {
            return try await Threads.run(name: "doctor-query", namespace: context.namespace) {
                probe.ask(questions, stop: stop)
            }
        } catch {
            return questions.map { ZoneAnswer(question: $0, outcome: .failed("\(error)")) }
        }
    }

    private func fetchPages(_ facts: inout NodeFacts) async {
        async let health = page(context.health, "/health")
        async let metrics = page(context.metrics, "/metrics")
        async let proxyMode = page(Self.proxy, "/proxyMode")
        if let reading = await health { facts.health = reading }
        if let reading = await metrics { facts.metrics = reading }
        if let reading = await proxyMode { facts.proxyMode = reading }
    }

    /// Where kube-proxy serves its metrics, and the name of its mode (kubernetes, pkg/proxy/apis/config/v1alpha1).
    private static let proxy = Endpoint(address: .v4(0x7F00_0001), port: 10_249)

    private func page(_ server: Endpoint?, _ path: String) async -> PageReading? {
        guard let server else { return nil }
        let probe = PageProbe(server: server, path: path, timeoutNanoseconds: 2 * context.queryTimeoutNanoseconds)
        return await probe.fetch(namespace: context.namespace)
    }

    private func waitForWindow(start: Int64) async throws {
        let end = start + context.windowNanoseconds
        if context.isRepeated { ProcessUsage.releasePages() }
        let stop = stop
        try await Threads.run(name: "doctor-window") {
            while !stop.isRaised, Clock.monotonicNanoseconds() < end {
                Clock.sleep(untilMonotonic: min(end, Clock.monotonicNanoseconds() + 50_000_000))
            }
        }
    }
}
