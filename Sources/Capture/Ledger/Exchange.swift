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
    /// Answered after an upstream query by which the cache renewed an expired entry (`serve_stale … verify`).
    ///
    /// It counts as a hit in `coredns_cache_hits_total`, although the client waited.
    case verified
    /// Answered after an upstream query although the stored answer was still valid.
    case earlyMiss
    /// Answered without an upstream query although the stored answer had expired.
    case stale
    /// Refused or answered by the cache itself, without upstream and without an entry.
    case local
    /// No response was seen.
    case unanswered
}

/// One client query with what it led to, at the moment when that is known.
struct Exchange {
    var outcome: ExchangeOutcome
    /// When the query was sent.
    var queriedAt: Int64
    /// The first upstream query that was made for it, if there was one.
    var upstream: OpenQuery.Upstream?
    /// What the capture knew to be stored for it.
    var stored = StoredAnswer()
    /// An earlier query for the same question waited when this one came.
    var isConcurrent: Bool
    /// For a warm hit: the upstream query that filled the entry was seen, and its answer to the client was not.
    var fillWasSeen = false
}
