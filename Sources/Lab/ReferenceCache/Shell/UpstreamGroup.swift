import DNSWire

/// The upstreams of one server block, with what is known of each (plugin/forward and plugin/pkg/proxy).
final class UpstreamGroup {
    /// One upstream.
    final class Upstream {
        let endpoint: Endpoint
        /// The `to` label of the metrics.
        let label: String
        /// Health checks that failed in a row.
        var fails: UInt32 = 0
        /// A round of health checks is under way.
        var isProbing = false
        /// Until when it is not asked, where a failure has that effect.
        var shunnedUntil: Int64 = .min
        var dialTimeout = DialTimeout()
        /// Idle sockets, the last used last.
        var idle: [QueryTransport: [UpstreamSocket]] = [:]

        init(_ endpoint: Endpoint) {
            self.endpoint = endpoint
            label = endpoint.description
        }

        /// The most recently used socket, or nil and no sockets at all when that one has been idle too long.
        func takeIdle(_ transport: QueryTransport, now: Int64, expire: Int64) -> (
            socket: UpstreamSocket?, expired: [UpstreamSocket]
        ) {
            guard var stack = idle[transport], let last = stack.popLast() else { return (nil, []) }
            guard now - last.usedAt < expire else {
                idle[transport] = []
                return (nil, stack + [last])
            }
            idle[transport] = stack
            return (last, [])
        }

        /// Sockets that have been idle for longer than `expire`; they are no longer in the pool.
        func sweep(now: Int64, expire: Int64) -> [UpstreamSocket] {
            var expired: [UpstreamSocket] = []
            for (transport, stack) in idle {
                expired += stack.filter { now - $0.usedAt >= expire }
                idle[transport] = stack.filter { now - $0.usedAt < expire }
            }
            return expired
        }
    }

    let settings: CacheConfiguration.Forward
    let upstreams: [Upstream]
    /// Queries that wait for an answer.
    var concurrent = 0
    /// Queries that wait for another's answer, where one at a time is asked.
    var waiting: [() -> Void] = []
    private var robin = 0

    /// The group of a `forward` line.
    init(_ settings: CacheConfiguration.Forward) {
        self.settings = settings
        upstreams = settings.upstreams.map(Upstream.init)
    }

    /// The order in which one query tries the upstreams.
    func order(random: inout SplitMix) -> [Int] {
        switch settings.policy {
        case .sequential: return Array(upstreams.indices)
        case .random: return upstreams.indices.shuffled(using: &random)
        case .roundRobin:
            robin = (robin + 1) % max(1, upstreams.count)
            return [robin] + upstreams.indices.filter { $0 != robin }
        }
    }

    /// Whether an upstream has failed more health checks than the Corefile allows.
    func isDown(_ index: Int) -> Bool {
        settings.maximumFails != 0 && upstreams[index].fails > settings.maximumFails
    }
}
