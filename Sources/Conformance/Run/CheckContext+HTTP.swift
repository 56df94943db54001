internal import DNSWire
internal import LinuxNet

extension CheckContext {
    /// Gets a page from a listener of the cache, from the node's namespace.
    func fetch(
        _ endpoint: Endpoint, path: String, timeoutNanoseconds: Int64, stop: StopFlag
    ) async -> HTTPObservation {
        let started = Clock.monotonicNanoseconds()
        var observation = HTTPObservation()
        do {
            observation = try await Threads.run(name: "check-http", namespace: nodeNamespace) {
                try PlainHTTP.get(
                    endpoint, path: path,
                    client: CheckClient(stop: stop, deadline: Clock.deadline(after: timeoutNanoseconds)),
                    timeoutNanoseconds: timeoutNanoseconds)
            }
        } catch {
            observation.failure = "\(error)"
        }
        observation.elapsedNanoseconds = Clock.monotonicNanoseconds() - started
        return observation
    }

    /// Reads the metrics page.
    func scrape(_ endpoint: Endpoint, stop: StopFlag) async -> MetricsObservation {
        let reply = await fetch(endpoint, path: "/metrics", timeoutNanoseconds: 5_000_000_000, stop: stop)
        guard reply.status == 200 else {
            let reason = reply.status.map { "status \($0)" } ?? reply.failure ?? "no answer"
            return MetricsObservation(sums: nil, failure: "the metrics page could not be read: \(reason)")
        }
        return MetricsObservation(page: String(decoding: reply.body, as: UTF8.self))
    }
}
