import DNSWire

extension Prover {
    /// Whether each zone with a cache answers a repeated question from it, and lets entries age and expire.
    ///
    /// Violations are: a repeated question within its TTL went upstream; a TTL above the cap; a TTL that did not
    /// go down with the seconds (± 1); an entry served after it had expired.
    package static func cache(
        zones: [ProofZone],
        observation: Observation,
        requirements: ProofRequirements = ProofRequirements()
    ) -> [Proof] {
        var finder = ZoneFinder(zones)
        var tallies = zones.map { CacheTally(zone: $0) }
        for exchange in observation.join.exchanges {
            let name = observation.records[exchange.query].qname
            guard let position = finder.position(of: name) else { continue }
            tallies[position].add(exchange, observation.records)
        }
        return tallies.compactMap { tally in
            guard tally.zone.isCached else { return nil }
            return tally.judge(observation: observation, requirements: requirements)
        }
    }
}

/// What one zone's exchanges say about its cache.
private struct CacheTally {
    private struct Kind {
        var stored = 0
        var hits = 0
        /// Hits late enough that a TTL which stands still differs by two.
        var agedHits = 0
        var refetches = 0
    }

    let zone: ProofZone
    private var success = Kind()
    private var denial = Kind()
    private var questions: Set<DNSName> = []
    private var queries = 0
    private var warmHits = 0
    private var early: [Evidence] = []
    private var overCap: [Evidence] = []
    private var wrongAge: [Evidence] = []
    private var stale: [Evidence] = []
    private var witnesses: [Evidence] = []

    init(zone: ProofZone) {
        self.zone = zone
    }

    mutating func add(_ exchange: Exchange, _ records: [MessageRecord]) {
        queries += 1
        questions.insert(records[exchange.query].qname)
        guard let responseIndex = exchange.response else { return }
        let response = records[responseIndex]
        guard let ttl = Join.cacheableTTL(response) else { return }
        let isDenial = response.rcode == .nxDomain || response.answerCount == 0
        checkCap(response, isDenial: isDenial)
        var kind = isDenial ? denial : success
        switch exchange.outcome {
        case .miss:
            kind.stored += 1
            if exchange.storedBy != nil { kind.refetches += 1 }
        case .earlyMiss:
            kind.stored += 1
            if !exchange.isConcurrent { addEarly(exchange, records) }
        case .hit:
            kind.hits += 1
            if let age = exchange.ageNanoseconds, let stored = exchange.storedTTL {
                if age >= 2_000_000_000 { kind.agedHits += 1 }
                checkAge(response, ttl: ttl, stored: stored, ageNanoseconds: age)
            }
        case .stale:
            let text =
                "served \(Self.seconds(exchange.ageNanoseconds ?? 0)) s after a TTL of \(exchange.storedTTL ?? 0)"
            stale.append(Evidence(response, note: text))
        case .warmHit: warmHits += 1
        case .coalesced, .local, .unanswered: break
        }
        if isDenial { denial = kind } else { success = kind }
    }

    private mutating func checkCap(_ response: MessageRecord, isDenial: Bool) {
        let cap = isDenial ? zone.denialTTLCap : zone.successTTLCap
        guard let highest = response.ttlRange?.upperBound, highest > cap else { return }
        overCap.append(Evidence(response, note: "TTL \(highest), above the cap of \(cap)"))
    }

    private mutating func addEarly(_ exchange: Exchange, _ records: [MessageRecord]) {
        guard let upstream = exchange.upstream.first, let storedBy = exchange.storedBy else { return }
        let age = records[exchange.query].realtimeNanoseconds - records[storedBy].realtimeNanoseconds
        let note =
            "asked upstream again \(Self.seconds(age)) s after frame \(records[storedBy].frame) had stored it "
            + "for \(exchange.storedTTL ?? 0) s"
        early.append(Evidence(records[upstream], note: note))
    }

    private mutating func checkAge(_ response: MessageRecord, ttl: UInt32, stored: UInt32, ageNanoseconds: Int64) {
        let expected = Int64(stored) - ageNanoseconds / 1_000_000_000
        let note = "TTL \(ttl) at an age of \(Self.seconds(ageNanoseconds)) s, stored with \(stored)"
        if (Int64(ttl) - expected).magnitude > 1 {
            wrongAge.append(Evidence(response, note: "\(note): should be \(max(expected, 0)) ± 1"))
        } else {
            witnesses.append(Evidence(response, note: "hit, \(note)"))
        }
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        let tenths = nanoseconds / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }

    func judge(observation: Observation, requirements: ProofRequirements) -> Proof {
        func proof(_ verdict: ProofVerdict, _ reason: String, _ evidence: [Evidence]) -> Proof {
            Proof(
                id: "cache:\(zone.name)",
                verdict: verdict,
                reason: reason,
                evidence: Array(evidence.prefix(requirements.evidenceLimit))
            )
        }
        // Random eviction starts long before the cache is full: 256 shards of equal size (coredns plugin/pkg/cache).
        let mayEvict = questions.count > zone.capacity / 4
        var faults: [String] = []
        if !early.isEmpty, !mayEvict {
            faults.append("\(early.count) repeated questions went upstream within their TTL")
        }
        if !overCap.isEmpty { faults.append("\(overCap.count) answers had a TTL above the cap") }
        if !wrongAge.isEmpty { faults.append("\(wrongAge.count) hits had a TTL that does not fit their age") }
        if !stale.isEmpty, observation.losses.isEmpty {
            faults.append("\(stale.count) answers were served after they had expired")
        }
        let counts =
            "\(queries) queries, \(success.stored) stored and \(success.hits) repeated with records, "
            + "\(denial.stored) stored and \(denial.hits) repeated denials, "
            + "\(success.refetches + denial.refetches) fetched anew after expiry"
        if !faults.isEmpty {
            let shown = (mayEvict ? [] : early) + overCap + wrongAge + (observation.losses.isEmpty ? stale : [])
            return proof(.violated, faults.joined(separator: "; ") + " (\(counts)).", shown)
        }
        if !observation.losses.isEmpty {
            return proof(.inconclusive, "Not everything was seen: \(observation.losses).", [])
        }
        if !early.isEmpty {
            let reason =
                "\(early.count) repeated questions went upstream, but \(questions.count) names can evict each other."
            return proof(.inconclusive, reason, early)
        }
        if success.stored + denial.stored == 0 {
            return proof(.inconclusive, "No cacheable answer was seen to be stored (\(counts)).", [])
        }
        for (kind, what) in [(success, "answers with records"), (denial, "denials")] where kind.stored > 0 {
            if kind.hits == 0 {
                return proof(.inconclusive, "No repeated question for \(what) (\(counts)).", witnesses)
            }
        }
        if success.hits + denial.hits < requirements.minimumHits {
            let reason =
                "Only \(success.hits + denial.hits) repeated questions; \(requirements.minimumHits) are needed."
            return proof(.inconclusive, reason, witnesses)
        }
        if success.agedHits + denial.agedHits == 0 {
            return proof(
                .inconclusive,
                "No hit was old enough to show that the TTL counts down (\(counts)).",
                witnesses
            )
        }
        return proof(.proven, "\(counts); no upstream query within a TTL.", witnesses)
    }
}
