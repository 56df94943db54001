import DNSWire
import Glibc
import LinuxNet

extension Lab {
    /// Waits until the pod gets answers from cluster DNS and cache over UDP and TCP, and the cache's health endpoint.
    func waitUntilServing(deadline: Int64, stop: StopFlag) async throws(LabError) {
        let inside = LabNames.name("kubernetes.default.svc.cluster.local")
        let outside = LabNames.name("www.example.com")
        let direct = LabReadiness(namespace: pod, target: clusterDNS)
        let cached = LabReadiness(namespace: pod, target: cacheEndpoint)
        for transport in [DNSTransport.udp, .tcp] {
            try await wait("cluster DNS over \(transport.label)", deadline, stop) {
                await direct.answers(inside, over: transport)
            }
            // A cache that drops TCP is still a lab worth having: that is what its defect is for.
            if transport == .tcp, options.defects.contains(.dropsTCP) { continue }
            for name in [inside, outside] {
                try await wait("the cache over \(transport.label) (\(name))", deadline, stop) {
                    await cached.answers(name, over: transport)
                }
            }
        }
        for endpoint in [health, metrics].compactMap({ $0 }) {
            let page = LabReadiness(namespace: node, target: endpoint)
            try await wait("the cache's HTTP endpoint \(endpoint)", deadline, stop) { await page.accepts() }
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
