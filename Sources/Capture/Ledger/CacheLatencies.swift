package import Measure

/// Where the time of queries goes, nanoseconds.
package struct CacheLatencies: Sendable {
    /// From a client's query to its answer, when the cache had it.
    package var hit = LatencyHistogram()
    /// The same, when the cache had to ask.
    package var miss = LatencyHistogram()
    /// From a client's query to the upstream query that it caused: the cache's queue, and a dial when there is one.
    package var wait = LatencyHistogram()
    /// From an upstream query over UDP to its response.
    package var upstreamUDP = LatencyHistogram()
    /// From an upstream query over TCP to the last octet of its response.
    package var upstreamTCP = LatencyHistogram()
    /// From the upstream's response to the answer to the client.
    package var after = LatencyHistogram()

    mutating func countUpstream(_ transport: Transport, _ nanoseconds: Int64) {
        if transport == .tcp {
            upstreamTCP.record(max(0, nanoseconds))
        } else {
            upstreamUDP.record(max(0, nanoseconds))
        }
    }

    mutating func countClient(_ exchange: Exchange, answeredAt: Int64) {
        let total = max(0, answeredAt - exchange.queriedAt)
        switch exchange.outcome {
        case .hit, .warmHit, .stale, .local: hit.record(total)
        case .miss, .earlyMiss, .verified, .coalesced:
            miss.record(total)
            guard let upstream = exchange.upstream else { return }
            wait.record(max(0, upstream.time - exchange.queriedAt))
            if upstream.answeredAt != .min {
                after.record(max(0, answeredAt - upstream.answeredAt))
            }
        case .unanswered: break
        }
    }
}
