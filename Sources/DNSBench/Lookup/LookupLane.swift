import DNSWire
import Glibc
import LinuxNet
import Measure

/// One thread's share of a load of lookups: each lookup has sockets of its own, as in the program it stands for.
///
/// After `init` a lookup allocates nothing on the heap, takes no lock and counts no reference.
struct LookupLane: ~Copyable {
    /// Octets kept of an answer over UDP; more than any of the resolvers asks for.
    static let slotBytes = 4_800
    /// Octets kept of an answer over TCP, behind its length; the addresses stand at its beginning.
    static let streamBytes = 4_096
    /// Lookups of an open loop that can be under way on one lane.
    static let mostConcurrent = 4_096
    /// Descriptors that are left to the rest of the process.
    static let reserve = 128

    let context: LaneContext
    let table: LookupTable
    let rules: ResolverRules
    let servers: [3 of Endpoint]
    /// The family of musl's socket.
    let family: AddressFamily
    let slots: UnsafeMutablePointer<LookupSlot>
    let outgoing: DatagramBatch
    let incoming: DatagramBatch
    /// Two frames a lookup; pages that none touches are never made resident.
    let frames: UnsafeMutablePointer<UInt8>
    let scratch: UnsafeMutableRawBufferPointer
    /// Whether the intended start is the actual one.
    let isClosed: Bool
    var pool: LookupPool
    var timers: LookupTimers
    var poll: EventPoll
    var cursor: LookupCursor
    var arrivals: ArrivalSource
    var recorder: LaneRecorder
    var lookups: LookupRecorder
    var clock = ClockBridge()
    var idle = IdleMeter()
    var process: ResolverProcess
    var generator: SeededGenerator
    var actions = LookupActions()
    var nextGeneration: UInt32 = 0
    var nextNumber: UInt32 = 0

    /// Takes all memory; sockets are made lookup by lookup in the calling thread's network namespace.
    init(_ context: LaneContext, table: LookupTable) throws(NetError) {
        let plan = context.plan
        let settings = table.settings
        let rules = ResolverRules(settings, patience: plan.timeoutNanoseconds)
        var window = LookupLane.mostConcurrent
        var isClosed = false
        if case .closed(let total) = plan.model {
            window = context.share(of: total)
            isClosed = true
        }
        let capacity = min(window, LookupLane.descriptorShare(rules, lanes: plan.threads))
        let outgoing = try DatagramBatch(slots: 8, slotBytes: table.longest, wantsSource: false)
        let incoming = try DatagramBatch(slots: 16, slotBytes: LookupLane.slotBytes, wantsSource: true)
        let poll = try EventPoll()
        self.outgoing = outgoing
        self.incoming = incoming
        self.poll = poll
        self.isClosed = isClosed
        self.context = context
        self.table = table
        self.rules = rules
        var servers: [3 of Endpoint] = .init(repeating: plan.target)
        for (index, server) in settings.effectiveServers.enumerated() { servers[index] = server }
        self.servers = servers
        family = servers[0].address.family
        pool = LookupPool(capacity: capacity)
        timers = LookupTimers(capacity: capacity)
        slots = .allocate(capacity: max(1, capacity))
        let empty = LookupSlot(
            machine: LookupMachine(LookupPath([], isRooted: false), rules: rules)
        )
        slots.initialize(repeating: empty, count: max(1, capacity))
        frames = LookupLane.zeroed(max(1, capacity) * 2 * (LookupLane.streamBytes + 2))
        scratch = .allocate(byteCount: 65_536, alignment: 8)
        cursor = LookupCursor(order: table.order, lane: context.lane, lanes: plan.threads)
        arrivals = ArrivalSource(plan: plan, lane: context.lane, start: 0)
        recorder = LaneRecorder(exchange: context.exchange, start: 0, intervalNanoseconds: plan.intervalNanoseconds)
        lookups = LookupRecorder(domains: settings.search.count)
        generator = SeededGenerator(seed: plan.seed, stream: UInt64(context.lane) &+ 0x100c)
        process = ResolverProcess(
            firstTurn: rules.resolver == .glibc ? UInt32(truncatingIfNeeded: generator.next()) : UInt32(context.lane)
        )
    }

    deinit {
        for index in 0..<pool.capacity {
            for socket in 0..<LookupMachine.sockets where slots[index].sockets[socket].descriptor >= 0 {
                _ = OwnedDescriptor(adopting: slots[index].sockets[socket].descriptor)
            }
        }
        slots.deallocate()
        free(frames)
        scratch.deallocate()
    }

    private static func zeroed(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        guard let memory = calloc(count, 1) else { preconditionFailure("no memory") }
        return memory.bindMemory(to: UInt8.self, capacity: count)
    }

    /// How many lookups one lane can have under way with the descriptors that this process may open.
    private static func descriptorShare(_ rules: ResolverRules, lanes: Int) -> Int {
        let allowed = min(DescriptorLimit.raise(), 1 << 20)
        let each =
            switch rules.resolver {
            case .glibc: Int(rules.serverCount) + 1
            case .musl: 3
            case .go: 2
            }
        return max(1, (allowed - reserve) / lanes / each)
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
            var work = expire(now: now)
            work += startDue(now: now)
            if arrivals.isFinished(now: now) && pool.activeCount == 0 { break }
            let timeout = work > 0 ? 0 : wait(now: now)
            work += try receiveReady(timeoutNanoseconds: timeout)
            if work == 0 { idle.wasFruitless() }
        }
        return finish(cpuBefore: cpuBefore, interrupted: interrupted)
    }

    private func wait(now: Int64) -> Int64 {
        LaneTiming.wait(
            now: now,
            arrivals: arrivals,
            oldestDeadline: timers.earliest,
            pacing: context.plan.pacing
        )
    }

    private mutating func finish(cpuBefore: Int64, interrupted: Bool) -> LaneReport {
        var finished = LaneRecorder(exchange: context.exchange, start: 0, intervalNanoseconds: 1)
        swap(&finished, &recorder)
        var report = finished.report(
            lane: context.lane,
            cpuNanoseconds: Clock.threadCPUNanoseconds() - cpuBefore,
            idleNanoseconds: idle.total,
            rxDropped: 0,
            clockSteps: clock.steps,
            wasInterrupted: interrupted
        )
        var done = LookupRecorder(domains: 0)
        swap(&done, &lookups)
        report.lookup = done.report()
        return report
    }

    /// Lets the lookups whose time is up go on.
    private mutating func expire(now: Int64) -> Int {
        var count = 0
        while let index = timers.due(now: now) {
            advance(index, .elapsed, now: now, received: now)
            count += 1
            if count == 256 { break }
        }
        return count
    }

    /// Begins what is due, at most 64 lookups at a time, so that answers are read in between.
    private mutating func startDue(now: Int64) -> Int {
        var begun = 0
        while begun < 64 {
            if isClosed && pool.freeCount == 0 { break }
            guard let intended = arrivals.take(now: now) else { break }
            begun += 1
            lookups.counters.scheduled &+= 1
            let name = cursor.next()
            guard let index = pool.take() else {
                lookups.counters.unsent &+= 1
                continue
            }
            begin(index, name: name, intended: intended)
        }
        return begun
    }

    private mutating func begin(_ index: Int, name: UInt32, intended: Int64) {
        let now = Clock.monotonicNanoseconds()
        var slot = LookupSlot(machine: LookupMachine(table.entries[Int(name)].path, rules: rules))
        slot.isActive = true
        slot.name = name
        slot.number = nextNumber
        // In a closed loop the intended time is the actual one.
        slot.intended = isClosed ? now : intended
        slot.begun = now
        slots[index] = slot
        nextNumber &+= 1
        advance(index, nil, now: now, received: now)
    }

    /// Ends the run early: lookups and queries under way are interrupted, what was due is unsent.
    private mutating func interrupt(now: Int64) {
        for index in 0..<pool.capacity where slots[index].isActive {
            for place in 0..<LookupSlot.places { give(up: place, of: index, as: .interrupted) }
            for socket in 0..<LookupMachine.sockets { close(socket, of: index) }
            slots[index].isActive = false
            lookups.counters.interrupted &+= 1
        }
        guard arrivals.nextIntended != .min else { return }
        while arrivals.take(now: now) != nil {
            lookups.counters.scheduled &+= 1
            lookups.counters.unsent &+= 1
        }
    }
}
