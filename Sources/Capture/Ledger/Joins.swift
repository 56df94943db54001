import DNSWire

/// The open queries and the questions they are for, and which client query each upstream query was made for.
///
/// CoreDNS gives every upstream query a new id (plugin/pkg/proxy/connect.go), so that only the lower-case question and
/// the order in time tell. A join is a guess until the client's answer is there: when that answer came from the entry,
/// the upstream query is taken from it and handed to the next who waits.
struct Joins: ~Copyable {
    /// Frames of different interfaces can stand in the wrong order by this much.
    static let skewNanoseconds: Int64 = 50_000
    /// So many queries of one question are looked at; with more of them side by side, the first ones tell for all.
    private static let reach = 64

    var transactions: TransactionTable
    var questions: QuestionTable

    init(limits: CaptureLimits, seed: HashSeed) {
        transactions = TransactionTable(capacity: limits.openTransactions, seed: seed)
        questions = QuestionTable(capacity: limits.questions)
    }

    /// A client's query begins to wait.
    mutating func open(_ place: Int, question: Int) {
        transactions.pool[place].question = Int32(question)
        transactions.pool[place].isConcurrent = questions[question].waiting > 0
        questions[question].waiting += 1
        link(place, .fresh)
    }

    /// A client's query waits no longer.
    mutating func close(_ place: Int) {
        unlink(place)
        questions[Int(transactions.pool[place].question)].waiting -= 1
    }

    /// Finds the client's query that an upstream query was made for, and joins the two.
    ///
    /// - Parameter place: That of the upstream query.
    /// - Returns: The place of the client's query; -1 when there is none.
    mutating func attach(_ message: Sighting, at place: Int, question: Int) -> Int {
        let now = message.span.firstTime
        if questions[question].upstreamBegan <= questions[question].upstreamEnded {
            questions[question].upstreamBegan = now
        }
        transactions.pool[place].question = Int32(question)
        var client = fresh(question, variant: message.variant, before: now)
        if client >= 0 {
            give(
                OpenQuery.Upstream(
                    frame: message.span.firstFrame,
                    time: now,
                    transport: message.transport,
                    source: message.source,
                    destination: message.destination,
                    place: Int32(place),
                    generation: transactions.pool[place].generation
                ),
                to: client
            )
        } else {
            client = served(question) { $0.stage == .pending }
            guard client >= 0, now - transactions.pool[client].time >= -Self.skewNanoseconds else { return -1 }
            transactions.pool[client].upstreamCount &+= 1
            transactions.pool[place].client = Int32(client)
            transactions.pool[place].clientGeneration = transactions.pool[client].generation
        }
        return client
    }

    /// Takes the response to an upstream query; gives whether a client waits for it.
    mutating func answer(_ message: Sighting, to open: OpenQuery) -> Bool {
        let now = message.span.lastTime
        let client = Int(open.client)
        let isAwaited = client >= 0 && transactions.pool[client].generation == open.clientGeneration
        if isAwaited { transactions.pool[client].upstream.repliedAt = now }
        // An answer with TC makes the cache ask again over TCP: the exchange is not over.
        guard isAwaited, !message.isTruncated else { return isAwaited }
        transactions.pool[client].upstream.answeredAt = now
        transactions.pool[client].upstream.ttl = message.cacheableTTL ?? .max
        transactions.pool[client].upstream.isDenial = message.isDenial
        if transactions.pool[client].stage == .pending { transactions.pool[client].stage = .answered }
        return true
    }

    /// Hands an upstream query on that was taken from a client whose answer came from the entry: to one who asked before
    /// it went out and has none.
    ///
    /// - Returns: Whether there is one.
    mutating func hand(_ upstream: OpenQuery.Upstream, question: Int, variant: Int) -> Bool {
        let waiting = fresh(question, variant: variant, before: upstream.time)
        if waiting >= 0 { give(upstream, to: waiting) }
        return waiting >= 0
    }

    /// Hands such a query on where all who asked before it have one: they move up by one, until the last one's is free for
    /// somebody who asked later.
    ///
    /// - Returns: Whether somebody waited for it: else the cache renews an entry for itself.
    mutating func moveUp(_ upstream: OpenQuery.Upstream, question: Int, variant: Int) -> Bool {
        var upstream = upstream
        for _ in 0..<Self.reach {
            let later = served(question) {
                $0.upstreamCount == 1 && $0.upstream.time > upstream.time && Int($0.variant) == variant
                    && upstream.time - $0.time >= -Self.skewNanoseconds
            }
            guard later >= 0 else { return false }
            let next = transactions.pool[later].upstream
            give(upstream, to: later)
            upstream = next
            if hand(upstream, question: question, variant: variant) { return true }
        }
        return false
    }

    /// Trades a client's upstream query, which still waits, for that of another, which was answered in time.
    ///
    /// Two clients that miss side by side cause two upstream queries, whose order need not be theirs.
    ///
    /// - Parameter message: The answer to the client, whose query is closed.
    /// - Returns: The upstream query that brought that answer, or nil when there is none.
    mutating func trade(_ open: OpenQuery, for message: Sighting) -> OpenQuery.Upstream? {
        let now = message.span.lastTime
        let other = served(Int(open.question)) {
            $0.upstreamCount == 1 && $0.upstream.answeredAt != .min && $0.variant == open.variant
                && now - $0.upstream.answeredAt >= -Self.skewNanoseconds
                && $0.upstream.time - open.time >= -Self.skewNanoseconds
                && open.upstream.time - $0.time >= -Self.skewNanoseconds
        }
        guard other >= 0 else { return nil }
        let answered = transactions.pool[other].upstream
        give(open.upstream, to: other)
        return answered
    }

    /// Takes the upstream query that brought an answer from the client that it seemed to be made for.
    ///
    /// That one asked earlier, and may have been lost before the cache had it.
    ///
    /// - Parameters:
    ///   - open: The answered client's query, which is closed and has no upstream query.
    ///   - fits: Whether upstream's answer gives the TTL that the client got.
    /// - Returns: The upstream query, or nil when there is none.
    mutating func claim(
        _ open: OpenQuery,
        for message: Sighting,
        where fits: (OpenQuery.Upstream) -> Bool
    ) -> OpenQuery.Upstream? {
        let now = message.span.lastTime
        let other = served(Int(open.question)) {
            $0.upstreamCount == 1 && $0.stage == .answered && $0.variant == open.variant
                && now - $0.upstream.answeredAt >= -Self.skewNanoseconds
                && $0.upstream.time - open.time >= -Self.skewNanoseconds && fits($0.upstream)
        }
        guard other >= 0 else { return nil }
        unlink(other)
        transactions.pool[other].upstreamCount = 0
        link(other, .fresh)
        return transactions.pool[other].upstream
    }

    private mutating func give(_ upstream: OpenQuery.Upstream, to client: Int) {
        unlink(client)
        transactions.pool[client].upstream = upstream
        transactions.pool[client].upstreamCount = 1
        let place = Int(upstream.place)
        if transactions.pool[place].generation == upstream.generation {
            transactions.pool[place].client = Int32(client)
            transactions.pool[place].clientGeneration = transactions.pool[client].generation
        }
        link(client, upstream.answeredAt == .min ? .pending : .answered)
    }

    /// The query without an upstream query that most likely caused one: the oldest of those which came before it.
    ///
    /// Rather one with the same DO and CD, which CoreDNS passes on since 1.11 (it set DO itself before), and of these
    /// rather one that came when no entry was valid.
    private func fresh(_ question: Int, variant: Int, before time: Int64) -> Int {
        var place = Int(questions[question].firstFresh)
        var best = -1
        var bestRank = -1
        var rest = Self.reach
        while place >= 0, rest > 0 {
            if time - transactions.pool[place].time >= -Self.skewNanoseconds {
                let isSame = Int(transactions.pool[place].variant) == variant
                let needsNone = questions[question].stored[variant].isValid(at: transactions.pool[place].time)
                let rank = (isSame ? 2 : 0) + (needsNone ? 0 : 1)
                if rank > bestRank { (best, bestRank) = (place, rank) }
                if rank == 3 { break }
            }
            place = Int(transactions.pool[place].next)
            rest -= 1
        }
        return best
    }

    /// The first of the queries with an upstream query that fits; -1 when there is none.
    private func served(_ question: Int, where fits: (OpenQuery) -> Bool) -> Int {
        var place = Int(questions[question].firstServed)
        var rest = Self.reach
        while place >= 0, rest > 0 {
            if fits(transactions.pool[place]) { return place }
            place = Int(transactions.pool[place].next)
            rest -= 1
        }
        return -1
    }

    // MARK: The lists of a question

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
            last = Int(questions[question].lastServed)
            questions[question].lastServed = Int32(place)
            if last < 0 { questions[question].firstServed = Int32(place) }
        }
        transactions.pool[place].previous = Int32(last)
        if last >= 0 { transactions.pool[last].next = Int32(place) }
    }

    private mutating func unlink(_ place: Int) {
        let open = transactions.pool[place]
        guard open.stage != .none else { return }
        let question = Int(open.question)
        if open.previous >= 0 {
            transactions.pool[Int(open.previous)].next = open.next
        } else if open.stage == .fresh {
            questions[question].firstFresh = open.next
        } else {
            questions[question].firstServed = open.next
        }
        if open.next >= 0 {
            transactions.pool[Int(open.next)].previous = open.previous
        } else if open.stage == .fresh {
            questions[question].lastFresh = open.previous
        } else {
            questions[question].lastServed = open.previous
        }
    }
}
