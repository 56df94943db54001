import DNSWire
import LinuxNet
import NodeLocal

/// The HTTP pages of the cache: `/health`, `/metrics` and node-cache's own metrics.
final class CachePages: Sendable {
    private let responders: [HTTPResponder]

    /// Starts to serve; a page whose address is nil is left out.
    init(
        health: Endpoint?,
        metrics: Endpoint?,
        setupMetrics: Endpoint?,
        rules: CacheRules,
        ledger: CacheLedger
    ) async throws {
        _ = ProcessFacts.start
        var responders: [HTTPResponder] = []
        if let health, rules.service.listensForHealth {
            responders.append(
                try await HTTPResponder(
                    listening: try Self.listener(
                        rules.service.listensForHealthEverywhere
                            ? Endpoint(address: .v4(0), port: health.port) : health
                    )
                ) { path in
                    path == "/health" || rules.service.answersAnyPath
                        ? HTTPReply(status: 200, text: "OK") : Self.notFound
                }
            )
        }
        if let metrics {
            responders.append(
                try await HTTPResponder(listening: try Self.listener(metrics)) { path in
                    guard path == "/metrics" else { return Self.notFound }
                    return Self.page(
                        MetricsText.page(ledger.snapshot, rules: rules, process: .current())
                    )
                }
            )
        }
        if let setupMetrics {
            responders.append(
                try await HTTPResponder(listening: try Self.listener(setupMetrics)) { path in
                    path == "/metrics" ? Self.page(MetricsText.setupPage(.current(), rules: rules)) : Self.notFound
                }
            )
        }
        self.responders = responders
    }

    /// Stops serving.
    func stop() async {
        for responder in responders { await responder.stop() }
    }

    private static let notFound = HTTPReply(status: 404, text: "404 page not found\n")

    private static func page(_ text: String) -> HTTPReply {
        HTTPReply(status: 200, text: text, contentType: "text/plain; version=0.0.4; charset=utf-8")
    }

    private static func listener(_ endpoint: Endpoint) throws(NetError) -> Int32 {
        try TCPListener(bindTo: endpoint).release()
    }

    /// Asks the health page once a second for as long as the task lives (plugin/health/overloaded.go).
    static func pollHealth(_ endpoint: Endpoint, ledger: CacheLedger, stop: StopFlag) async {
        let any = endpoint.address == .v4(0)
        let target = any ? Endpoint(address: .v4(0x7F00_0001), port: endpoint.port) : endpoint
        while !stop.isRaised, !Task.isCancelled {
            try? await Task.sleep(nanoseconds: 1_000_000_000)
            guard !stop.isRaised, !Task.isCancelled else { return }
            let start = Clock.monotonicNanoseconds()
            var isHealthy = false
            do {
                let stream = try TCPStream.connect(to: target, timeoutNanoseconds: 1_000_000_000)
                let reply = try await HTTPFetch.get(
                    descriptor: stream.release(),
                    host: target.description,
                    path: "/health",
                    timeoutNanoseconds: 3_000_000_000,
                    maximumBytes: 4096
                )
                isHealthy = reply.status == 200
            } catch {
                isHealthy = false
            }
            let seconds = Double(Clock.monotonicNanoseconds() - start) / 1e9
            ledger.record {
                $0.healthDuration.observe(seconds)
                if !isHealthy { $0.healthFailures += 1 }
            }
        }
    }
}
