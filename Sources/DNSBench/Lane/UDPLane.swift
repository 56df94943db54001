import Glibc
import LinuxNet
import Measure

/// One thread's share of a UDP load: sends, receives, times out and counts; nothing is shared with other lanes.
///
/// After `init` the loop allocates nothing, takes no lock and counts no reference for a query.
struct UDPLane: ~Copyable {
    /// One source port.
    struct Port: ~Copyable {
        let socket: UDPSocket
        var table: InFlightTable
        /// What the server gave this port to come back with.
        var cookie = ServerCookie()
        /// Closed loop: how many queries it keeps in flight.
        let window: Int
        /// Send times of the datagrams whose transmit stamps are awaited.
        var sampler = TransmitSampler()
    }

    /// A query that stands in the send batch.
    struct Staged {
        var id: UInt16
        var query: UInt32
        var intended: Int64
        /// Whether the kernel is to stamp it.
        var isSampled = false
    }

    static let batchSize = 64
    /// Octets kept of an answer: header and question always fit, and the rest is not looked at.
    static let slotBytes = 2_048
    /// A send that takes longer than this was preempted, and its batch's times are not spread over it.
    static let longestSend: Int64 = 10_000
    /// The least time between two datagrams whose transmit stamps are asked for.
    static let sampleEvery: Int64 = 1_000_000
    /// Closed loop: how many queries must have room before they are sent together, while answers keep coming.
    static let patientBatch = 16

    /// The same with segmentation offload.
    static let patientGathering = 256

    let context: LaneContext
    let slab: QuerySlab
    let ports: UnsafeMutablePointer<Port>
    let portCount: Int
    let outgoing: DatagramBatch
    let incoming: DatagramBatch
    let staged: UnsafeMutablePointer<Staged>
    /// Whether the intended send time is the actual one.
    let isClosed: Bool
    var sockets: SocketSet
    /// Equal lengths side by side, for segmentation offload; `nil` sends individual datagrams.
    var segments: SegmentOutbox?
    /// Asks truncated answers' questions again over TCP; `nil` takes a truncated answer for an answer.
    var retries: TruncationRetries?
    let tier: VerificationTier
    let checker: AnswerChecker
    var cursor: QueryCursor
    var misses: MissDraw
    var arrivals: ArrivalSource
    var recorder: LaneRecorder
    var clock = ClockBridge()
    var nextPort = 0
    /// When the next datagram may be sampled.
    var nextSample: Int64 = 0
    /// Whether the last look at the sockets found something; a closed loop then waits for company.
    var isBusy = false
    /// Whether queries that could have been sent were held back in the last round.
    var isHolding = false
    var idle = IdleMeter()
    /// When the next query can time out at the earliest.
    private var nextExpiry: Int64 = 0

    /// Makes this lane's sockets in the calling thread's network namespace.
    init(_ context: LaneContext) throws(NetError) {
        let plan = context.plan
        let count = context.share(of: plan.connections)
        let outgoing = try DatagramBatch(
            slots: UDPLane.batchSize,
            slotBytes: context.workload.slab.longest,
            wantsSource: false
        )
        let incoming = try DatagramBatch(slots: UDPLane.batchSize, slotBytes: UDPLane.slotBytes, wantsSource: false)
        let ports = UnsafeMutablePointer<Port>.allocate(capacity: count)
        let outstanding =
            switch plan.model {
            case .closed(let total): context.share(of: total)
            case .open: 0
            }
        var generator = SeededGenerator(seed: plan.seed, stream: UInt64(context.lane))
        // Scattered ids touch all of a table; of many sockets each needs few, and their ports are hard to guess.
        let order: InFlightTable.IDOrder = count > 64 ? .adjacent : .scattered
        var made = 0
        let sockets: SocketSet
        var retries: TruncationRetries?
        do throws(NetError) {
            while made < count {
                let socket = try context.udpSocket(made)
                (ports + made).initialize(
                    to: Port(
                        socket: socket,
                        table: InFlightTable(
                            seed: generator.next(),
                            order: order,
                            hasLabels: context.workload.missShare > 0
                        ),
                        window: LaneContext.share(of: outstanding, part: made, parts: count)
                    )
                )
                made += 1
            }
            var descriptors = (0..<count).map { ports[$0].socket.fd }
            if plan.retriesTruncated {
                let pool = try TruncationRetries(target: plan.target)
                descriptors.append(pool.descriptor)
                retries = consume pool
            }
            sockets = try SocketSet(descriptors)
        } catch {
            ports.deinitialize(count: made)
            ports.deallocate()
            throw error
        }
        if case .closed = plan.model { isClosed = true } else { isClosed = false }
        self.context = context
        slab = context.workload.slab
        tier = plan.verification
        checker = AnswerChecker(table: context.workload.slab.expectations)
        self.ports = ports
        portCount = count
        self.outgoing = outgoing
        self.incoming = incoming
        self.sockets = sockets
        self.retries = retries
        segments = plan.usesSegmentation ? SegmentOutbox(slab: context.workload.slab) : nil
        staged = .allocate(capacity: UDPLane.batchSize)
        staged.initialize(repeating: Staged(id: 0, query: 0, intended: 0), count: UDPLane.batchSize)
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
        ports.deinitialize(count: portCount)
        ports.deallocate()
        staged.deallocate()
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
            let oldestDeadline = expire(now: now)
            let sent = sendDue(now: now)
            if arrivals.isFinished(now: now) && waitingCount == 0 { break }
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
            let received = try receiveReady(timeoutNanoseconds: timeout)
            isBusy = received > 0
            if sent + received == 0 { idle.wasFruitless() }
        }
        return finish(cpuBefore: cpuBefore, interrupted: interrupted)
    }

    /// Lets a few more answers come before the next look; the kernel's stamps keep their latencies true.
    private mutating func rest() {
        Clock.sleep(untilMonotonic: Clock.deadline(after: LaneTiming.rest))
        idle.slept(until: Clock.monotonicNanoseconds())
    }

    private mutating func finish(cpuBefore: Int64, interrupted: Bool) -> LaneReport {
        var dropped: UInt64 = 0
        for index in 0..<portCount {
            drainErrors(port: index)
            dropped += ports[index].socket.droppedDatagrams ?? 0
        }
        var finished = LaneRecorder(exchange: context.exchange, start: 0, intervalNanoseconds: 1)
        swap(&finished, &recorder)
        return finished.report(
            lane: context.lane,
            cpuNanoseconds: Clock.threadCPUNanoseconds() - cpuBefore,
            idleNanoseconds: idle.total,
            rxDropped: dropped,
            clockSteps: clock.steps,
            wasInterrupted: interrupted
        )
    }

    private var waitingCount: Int {
        mutating get {
            var count = 0
            for index in 0..<portCount { count &+= ports[index].table.waitingCount }
            return count &+ (retries?.activeCount ?? 0)
        }
    }

    /// Gives up what is too old; the time at which the next query may be.
    ///
    /// Until that time there is nothing to look for (a retry over TCP keeps the time of its query): answers only make
    /// the oldest query younger, and what is sent in the meantime has a whole timeout before it.
    private mutating func expire(now: Int64) -> Int64 {
        guard now >= nextExpiry else { return nextExpiry }
        let timeout = context.plan.timeoutNanoseconds
        let limit = now &- timeout
        nextExpiry = now &+ timeout
        for index in 0..<portCount {
            while ports[index].table.popExpired(sentAtOrBefore: limit) != nil { recorder.timedOut() }
            ports[index].table.releaseQuarantine(sentAtOrBefore: limit &- context.plan.quarantineNanoseconds)
            if let sent = ports[index].table.oldestSent { nextExpiry = min(nextExpiry, sent &+ timeout) }
        }
        if let oldest = retries?.expire(sentAtOrBefore: limit, recorder: &recorder) {
            nextExpiry = min(nextExpiry, oldest &+ timeout)
        }
        return nextExpiry
    }

    /// Ends the run early: what waits is interrupted, what was due and not sent is unsent.
    private mutating func interrupt(now: Int64) {
        for index in 0..<portCount {
            while ports[index].table.popOldest() != nil { recorder.counters.interrupted += 1 }
        }
        recorder.counters.interrupted += UInt64(retries?.abandon() ?? 0)
        guard arrivals.nextIntended != .min else { return }
        while arrivals.take(now: now) != nil {
            recorder.counters.scheduled += 1
            recorder.counters.unsent += 1
        }
    }
}
