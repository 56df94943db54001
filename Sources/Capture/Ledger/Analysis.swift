import DNSWire
import Measure

/// Pairs messages and joins what clients ask with what the cache asks upstream, as they come, in bounded memory.
///
/// CoreDNS gives every upstream query a new id (plugin/pkg/proxy/connect.go), so that only the lower-case question and
/// the order in time tell which client query caused it.
struct Analysis: ~Copyable {
    /// Frames of different interfaces can stand in the wrong order by this much.
    private static let skewNanoseconds: Int64 = 50_000
    /// At the end of a capture a younger query is not called lost: stub resolvers wait longer than that.
    private static let patienceNanoseconds: Int64 = 1_000_000_000

    private(set) var transactions: TransactionTable
    private(set) var questions: QuestionTable
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
            forgottenAnswers: questions.evictedValid
        )
    }

    init(zones: [ProofZone], requirements: ProofRequirements, limits: CaptureLimits, seed: HashSeed) {
        transactions = TransactionTable(capacity: limits.openTransactions, seed: seed)
        questions = QuestionTable(capacity: limits.questions)
        tallies = ZoneTallies(zones: zones, requirements: requirements)
    }

    /// Whether a client waits for the answer to a question.
    func isAwaited(_ question: Key128) -> Bool {
        let place = questions.find(question)
        return place >= 0 && questions[place].waiting > 0
    }

    /// Takes one message; its side, when the pairing tells better than its addresses, is corrected.
    ///
    /// - Parameter name: The question's name in wire form.
    mutating func accept(_ message: inout Sighting, name: RawSpan) {
        let now = message.span.lastTime
        let limit = now &- TransactionTable.lifetimeNanoseconds
        while let place = transactions.overdue(before: limit) { giveUp(place, before: limit) }
        if transactions.lacksRoom(for: message), let oldest = transactions.first { giveUp(oldest, before: limit) }
        switch transactions.accept(message) {
        case .opened(let place): takeQuery(message, at: place, name: name)
        case .retransmission: takeRetransmission(message, name: name)
        case .matched(let place):
            let side = transactions.pool[place].side
            // Behind address translation a response has its query's side, whatever its addresses look like.
            if side != message.side {
                message.isTranslated = true
                message.side = side
            }
            takeResponse(message, to: place, name: name)
            transactions.release(place)
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
        while let place = transactions.first {
            let isYoung = end &- transactions.pool[place].time < Self.patienceNanoseconds
            giveUp(place, before: .max, isFault: !isYoung)
        }
    }

    private mutating func giveUp(_ place: Int, before limit: Int64, isFault: Bool = true) {
        transactions.countGivenUp(before: limit, at: place)
        let open = transactions.pool[place]
        if open.side == .upstream { ledger.upstreamUnanswered += 1 }
        if open.stage != .none {
            unlink(place)
            let question = Int(open.question)
            questions[question].waiting -= 1
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
        transactions.release(place)
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
            + "\(RecordType(rawValue: questions[question].type)) \(questions.name(question)): \(note())"
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
            if !questions[question].wasAsked {
                questions[question].wasAsked = true
                tallies.firstAsked(questions[question])
            }
            tallies.asked(questions[question])
            transactions.pool[place].question = Int32(question)
            transactions.pool[place].isConcurrent = questions[question].waiting > 0
            questions[question].waiting += 1
            link(place, .fresh)
            joinTwin(message, at: place)
        case .upstream: takeUpstreamQuery(message, at: place, name: name)
        case .bypass: takeBypass(message, name: name)
        case .foreign: break
        }
    }

    private mutating func joinTwin(_ message: Sighting, at place: Int) {
        let own = PairTable.Reference(place: Int32(place), generation: transactions.pool[place].generation)
        guard let twin = pairs.twin(of: message, at: own) else { return }
        transactions.pool[place].twin = twin
        let other = Int(twin.place)
        if transactions.pool[other].generation == twin.generation {
            transactions.pool[other].twin = own
        } else {
            // Its place is free: it was answered already.
            transactions.pool[place].isTwinAnswered = true
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
        let client = question < 0 ? -1 : attach(message, at: place, question: question)
        let isJoined = client >= 0
        if !isJoined {
            switch message.probe {
            case .healthCheck: ledger.healthChecks += 1
            case .loopProbe: ledger.loopProbes += 1
            case nil:
                let isValid =
                    question >= 0
                    && questions[question].stored[message.variant].isValid(at: message.span.firstTime)
                if isValid { ledger.prefetches += 1 } else { ledger.orphans += 1 }
            }
        }
        guard question >= 0 else { return }
        tallies.upstreamQuery(message, questions[question], isJoined: isJoined, name: name)
        guard isJoined, transactions.pool[client].upstreamCount == 1 else { return }
        latencies.wait.record(max(0, message.span.firstTime - transactions.pool[client].time))
        // Misses side by side for one question, until one comes alone.
        let isConcurrent = transactions.pool[client].isConcurrent
        questions[question].stampede = isConcurrent ? questions[question].stampede + 1 : 1
        ledger.largestStampede = max(ledger.largestStampede, UInt64(questions[question].stampede))
    }

    /// Finds the client's query that an upstream query was made for; -1 when there is none.
    private mutating func attach(_ message: Sighting, at place: Int, question: Int) -> Int {
        let now = message.span.firstTime
        if questions[question].upstreamBegan <= questions[question].upstreamEnded {
            questions[question].upstreamBegan = now
        }
        transactions.pool[place].question = Int32(question)
        var client = fresh(question, like: message)
        if client >= 0, now - transactions.pool[client].time >= -Self.skewNanoseconds {
            unlink(client)
            link(client, .pending)
            transactions.pool[client].upstream = OpenQuery.Upstream(
                frame: message.span.firstFrame,
                time: now,
                transport: message.transport,
                source: message.source,
                destination: message.destination
            )
        } else {
            client = Int(questions[question].firstPending)
            guard client >= 0, now - transactions.pool[client].time >= -Self.skewNanoseconds else { return -1 }
            ledger.upstreamRetries += 1
        }
        transactions.pool[client].upstreamCount &+= 1
        transactions.pool[place].client = Int32(client)
        transactions.pool[place].clientGeneration = transactions.pool[client].generation
        return client
    }

    /// The oldest query for a question without an upstream query: with the same DO and CD if there is one, which CoreDNS
    /// passes on since 1.11; it set DO itself before.
    private func fresh(_ question: Int, like message: Sighting) -> Int {
        let first = Int(questions[question].firstFresh)
        var place = first
        var rest = 32
        while place >= 0, rest > 0 {
            if Int(transactions.pool[place].variant) == message.variant { return place }
            place = Int(transactions.pool[place].next)
            rest -= 1
        }
        return first
    }

    // MARK: Responses

    private mutating func takeResponse(_ message: Sighting, to place: Int, name: RawSpan) {
        let open = transactions.pool[place]
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
        guard questions[question].key == message.scan.questionKey else { return }
        let now = message.span.lastTime
        questions[question].upstreamEnded = now
        let client = Int(open.client)
        let isAwaited = client >= 0 && transactions.pool[client].generation == open.clientGeneration
        if isAwaited { transactions.pool[client].upstream.repliedAt = now }
        // An answer with TC makes the cache ask again over TCP: the exchange is not over.
        guard !message.isTruncated else { return }
        if isAwaited {
            if transactions.pool[client].stage == .pending {
                unlink(client)
                transactions.pool[client].stage = .answered
            }
            transactions.pool[client].upstream.answeredAt = now
            questions[question].refilledAt = now
        } else if message.cacheableTTL != nil {
            // A prefetch: what the next hit shows is no longer what was stored before.
            questions[question].refilledAt = now
        }
    }

    private mutating func takeClientResponse(_ message: Sighting, to place: Int, _ open: OpenQuery, name: RawSpan) {
        let question = Int(open.question)
        unlink(place)
        questions[question].waiting -= 1
        let twin = open.twin
        if twin.place >= 0, transactions.pool[Int(twin.place)].generation == twin.generation {
            transactions.pool[Int(twin.place)].isTwinAnswered = true
        }
        if message.scan.flags & 0x0200 != 0 {
            note(.truncated, message, name: name, "TC")
        } else if message.scan.rcode == 2 {
            note(.servfail, message, name: name)
        }
        let variant = Int(open.variant)
        let known = questions[question].stored[variant]
        // An answer that was lost on its way to the client still filled the cache: what was known before no longer is.
        let isRefilled = questions[question].refilledAt > known.time
        let isRefresh = isAhead(of: open.upstream, message, count: open.upstreamCount, known: known, isRefilled)
        if isRefresh { ledger.prefetches += 1 }
        let hasUpstream = open.upstreamCount > 0 && !isRefresh
        let stored = !hasUpstream && isRefilled ? StoredAnswer() : known
        var exchange = Exchange(
            outcome: .miss,
            queriedAt: open.time,
            upstream: hasUpstream ? open.upstream : nil,
            stored: stored,
            isConcurrent: open.isConcurrent,
            fillWasSeen: isRefilled || !stored.showsTTL
        )
        if hasUpstream {
            questions[question].refilledAt = .min
            // The cache looked for the entry between the client's query and its own.
            if stored.showsTTL, stored.isValid(at: open.time), stored.isValid(at: open.upstream.time) {
                exchange.outcome = .earlyMiss
            }
        } else {
            exchange.outcome = outcomeWithoutUpstream(message, open, stored: stored, isRefresh: isRefresh)
        }
        switch exchange.outcome {
        case .miss, .earlyMiss, .coalesced, .warmHit:
            if hasUpstream {
                questions[question].stored[variant] = entry(of: message, fetchedBy: open.upstream)
            } else if let ttl = message.cacheableTTL {
                questions[question].stored[variant] = StoredAnswer(
                    frame: message.span.firstFrame,
                    time: message.span.firstTime,
                    ttl: ttl,
                    validUntil: open.time + (Int64(ttl) - 1) * 1_000_000_000
                )
            }
        case .hit, .stale, .local, .unanswered: break
        }
        latencies.countClient(exchange, answeredAt: message.span.lastTime)
        close(exchange, question: question, response: message, name: name)
    }

    /// Whether a client got its answer while the upstream query that seemed to be made for it still waits.
    ///
    /// The answer was in the cache then, and the query renews it (prefetch, serve_stale). The TTL must say so, too, as
    /// frames of two interfaces can change places.
    private func isAhead(
        of upstream: OpenQuery.Upstream,
        _ message: Sighting,
        count: UInt16,
        known: StoredAnswer,
        _ isRefilled: Bool
    ) -> Bool {
        guard count == 1, upstream.repliedAt == .min, let ttl = message.cacheableTTL else { return false }
        if ttl == 0 || isRefilled { return true }
        guard known.isKnown, known.showsTTL else { return false }
        let age = (message.span.firstTime - known.time) / 1_000_000_000
        return (Int64(ttl) + age - Int64(known.ttl)).magnitude <= 1
    }

    /// What the cache holds after it fetched an answer.
    private func entry(of message: Sighting, fetchedBy upstream: OpenQuery.Upstream) -> StoredAnswer {
        let isFetched = upstream.answeredAt != .min
        let began = isFetched ? upstream.answeredAt : upstream.time
        var entry = StoredAnswer(frame: message.span.firstFrame, time: message.span.firstTime)
        if let ttl = message.cacheableTTL {
            entry.ttl = ttl
        } else if isFetched, message.mayBeKeptWithoutTTL {
            entry.ttl = StoredAnswer.defaultTTL
            entry.showsTTL = false
        } else {
            return StoredAnswer()
        }
        entry.validUntil = began + Int64(entry.ttl) * 1_000_000_000
        return entry
    }

    private func outcomeWithoutUpstream(
        _ message: Sighting,
        _ open: OpenQuery,
        stored: StoredAnswer,
        isRefresh: Bool
    ) -> ExchangeOutcome {
        let now = message.span.firstTime
        let ttl = message.cacheableTTL
        if stored.isKnown, stored.showsTTL || ttl == nil {
            // TTLs are whole seconds: the last one of them has to pass.
            if now - stored.time < (Int64(stored.ttl) + 1) * 1_000_000_000 { return .hit }
        }
        let question = Int(open.question)
        let (began, ended) = (questions[question].upstreamBegan, questions[question].upstreamEnded)
        let isUnderWay = began != .min && (began > ended || ended >= open.time)
        if isUnderWay, !isRefresh, ttl != 0 { return .coalesced }
        // CoreDNS sets AA in all that comes from its cache, and in nothing that it says for itself.
        guard ttl != nil || message.mayBeKeptWithoutTTL && message.scan.flags & 0x0400 != 0 else { return .local }
        return ttl != nil && stored.isKnown && stored.showsTTL ? .stale : .warmHit
    }

    private mutating func takeStrayResponse(_ message: Sighting, name: RawSpan) {
        guard message.transport == .udp else { return }
        let question = question(of: message, name: name)
        if question >= 0 { tallies.strayResponse(message, questions[question], name: name) }
    }

    private mutating func close(_ exchange: Exchange, question: Int, response: Sighting?, name: RawSpan?) {
        ledger.count(exchange)
        if let response, let name {
            tallies.close(exchange, questions[question], response: response, name: name)
        } else {
            tallies.unanswered(exchange, questions[question])
        }
    }

    // MARK: Questions and their lists

    private mutating func question(of message: Sighting, name: RawSpan) -> Int {
        let key = message.scan.questionKey
        let known = questions.find(key)
        if known >= 0 {
            questions[known].isRecent = true
            return known
        }
        let place = questions.insert(key, name: name, at: message.span.lastTime)
        if place >= 0 {
            questions[place].type = message.scan.type
            tallies.place(&questions[place], name: name)
        }
        return place
    }

    private mutating func link(_ place: Int, _ stage: OpenQuery.Stage) {
        let question = Int(transactions.pool[place].question)
        transactions.pool[place].stage = stage
        transactions.pool[place].next = -1
        let last: Int
        if stage == .fresh {
            last = Int(questions[question].lastFresh)
            questions[question].lastFresh = Int32(place)
            if last < 0 { questions[question].firstFresh = Int32(place) }
        } else {
            last = Int(questions[question].lastPending)
            questions[question].lastPending = Int32(place)
            if last < 0 { questions[question].firstPending = Int32(place) }
        }
        transactions.pool[place].previous = Int32(last)
        if last >= 0 { transactions.pool[last].next = Int32(place) }
    }

    private mutating func unlink(_ place: Int) {
        let open = transactions.pool[place]
        guard open.stage == .fresh || open.stage == .pending else { return }
        let question = Int(open.question)
        if open.previous >= 0 {
            transactions.pool[Int(open.previous)].next = open.next
        } else if open.stage == .fresh {
            questions[question].firstFresh = open.next
        } else {
            questions[question].firstPending = open.next
        }
        if open.next >= 0 {
            transactions.pool[Int(open.next)].previous = open.previous
        } else if open.stage == .fresh {
            questions[question].lastFresh = open.previous
        } else {
            questions[question].lastPending = open.previous
        }
    }
}
