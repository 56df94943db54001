import LinuxNet

/// Turns kernel receive stamps (CLOCK_REALTIME) into monotonic time, and notices when real time is stepped.
struct ClockBridge {
    /// How often the offset is read: the longest span whose latencies a step can spoil.
    private static let refreshNanoseconds: Int64 = 10_000_000
    /// Both clocks are slewed alike, so that their offset changes by steps alone; below this it is the reading's error.
    private static let stepNanoseconds: Int64 = 20_000
    /// A reading in a wider bracket was interrupted, and tells of no step smaller than the bracket.
    private static let widestBracket: Int64 = 5_000

    private(set) var offset: Int64
    /// How often real time was seen to jump.
    private(set) var steps: UInt64 = 0
    private var refreshAt: Int64 = 0

    init() { offset = ClockBridge.read().offset }

    /// The offset between the clocks as its narrowest of five readings gives it.
    private static func read() -> (offset: Int64, spread: Int64) {
        var best = Clock.realtimeOffset()
        for _ in 0..<4 {
            let reading = Clock.realtimeOffset()
            if reading.spreadNanoseconds < best.spreadNanoseconds { best = reading }
        }
        return (best.offsetNanoseconds, best.spreadNanoseconds)
    }

    /// Reads the offset again when it is due; call it now and then with the current monotonic time.
    @inline(__always)
    mutating func refresh(now: Int64) {
        if now >= refreshAt { reread(now: now) }
    }

    /// The monotonic time of a kernel stamp; `nil` when it cannot be right, because real time was stepped.
    ///
    /// `now` was read after the datagram was, so a stamp must not lie behind it nor before `earliest`.
    @inline(__always)
    mutating func monotonic(stamp: Int64, earliest: Int64, now: Int64) -> Int64? {
        let converted = stamp &- offset
        if converted <= now &+ 50_000 && converted >= earliest &- 50_000 { return converted }
        reread(now: now)
        return nil
    }

    private mutating func reread(now: Int64) {
        let fresh = ClockBridge.read()
        let moved = abs(fresh.offset &- offset)
        if moved > max(ClockBridge.stepNanoseconds, fresh.spread) {
            steps += 1
            offset = fresh.offset
        } else if fresh.spread <= ClockBridge.widestBracket {
            offset = fresh.offset
        }
        refreshAt = now &+ ClockBridge.refreshNanoseconds
    }
}
