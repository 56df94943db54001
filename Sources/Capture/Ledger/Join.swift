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
        let hash: UInt64
        let name: DNSName
        let type: RecordType

        func hash(into hasher: inout Hasher) {
            hasher.combine(hash)
        }
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
        /// When the upstream last answered a query whose client has not got its answer; the entry may be new since.
        var refilledAt: Int64 = .min
    }

    /// A client does not wait longer, nor does CoreDNS (plugin/forward: overall deadline 5 s, one attempt over).
    private static let patienceNanoseconds: Int64 = 10_000_000_000
    /// Frames of different interfaces can stand in the wrong order by this much.
    private static let skewNanoseconds: Int64 = 50_000

    private var places: [Question: Int] = [:]
    private var states: [State] = []

    /// Joins a whole list of records, in the order in which they were captured.
    package init(_ records: [MessageRecord]) {
        for index in records.indices { add(index, records) }
        for state in states {
            for waiting in state.waiting { close(waiting) }
        }
        exchanges.sort { $0.query < $1.query }
    }

    private mutating func add(_ index: Int, _ records: [MessageRecord]) {
        let record = records[index]
        guard record.questionCount > 0 else { return }
        switch (record.side, record.isResponse) {
        case (.client, false): addClientQuery(index, records)
        case (.client, true): addClientResponse(index, records)
        case (.upstream, false): addUpstreamQuery(index, records)
        case (.upstream, true): addUpstreamResponse(index, records)
        case (.bypass, false) where !record.isTranslated: ledger.bypassQueries += 1
        default: break
        }
    }

    // States are changed in place: taking one out of a dictionary would copy its arrays.
    private mutating func place(of record: MessageRecord) -> Int {
        let question = Question(hash: record.questionHash, name: record.qname, type: record.qtype)
        if let known = places[question] { return known }
        states.append(State())
        places[question] = states.count - 1
        return states.count - 1
    }

    private mutating func addClientQuery(_ index: Int, _ records: [MessageRecord]) {
        let record = records[index]
        // The loop plugin asks the cache itself; it is no client.
        guard record.probe != .loopProbe else { return }
        let place = place(of: record)
        let oldest = record.realtimeNanoseconds - Self.patienceNanoseconds
        while let first = states[place].waiting.first, records[first.query].realtimeNanoseconds < oldest {
            close(states[place].waiting.removeFirst())
        }
        if states[place].waiting.contains(where: { Self.isSame(records[$0.query], record) }) {
            ledger.clientRetransmissions += 1
            return
        }
        ledger.clientQueries += 1
        let isConcurrent = !states[place].waiting.isEmpty
        states[place].waiting.append(Waiting(query: index, isConcurrent: isConcurrent))
    }

    private static func isSame(_ one: MessageRecord, _ other: MessageRecord) -> Bool {
        one.id == other.id && one.client == other.client && one.server == other.server
            && one.transport == other.transport
    }

    private mutating func addUpstreamQuery(_ index: Int, _ records: [MessageRecord]) {
        let record = records[index]
        ledger.upstreamQueries += 1
        if record.transport == .tcp { ledger.upstreamTCP += 1 } else { ledger.upstreamUDP += 1 }
        let place = place(of: record)
        if states[place].upstreamBegan <= states[place].upstreamEnded {
            states[place].upstreamBegan = record.realtimeNanoseconds
        }
        let isWaiting = { (waiting: Waiting) in
            let age = record.realtimeNanoseconds - records[waiting.query].realtimeNanoseconds
            return age >= -Self.skewNanoseconds && age < Self.patienceNanoseconds
        }
        if let found = states[place].waiting.firstIndex(where: { $0.upstream.isEmpty && isWaiting($0) }) {
            states[place].waiting[found].upstream.append(index)
            return
        }
        if let found = states[place].waiting.firstIndex(where: { !$0.upstreamAnswered && isWaiting($0) }) {
            states[place].waiting[found].upstream.append(index)
            ledger.upstreamRetries += 1
            return
        }
        orphans.append(index)
        switch record.probe {
        case .healthCheck: ledger.healthChecks += 1
        case .loopProbe: ledger.loopProbes += 1
        case nil:
            if let stored = states[place].stored[Self.variant(record)],
                record.realtimeNanoseconds - stored.time < Int64(stored.ttl) * 1_000_000_000
            {
                ledger.prefetches += 1
            } else {
                ledger.orphans += 1
            }
        }
    }

    private mutating func addUpstreamResponse(_ index: Int, _ records: [MessageRecord]) {
        let place = place(of: records[index])
        states[place].upstreamEnded = records[index].lastRealtimeNanoseconds
        // An answer with TC makes the cache ask again over TCP: the exchange is not over.
        guard !records[index].flags.isTruncated else { return }
        let found = states[place].waiting.firstIndex { waiting in
            waiting.upstream.contains { records[$0].id == records[index].id }
        }
        if let found {
            states[place].waiting[found].upstreamAnswered = true
            states[place].refilledAt = records[index].lastRealtimeNanoseconds
        }
    }

    private mutating func addClientResponse(_ index: Int, _ records: [MessageRecord]) {
        let response = records[index]
        let place = place(of: response)
        guard let found = states[place].waiting.firstIndex(where: { Self.isSame(records[$0.query], response) }) else {
            return
        }
        let waiting = states[place].waiting.remove(at: found)
        let query = records[waiting.query]
        let variant = Self.variant(query)
        // An answer that was lost on its way to the client still filled the cache: what was known before no longer is.
        let isRefilled = states[place].refilledAt > (states[place].stored[variant]?.time ?? .min)
        let stored = waiting.upstream.isEmpty && isRefilled ? nil : states[place].stored[variant]
        var exchange = Exchange(
            query: waiting.query,
            response: index,
            upstream: waiting.upstream,
            outcome: .miss,
            isConcurrent: waiting.isConcurrent
        )
        exchange.fillWasSeen = isRefilled
        if !waiting.upstream.isEmpty { states[place].refilledAt = .min }
        if waiting.upstream.isEmpty {
            exchange.outcome = Self.outcomeWithoutUpstream(query, response, stored: stored, state: states[place])
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
            states[place].stored[variant] = Self.cacheableTTL(response).map {
                Stored(response: index, time: response.realtimeNanoseconds, ttl: $0)
            }
        case .hit, .stale, .local, .unanswered: break
        }
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

    private mutating func close(_ waiting: Waiting) {
        exchanges.append(
            Exchange(
                query: waiting.query,
                response: nil,
                upstream: waiting.upstream,
                outcome: .unanswered,
                isConcurrent: waiting.isConcurrent
            )
        )
        ledger.count(.unanswered)
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
