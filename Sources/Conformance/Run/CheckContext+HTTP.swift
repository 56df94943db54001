internal import DNSWire
internal import LinuxNet
internal import NodeLocal

extension CheckContext {
    private static let maximumBytes = 8 << 20

    /// Gets a page from a listener of the cache, from the node's namespace.
    func fetch(_ endpoint: Endpoint, path: String, timeoutNanoseconds: Int64) async -> HTTPObservation {
        let started = Clock.monotonicNanoseconds()
        var observation = HTTPObservation()
        do {
            let descriptor = try await Threads.run(name: "check-http", namespace: nodeNamespace) {
                try TCPStream.connect(to: endpoint, timeoutNanoseconds: timeoutNanoseconds).release()
            }
            let left = max(1, started + timeoutNanoseconds - Clock.monotonicNanoseconds())
            let reply = try await HTTPFetch.get(
                descriptor: descriptor,
                host: endpoint.description,
                path: path,
                timeoutNanoseconds: left,
                maximumBytes: Self.maximumBytes
            )
            observation.status = reply.status
            observation.body = reply.body
        } catch {
            observation.failure = "\(error)"
        }
        observation.elapsedNanoseconds = Clock.monotonicNanoseconds() - started
        return observation
    }

    /// Reads the metrics page.
    func scrape(_ endpoint: Endpoint) async -> MetricsObservation {
        let reply = await fetch(endpoint, path: "/metrics", timeoutNanoseconds: 5_000_000_000)
        guard reply.status == 200 else {
            let reason = reply.status.map { "status \($0)" } ?? reply.failure ?? "no answer"
            return MetricsObservation(failure: "the metrics page could not be read: \(reason)")
        }
        do throws(MetricsError) {
            return MetricsObservation(try MetricsPage.parse(reply.body))
        } catch {
            return MetricsObservation(failure: "the metrics page is malformed: \(error)")
        }
    }

    /// The version of CoreDNS that the metrics page names; nil without a page or without the name.
    package func detectedVersion() async -> VersionNumber? {
        guard let endpoint = metrics else { return nil }
        let reply = await fetch(endpoint, path: "/metrics", timeoutNanoseconds: 5_000_000_000)
        guard reply.status == 200, let page = try? MetricsPage.parse(reply.body) else { return nil }
        return page.coreDNSVersion.flatMap { VersionNumber($0.description) }
    }
}
