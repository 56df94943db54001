/// Adds up the time in which a lane had nothing to do: rounds that neither sent nor received, asleep or spinning.
///
/// What is left of a lane's time is work, and tells how much more the generator could have done.
struct IdleMeter {
    private var lastTurn: Int64 = 0
    private var isFruitless = false
    /// Nanoseconds so far.
    private(set) var total: Int64 = 0

    /// Begins a round at `now`, CLOCK_MONOTONIC.
    @inline(__always)
    mutating func turn(now: Int64) {
        if isFruitless { total &+= now &- lastTurn }
        isFruitless = false
        lastTurn = now
    }

    /// Says that the round sent and received nothing.
    @inline(__always)
    mutating func wasFruitless() { isFruitless = true }

    /// Counts what has passed of this round: the lane slept until `now` because it had nothing to do.
    @inline(__always)
    mutating func slept(until now: Int64) {
        total &+= now &- lastTurn
        lastTurn = now
    }
}
