/// How the cache came by its answer to one client query.
package enum ExchangeOutcome: String, Sendable, Hashable, CaseIterable {
    /// Answered from the cache, and the capture saw the cache fill: TTL arithmetic can check it.
    case hit
    /// Answered without an upstream query from an entry that was there before the capture saw it fill.
    case warmHit
    /// Answered while another query's upstream exchange for the same question was under way.
    case coalesced
    /// Answered after an upstream query, as nothing valid was stored.
    case miss
    /// Answered after an upstream query although the stored answer was still valid.
    case earlyMiss
    /// Answered without an upstream query although the stored answer had expired.
    case stale
    /// Refused or answered by the cache itself, without upstream and without an entry.
    case local
    /// No response was seen.
    case unanswered
}

/// One client query with what it led to; numbers are positions in the list of records.
package struct Exchange: Sendable, Hashable {
    package var query: Int
    package var response: Int?
    /// Upstream queries made for it: more than one after a retry.
    package var upstream: [Int]
    package var outcome: ExchangeOutcome
    /// For a hit or a stale answer: nanoseconds since the entry was stored.
    package var ageNanoseconds: Int64?
    /// For a hit or a stale answer or an early miss: the TTL with which the entry was stored, seconds.
    package var storedTTL: UInt32?
    /// For a hit or a stale answer or an early miss: the response that stored the entry.
    package var storedBy: Int?
    /// The query was sent while an earlier query for the same question had no answer yet.
    package var isConcurrent: Bool
    /// For a warm hit: the upstream query that filled the entry was seen, and its answer to the client was lost.
    package var fillWasSeen = false
}

/// The joined client and upstream side of a capture, in numbers.
package struct Ledger: Sendable, Equatable {
    package var clientQueries: UInt64 = 0
    package var clientRetransmissions: UInt64 = 0
    package var hits: UInt64 = 0
    package var warmHits: UInt64 = 0
    package var coalesced: UInt64 = 0
    package var misses: UInt64 = 0
    package var earlyMisses: UInt64 = 0
    package var stale: UInt64 = 0
    package var local: UInt64 = 0
    package var unanswered: UInt64 = 0
    package var upstreamQueries: UInt64 = 0
    package var upstreamUDP: UInt64 = 0
    package var upstreamTCP: UInt64 = 0
    /// Upstream queries again for a client query that had one already.
    package var upstreamRetries: UInt64 = 0
    /// Upstream queries without a waiting client, for an entry that was still valid.
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
            ("early_misses", earlyMisses), ("stale", stale), ("local", local), ("unanswered", unanswered),
            ("upstream_queries", upstreamQueries), ("upstream_udp", upstreamUDP), ("upstream_tcp", upstreamTCP),
            ("upstream_retries", upstreamRetries), ("prefetches", prefetches), ("orphans", orphans),
            ("health_checks", healthChecks), ("loop_probes", loopProbes), ("bypass_queries", bypassQueries),
        ]
    }

    /// Every client query and every upstream query is in exactly one class.
    package var isBalanced: Bool {
        clientQueries == hits + warmHits + coalesced + misses + earlyMisses + stale + local + unanswered
            && upstreamQueries == upstreamUDP + upstreamTCP
    }

    mutating func count(_ outcome: ExchangeOutcome) {
        switch outcome {
        case .hit: hits += 1
        case .warmHit: warmHits += 1
        case .coalesced: coalesced += 1
        case .miss: misses += 1
        case .earlyMiss: earlyMisses += 1
        case .stale: stale += 1
        case .local: local += 1
        case .unanswered: unanswered += 1
        }
    }
}
