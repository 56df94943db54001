/// An answer that is kept.
struct CacheEntry: Sendable {
    /// The question in lower case; two questions may share a hash.
    var foldedName: [UInt8]
    var type: UInt16
    var rcode: UInt16
    var recursionAvailable: Bool
    var authenticData: Bool
    var body: AnswerBody
    var kind: UpstreamAnswer.Kind
    /// TTL when it was stored, in seconds.
    var originalTTL: UInt32
    /// When it was stored, in nanoseconds of the monotonic clock.
    var storedAt: Int64
    /// Hits in a row with no longer gap between two than `prefetch` allows (plugin/cache/freq).
    var popularity = 0
    /// When the latest hit was counted, in nanoseconds of the monotonic clock.
    var lastHitAt: Int64 = .min

    /// What is left of the TTL at `now`, in seconds; 0 or less when the entry has expired.
    func remainingTTL(at now: Int64) -> Int64 {
        Int64(originalTTL) - max(0, now - storedAt) / 1_000_000_000
    }
}

/// One of a server block's two caches: 256 shards, each with random eviction (plugin/pkg/cache/cache.go).
struct CacheStore: Sendable {
    private static let shardCount = 256
    private var shards: [[UInt64: CacheEntry]]
    /// Entries that one shard holds at most.
    let shardCapacity: Int
    /// Entries in all shards.
    private(set) var count = 0

    /// A store for about `capacity` entries: 256 times the whole part of capacity/256, and at least 1024.
    init(capacity: Int) {
        shards = Array(repeating: [:], count: Self.shardCount)
        shardCapacity = max(capacity / Self.shardCount, 4)
    }

    /// The entry at `key`, expired or not.
    func entry(at key: UInt64) -> CacheEntry? {
        shards[Int(key & 0xFF)][key]
    }

    /// Counts a hit on the entry at `key` and gives all that were counted so far; 0 when there is no such entry.
    mutating func countHit(at key: UInt64, now: Int64, gapNanoseconds: Int64) -> Int {
        let index = Int(key & 0xFF)
        guard let entry = shards[index][key] else { return 0 }
        let isInRow = entry.lastHitAt >= now - gapNanoseconds
        let popularity = isInRow ? entry.popularity + 1 : 1
        shards[index][key]?.popularity = popularity
        shards[index][key]?.lastHitAt = now
        return popularity
    }

    /// Stores `entry`, overwriting what was at `key`; true when another entry had to make room.
    mutating func insert(
        _ entry: CacheEntry,
        at key: UInt64,
        evicts: Bool = true,
        random: inout SplitMix
    ) -> Bool {
        let index = Int(key & 0xFF)
        let isNew = shards[index][key] == nil
        var evicted = false
        if evicts, isNew, shards[index].count >= shardCapacity,
            let victim = shards[index].keys.randomElement(using: &random)
        {
            shards[index][victim] = nil
            evicted = true
        }
        shards[index][key] = entry
        if isNew, !evicted { count += 1 }
        return evicted
    }
}

/// A small seeded generator (SplitMix64), so that a run of the cache can be repeated.
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator whose sequence depends on `seed` alone.
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The 64-bit FNV-1 hash under which an entry is kept (plugin/cache/cache.go, `hash`).
struct CacheKey {
    /// The hash so far.
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The key of `query` by `rules`.
    init(_ query: ClientQuery, rules: CachingRules) {
        add(query.dnssecOK && rules.keyHasDO ? 0x31 : 0x30)
        add(query.checkingDisabled && rules.keyHasCD ? 0x31 : 0x30)
        let type = rules.keyHasType ? query.type : 0
        add(UInt8(type >> 8))
        add(UInt8(truncatingIfNeeded: type))
        let name = rules.keyKeepsCase ? query.name : query.foldedName
        for octet in rules.comparesText ? WireName.text(name) : name { add(octet) }
        if rules.keyHasClass {
            add(UInt8(query.qclass >> 8))
            add(UInt8(truncatingIfNeeded: query.qclass))
        }
        if rules.keyHasTransport { add(query.transport == .tcp ? 1 : 0) }
    }

    private mutating func add(_ octet: UInt8) {
        value = value &* 0x100_0000_01B3
        value ^= UInt64(octet)
    }
}
