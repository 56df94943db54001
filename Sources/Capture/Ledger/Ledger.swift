/// The joined client and upstream side of a capture, in numbers.
package struct Ledger: Sendable, Equatable {
    package var clientQueries: UInt64 = 0
    package var clientRetransmissions: UInt64 = 0
    package var hits: UInt64 = 0
    package var warmHits: UInt64 = 0
    package var coalesced: UInt64 = 0
    package var misses: UInt64 = 0
    package var earlyMisses: UInt64 = 0
    package var verified: UInt64 = 0
    package var stale: UInt64 = 0
    package var local: UInt64 = 0
    package var unanswered: UInt64 = 0
    /// Those of the unanswered for which the cache had asked upstream: it counts them as misses.
    package var unansweredMisses: UInt64 = 0
    /// Client queries that still wait; 0 after the end.
    package var waiting: UInt64 = 0
    /// Misses that waited beside another query for the same question, as CoreDNS does not join them.
    package var concurrentMisses: UInt64 = 0
    /// The most upstream queries that went out side by side for one question.
    package var largestStampede: UInt64 = 0
    package var upstreamQueries: UInt64 = 0
    package var upstreamUDP: UInt64 = 0
    package var upstreamTCP: UInt64 = 0
    /// Upstream queries again for a client query that had one already.
    package var upstreamRetries: UInt64 = 0
    /// Upstream queries without a response.
    package var upstreamUnanswered: UInt64 = 0
    /// Upstream queries that no client waited for: the entry was still valid, or was served although it had expired.
    package var prefetches: UInt64 = 0
    /// Upstream queries without a waiting client, for another reason.
    package var orphans: UInt64 = 0
    package var healthChecks: UInt64 = 0
    package var loopProbes: UInt64 = 0
    package var bypassQueries: UInt64 = 0

    /// Names and values as the result document carries them.
    package var entries: [(name: String, value: UInt64)] {
        [
            ("client_queries", clientQueries), ("client_retransmissions", clientRetransmissions),
            ("hits", hits), ("warm_hits", warmHits), ("coalesced", coalesced), ("misses", misses),
            ("early_misses", earlyMisses), ("verified", verified), ("stale", stale), ("local", local),
            ("unanswered", unanswered),
            ("unanswered_misses", unansweredMisses),
            ("concurrent_misses", concurrentMisses), ("largest_stampede", largestStampede),
            ("upstream_queries", upstreamQueries), ("upstream_udp", upstreamUDP), ("upstream_tcp", upstreamTCP),
            ("upstream_retries", upstreamRetries), ("upstream_unanswered", upstreamUnanswered),
            ("prefetches", prefetches), ("orphans", orphans), ("health_checks", healthChecks),
            ("loop_probes", loopProbes), ("bypass_queries", bypassQueries),
        ]
    }

    /// Every client query and every upstream query is in exactly one class.
    package var isBalanced: Bool {
        clientQueries
            == hits + warmHits + coalesced + misses + earlyMisses + verified + stale + local + unanswered + waiting
            && upstreamQueries == upstreamUDP + upstreamTCP
    }

    mutating func count(_ exchange: Exchange) {
        waiting -= 1
        switch exchange.outcome {
        case .hit: hits += 1
        case .warmHit: warmHits += 1
        case .coalesced: coalesced += 1
        case .miss: misses += 1
        case .earlyMiss: earlyMisses += 1
        case .verified: verified += 1
        case .stale: stale += 1
        case .local: local += 1
        case .unanswered:
            unanswered += 1
            if exchange.upstream != nil { unansweredMisses += 1 }
        }
        let isMiss = [.miss, .earlyMiss, .verified].contains(exchange.outcome)
        if isMiss, exchange.isConcurrent { concurrentMisses += 1 }
    }

    mutating func countUpstream(_ transport: Transport) {
        upstreamQueries += 1
        if transport == .tcp { upstreamTCP += 1 } else { upstreamUDP += 1 }
    }
}
