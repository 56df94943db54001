import LinuxNet

/// Turns kernel receive stamps (CLOCK_REALTIME) into monotonic time, and notices when real time is stepped.
struct ClockBridge {
    private static let refreshNanoseconds: Int64 = 100_000_000
    /// Real time is slewed by at most 500 ppm; anything beyond this between two readings was a step.
    private static let stepNanoseconds: Int64 = 1_000_000

    private(set) var offset: Int64
    /// How often real time was seen to jump.
    private(set) var steps: UInt64 = 0
    private var refreshAt: Int64 = 0

    init() { offset = ClockBridge.read() }

    /// The offset between the clocks as its narrowest of five readings gives it.
    private static func read() -> Int64 {
        var best = Clock.realtimeOffset()
        for _ in 0..<4 {
            let reading = Clock.realtimeOffset()
            if reading.spreadNanoseconds < best.spreadNanoseconds { best = reading }
        }
        return best.offsetNanoseconds
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
        if abs(fresh &- offset) > ClockBridge.stepNanoseconds { steps += 1 }
        offset = fresh
        refreshAt = now &+ ClockBridge.refreshNanoseconds
    }
}
