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
    }

    private struct Opened {
        let key: Key
        let time: Int64
    }

    private struct Query {
        let time: Int64
        let side: Side
    }

    private static let lifetimeNanoseconds: Int64 = 5_000_000_000
    private let capacity: Int
    /// The first query of each open transaction.
    private var open: [Key: Query] = [:]
    /// Queries in order of arrival; entries whose transaction has ended are stale.
    private var queue: [Opened] = []
    private var head = 0
    private(set) var counters = TransactionCounters()

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
    }

    /// Transactions that still wait for a response.
    var openCount: UInt64 { UInt64(open.count) }

    /// Takes one message; `side` is that of a query, and no matter for a response.
    mutating func accept(
        _ scan: MessageScan,
        side: Side,
        flow: FlowEnds,
        transport: Transport,
        at time: Int64
    ) -> TransactionOutcome {
        expire(before: time &- Self.lifetimeNanoseconds)
        let question = scan.nameHash ^ (UInt64(scan.type) << 16 | UInt64(scan.class)) &* 0x9E37_79B9_7F4A_7C15
        let key = Key(
            client: scan.isResponse ? flow.destination : flow.source,
            server: scan.isResponse ? flow.source : flow.destination,
            question: question,
            id: scan.id,
            isTCP: transport == .tcp
        )
        if scan.isResponse {
            counters.responses += 1
            // A response without a question (some servers on FORMERR) cannot be matched by question.
            if let query = open.removeValue(forKey: key) {
                counters.matched += 1
                return .matched(query.side)
            }
            counters.unsolicited += 1
            return .unsolicited
        }
        counters.queries += 1
        if open[key] != nil {
            counters.retransmitted += 1
            return .retransmission
        }
        if open.count >= capacity { evictOldest() }
        open[key] = Query(time: time, side: side)
        queue.append(Opened(key: key, time: time))
        return .opened
    }

    /// Counts everything still open as unanswered.
    mutating func finish() {
        counters.unanswered += UInt64(open.count)
        open.removeAll()
        queue.removeAll()
        head = 0
    }

    private mutating func expire(before time: Int64) {
        while head < queue.count, queue[head].time < time {
            if take(queue[head]) { counters.unanswered += 1 }
            head += 1
        }
        compact()
    }

    private mutating func evictOldest() {
        while head < queue.count {
            let isOpen = take(queue[head])
            head += 1
            if isOpen {
                counters.evicted += 1
                break
            }
        }
        compact()
    }

    // Only the query that opened the transaction ends it: the same key may have been opened again since.
    private mutating func take(_ opened: Opened) -> Bool {
        guard open[opened.key]?.time == opened.time else { return false }
        open.removeValue(forKey: opened.key)
        return true
    }

    private mutating func compact() {
        guard head > 4_096, head * 2 > queue.count else { return }
        queue.removeFirst(head)
        head = 0
    }
}
