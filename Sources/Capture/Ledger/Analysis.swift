import DNSWire
import Measure

/// Pairs messages and says of each client query how the cache came by its answer, as they come, in bounded memory.
struct Analysis: ~Copyable {
    /// At the end of a capture a younger query is not called lost: stub resolvers wait longer than that.
    private static let patienceNanoseconds: Int64 = 1_000_000_000

    private(set) var joins: Joins
    private(set) var ledger = Ledger()
    private(set) var latencies = CacheLatencies()
    private(set) var tallies: ZoneTallies
    private var pairs = PairTable()
    private var faults = FaultBook()
    private var bypass = BypassClients()

    /// What was found so far.
    var findings: CaptureFindings {
        CaptureFindings(
            ledger: ledger,
            latencies: latencies,
            faults: faults,
            bypass: bypass,
            tallies: tallies,
            forgottenAnswers: joins.questions.evictedValid
        )
    }

    init(zones: [ProofZone], requirements: ProofRequirements, limits: CaptureLimits, seed: HashSeed) {
        joins = Joins(limits: limits, seed: seed)
        tallies = ZoneTallies(zones: zones, requirements: requirements)
    }

    /// Whether a client waits for the answer to a question.
    func isAwaited(_ question: Key128) -> Bool {
        let place = joins.questions.find(question)
        return place >= 0 && joins.questions[place].waiting > 0
    }

    /// Takes one message; its side, when the pairing tells better than its addresses, is corrected.
    ///
    /// - Parameter name: The question's name in wire form.
    mutating func accept(_ message: inout Sighting, name: RawSpan) {
        let now = message.span.lastTime
        let limit = now &- TransactionTable.lifetimeNanoseconds
        while let place = joins.transactions.overdue(before: limit) { giveUp(place, before: limit) }
        if joins.transactions.lacksRoom(for: message), let oldest = joins.transactions.first {
            giveUp(oldest, before: limit)
        }
        switch joins.transactions.accept(message) {
        case .opened(let place): takeQuery(message, at: place, name: name)
        case .skewed(let place, let early):
            var response = joins.transactions.early[early]
            takeQuery(message, at: place, name: name)
            response.side = message.side
            takeResponse(response, to: place, name: name)
            joins.transactions.release(place)
        case .retransmission: takeRetransmission(message, name: name)
        case .matched(let place):
            let side = joins.transactions.pool[place].side
            // Behind address translation a response has its query's side, whatever its addresses look like.
            if side != message.side {
                message.isTranslated = true
                message.side = side
            }
            takeResponse(message, to: place, name: name)
            joins.transactions.release(place)
        case .unsolicited:
            message.isUnsolicited = true
            if message.side == .upstream, message.scan.questionCount > 0, message.probe == nil {
                takeStrayResponse(message, name: name)
            }
        }
    }

    /// Ends the capture: what waits is unanswered.
    ///
    /// - Parameter end: Until when it was looked, nanoseconds since the Unix epoch: a query that came just before may
    ///   have its answer still to come, and its silence is no fault.
    mutating func finish(at end: Int64) {
        while let place = joins.transactions.first {
            let isYoung = end &- joins.transactions.pool[place].time < Self.patienceNanoseconds
            giveUp(place, before: .max, isFault: !isYoung)
        }
    }

    private mutating func giveUp(_ place: Int, before limit: Int64, isFault: Bool = true) {
        joins.transactions.countGivenUp(before: limit, at: place)
        let open = joins.transactions.pool[place]
        if open.side == .upstream { ledger.upstreamUnanswered += 1 }
        if open.stage != .none {
            joins.close(place)
            let question = Int(open.question)
            if isFault { noteUnanswered(open, question: question) }
            close(
                Exchange(
                    outcome: .unanswered,
                    queriedAt: open.time,
                    upstream: open.upstreamIfAny,
                    isConcurrent: open.isConcurrent
                ),
                question: question,
                response: nil,
                name: nil
            )
        }
        joins.transactions.release(place)
    }

    private mutating func noteUnanswered(_ open: OpenQuery, question: Int) {
        if open.upstreamCount == 0 {
            note(.queryLost, open, question, "no answer, and no upstream query")
        } else if open.upstream.answeredAt == .min {
            note(.upstreamSilent, open, question, "no answer, nor one to upstream frame \(open.upstream.frame)")
        } else {
            note(.answerLost, open, question, "no answer, although upstream frame \(open.upstream.frame) had one")
        }
        if open.isTwinAnswered { note(.pairHalfLost, open, question, "no answer, and its twin has one") }
    }

    private mutating func note(
        _ fault: FaultSignature,
        _ open: OpenQuery,
        _ question: Int,
        _ note: @autoclosure () -> String
    ) {
        guard faults.wants(fault) else { return faults.add(fault, nil) }
        let text =
            "frame \(open.frame) \(open.transport == .tcp ? "TCP" : "UDP") from \(open.clientEnd) "
            + "\(RecordType(rawValue: joins.questions[question].type)) \(joins.questions.name(question)): \(note())"
        faults.add(fault, Evidence(frame: open.frame, realtimeNanoseconds: open.time, text: text))
    }

    private mutating func note(_ fault: FaultSignature, _ message: Sighting, name: RawSpan, _ note: String = "") {
        faults.add(fault, faults.wants(fault) ? Evidence(message, name: name, note: note) : nil)
    }

    // MARK: Queries

    private mutating func takeQuery(_ message: Sighting, at place: Int, name: RawSpan) {
        guard message.scan.questionCount > 0 else { return }
        switch message.side {
        case .client:
            // The loop plugin asks the cache itself; it is no client.
            guard message.probe != .loopProbe else { return }
            let question = question(of: message, name: name)
            ledger.clientQueries += 1
            ledger.waiting += 1
            guard question >= 0 else {
                // No room to know its question: it cannot be joined, and is nobody's hit or miss.
                ledger.waiting -= 1
                ledger.local += 1
                return
            }
            if !joins.questions[question].wasAsked {
                joins.questions[question].wasAsked = true
                tallies.firstAsked(joins.questions[question])
            }
            tallies.asked(joins.questions[question])
            joins.open(place, question: question)
            joinTwin(message, at: place)
        case .upstream: takeUpstreamQuery(message, at: place, name: name)
        case .bypass: takeBypass(message, name: name)
        case .foreign: break
        }
    }

    private mutating func joinTwin(_ message: Sighting, at place: Int) {
        let own = PairTable.Reference(place: Int32(place), generation: joins.transactions.pool[place].generation)
        guard let twin = pairs.twin(of: message, at: own) else { return }
        joins.transactions.pool[place].twin = twin
        let other = Int(twin.place)
        if joins.transactions.pool[other].generation == twin.generation {
            joins.transactions.pool[other].twin = own
        } else {
            // Its place is free: it was answered already.
            joins.transactions.pool[place].isTwinAnswered = true
        }
    }

    private mutating func takeBypass(_ message: Sighting, name: RawSpan) {
        guard !message.isTranslated else { return }
        ledger.bypassQueries += 1
        bypass.count(message.source.address)
        note(.bypass, message, name: name, "past the cache")
    }

    private mutating func takeRetransmission(_ message: Sighting, name: RawSpan) {
        guard message.scan.questionCount > 0 else { return }
        switch message.side {
        case .client: if message.probe != .loopProbe { ledger.clientRetransmissions += 1 }
        case .upstream:
            ledger.countUpstream(message.transport)
            ledger.upstreamRetries += 1
        case .bypass: takeBypass(message, name: name)
        case .foreign: break
        }
    }

    private mutating func takeUpstreamQuery(_ message: Sighting, at place: Int, name: RawSpan) {
        ledger.countUpstream(message.transport)
        let question = question(of: message, name: name)
        let client = question < 0 ? -1 : joins.attach(message, at: place, question: question)
        let isJoined = client >= 0
        if !isJoined {
            switch message.probe {
            case .healthCheck: ledger.healthChecks += 1
            case .loopProbe: ledger.loopProbes += 1
            case nil:
                let isValid =
                    question >= 0
                    && joins.questions[question].stored[message.variant].isValid(at: message.span.firstTime)
                count(isValid ? \.prefetches : \.orphans, question)
            }
        } else if joins.transactions.pool[client].upstreamCount > 1 {
            count(\.upstreamRetries, question)
        }
        guard question >= 0 else { return }
        tallies.upstreamQuery(message, joins.questions[question], isJoined: isJoined, name: name)
        guard isJoined, joins.transactions.pool[client].upstreamCount == 1 else { return }
        // Misses side by side for one question, until one comes alone.
        let isConcurrent = joins.transactions.pool[client].isConcurrent
        joins.questions[question].stampede = isConcurrent ? joins.questions[question].stampede + 1 : 1
        ledger.largestStampede = max(ledger.largestStampede, UInt64(joins.questions[question].stampede))
    }

    // MARK: Responses

    private mutating func takeResponse(_ message: Sighting, to place: Int, name: RawSpan) {
        let open = joins.transactions.pool[place]
        switch message.side {
        case .upstream:
            latencies.countUpstream(message.transport, message.span.lastTime - open.time)
            if open.question >= 0 { takeUpstreamResponse(message, to: open) }
        case .client where open.stage != .none: takeClientResponse(message, to: place, open, name: name)
        default: break
        }
    }

    private mutating func takeUpstreamResponse(_ message: Sighting, to open: OpenQuery) {
        let question = Int(open.question)
        // The question can have lost its place while nobody waited for it.
        guard joins.questions[question].key == message.scan.questionKey else { return }
        let now = message.span.lastTime
        joins.questions[question].upstreamEnded = now
        let isAwaited = joins.answer(message, to: open)
        // What the next hit shows is no longer what was stored before; without a client it is a prefetch.
        if !message.isTruncated, isAwaited || message.cacheableTTL != nil { joins.questions[question].refilledAt = now }
    }

    private mutating func takeClientResponse(_ message: Sighting, to place: Int, _ open: OpenQuery, name: RawSpan) {
        let question = Int(open.question)
        joins.close(place)
        let twin = open.twin
        if twin.place >= 0, joins.transactions.pool[Int(twin.place)].generation == twin.generation {
            joins.transactions.pool[Int(twin.place)].isTwinAnswered = true
        }
        if message.scan.flags & 0x0200 != 0 {
            note(.truncated, message, name: name, "TC")
        } else if message.scan.rcode == 2 {
            note(.servfail, message, name: name)
        }
        let variant = Int(open.variant)
        let known = joins.questions[question].stored[variant]
        let zone = tallies.zone(of: joins.questions[question])
        // Only what was there when the query came can have answered it for sure.
        let fitsFormer =
            open.time >= known.time
            && (message.cacheableTTL.map { ttl in
                known.fits(
                    ttl: ttl,
                    asked: open.time,
                    answered: message.span.firstTime,
                    keepsTTL: zone?.keepsTTL ?? false
                )
            } ?? false)
        // An answer that was lost on its way to the client still filled the cache: what was known before no longer is.
        let isRefilled = joins.questions[question].refilledAt > known.time
        var open = open
        let isFromEntry = settle(&open, message, known: known, fitsFormer, isRefilled, zone)
        let hasUpstream = open.upstreamCount > 0 && !isFromEntry
        // Who asked before the entry was filled anew can have got what was there before.
        let isFromFormer = fitsFormer && open.time <= joins.questions[question].refilledAt
        let stored = !hasUpstream && isRefilled && !isFromFormer ? StoredAnswer() : known
        var exchange = Exchange(
            outcome: .miss,
            queriedAt: open.time,
            upstream: hasUpstream ? open.upstream : nil,
            stored: stored,
            isConcurrent: open.isConcurrent,
            fillWasSeen: isRefilled || !stored.showsTTL
        )
        if hasUpstream {
            joins.questions[question].refilledAt = .min
            exchange.outcome = outcomeWithUpstream(open, stored: stored, zone)
        } else {
            exchange.outcome = outcomeWithoutUpstream(message, open, stored: stored, isFromEntry: isFromEntry)
        }
        switch exchange.outcome {
        case .miss, .earlyMiss, .verified, .coalesced, .warmHit:
            if hasUpstream {
                joins.questions[question].stored[variant] = StoredAnswer(fetched: message, by: open.upstream)
            } else if let shown = StoredAnswer(shown: message, queriedAt: open.time, keepsTTL: zone?.keepsTTL ?? false)
            {
                joins.questions[question].stored[variant] = shown
            }
        case .hit, .stale, .local, .unanswered: break
        }
        latencies.countClient(exchange, answeredAt: message.span.lastTime)
        close(exchange, question: question, response: message, name: name)
    }

    /// Corrects which upstream query a client's query caused, now that its answer is there.
    ///
    /// - Returns: Whether the answer came from an entry, and the upstream query that the client had was not made for it.
    private mutating func settle(
        _ open: inout OpenQuery,
        _ message: Sighting,
        known: StoredAnswer,
        _ fitsFormer: Bool,
        _ isRefilled: Bool,
        _ zone: ProofZone?
    ) -> Bool {
        if open.upstreamCount == 0 {
            guard !fitsFormer, let ttl = message.cacheableTTL else { return false }
            let claimed = joins.claim(open, for: message) { zone?.gives(ttl, to: $0) ?? false }
            if let claimed {
                open.upstream = claimed
                open.upstreamCount = 1
            }
            return false
        }
        let question = Int(open.question)
        guard open.upstreamCount == 1,
            isFromEntry(message, not: open.upstream, known: known, fitsFormer, isRefilled, zone)
        else { return false }
        let (upstream, variant) = (open.upstream, Int(open.variant))
        if joins.hand(upstream, question: question, variant: variant) { return true }
        if !fitsFormer, let other = joins.trade(open, for: message) {
            open.upstream = other
            return false
        }
        if joins.moveUp(upstream, question: question, variant: variant) { return true }
        count(\.prefetches, question)
        return true
    }

    /// Whether a client got its answer from an entry, and not by the upstream query that seemed to be made for it.
    ///
    /// That one was made for another client then, or renews the entry (prefetch, serve_stale). It is so when the answer
    /// came first and its TTL says so, too, as frames of two interfaces can change places; or when upstream's answer
    /// was there, and the client's has another TTL than the cache would have given to it, and the entry's.
    private func isFromEntry(
        _ message: Sighting,
        not upstream: OpenQuery.Upstream,
        known: StoredAnswer,
        _ fits: Bool,
        _ isRefilled: Bool,
        _ zone: ProofZone?
    ) -> Bool {
        guard let ttl = message.cacheableTTL else { return false }
        if upstream.repliedAt == .min { return ttl == 0 || isRefilled || fits }
        guard upstream.answeredAt != .min, let zone else { return false }
        if zone.gives(ttl, to: upstream) { return false }
        return fits || ttl == 0 && known.isKnown
    }

    private func outcomeWithUpstream(_ open: OpenQuery, stored: StoredAnswer, _ zone: ProofZone?) -> ExchangeOutcome {
        guard stored.isKnown, stored.showsTTL else { return .miss }
        // The cache looked for the entry between the client's query and its own.
        if stored.isValid(at: open.time), stored.isValid(at: open.upstream.time) { return .earlyMiss }
        let window = zone?.verifiesStaleNanoseconds ?? 0
        let end = stored.time + Int64(stored.ttl) * 1_000_000_000
        return window > 0 && open.time >= stored.time && open.time - end < window ? .verified : .miss
    }

    private func outcomeWithoutUpstream(
        _ message: Sighting,
        _ open: OpenQuery,
        stored: StoredAnswer,
        isFromEntry: Bool
    ) -> ExchangeOutcome {
        let ttl = message.cacheableTTL
        if stored.isKnown, stored.showsTTL || ttl == nil {
            if !stored.isOver(at: open.time) { return .hit }
        }
        let question = Int(open.question)
        let (began, ended) = (joins.questions[question].upstreamBegan, joins.questions[question].upstreamEnded)
        let isUnderWay = began != .min && (began > ended || ended >= open.time)
        if isUnderWay, !isFromEntry, ttl != 0 { return .coalesced }
        // CoreDNS sets AA in all that comes from its cache, and in nothing that it says for itself.
        guard ttl != nil || message.mayBeKeptWithoutTTL && message.scan.flags & 0x0400 != 0 else { return .local }
        return ttl != nil && stored.isKnown && stored.showsTTL ? .stale : .warmHit
    }

    private mutating func takeStrayResponse(_ message: Sighting, name: RawSpan) {
        guard message.transport == .udp else { return }
        let question = question(of: message, name: name)
        if question >= 0 { tallies.strayResponse(message, joins.questions[question], name: name) }
    }

    private mutating func count(_ field: WritableKeyPath<Ledger, UInt64>, _ question: Int) {
        ledger[keyPath: field] += 1
        if question >= 0 { tallies.unjoined(field, joins.questions[question]) }
    }

    private mutating func close(_ exchange: Exchange, question: Int, response: Sighting?, name: RawSpan?) {
        ledger.count(exchange)
        if let response, let name {
            tallies.close(exchange, joins.questions[question], response: response, name: name)
        } else {
            tallies.unanswered(exchange, joins.questions[question])
        }
    }

    // MARK: Questions

    private mutating func question(of message: Sighting, name: RawSpan) -> Int {
        let key = message.scan.questionKey
        let known = joins.questions.find(key)
        if known >= 0 {
            joins.questions[known].isRecent = true
            return known
        }
        let place = joins.questions.insert(key, name: name, at: message.span.lastTime)
        if place >= 0 {
            joins.questions[place].type = message.scan.type
            tallies.place(&joins.questions[place], name: name)
        }
        return place
    }
}
