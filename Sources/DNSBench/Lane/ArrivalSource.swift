import Measure

/// Says when a lane's next query is due, and when there are no more; does no I/O.
struct ArrivalSource {
    private var schedule: ArrivalSchedule?
    private var remaining: UInt64
    private let end: Int64
    /// When the next query should be sent; `.max` when there are no more, `.min` in a closed loop.
    private(set) var nextIntended: Int64

    /// The share of `lane` in a plan that begins at `start` (CLOCK_MONOTONIC).
    init(plan: LoadPlan, lane: Int, start: Int64) {
        let lanes = plan.threads
        end = plan.limit.durationNanoseconds.map { start &+ $0 } ?? .max
        remaining =
            plan.limit.queryCount.map { $0 / UInt64(lanes) + (UInt64(lane) < $0 % UInt64(lanes) ? 1 : 0) } ?? .max
        switch plan.model {
        case .closed:
            schedule = nil
            nextIntended = .min
        case .open(let profile, let spacing):
            schedule = ArrivalSchedule(
                profile: profile,
                spacing: spacing,
                startNanoseconds: start,
                lane: lane,
                lanes: lanes,
                generator: SeededGenerator(seed: plan.seed, stream: UInt64(lane) &+ 0x5eed)
            )
            nextIntended = .max
            advance()
        }
        if remaining == 0 { nextIntended = .max }
    }

    /// Whether no query will be due any more; in a closed loop this also depends on the time.
    func isFinished(now: Int64) -> Bool { nextIntended == .max || (schedule == nil && now >= end) }

    /// Takes the next query if it is due, and gives its intended time: in a closed loop, `now`.
    @inline(__always)
    mutating func take(now: Int64) -> Int64? {
        if schedule == nil {
            guard remaining > 0, now < end else { return nil }
            remaining &-= 1
            if remaining == 0 { nextIntended = .max }
            return now
        }
        guard nextIntended <= now, nextIntended != .max else { return nil }
        let intended = nextIntended
        remaining &-= 1
        if remaining == 0 { nextIntended = .max } else { advance() }
        return intended
    }

    @inline(__always)
    private mutating func advance() {
        nextIntended = schedule?.next() ?? .max
        if nextIntended >= end { nextIntended = .max }
    }
}
