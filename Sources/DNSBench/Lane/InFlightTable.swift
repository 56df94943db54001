import Glibc

/// The queries of one socket that wait for answers, found by message id.
///
/// 65,535 ids can be in flight (0xFFFF ends lists). Entries stand in one of two lists, both ordered by send time:
/// those waiting, and those given up whose ids are not used again until a late answer is no longer likely. Takes
/// ids and times, does no I/O and allocates nothing after `init`. One thread owns it.
struct InFlightTable: ~Copyable {
    /// What an id stands for.
    enum State: UInt32 {
        case free = 0
        case waiting = 1
        case quarantined = 2
    }

    /// How ids follow one another.
    enum IDOrder {
        /// By a keyed permutation, so that an answer cannot be guessed.
        case scattered
        /// Side by side, which keeps the table's footprint small where a connection already protects it.
        case adjacent
    }

    /// One id's query.
    struct Entry: BitwiseCopyable {
        /// When it should have been sent, CLOCK_MONOTONIC.
        var intended: Int64 = 0
        /// When it was sent, CLOCK_MONOTONIC.
        var sent: Int64 = 0
        fileprivate var packed: UInt32 = 0
        fileprivate var previous: UInt16 = InFlightTable.none
        fileprivate var next: UInt16 = InFlightTable.none

        /// The query's index in the slab.
        var query: UInt32 { packed & 0x07ff_ffff }
        /// How often it was sent before on other connections, at most 7.
        var resends: UInt32 { packed >> 27 & 7 }
        /// What the id stands for.
        var state: State { State(rawValue: packed >> 30) ?? .free }
    }

    /// A list that runs through the entries.
    private struct List {
        var head = InFlightTable.none
        var tail = InFlightTable.none

        mutating func append(_ id: UInt16, in entries: UnsafeMutablePointer<Entry>) {
            entries[Int(id)].previous = tail
            entries[Int(id)].next = InFlightTable.none
            if tail == InFlightTable.none { head = id } else { entries[Int(tail)].next = id }
            tail = id
        }

        mutating func remove(_ id: UInt16, in entries: UnsafeMutablePointer<Entry>) {
            let entry = entries[Int(id)]
            if entry.previous == InFlightTable.none {
                head = entry.next
            } else {
                entries[Int(entry.previous)].next = entry.next
            }
            if entry.next == InFlightTable.none {
                tail = entry.previous
            } else {
                entries[Int(entry.next)].previous = entry.previous
            }
        }
    }

    /// Ends a list; never a query's id.
    fileprivate static let none: UInt16 = 0xffff
    /// How many ids are brought into use at a time.
    private static let scatteredChunk = 4_096
    private static let adjacentChunk = 256

    // Zeroed memory is a table of free entries, and pages that no id touches are never made resident.
    private let entries: UnsafeMutablePointer<Entry>
    private let freeIDs: UnsafeMutablePointer<UInt16>
    /// The label's value of each id's query; absent when no query has one.
    private let labels: UnsafeMutablePointer<UInt64>?
    private var freeHead = 0
    private var freeCount = 0
    private var issued = 0
    private let chunk: Int
    private let key: UInt64
    private let order: IDOrder
    private var waiting = List()
    private var quarantine = List()
    /// Queries that wait for an answer.
    private(set) var waitingCount = 0
    /// Ids that are kept out of use because their answers may come late.
    private(set) var quarantinedCount = 0

    /// An empty table; equal seeds use ids in the same order.
    init(seed: UInt64, order: IDOrder, hasLabels: Bool = false) {
        labels = hasLabels ? InFlightTable.zeroed(65_536) : nil
        entries = InFlightTable.zeroed(65_536)
        freeIDs = InFlightTable.zeroed(65_536)
        chunk = order == .scattered ? InFlightTable.scatteredChunk : InFlightTable.adjacentChunk
        key = seed
        self.order = order
    }

    deinit {
        free(entries)
        free(freeIDs)
        free(labels)
    }

    private static func zeroed<Element: BitwiseCopyable>(_ count: Int) -> UnsafeMutablePointer<Element> {
        guard let memory = calloc(count, MemoryLayout<Element>.stride) else { preconditionFailure("no memory") }
        return memory.bindMemory(to: Element.self, capacity: count)
    }

    /// Takes an id that is not in use; `nil` when all wait or are quarantined.
    mutating func takeID() -> UInt16? {
        if freeCount == 0 { issueChunk() }
        guard freeCount > 0 else { return nil }
        let id = freeIDs[freeHead]
        freeHead = (freeHead &+ 1) & 0xffff
        freeCount &-= 1
        return id
    }

    /// Gives back an id that was taken and not used.
    mutating func giveBack(_ id: UInt16) {
        freeIDs[(freeHead &+ freeCount) & 0xffff] = id
        freeCount &+= 1
    }

    /// Marks a taken id as sent; send times must not go backwards.
    mutating func insert(_ id: UInt16, query: UInt32, intended: Int64, sent: Int64, resends: UInt32 = 0) {
        entries[Int(id)] = Entry(
            intended: intended,
            sent: sent,
            packed: State.waiting.rawValue << 30 | min(resends, 7) << 27 | query & 0x07ff_ffff
        )
        waiting.append(id, in: entries)
        waitingCount &+= 1
    }

    /// What an id stands for; ids never issued are free.
    @inline(__always)
    func entry(_ id: UInt16) -> Entry { entries[Int(id)] }

    /// The label's value of an id's query; 0 when it has none.
    @inline(__always)
    func label(_ id: UInt16) -> UInt64 { labels?[Int(id)] ?? 0 }

    /// Notes the label's value of a taken id's query.
    @inline(__always)
    func setLabel(_ value: UInt64, of id: UInt16) { labels?[Int(id)] = value }

    /// Ends the wait of an id whose answer came.
    mutating func complete(_ id: UInt16) {
        precondition(entries[Int(id)].state == .waiting, "no query waits under this id")
        waiting.remove(id, in: entries)
        waitingCount &-= 1
        release(id)
    }

    /// Gives up the oldest query if it was sent at or before `limit`, and quarantines its id.
    mutating func popExpired(sentAtOrBefore limit: Int64) -> Entry? {
        let id = waiting.head
        guard id != InFlightTable.none, entries[Int(id)].sent <= limit else { return nil }
        let entry = entries[Int(id)]
        waiting.remove(id, in: entries)
        waitingCount &-= 1
        entries[Int(id)].packed = State.quarantined.rawValue << 30 | entry.query
        quarantine.append(id, in: entries)
        quarantinedCount &+= 1
        return entry
    }

    /// Brings ids back into use whose queries were sent at or before `limit`.
    mutating func releaseQuarantine(sentAtOrBefore limit: Int64) {
        while quarantine.head != InFlightTable.none, entries[Int(quarantine.head)].sent <= limit {
            let id = quarantine.head
            quarantine.remove(id, in: entries)
            quarantinedCount &-= 1
            release(id)
        }
    }

    /// Takes out the oldest waiting query whatever its age, for a connection that is gone; its id is free at once.
    mutating func popOldest() -> Entry? {
        let id = waiting.head
        guard id != InFlightTable.none else { return nil }
        let entry = entries[Int(id)]
        complete(id)
        return entry
    }

    /// When the oldest waiting query was sent; `nil` when none waits.
    var oldestSent: Int64? { waiting.head == InFlightTable.none ? nil : entries[Int(waiting.head)].sent }

    private mutating func release(_ id: UInt16) {
        entries[Int(id)].packed = State.free.rawValue
        giveBack(id)
    }

    private mutating func issueChunk() {
        let end = min(issued + chunk, 65_536)
        for position in issued..<end {
            let id = identifier(at: UInt16(truncatingIfNeeded: position))
            if id == InFlightTable.none { continue }
            giveBack(id)
        }
        issued = end
    }

    /// The id at a position: each of the 65,536 exactly once, because every step can be undone.
    private func identifier(at position: UInt16) -> UInt16 {
        if order == .adjacent { return position &+ UInt16(truncatingIfNeeded: key) }
        // Scattered within windows of 4,096 ids, which come in an order of their own: what is in use stays in few pages.
        let low: UInt16 = 0x0fff
        var value = (position ^ UInt16(truncatingIfNeeded: key)) & low
        value = value &* (UInt16(truncatingIfNeeded: key >> 16) | 1) & low
        value ^= value >> 5
        value = value &* 0x9e3d & low
        value ^= value >> 7
        value = (value &+ UInt16(truncatingIfNeeded: key >> 32)) & low
        let window = (position >> 12) ^ UInt16(truncatingIfNeeded: key >> 48) & 0xf
        return window << 12 | value
    }
}
