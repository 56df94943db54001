/// What the capture knows of the cache's entry for one question with one setting of DO and CD.
struct StoredAnswer {
    /// The frame of the response that showed the entry.
    var frame: FrameNumber = 0
    /// When that response was seen; `.min` when there is no entry.
    var time: Int64 = .min
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

    /// Whether a TTL seen at this time is the entry's, to the second.
    ///
    /// - Parameter keepsTTL: Hits show the TTL that the entry began with (`keepttl`).
    func fits(ttl: UInt32, at now: Int64, keepsTTL: Bool) -> Bool {
        guard isKnown, showsTTL, now >= time else { return false }
        let age = keepsTTL ? 0 : (now - time) / 1_000_000_000
        return (Int64(ttl) + age - Int64(self.ttl)).magnitude <= 1
    }

    /// Whether its last second has passed: TTLs are whole seconds.
    func isOver(at now: Int64) -> Bool { now - time >= (Int64(ttl) + 1) * 1_000_000_000 }
}

extension StoredAnswer {
    /// What the cache holds after it fetched an answer and gave it to a client.
    init(fetched message: Sighting, by upstream: OpenQuery.Upstream) {
        let isFetched = upstream.answeredAt != .min
        let began = isFetched ? upstream.answeredAt : upstream.time
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
        validUntil = began + Int64(ttl) * 1_000_000_000
    }

    /// What the cache held already when it answered a query of this time.
    ///
    /// - Parameter keepsTTL: The TTL does not tell how long the entry lives on.
    init?(shown message: Sighting, queriedAt: Int64, keepsTTL: Bool) {
        guard let ttl = message.cacheableTTL else { return nil }
        frame = message.span.firstFrame
        time = message.span.firstTime
        self.ttl = ttl
        if !keepsTTL { validUntil = queriedAt + (Int64(ttl) - 1) * 1_000_000_000 }
    }
}
