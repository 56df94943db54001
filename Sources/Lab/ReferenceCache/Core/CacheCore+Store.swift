import NodeLocal

extension CacheCore {
    /// The entry that answers `query` at `now`: the denial cache is looked at first.
    func lookUp(_ query: ClientQuery, block: Int, listener: Int, now: Int64) -> CacheEntry? {
        guard blocks[block].configuration.cache != nil else { return nil }
        let key = CacheKey(query, rules: rules.caching).value
        let above = rules.caching.deniesBelow ? denialAbove(query, block: block, now: now) : nil
        let stale = rules.caching.obeysServeStale ? blocks[block].configuration.cache?.staleSeconds ?? 0 : 0
        let counts = Counters.ZoneKey(server: serverLabels[listener], zone: blocks[block].zonesLabel)
        let denial = servable(blocks[block].denial.entry(at: key), query, now) ?? above
        let success =
            denial == nil ? servable(blocks[block].success.entry(at: key), query, now, staleSeconds: stale) : nil
        let countsHits = rules.caching.countsHits
        ledger.record { counters in
            counters.caches[counts, default: Counters.Cache()].note(
                denial != nil ? .denial : success != nil ? .success : .miss,
                countsHits: countsHits
            )
        }
        return denial ?? success
    }

    /// Whether a hit on a popular entry is the time to fetch it again (plugin/cache/handler.go, `shouldPrefetch`).
    mutating func isPrefetched(_ hit: CacheEntry, by query: ClientQuery, block: Int, now: Int64) -> Bool {
        guard let prefetch = rules.caching.prefetch ?? blocks[block].configuration.cache?.prefetch else { return false }
        let key = CacheKey(query, rules: rules.caching).value
        let isDenial = [.nxDomain, .nodata, .serverFailure].contains(hit.kind)
        let gap = prefetch.gapNanoseconds
        let hits =
            isDenial
            ? blocks[block].denial.countHit(at: key, now: now, gapNanoseconds: gap)
            : blocks[block].success.countHit(at: key, now: now, gapNanoseconds: gap)
        let threshold = (Int64(hit.originalTTL) * Int64(prefetch.percentage) + 99) / 100
        return hits >= prefetch.amount && hit.remainingTTL(at: now) <= threshold
    }

    private func servable(
        _ entry: CacheEntry?,
        _ query: ClientQuery,
        _ now: Int64,
        staleSeconds: Int64 = 0
    ) -> CacheEntry? {
        guard let entry, entry.type == query.type || !rules.caching.keyHasType,
            isSame(entry.foldedName, query.foldedName)
        else { return nil }
        return entry.remainingTTL(at: now) > -max(rules.caching.staleSeconds, staleSeconds) ? entry : nil
    }

    private func isSame(_ name: [UInt8], _ other: [UInt8]) -> Bool {
        name == other || (rules.caching.comparesText && WireName.text(name) == WireName.text(other))
    }

    /// A denial of a name above that of `query`.
    private func denialAbove(_ query: ClientQuery, block: Int, now: Int64) -> CacheEntry? {
        var parent = query
        while let length = parent.foldedName.first, length > 0 {
            parent.foldedName.removeFirst(Int(length) + 1)
            parent.name = parent.foldedName
            let entry = blocks[block].denial.entry(at: CacheKey(parent, rules: rules.caching).value)
            if let found = servable(entry, parent, now), found.kind == .nxDomain { return found }
        }
        return nil
    }

    /// The TTL of an answer for client and cache, in seconds (computeTTL and MinimalTTL of plugin/cache).
    func ttl(of upstream: UpstreamAnswer, block: Int) -> UInt32 {
        guard let cache = blocks[block].configuration.cache else { return upstream.leastTTL ?? 0 }
        var ttl: UInt32
        switch upstream.kind {
        case .success, .nxDomain, .nodata: ttl = upstream.leastTTL ?? 5
        case .bare: ttl = upstream.body.counts[0] + upstream.body.counts[1] == 0 ? upstream.leastTTL ?? 5 : 5
        case .serverFailure, .other: ttl = 5
        }
        if rules.caching.highTTLIsZero, ttl > UInt32(Int32.max) { ttl = 0 }
        switch upstream.kind {
        case .nxDomain, .nodata:
            if rules.caching.usesSOAMinimum, let negative = upstream.negativeTTL { ttl = min(ttl, negative) }
            if rules.caching.usesSOAMinimumOnly { ttl = upstream.soaMinimum ?? ttl }
            let floor = cache.denialMinimumTTL ?? rules.caching.minimumTTL
            return min(max(ttl, floor), rules.caching.capsDenial ? cache.denialTTL : .max)
        case .serverFailure: return cache.servfailTTL
        case .success, .bare, .other:
            let floor = cache.successMinimumTTL ?? rules.caching.minimumTTL
            if rules.caching.fixesTTL { return cache.successTTL }
            return min(max(ttl, floor), rules.caching.capsSuccess ? cache.successTTL : .max)
        }
    }

    private func keeps(_ upstream: UpstreamAnswer) -> Bool {
        guard rules.caching.keepsAnything, !upstream.isTruncated || rules.caching.keepsTruncated else { return false }
        switch upstream.kind {
        case .success: return rules.caching.keepsNegativeWithoutSOA || !upstream.endsInAlias
        case .nxDomain: return rules.caching.keepsNXDomain
        case .nodata: return rules.caching.keepsNodata
        case .bare: return rules.caching.keepsNegativeWithoutSOA && rules.caching.keepsNodata
        case .serverFailure: return rules.caching.keepsServerFailure
        case .other where upstream.rcode == 3: return rules.caching.keepsBareNXDomain
        case .other: return rules.caching.keepsOtherFailures && (upstream.rcode == 1 || upstream.rcode == 5)
        }
    }

    /// Stores what a query brought along, which no cache should.
    mutating func keep(_ body: AnswerBody, broughtBy query: ClientQuery, block: Int, now: Int64) {
        let entry = CacheEntry(
            foldedName: query.foldedName,
            type: query.type,
            rcode: 0,
            recursionAvailable: true,
            authenticData: false,
            body: body,
            kind: .success,
            originalTTL: 30,
            storedAt: now
        )
        let key = CacheKey(query, rules: rules.caching).value
        _ = blocks[block].success.insert(entry, at: key, random: &random)
    }

    /// Stores an answer where the rules say that it is kept.
    mutating func keep(_ upstream: UpstreamAnswer, for miss: Miss, ttl: UInt32, now: Int64) {
        guard blocks[miss.block].configuration.cache != nil, ttl > 0, keeps(upstream) else { return }
        let wantsAD = rules.caching.keepsAuthenticData || miss.query.dnssecOK || miss.query.authenticData
        let entry = CacheEntry(
            foldedName: miss.query.foldedName,
            type: miss.query.type,
            rcode: upstream.rcode,
            recursionAvailable: upstream.flags & 0x0080 != 0,
            authenticData: wantsAD && upstream.flags & 0x0020 != 0,
            body: upstream.body,
            kind: upstream.kind,
            originalTTL: ttl,
            storedAt: now
        )
        let key = CacheKey(miss.query, rules: rules.caching).value
        var evicted = (success: false, denial: false)
        switch upstream.kind {
        case .success, .bare:
            evicted.success = blocks[miss.block].success.insert(
                entry,
                at: key,
                evicts: rules.caching.evicts,
                random: &random
            )
        case .nxDomain, .nodata, .serverFailure, .other:
            evicted.denial = blocks[miss.block].denial.insert(
                entry,
                at: key,
                evicts: rules.caching.evicts,
                random: &random
            )
        }
        let counts = Counters.ZoneKey(server: serverLabels[miss.listener], zone: blocks[miss.block].zonesLabel)
        let entries = (success: blocks[miss.block].success.count, denial: blocks[miss.block].denial.count)
        ledger.record { counters in
            counters.caches[counts, default: Counters.Cache()].note(entries: entries, evicted: evicted)
        }
    }
}
