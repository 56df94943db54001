import LinuxNet
import Measure

/// One thread's share of a TCP load: connections with pipelined queries; nothing is shared with other lanes.
///
/// A query whose connection ends before its answer is sent again on the next free connection, at most three times
/// (RFC 7766 section 6.2.4 leaves the retry to the client); its response latency keeps counting from the intended
/// send. The kernel stamps what is read at once with the time of its last octet, which is the receive time of all its
/// answers.
struct TCPLane: ~Copyable {
    /// How often a query is sent again before it counts as timed out.
    static let maximumResends: UInt32 = 3

    let context: LaneContext
    let slab: QuerySlab
    let connections: UnsafeMutablePointer<TCPConnection>
    let connectionCount: Int
    let isClosed: Bool
    var pending = PendingQueue(capacity: 1 << 16)
    var poll: EventPoll
    let tier: VerificationTier
    let checker: AnswerChecker
    var cursor: QueryCursor
    var misses: MissDraw
    var arrivals: ArrivalSource
    var recorder: LaneRecorder
    var nextConnection = 0
    var clock = ClockBridge()
    var idle = IdleMeter()
    /// Whether the last look at the connections found something; a closed loop then waits for company.
    var isBusy = false
    /// Whether queries that could have been sent were held back in the last round.
    var isHolding = false
    /// How long the first handshakes took, before the run.
    private let firstHandshakes: [Int64]
    /// When a query can time out or a connection is due, at the earliest.
    var nextExpiry: Int64 = 0

    /// Opens this lane's connections in the calling thread's network namespace; throws when the first is refused.
    init(_ context: LaneContext) throws(NetError) {
        let plan = context.plan
        let count = context.share(of: plan.connections)
        let poll = try EventPoll()
        let connections = UnsafeMutablePointer<TCPConnection>.allocate(capacity: count)
        var outstanding: Int?
        if case .closed(let total) = plan.model { outstanding = context.share(of: total) }
        var generator = SeededGenerator(seed: plan.seed, stream: UInt64(context.lane))
        var made = 0
        var handshakes: [Int64] = []
        do throws(NetError) {
            while made < count {
                let begun = Clock.monotonicNanoseconds()
                let stream = try TCPStream.connect(
                    to: plan.target,
                    from: context.localEndpoint(made),
                    timeoutNanoseconds: plan.timeoutNanoseconds
                )
                handshakes.append(Clock.monotonicNanoseconds() - begun)
                try stream.setNoDelay()
                try stream.enableReceiveTimestamps()
                plan.sourceLog?.add(try stream.localEndpoint)
                try poll.add(stream.fd, for: .readable, token: UInt64(made))
                var window = outstanding.map { LaneContext.share(of: $0, part: made, parts: count) } ?? 32_768
                if let depth = plan.pipelineDepth { window = min(window, depth) }
                let table = InFlightTable(
                    seed: generator.next(),
                    order: .adjacent,
                    hasLabels: context.workload.missShare > 0
                )
                (connections + made).initialize(to: TCPConnection(stream, table: table, window: window))
                connections[made].phase = .open
                made += 1
            }
        } catch {
            connections.deinitialize(count: made)
            connections.deallocate()
            throw error
        }
        firstHandshakes = handshakes
        isClosed = outstanding != nil
        self.context = context
        slab = context.workload.slab
        tier = plan.verification
        checker = AnswerChecker(table: context.workload.slab.expectations)
        self.connections = connections
        connectionCount = count
        self.poll = poll
        cursor = QueryCursor(order: context.workload.order, lane: context.lane, lanes: plan.threads)
        misses = MissDraw(
            slab: context.workload.slab,
            share: context.workload.missShare,
            seed: plan.seed,
            lane: context.lane
        )
        arrivals = ArrivalSource(plan: plan, lane: context.lane, start: 0)
        recorder = LaneRecorder(exchange: context.exchange, start: 0, intervalNanoseconds: plan.intervalNanoseconds)
    }

    deinit {
        connections.deinitialize(count: connectionCount)
        connections.deallocate()
    }

    /// Runs from `start` (CLOCK_MONOTONIC) until the plan is done or somebody wants to stop.
    mutating func run(start: Int64) throws(NetError) -> LaneReport {
        let cpuBefore = Clock.threadCPUNanoseconds()
        arrivals = ArrivalSource(plan: context.plan, lane: context.lane, start: start)
        recorder = LaneRecorder(
            exchange: context.exchange,
            start: start,
            intervalNanoseconds: context.plan.intervalNanoseconds
        )
        recorder.counters.connectionAttempts = UInt64(connectionCount)
        for nanoseconds in firstHandshakes { recorder.connected(after: nanoseconds) }
        var interrupted = false
        while true {
            let now = Clock.monotonicNanoseconds()
            idle.turn(now: now)
            if context.mustStop {
                interrupted = true
                interrupt(now: now)
                break
            }
            recorder.turnInterval(now: now)
            clock.refresh(now: now)
            queueDue(now: now)
            let oldestDeadline = expire(now: now)
            let sent = sendPending(now: now)
            if arrivals.isFinished(now: now) && pending.count == 0 && waitingCount == 0 { break }
            if sent == 0 && isHolding { rest() }
            let timeout =
                sent > 0 || isHolding
                ? 0
                : LaneTiming.wait(
                    now: now,
                    arrivals: arrivals,
                    oldestDeadline: oldestDeadline,
                    pacing: context.plan.pacing
                )
            let served = try serveReady(timeoutNanoseconds: timeout)
            isBusy = served > 0
            if sent + served == 0 { idle.wasFruitless() }
        }
        return finish(cpuBefore: cpuBefore, interrupted: interrupted)
    }

    /// Lets a few more answers come before the next look; the kernel's stamps keep their latencies true.
    private mutating func rest() {
        Clock.sleep(untilMonotonic: Clock.deadline(after: LaneTiming.rest))
        idle.slept(until: Clock.monotonicNanoseconds())
    }

    private mutating func finish(cpuBefore: Int64, interrupted: Bool) -> LaneReport {
        var finished = LaneRecorder(exchange: context.exchange, start: 0, intervalNanoseconds: 1)
        swap(&finished, &recorder)
        return finished.report(
            lane: context.lane,
            cpuNanoseconds: Clock.threadCPUNanoseconds() - cpuBefore,
            idleNanoseconds: idle.total,
            rxDropped: 0,
            clockSteps: clock.steps,
            wasInterrupted: interrupted
        )
    }

    private var waitingCount: Int {
        var count = 0
        for index in 0..<connectionCount { count &+= connections[index].table.waitingCount }
        return count
    }

    /// Open loop: queues what is due, so that it is sent as soon as a connection has room.
    private mutating func queueDue(now: Int64) {
        if isClosed { return }
        while let intended = arrivals.take(now: now) {
            recorder.counters.scheduled &+= 1
            let item = PendingQueue.Item(
                query: misses.pick(cursor.next()),
                resends: 0,
                intended: intended,
                queuedAt: now
            )
            if !pending.append(item) { recorder.counters.unsent &+= 1 }
        }
    }

    /// Gives up what is too old, and begins connections that are due; the time at which the next thing is due.
    private mutating func expire(now: Int64) -> Int64 {
        let timeout = context.plan.timeoutNanoseconds
        let limit = now &- timeout
        if now >= nextExpiry { expireConnections(now: now, limit: limit) }
        while let first = pending.first {
            guard first.queuedAt <= limit else { return min(nextExpiry, first.queuedAt &+ timeout) }
            _ = pending.popFirst()
            giveUp(first)
        }
        return nextExpiry
    }

    /// Until `nextExpiry` there is nothing to look for: what is sent in the meantime has a whole timeout before it,
    /// and a connection that ends sets it back.
    private mutating func expireConnections(now: Int64, limit: Int64) {
        let timeout = context.plan.timeoutNanoseconds
        nextExpiry = now &+ timeout
        for index in 0..<connectionCount {
            while connections[index].table.popExpired(sentAtOrBefore: limit) != nil { recorder.timedOut() }
            connections[index].table.releaseQuarantine(sentAtOrBefore: limit &- context.plan.quarantineNanoseconds)
            if let sent = connections[index].table.oldestSent { nextExpiry = min(nextExpiry, sent &+ timeout) }
            guard case .idle(let retryAt) = connections[index].phase else { continue }
            if retryAt <= now { begin(index, now: now) }
            // Still idle: the attempt failed at once, and the next one is due later.
            if case .idle(let later) = connections[index].phase { nextExpiry = min(nextExpiry, later) }
        }
    }

    /// Counts a query that found no connection in time.
    mutating func giveUp(_ item: PendingQueue.Item) {
        if item.resends > 0 { recorder.timedOut() } else { recorder.counters.unsent &+= 1 }
    }

    /// Begins to connect; a failure is tried again later.
    private mutating func begin(_ index: Int, now: Int64) {
        recorder.counters.connectionAttempts &+= 1
        do throws(NetError) {
            try connections[index].reconnect(to: context.plan.target, from: context.localEndpoint(index))
            try poll.add(connections[index].stream.fd, for: [.readable, .writable], token: UInt64(index))
            context.plan.sourceLog?.add(try connections[index].stream.localEndpoint)
        } catch {
            recorder.counters.connectionFailures &+= 1
            connections[index].scheduleRetry(now: now)
        }
    }

    /// Ends the run early: what was sent is interrupted, what was not is unsent.
    private mutating func interrupt(now: Int64) {
        queueDue(now: now)
        for index in 0..<connectionCount {
            while connections[index].table.popOldest() != nil { recorder.counters.interrupted += 1 }
        }
        while let item = pending.popFirst() {
            if item.resends > 0 { recorder.counters.interrupted += 1 } else { recorder.counters.unsent += 1 }
        }
    }
}
