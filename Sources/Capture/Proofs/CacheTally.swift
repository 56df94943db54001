import DNSWire

/// What one zone's exchanges say about its cache.
struct CacheTally: Sendable {
    private struct Kind {
        var stored: UInt64 = 0
        var hits: UInt64 = 0
        /// Hits late enough that a TTL which stands still differs by two.
        var agedHits: UInt64 = 0
        var refetches: UInt64 = 0
    }

    /// Remarks of one kind: all are counted, the first ones kept.
    private struct Remarks {
        var count: UInt64 = 0
        var kept: [Evidence] = []
    }

    let zone: ProofZone
    private let limit: Int
    private var success = Kind()
    private var denial = Kind()
    /// Different questions that clients asked.
    var questions: UInt64 = 0
    var queries: UInt64 = 0
    /// How the TTLs of its hits went down.
    private(set) var decay = TTLDecay()
    private var early = Remarks()
    private var overCap = Remarks()
    private var wrongAge = Remarks()
    private var stale = Remarks()
    private var witnesses = Remarks()

    init(zone: ProofZone, limit: Int) {
        self.zone = zone
        self.limit = limit
    }

    /// Takes an answered query.
    mutating func close(_ exchange: Exchange, response: Sighting, name: RawSpan) {
        queries += 1
        guard let ttl = response.cacheableTTL else { return }
        let isDenial = response.isDenial
        checkCap(response, isDenial: isDenial, name: name)
        switch exchange.outcome {
        case .miss, .verified:
            add(isDenial, \.stored)
            if exchange.stored.isKnown { add(isDenial, \.refetches) }
        case .earlyMiss:
            add(isDenial, \.stored)
            if !exchange.isConcurrent { addEarly(exchange, response, name: name) }
        case .hit:
            add(isDenial, \.hits)
            if exchange.queriedAt - exchange.stored.time >= 2_000_000_000 { add(isDenial, \.agedHits) }
            // Who asked before the entry was seen can have been answered from the one before it.
            if exchange.queriedAt >= exchange.stored.time { checkAge(exchange, response, ttl: ttl, name: name) }
        case .stale:
            stale.count += 1
            if stale.kept.count < limit {
                let age = response.span.firstTime - exchange.stored.time
                let note = "served \(Self.seconds(age)) s after a TTL of \(exchange.stored.ttl)"
                stale.kept.append(Evidence(response, name: name, note: note))
            }
        case .warmHit, .coalesced, .local, .unanswered: break
        }
    }

    private mutating func add(_ isDenial: Bool, _ field: WritableKeyPath<Kind, UInt64>) {
        if isDenial { denial[keyPath: field] += 1 } else { success[keyPath: field] += 1 }
    }

    private mutating func checkCap(_ response: Sighting, isDenial: Bool, name: RawSpan) {
        let cap = isDenial ? zone.denialTTLCap : zone.successTTLCap
        guard response.scan.highestTTL > cap else { return }
        overCap.count += 1
        guard overCap.kept.count < limit else { return }
        let note = "TTL \(response.scan.highestTTL), above the cap of \(cap)"
        overCap.kept.append(Evidence(response, name: name, note: note))
    }

    private mutating func addEarly(_ exchange: Exchange, _ response: Sighting, name: RawSpan) {
        guard let upstream = exchange.upstream else { return }
        early.count += 1
        guard early.kept.count < limit else { return }
        let age = exchange.queriedAt - exchange.stored.time
        var query = response
        query.scan.flags = 0
        query.span.firstFrame = upstream.frame
        query.span.firstTime = upstream.time
        query.transport = upstream.transport
        query.source = upstream.source
        query.destination = upstream.destination
        let note =
            "asked upstream again \(Self.seconds(age)) s after frame \(exchange.stored.frame) had stored it "
            + "for \(exchange.stored.ttl) s"
        early.kept.append(Evidence(query, name: name, note: note))
    }

    private mutating func checkAge(_ exchange: Exchange, _ response: Sighting, ttl: UInt32, name: RawSpan) {
        let stored = exchange.stored
        let answered = response.span.firstTime
        let possible = stored.possibleTTLs(asked: exchange.queriedAt, answered: answered, keepsTTL: zone.keepsTTL)
        let isWrong = !possible.contains(Int64(ttl))
        if isWrong { wrongAge.count += 1 } else { witnesses.count += 1 }
        decay.add(age: answered - stored.time, stored: stored.ttl, shown: ttl, isWrong: isWrong)
        guard (isWrong ? wrongAge : witnesses).kept.count < limit else { return }
        let note = "TTL \(ttl) at an age of \(Self.seconds(answered - stored.time)) s, stored with \(stored.ttl)"
        if isWrong {
            let middle = possible.lowerBound + 1
            let should =
                possible.count == 3
                ? "\(max(middle, 0)) ± 1" : "\(max(possible.lowerBound, 0)) to \(max(possible.upperBound, 0))"
            wrongAge.kept.append(Evidence(response, name: name, note: "\(note): should be \(should)"))
        } else {
            witnesses.kept.append(Evidence(response, name: name, note: "hit, \(note)"))
        }
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        let tenths = nanoseconds / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Whether the cache answers repeated questions from its entries, and lets them age and expire.
    ///
    /// Violations are: a repeated question within its TTL went upstream; a TTL above the cap; a TTL that did not go
    /// down with the seconds (± 1); an entry served after it had expired.
    func judge(losses: CaptureLosses, requirements: ProofRequirements) -> Proof {
        func proof(_ verdict: ProofVerdict, _ reason: String, _ evidence: [Evidence]) -> Proof {
            Proof(
                id: "cache:\(zone.name)",
                verdict: verdict,
                reason: reason,
                evidence: Array(evidence.prefix(requirements.evidenceLimit))
            )
        }
        // Random eviction starts long before the cache is full: 256 shards of equal size (coredns plugin/pkg/cache).
        let mayEvict = questions > UInt64(zone.capacity / 4)
        var faults: [String] = []
        if early.count > 0, !mayEvict {
            faults.append("\(early.count) repeated questions went upstream within their TTL")
        }
        if overCap.count > 0 { faults.append("\(overCap.count) answers had a TTL above the cap") }
        // Without any fetch in sight, the capture does not know where this zone's upstream is.
        let isBlind = success.stored + denial.stored == 0
        let isStale = stale.count > 0 && !zone.servesStale
        if wrongAge.count > 0, !isBlind {
            faults.append("\(wrongAge.count) hits had a TTL that does not fit their age")
        }
        if isStale, losses.isEmpty, !isBlind {
            faults.append("\(stale.count) answers were served after they had expired")
        }
        let counts =
            "\(queries) queries, \(success.stored) stored and \(success.hits) repeated with records, "
            + "\(denial.stored) stored and \(denial.hits) repeated denials, "
            + "\(success.refetches + denial.refetches) fetched anew after expiry"
        if !faults.isEmpty {
            let shown =
                (mayEvict ? [] : early.kept) + overCap.kept + (isBlind ? [] : wrongAge.kept)
                + (isStale && losses.isEmpty && !isBlind ? stale.kept : [])
            return proof(.violated, faults.joined(separator: "; ") + " (\(counts)).", shown)
        }
        if !losses.isEmpty { return proof(.inconclusive, "Not everything was seen: \(losses).", []) }
        if early.count > 0 {
            let reason = "\(early.count) repeated questions went upstream, but \(questions) names can evict each other."
            return proof(.inconclusive, reason, early.kept)
        }
        if isBlind, wrongAge.count + stale.count > 0 {
            let reason =
                "\(wrongAge.count + stale.count) answers do not fit what was stored before, but no fetch of this zone "
                + "was seen: are these the addresses of its upstream? (\(counts))"
            return proof(.inconclusive, reason, [])
        }
        if isBlind {
            return proof(.inconclusive, "No cacheable answer was seen to be stored (\(counts)).", [])
        }
        for (kind, what) in [(success, "answers with records"), (denial, "denials")] where kind.stored > 0 {
            if kind.hits == 0 {
                return proof(.inconclusive, "No repeated question for \(what) (\(counts)).", witnesses.kept)
            }
        }
        let hits = success.hits + denial.hits
        if hits < UInt64(requirements.minimumHits) {
            let reason = "Only \(hits) repeated questions; \(requirements.minimumHits) are needed."
            return proof(.inconclusive, reason, witnesses.kept)
        }
        if success.agedHits + denial.agedHits == 0 {
            let reason = "No hit was old enough to show that the TTL counts down (\(counts))."
            return proof(.inconclusive, reason, witnesses.kept)
        }
        return proof(.proven, "\(counts); no upstream query within a TTL.", witnesses.kept)
    }
}
