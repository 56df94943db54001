import Measure
import Synchronization

/// What one lane counted within one interval of the series.
struct IntervalSlot {
    /// The interval's number from 0; a lane that was late may skip some.
    var index: Int64 = 0
    var sent: UInt64 = 0
    var answered: UInt64 = 0
    var timedOut: UInt64 = 0
    var response = LatencyHistogram()
    /// Service latencies; `nil` unless the histograms of intervals are kept.
    var service: LatencyHistogram?
    /// Lookups that ended.
    var lookups: UInt64 = 0
    /// How long those took; `nil` unless the histograms of a load of lookups are kept.
    var lookupLatencies: LookupLatencies?

    init(keepsService: Bool, keepsLookups: Bool = false) {
        if keepsService { service = LatencyHistogram() }
        if keepsLookups { lookupLatencies = LookupLatencies() }
    }

    /// Empties it and keeps its storage.
    mutating func clear() {
        index = 0
        sent = 0
        answered = 0
        timedOut = 0
        response.clear()
        service?.clear()
        lookups = 0
        lookupLatencies?.clear()
    }
}

/// How long the lookups of an interval took.
struct LookupLatencies {
    /// From the intended start to the end.
    var response = LatencyHistogram()
    /// From the actual start to the end.
    var service = LatencyHistogram()

    /// Adds another lane's.
    mutating func merge(_ other: LookupLatencies) {
        response.merge(other.response)
        service.merge(other.service)
    }

    /// Empties both and keeps their storage.
    mutating func clear() {
        response.clear()
        service.clear()
    }
}

/// Hands finished intervals from a lane to the reporter without a lock or a copy.
///
/// Two slots: the lane writes to one; the other belongs to the reporter while `published` names it. Ownership
/// passes with a releasing store and an acquiring load of `published`, so no slot is ever touched by both.
final class IntervalExchange: @unchecked Sendable {
    private let slots: UnsafeMutablePointer<IntervalSlot>
    private let published = Atomic<Int>(-1)

    /// - Parameters:
    ///   - keepsService: whether service latencies are handed over as well.
    ///   - keepsLookups: whether those of lookups are.
    init(keepsService: Bool, keepsLookups: Bool = false) {
        slots = .allocate(capacity: 2)
        // Both have storage of their own, lest the first record copies it.
        for index in 0..<2 {
            (slots + index).initialize(to: IntervalSlot(keepsService: keepsService, keepsLookups: keepsLookups))
        }
    }

    deinit {
        slots.deinitialize(count: 2)
        slots.deallocate()
    }

    /// The lane's slot at the start.
    var firstSlot: UnsafeMutablePointer<IntervalSlot> { slots }

    /// Gives the lane's slot away and returns the other, empty one; `nil` when the reporter still holds that.
    func publish(_ slot: UnsafeMutablePointer<IntervalSlot>, next index: Int64) -> UnsafeMutablePointer<IntervalSlot>? {
        guard published.load(ordering: .acquiring) == -1 else { return nil }
        let current = slot == slots ? 0 : 1
        let other = slots + (1 - current)
        other.pointee.index = index
        published.store(current, ordering: .releasing)
        return other
    }

    /// Lets the reporter read a slot that was given away, and empties it.
    func collect(_ read: (borrowing IntervalSlot) -> Void) {
        let index = published.load(ordering: .acquiring)
        guard index >= 0 else { return }
        let slot = slots + index
        read(slot.pointee)
        slot.pointee.clear()
        published.store(-1, ordering: .releasing)
    }

    /// Reads the slot that a lane held when it ended; only after its thread was joined.
    func collectLast(_ slot: Int, _ read: (borrowing IntervalSlot) -> Void) { read(slots[slot]) }

    /// The number of a slot for ``collectLast(_:_:)``.
    func number(of slot: UnsafeMutablePointer<IntervalSlot>) -> Int { slot == slots ? 0 : 1 }
}
