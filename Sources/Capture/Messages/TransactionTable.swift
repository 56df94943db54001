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
    /// Queries sent again on the same flow with the same id and question while unanswered.
    package var retransmitted: UInt64 = 0
    /// Queries forgotten because the table was full.
    package var evicted: UInt64 = 0

    /// Every query and every response is in exactly one class; `open` queries still wait.
    package func isBalanced(open: UInt64) -> Bool {
        queries == matched + unanswered + retransmitted + evicted + open && responses == matched + unsolicited
    }
}

/// What became of one message in the table.
enum TransactionOutcome {
    case opened, retransmission
    /// A response, with the side of the query that it answers.
    case matched(Side)
    case unsolicited
}

/// Pairs queries with responses in bounded memory.
struct TransactionTable: ~Copyable {
    private struct Key: Hashable {
        let client: Endpoint
        let server: Endpoint
        let question: UInt64
        let id: UInt16
        let isTCP: Bool

        // One word goes into the hash; equality looks at everything.
        func hash(into hasher: inout Hasher) {
            let ports = UInt64(client.port) << 48 | UInt64(server.port) << 32 | UInt64(id) << 8 | (isTCP ? 1 : 0)
            hasher.combine(
                question ^ client.address.mixed &* 31 ^ server.address.mixed ^ ports &* 0x9E37_79B9_7F4A_7C15
            )
        }
    }

    /// What address translation leaves alone: a query and its response can show different addresses on one tap.
    private struct LooseKey: Hashable {
        let question: UInt64
        let id: UInt16
        let isTCP: Bool
    }

    /// An open transaction in the list by age.
    private struct Open {
        var key: Key
        var time: Int64
        var side: Side
        var older = -1
        var newer = -1
    }

    private static let lifetimeNanoseconds: Int64 = 5_000_000_000
    private let capacity: Int
    private var places: [Key: Int] = [:]
    /// Open queries of the cache itself; the last one where several agree.
    private var loosePlaces: [LooseKey: Int] = [:]
    private var pool: [Open] = []
    private var free: [Int] = []
    private var oldest = -1
    private var newest = -1
    private(set) var counters = TransactionCounters()

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
    }

    /// Transactions that still wait for a response.
    var openCount: UInt64 { UInt64(places.count) }

    /// Takes one message; `side` is what its addresses say.
    mutating func accept(
        _ scan: MessageScan,
        side: Side,
        flow: FlowEnds,
        transport: Transport,
        at time: Int64
    ) -> TransactionOutcome {
        expire(before: time &- Self.lifetimeNanoseconds)
        let key = Key(
            client: scan.isResponse ? flow.destination : flow.source,
            server: scan.isResponse ? flow.source : flow.destination,
            question: scan.questionHash,
            id: scan.id,
            isTCP: transport == .tcp
        )
        if scan.isResponse {
            counters.responses += 1
            // A response without a question (some servers on FORMERR) cannot be matched by question.
            guard let place = places[key] ?? loosePlace(of: key, side: side) else {
                counters.unsolicited += 1
                return .unsolicited
            }
            counters.matched += 1
            remove(place)
            return .matched(pool[place].side)
        }
        counters.queries += 1
        if places[key] != nil {
            counters.retransmitted += 1
            return .retransmission
        }
        if places.count >= capacity {
            removeOldest()
            counters.evicted += 1
        }
        let place = insert(Open(key: key, time: time, side: side))
        places[key] = place
        if side == .upstream { loosePlaces[Self.loose(key)] = place }
        return .opened
    }

    /// Counts everything still open as unanswered.
    mutating func finish() {
        counters.unanswered += UInt64(places.count)
        places.removeAll()
        loosePlaces.removeAll()
        pool.removeAll()
        free.removeAll()
        oldest = -1
        newest = -1
    }

    private mutating func expire(before time: Int64) {
        while oldest >= 0, pool[oldest].time < time {
            removeOldest()
            counters.unanswered += 1
        }
    }

    private mutating func removeOldest() {
        guard oldest >= 0 else { return }
        remove(oldest)
    }

    private mutating func remove(_ place: Int) {
        places.removeValue(forKey: pool[place].key)
        if pool[place].side == .upstream {
            let key = Self.loose(pool[place].key)
            if loosePlaces[key] == place { loosePlaces.removeValue(forKey: key) }
        }
        release(place)
    }

    // Where translation happens between the two directions of a tap (as on `lo`), only the message itself tells.
    private func loosePlace(of key: Key, side: Side) -> Int? {
        side == .upstream ? loosePlaces[Self.loose(key)] : nil
    }

    private static func loose(_ key: Key) -> LooseKey {
        LooseKey(question: key.question, id: key.id, isTCP: key.isTCP)
    }

    private mutating func insert(_ open: Open) -> Int {
        let place: Int
        if let reused = free.popLast() {
            place = reused
            pool[place] = open
        } else {
            place = pool.count
            pool.append(open)
        }
        pool[place].older = newest
        if newest >= 0 { pool[newest].newer = place } else { oldest = place }
        newest = place
        return place
    }

    private mutating func release(_ place: Int) {
        let older = pool[place].older
        let newer = pool[place].newer
        if older >= 0 { pool[older].newer = newer } else { oldest = newer }
        if newer >= 0 { pool[newer].older = older } else { newest = older }
        free.append(place)
    }
}

extension IPAddress {
    /// All bits of the address folded into one word, for hashing.
    var mixed: UInt64 {
        switch self {
        case .v4(let address): UInt64(address) &* 0xBF58_476D_1CE4_E5B9
        case .v6(let high, let low): (high &* 0x94D0_49BB_1331_11EB ^ low) &* 0xBF58_476D_1CE4_E5B9
        }
    }
}
