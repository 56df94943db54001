/// Decides which upstream is tried next for one query, and when to give up (plugin/forward/forward.go, `ServeDNS`).
struct ForwardPlan {
    /// What to do next.
    enum Step: Equatable {
        /// Ask this upstream; `healthChecksBroken` when it was picked although all seem to be down.
        case attempt(upstream: Int, healthChecksBroken: Bool)
        /// Tell the client that it failed.
        case giveUp
    }

    private let order: [Int]
    private let deadline: Int64
    private let attemptLimit: Int?
    private var position = 0
    private var fails = 0
    private var attempts = 0

    /// A plan over the upstreams in `order`, each index once.
    init(order: [Int], startedAt: Int64, rules: ForwardingRules) {
        self.order = order
        deadline = startedAt + rules.deadlineNanoseconds
        attemptLimit = rules.attemptsPerUpstream.map { $0 * order.count }
    }

    /// The first step, or the one after a failed attempt; the deadline is looked at here and nowhere else.
    mutating func next(at now: Int64, isDown: (Int) -> Bool, random: inout SplitMix) -> Step {
        guard !order.isEmpty else { return .giveUp }
        // An attempt that was made although all upstreams seemed to be down was the last.
        if attempts > 0, fails >= order.count { return .giveUp }
        while now < deadline {
            if let attemptLimit, attempts >= attemptLimit { return .giveUp }
            if position >= order.count {
                position = 0
                fails = 0
            }
            let upstream = order[position]
            position += 1
            guard isDown(upstream) else {
                attempts += 1
                return .attempt(upstream: upstream, healthChecksBroken: false)
            }
            fails += 1
            guard fails >= order.count else { continue }
            attempts += 1
            let picked = order.randomElement(using: &random) ?? upstream
            return .attempt(upstream: picked, healthChecksBroken: true)
        }
        return .giveUp
    }
}

/// The time given to a TCP connection attempt, learnt from earlier ones (plugin/pkg/proxy/connect.go).
struct DialTimeout {
    private static let minimum: Int64 = 1_000_000_000
    private static let maximum: Int64 = 30_000_000_000
    private var average = maximum / 2

    /// Nanoseconds for the next attempt.
    var nanoseconds: Int64 {
        if average < Self.minimum { return Self.minimum }
        return average < Self.maximum / 2 ? 2 * average : Self.maximum
    }

    /// Moves the average a quarter of the way to what an attempt took.
    mutating func observe(_ nanoseconds: Int64) {
        average += (nanoseconds - average) / 4
    }
}
