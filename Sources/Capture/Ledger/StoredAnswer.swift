/// What the capture knows of the cache's entry for one question with one setting of DO and CD.
struct StoredAnswer {
    /// The frame of the response that showed the entry.
    var frame: FrameNumber = 0
    /// When that response was seen; `.min` when there is no entry.
    var time: Int64 = .min
    /// From when on that response can have been made: the entry is no older, and no younger than `time`.
    var began: Int64 = .min
    /// The TTL that it showed, seconds.
    var ttl: UInt32 = 0
    /// Until when it lives at the least.
    ///
    /// CoreDNS counts whole seconds from the moment when upstream's answer was there,
    /// which lies before the response that shows the entry; a hit's TTL is rounded up.
    var validUntil: Int64 = .min
    /// It has records, whose TTL can be followed.
    var showsTTL = true

    /// Seconds for which CoreDNS keeps what has no TTL: SERVFAIL, and denials without SOA.
    static let defaultTTL: UInt32 = 5

    var isKnown: Bool { time != .min }

    /// Whether the entry may be used by a query of this time: one that was sent before the entry was there may not.
    func isValid(at now: Int64) -> Bool { isKnown && now >= time && now < validUntil }

    /// The TTLs that a hit may show, seconds.
    ///
    /// A cache that is short of processor time tells the TTL when it looks, and answers later: the entry's own TTL was
    /// told between `began` and `time`, the hit's between its query and its answer. Whole seconds add one on each side.
    ///
    /// - Parameters:
    ///   - asked: When the hit's query was seen.
    ///   - answered: When its answer was seen.
    ///   - keepsTTL: Hits show the TTL that the entry began with (`keepttl`).
    func possibleTTLs(asked: Int64, answered: Int64, keepsTTL: Bool) -> ClosedRange<Int64> {
        let second: Int64 = 1_000_000_000
        let least = keepsTTL ? 0 : max(0, asked - time) / second
        let most = keepsTTL ? 0 : max(0, answered - min(began, time)) / second
        return (Int64(ttl) - max(least, most) - 1)...(Int64(ttl) - least + 1)
    }

    /// Whether a TTL that a hit shows is the entry's; see ``possibleTTLs(asked:answered:keepsTTL:)``.
    func fits(ttl: UInt32, asked: Int64, answered: Int64, keepsTTL: Bool) -> Bool {
        isKnown && showsTTL && answered >= time
            && possibleTTLs(asked: asked, answered: answered, keepsTTL: keepsTTL).contains(Int64(ttl))
    }

    /// Whether its last second has passed: TTLs are whole seconds.
    func isOver(at now: Int64) -> Bool { now - time >= (Int64(ttl) + 1) * 1_000_000_000 }
}

extension StoredAnswer {
    /// What the cache holds after it fetched an answer and gave it to a client.
    init(fetched message: Sighting, by upstream: OpenQuery.Upstream) {
        let isFetched = upstream.answeredAt != .min
        if let ttl = message.cacheableTTL {
            self.ttl = ttl
        } else if isFetched, message.mayBeKeptWithoutTTL {
            ttl = Self.defaultTTL
            showsTTL = false
        } else {
            return
        }
        frame = message.span.firstFrame
        time = message.span.firstTime
        began = isFetched ? upstream.answeredAt : upstream.time
        validUntil = began + Int64(ttl) * 1_000_000_000
    }

    /// What the cache held already when it answered a query of this time.
    ///
    /// - Parameter keepsTTL: The TTL does not tell how long the entry lives on.
    init?(shown message: Sighting, queriedAt: Int64, keepsTTL: Bool) {
        guard let ttl = message.cacheableTTL else { return nil }
        frame = message.span.firstFrame
        time = message.span.firstTime
        began = queriedAt
        self.ttl = ttl
        if !keepsTTL { validUntil = queriedAt + (Int64(ttl) - 1) * 1_000_000_000 }
    }
}
