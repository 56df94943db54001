import DNSWire
import Glibc
import LinuxNet
import Synchronization

extension Lab {
    /// Waits until the pod gets answers from the cluster DNS's pods and the cache over UDP and TCP, the node from the
    /// cluster DNS IP, and the cache's health endpoint.
    ///
    /// The pod does not ask the cluster DNS IP: that would leave entries of connection tracking as a pod's that asks past
    /// the cache.
    func waitUntilServing(deadline: Int64, stop: StopFlag) async throws(LabError) {
        // Names that nobody else asks for: the caches must be cold for every other name.
        let nonce = "ready-\(UInt32.random(in: 0..<UInt32.max))"
        let inside = LabNames.name([nonce, "script", "cluster", "local"], under: .root)
        let outside = LabNames.name([nonce, "script", "example", "com"], under: .root)
        let isUpstreamOff = state.withLock { $0.isUpstreamOff }
        let direct = [
            LabReadiness(namespace: node, target: clusterDNS), LabReadiness(namespace: pod, target: endpoints[0]),
        ]
        let cached = LabReadiness(namespace: pod, target: cacheEndpoint)
        for transport in [DNSTransport.udp, .tcp] where !isUpstreamOff {
            for server in direct {
                try await wait("cluster DNS over \(transport.label)", deadline, stop) {
                    await server.answers(inside, over: transport)
                }
            }
            // A cache with a defect may fail in any way, which is for the checks to find; it must be there, though.
            guard options.beginsSound else { continue }
            for name in [inside, outside] {
                try await wait("the cache over \(transport.label) (\(name))", deadline, stop) {
                    await cached.answers(name, over: transport)
                }
            }
        }
        if isUpstreamOff || !options.beginsSound {
            try await wait("the cache over TCP", deadline, stop) { await cached.accepts() }
        }
        let pages = [(health, "/health"), (metrics, "/metrics")]
        for case (let endpoint?, let path) in pages {
            let page = LabReadiness(namespace: node, target: endpoint)
            let patience = options.beginsSound ? deadline : min(deadline, Clock.deadline(after: 500_000_000))
            do throws(LabError) {
                try await wait("the cache's page http://\(endpoint)\(path)", patience, stop) { await page.serves(path) }
            } catch {
                if options.beginsSound || error == .stopped { throw error }
            }
        }
    }

    private func wait(
        _ what: String,
        _ deadline: Int64,
        _ stop: StopFlag,
        until condition: () async -> Bool
    ) async throws(LabError) {
        let started = Clock.monotonicNanoseconds()
        while !(await condition()) {
            try checkParts(stop)
            let now = Clock.monotonicNanoseconds()
            guard now < deadline else {
                throw .notReady(part: what, waitedNanoseconds: now - started, logTail: cacheLogTail)
            }
            try? await Task.sleep(nanoseconds: 10_000_000)
        }
        try checkParts(stop)
    }
}
