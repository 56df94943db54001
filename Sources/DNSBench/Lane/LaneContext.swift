import LinuxNet
import Measure

/// What a lane is given when its thread starts.
struct LaneContext: Sendable {
    let plan: LoadPlan
    let workload: Workload
    /// This lane's number, from 0.
    let lane: Int
    let exchange: IntervalExchange
    let gate: StartGate
    /// The user's wish to stop.
    let stop: StopFlag
    /// Raised when another lane has failed.
    let abort: StopFlag

    /// How many of `total` fall to this lane.
    func share(of total: Int) -> Int { LaneContext.share(of: total, part: lane, parts: plan.threads) }

    /// How many of `total` fall to one of `parts`; the first parts take what does not divide.
    static func share(of total: Int, part: Int, parts: Int) -> Int { total / parts + (part < total % parts ? 1 : 0) }

    /// Whether the lane is to end at once.
    var mustStop: Bool { stop.isRaised || abort.isRaised }

    /// Runs one lane to its end on the calling thread; `nil` when another lane failed before the start.
    func run() throws(NetError) -> LaneReport? {
        if plan.pacing == .precise { beOnTime() }
        if let table = workload.lookups {
            var lane = try LookupLane(self, table: table)
            guard let start = gate.wait(abort: abort) else { return nil }
            return try lane.run(start: start)
        }
        switch plan.transport {
        case .udp:
            var lane = try UDPLane(self)
            guard let start = gate.wait(abort: abort) else { return nil }
            return try lane.run(start: start)
        case .tcp:
            var lane = try TCPLane(self)
            guard let start = gate.wait(abort: abort) else { return nil }
            return try lane.run(start: start)
        }
    }
}

extension LaneContext {
    /// Asks the kernel to wake this thread when a query is due and not later.
    ///
    /// A closed loop has no times to keep. An open one gets real-time priority only while it sleeps most of the time,
    /// so that what it is to measure is not starved.
    private func beOnTime() {
        Threads.setTimerSlack(nanoseconds: 1)
        guard case .open(let profile, _) = plan.model else { return }
        Threads.preferPromptness(realTime: profile.peakPerSecond / Double(plan.threads) <= LaneTiming.realTimeRate)
    }
}

/// Times that the lanes share.
enum LaneTiming {
    /// The longest sleep, so that a wish to stop is seen in time.
    static let longestWait: Int64 = 20_000_000
    /// How long before a query is due a precise lane stops sleeping.
    static let spin: Int64 = 60_000
    /// Closed loop: how long a lane sleeps that waits for more answers before it sends again.
    static let rest: Int64 = 40_000
    /// The most queries a second of one lane with which spinning takes less than a third of a CPU.
    static let realTimeRate = 5_000.0

    /// How long to wait at `now` for an answer, a timeout or the next query; 0 to poll without waiting.
    static func wait(now: Int64, arrivals: borrowing ArrivalSource, oldestDeadline: Int64, pacing: Pacing) -> Int64 {
        var until = min(now &+ longestWait, oldestDeadline)
        let next = arrivals.nextIntended
        if next != .max && next != .min {
            let early = pacing == .precise ? spin : 0
            if next &- now <= early { return 0 }
            until = min(until, next &- early)
        }
        return max(0, until &- now)
    }
}
