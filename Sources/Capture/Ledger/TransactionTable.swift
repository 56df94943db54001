import DNSWire

/// Queries and responses paired by flow, id and question.
package struct TransactionCounters: Sendable, Equatable {
    package var queries: UInt64 = 0
    package var responses: UInt64 = 0
    /// Pairs of a query and its response.
    package var matched: UInt64 = 0
    /// Queries whose response did not come within five seconds, or before the end.
    package var unanswered: UInt64 = 0
    /// Responses to no query that was seen.
    package var unsolicited: UInt64 = 0
    /// Those of the pairs whose response stood before its query.
    package var skewed: UInt64 = 0
    /// Queries sent again on the same flow with the same id and question while unanswered.
    package var retransmitted: UInt64 = 0
    /// Queries forgotten because the table was full.
    package var evicted: UInt64 = 0

    /// Every query and every response is in exactly one class; `open` queries still wait.
    package func isBalanced(open: UInt64) -> Bool {
        queries == matched + unanswered + retransmitted + evicted + open && responses == matched + unsolicited
    }
}

/// Pairs queries with responses in bounded memory, without allocating once it has grown.
struct TransactionTable: ~Copyable {
    /// What became of one message in the table; places are valid until they are released.
    enum Outcome {
        /// A query that now waits at this place.
        case opened(Int)
        /// A query at this place whose response came a moment before it, out of order; its taker must release the place.
        case skewed(Int, response: Int)
        /// A query that waits already, at this place.
        case retransmission(Int)
        /// A response to the query at this place, which its taker must release.
        case matched(Int)
        case unsolicited
    }

    static let lifetimeNanoseconds: Int64 = 5_000_000_000
    private let capacity: Int
    private let seed: HashSeed
    private var places = HashIndex()
    /// Open queries of the cache itself; the last one where several agree.
    private var loosePlaces = HashIndex()
    /// All places; those that are free are chained by `newer`.
    var pool: [OpenQuery] = []
    private var firstFree = -1
    private var oldest = -1
    private var newest = -1
    private(set) var counters = TransactionCounters()
    /// Where a skewed response is kept.
    private(set) var early = EarlyResponses()

    init(capacity: Int, seed: HashSeed) {
        self.capacity = max(capacity, 1)
        self.seed = seed
        // Room that is not used costs no memory, and growing by doubling would hold both halves for a moment.
        pool.reserveCapacity(self.capacity)
    }

    /// Transactions that still wait for a response.
    var openCount: UInt64 { UInt64(places.count) }

    /// The oldest place if its query was sent before `limit`.
    func overdue(before limit: Int64) -> Int? {
        oldest >= 0 && pool[oldest].time < limit ? oldest : nil
    }

    /// Whether a message is a new query for which there is no room.
    func lacksRoom(for message: Sighting) -> Bool {
        places.count >= capacity && !message.scan.isResponse && places.find(key(of: message)) < 0
    }

    /// The oldest place, as at the end of a capture.
    var first: Int? { oldest >= 0 ? oldest : nil }

    /// Counts a query that is given up: too old, or in the way of a new one.
    mutating func countGivenUp(before limit: Int64, at place: Int) {
        if pool[place].time < limit { counters.unanswered += 1 } else { counters.evicted += 1 }
    }

    /// Takes one message, for which there must be room.
    mutating func accept(_ message: Sighting) -> Outcome {
        let key = key(of: message)
        let known = places.find(key)
        if message.scan.isResponse {
            counters.responses += 1
            // A response without a question (some servers on FORMERR) cannot be matched by question.
            var place = known
            // Where translation happens between the two directions of a tap (as on `lo`), the message alone tells.
            if place < 0, message.side == .upstream { place = loosePlaces.find(looseKey(of: message)) }
            guard place >= 0 else {
                counters.unsolicited += 1
                early.add(message, key: key)
                return .unsolicited
            }
            counters.matched += 1
            return .matched(place)
        }
        counters.queries += 1
        if known >= 0 {
            counters.retransmitted += 1
            return .retransmission(known)
        }
        let place = insert(message, key: key)
        places.set(key, place)
        if message.side == .upstream {
            pool[place].looseKey = looseKey(of: message)
            loosePlaces.set(pool[place].looseKey, place)
        }
        if let response = early.take(message, key: key) {
            counters.unsolicited -= 1
            counters.matched += 1
            counters.skewed += 1
            return .skewed(place, response: response)
        }
        return .opened(place)
    }

    /// Frees a place.
    mutating func release(_ place: Int) {
        places.remove(pool[place].key)
        if pool[place].side == .upstream, loosePlaces.find(pool[place].looseKey) == place {
            loosePlaces.remove(pool[place].looseKey)
        }
        let older = Int(pool[place].older)
        let newer = Int(pool[place].newer)
        if older >= 0 { pool[older].newer = Int32(newer) } else { oldest = newer }
        if newer >= 0 { pool[newer].older = Int32(older) } else { newest = older }
        pool[place].generation &+= 1
        pool[place].newer = Int32(firstFree)
        firstFree = place
    }

    private mutating func insert(_ message: Sighting, key: Key128) -> Int {
        let place: Int
        if firstFree >= 0 {
            place = firstFree
            firstFree = Int(pool[place].newer)
        } else {
            place = pool.count
            pool.append(OpenQuery())
        }
        let generation = pool[place].generation
        var open = OpenQuery()
        open.generation = generation
        open.key = key
        open.time = message.span.firstTime
        open.frame = message.span.firstFrame
        open.side = message.side
        open.transport = message.transport
        open.variant = UInt8(message.variant)
        open.clientEnd = message.source
        open.older = Int32(newest)
        pool[place] = open
        if newest >= 0 { pool[newest].newer = Int32(place) } else { oldest = place }
        newest = place
        return place
    }

    private func key(of message: Sighting) -> Key128 {
        let client = message.client
        let server = message.server
        let ends = HashSeed.fold(client.address.mixed ^ seed.first, server.address.mixed ^ seed.second)
        let rest =
            UInt64(client.port) << 48 | UInt64(server.port) << 32 | UInt64(message.scan.id) << 8
            | (message.transport == .tcp ? 1 : 0)
        let question = message.scan.questionKey
        return Key128(
            high: HashSeed.fold(ends ^ question.high, rest ^ seed.first),
            low: HashSeed.fold(ends ^ question.low, rest ^ seed.second)
        )
    }

    private func looseKey(of message: Sighting) -> Key128 {
        let rest = UInt64(message.scan.id) << 8 | (message.transport == .tcp ? 1 : 0)
        let question = message.scan.questionKey
        return Key128(
            high: HashSeed.fold(question.high ^ seed.second, rest ^ seed.first),
            low: HashSeed.fold(question.low ^ seed.first, rest ^ seed.second)
        )
    }
}

extension IPAddress {
    /// All bits of the address folded into one word, for hashing.
    @inline(__always)
    var mixed: UInt64 {
        switch self {
        case .v4(let address): UInt64(address) &* 0xBF58_476D_1CE4_E5B9
        case .v6(let high, let low): (high &* 0x94D0_49BB_1331_11EB ^ low) &* 0xBF58_476D_1CE4_E5B9
        }
    }
}
