import DNSWire

/// Joins what clients ask with what the cache asks upstream (reference: question and time; ids are rewritten).
///
/// CoreDNS gives every upstream query a new id (plugin/pkg/proxy/connect.go), so that only the lower-case
/// question and the order in time tell which client query caused it.
package struct Join: Sendable {
    /// Client queries in order of their end.
    package private(set) var exchanges: [Exchange] = []
    package private(set) var ledger = Ledger()
    /// Upstream queries that no client query explains, health checks and loop probes among them.
    package private(set) var orphans: [Int] = []

    private struct Question: Hashable {
        let name: DNSName
        let type: RecordType
    }

    private struct Waiting {
        var query: Int
        var upstream: [Int] = []
        var upstreamAnswered = false
        var isConcurrent: Bool
    }

    private struct Stored {
        var response: Int
        var time: Int64
        var ttl: UInt32
    }

    private struct State {
        var waiting: [Waiting] = []
        /// One entry for each of the four combinations of DO and CD, which are in the cache key.
        var stored: [Stored?] = [nil, nil, nil, nil]
        /// When the last upstream exchange for this question began and ended.
        var upstreamBegan: Int64 = .min
        var upstreamEnded: Int64 = .min
    }

    /// A client does not wait longer, nor does CoreDNS (plugin/forward: overall deadline 5 s, one attempt over).
    private static let patienceNanoseconds: Int64 = 10_000_000_000
    /// Frames of different interfaces can stand in the wrong order by this much.
    private static let skewNanoseconds: Int64 = 50_000

    private var states: [Question: State] = [:]

    /// Joins a whole list of records, in the order in which they were captured.
    package init(_ records: [MessageRecord]) {
        for index in records.indices { add(index, records) }
        for (question, state) in states {
            for waiting in state.waiting { close(waiting, nil, .unanswered, question: question) }
        }
        exchanges.sort { $0.query < $1.query }
    }

    private mutating func add(_ index: Int, _ records: [MessageRecord]) {
        let record = records[index]
        guard record.questionCount > 0 else { return }
        let question = Question(name: record.qname, type: record.qtype)
        switch (record.side, record.isResponse) {
        case (.client, false): addClientQuery(index, records, question)
        case (.client, true): addClientResponse(index, records, question)
        case (.upstream, false): addUpstreamQuery(index, records, question)
        case (.upstream, true): addUpstreamResponse(index, records, question)
        case (.bypass, false) where !record.isTranslated: ledger.bypassQueries += 1
        default: break
        }
    }

    private mutating func addClientQuery(_ index: Int, _ records: [MessageRecord], _ question: Question) {
        let record = records[index]
        // The loop plugin asks the cache itself; it is no client.
        guard record.probe != .loopProbe else { return }
        let oldest = record.realtimeNanoseconds - Self.patienceNanoseconds
        var expired: [Waiting] = []
        if var state = states[question], !state.waiting.isEmpty {
            expired = state.waiting.filter { records[$0.query].realtimeNanoseconds < oldest }
            state.waiting.removeAll { records[$0.query].realtimeNanoseconds < oldest }
            states[question] = state
        }
        for waiting in expired { close(waiting, nil, .unanswered, question: question) }
        let isRepeat = states[question]?.waiting.contains { Self.isSame(records[$0.query], record) } ?? false
        if isRepeat {
            ledger.clientRetransmissions += 1
            return
        }
        ledger.clientQueries += 1
        let isConcurrent = states[question]?.waiting.isEmpty == false
        states[question, default: State()].waiting.append(Waiting(query: index, isConcurrent: isConcurrent))
    }

    private static func isSame(_ one: MessageRecord, _ other: MessageRecord) -> Bool {
        one.id == other.id && one.client == other.client && one.server == other.server
            && one.transport == other.transport
    }

    private mutating func addUpstreamQuery(_ index: Int, _ records: [MessageRecord], _ question: Question) {
        let record = records[index]
        ledger.upstreamQueries += 1
        if record.transport == .tcp { ledger.upstreamTCP += 1 } else { ledger.upstreamUDP += 1 }
        var state = states[question, default: State()]
        if state.upstreamBegan <= state.upstreamEnded { state.upstreamBegan = record.realtimeNanoseconds }
        defer { states[question] = state }
        let isWaiting = { (waiting: Waiting) in
            let age = record.realtimeNanoseconds - records[waiting.query].realtimeNanoseconds
            return age >= -Self.skewNanoseconds && age < Self.patienceNanoseconds
        }
        if let place = state.waiting.firstIndex(where: { $0.upstream.isEmpty && isWaiting($0) }) {
            state.waiting[place].upstream.append(index)
            return
        }
        if let place = state.waiting.firstIndex(where: { !$0.upstreamAnswered && isWaiting($0) }) {
            state.waiting[place].upstream.append(index)
            ledger.upstreamRetries += 1
            return
        }
        orphans.append(index)
        switch record.probe {
        case .healthCheck: ledger.healthChecks += 1
        case .loopProbe: ledger.loopProbes += 1
        case nil:
            if let stored = state.stored[Self.variant(record)],
                record.realtimeNanoseconds - stored.time < Int64(stored.ttl) * 1_000_000_000
            {
                ledger.prefetches += 1
            } else {
                ledger.orphans += 1
            }
        }
    }

    private mutating func addUpstreamResponse(_ index: Int, _ records: [MessageRecord], _ question: Question) {
        guard var state = states[question] else { return }
        state.upstreamEnded = records[index].lastRealtimeNanoseconds
        let place = state.waiting.firstIndex { waiting in
            waiting.upstream.contains { Self.isSame(records[$0], records[index]) }
        }
        // An answer with TC makes the cache ask again over TCP: the exchange is not over.
        if let place, !records[index].flags.isTruncated { state.waiting[place].upstreamAnswered = true }
        states[question] = state
    }

    private mutating func addClientResponse(_ index: Int, _ records: [MessageRecord], _ question: Question) {
        let response = records[index]
        guard var state = states[question],
            let place = state.waiting.firstIndex(where: { Self.isSame(records[$0.query], response) })
        else { return }
        let waiting = state.waiting.remove(at: place)
        let query = records[waiting.query]
        let variant = Self.variant(query)
        let stored = state.stored[variant]
        var exchange = Exchange(
            query: waiting.query,
            response: index,
            upstream: waiting.upstream,
            outcome: .miss,
            isConcurrent: waiting.isConcurrent
        )
        let ttl = Self.cacheableTTL(response)
        if waiting.upstream.isEmpty {
            exchange.outcome = Self.outcomeWithoutUpstream(query, response, stored: stored, state: state)
        } else if let stored, query.realtimeNanoseconds - stored.time < Int64(stored.ttl) * 1_000_000_000 {
            exchange.outcome = .earlyMiss
        }
        if let stored {
            exchange.storedTTL = stored.ttl
            exchange.storedBy = stored.response
            exchange.ageNanoseconds = response.realtimeNanoseconds - stored.time
        }
        switch exchange.outcome {
        case .miss, .earlyMiss, .coalesced, .warmHit:
            state.stored[variant] = ttl.map { Stored(response: index, time: response.realtimeNanoseconds, ttl: $0) }
        case .hit, .stale, .local, .unanswered: break
        }
        states[question] = state
        exchanges.append(exchange)
        ledger.count(exchange.outcome)
    }

    private static func outcomeWithoutUpstream(
        _ query: MessageRecord,
        _ response: MessageRecord,
        stored: Stored?,
        state: State
    ) -> ExchangeOutcome {
        if let stored {
            // TTLs are whole seconds: the last one of them has to pass.
            let lifetime = (Int64(stored.ttl) + 1) * 1_000_000_000
            if response.realtimeNanoseconds - stored.time < lifetime { return .hit }
        }
        let overlaps =
            state.upstreamBegan > state.upstreamEnded || state.upstreamEnded >= query.realtimeNanoseconds
        if overlaps, state.upstreamBegan != .min { return .coalesced }
        if stored != nil, cacheableTTL(response) != nil { return .stale }
        return cacheableTTL(response) == nil ? .local : .warmHit
    }

    private mutating func close(_ waiting: Waiting, _ response: Int?, _ outcome: ExchangeOutcome, question: Question) {
        exchanges.append(
            Exchange(
                query: waiting.query,
                response: response,
                upstream: waiting.upstream,
                outcome: outcome,
                isConcurrent: waiting.isConcurrent
            )
        )
        ledger.count(outcome)
    }

    private static func variant(_ record: MessageRecord) -> Int {
        (record.dnssecOK ? 1 : 0) + (record.flags.checkingDisabled ? 2 : 0)
    }

    /// The TTL for which a cache may keep this answer, or nil when CoreDNS does not cache its kind.
    ///
    /// Not cached: TC, other codes than NOERROR and NXDOMAIN, NXDOMAIN with answers (coredns plugin/cache
    /// `key()`), and negative answers without SOA (RFC 2308 section 5).
    static func cacheableTTL(_ response: MessageRecord) -> UInt32? {
        guard !response.flags.isTruncated, let range = response.ttlRange else { return nil }
        switch response.rcode {
        case .noError:
            return response.answerCount > 0 || response.authorityCount > 0 ? range.lowerBound : nil
        case .nxDomain:
            return response.answerCount == 0 && response.authorityCount > 0 ? range.lowerBound : nil
        default:
            return nil
        }
    }
}
