import DNSWire
package import LinuxNet
import Synchronization

/// Captures DNS messages while they pass, on a thread of its own.
///
/// Opened in a network namespace, on one interface or on all of them. Everything here may be called from any
/// thread. Stop it: a capture that is dropped without `stop` ends its thread at the next turn.
package final class LiveCapture: Sendable {
    private struct State: ~Copyable {
        var engine: CaptureEngine
        /// The ring was seen empty at this time, nanoseconds on CLOCK_MONOTONIC.
        var emptyAt: Int64 = .min
        var failure: String?
        var writer: PcapWriter?
        var isFinished = false
        /// Nanoseconds since the Unix epoch.
        var stoppedAt: Int64 = .min
        /// Frames that came out of the ring, and those of them that were thrown away on purpose.
        var offered: UInt64 = 0
        var thrownAway: UInt64 = 0

        /// Whether the next frame is one to throw away; the first is, so that no look at the capture is whole.
        mutating func losesNext(oneIn interval: UInt64?) -> Bool {
            guard let interval else { return false }
            let isLost = offered % max(1, interval) == 0
            offered += 1
            if isLost { thrownAway += 1 }
            return isLost
        }

        /// Tells the engine what was lost so far.
        mutating func note(_ drops: (kernel: UInt64, interface: UInt64)) {
            engine.sourceDrops = (drops.kernel + thrownAway, drops.interface)
        }
    }

    /// Frames taken under one hold of the lock.
    private static let batch = 1_024
    private static let turnMilliseconds: Int32 = 20
    private static let statisticsNanoseconds: Int64 = 1_000_000_000

    private let state: Mutex<State>
    private let handle: PcapHandle
    private let settings: LiveSettings
    private let stopFlag = StopFlag()
    /// The kernel collects from this time on, nanoseconds since the Unix epoch.
    private let startedAt = Clock.realtimeNanoseconds()
    private let thread = Mutex<RunningThread?>(nil)
    /// Interface names of the captured namespace by index.
    package let interfaceNames: [UInt32: String]

    /// Opens the capture; nothing is read before `start`, but the kernel collects from now on.
    ///
    /// - Parameters:
    ///   - interfaces: Names of interfaces; empty for all.
    ///   - namespace: The network namespace to capture in; nil for that of the process.
    ///   - options: Roles, ports and bounds.
    ///   - settings: Ring, block timeout and the file to write.
    package init(
        interfaces: [String] = [],
        namespace: NetworkNamespace? = nil,
        options: CaptureOptions,
        settings: LiveSettings = LiveSettings()
    ) throws(CaptureError) {
        let opened = try Self.open(interfaces: interfaces, namespace: namespace, options: options, settings: settings)
        var engine = CaptureEngine(options: options)
        engine.interfaces = opened.selected
        handle = opened.handle
        interfaceNames = opened.table.namesByIndex
        self.settings = settings
        var writer: PcapWriter?
        if let path = settings.writePath {
            writer = try PcapWriter(path: path, link: opened.handle.linkValue, snapshotLength: settings.snapshotLength)
        }
        state = Mutex(State(engine: engine, writer: writer))
    }

    /// Opens the capture with default ports, bounds and ring.
    package convenience init(
        interfaces: [String] = [],
        namespace: NetworkNamespace? = nil,
        roles: CaptureRoles
    ) throws(CaptureError) {
        try self.init(interfaces: interfaces, namespace: namespace, options: CaptureOptions(roles: roles))
    }

    deinit {
        stopFlag.raise()
    }

    /// Starts the reader thread.
    package func start() throws(CaptureError) {
        let reader = Reader(capture: self)
        do {
            let started = try Threads.start(name: "capture") { reader.run() }
            thread.withLock { $0 = started }
        } catch {
            throw .live(operation: "start its thread", reason: "\(error)")
        }
    }

    /// Waits until everything that was on the wire before the call is decoded.
    ///
    /// - Parameter deadlineNanoseconds: How long to wait at most, from now.
    /// - Returns: False when the deadline passed first, or the capture has failed or ended.
    @discardableResult
    package func flush(deadlineNanoseconds: Int64 = 2_000_000_000) async -> Bool {
        let begin = Clock.monotonicNanoseconds()
        let target = begin + ringDelayNanoseconds
        while true {
            if let isFlushed = turn(target: target, deadline: begin + deadlineNanoseconds) { return isFlushed }
            if Task.isCancelled { return false }
            try? await Task.sleep(nanoseconds: 5_000_000)
        }
    }

    /// Waits as `flush` does, but blocks the calling thread; for threads outside Swift's pool.
    @discardableResult
    package func flushBlocking(deadlineNanoseconds: Int64 = 2_000_000_000) -> Bool {
        let begin = Clock.monotonicNanoseconds()
        let target = begin + ringDelayNanoseconds
        while true {
            if let isFlushed = turn(target: target, deadline: begin + deadlineNanoseconds) { return isFlushed }
            Clock.sleep(untilMonotonic: Clock.monotonicNanoseconds() + 5_000_000)
        }
    }

    /// Whether a flush has ended, and how; nil while it has to wait.
    ///
    /// The deadline is looked at only after the ring: a waiter that got no turn must not fail a flush that was
    /// done in time.
    private func turn(target: Int64, deadline: Int64) -> Bool? {
        let (emptyAt, isOver) = state.withLock { ($0.emptyAt, $0.isFinished || $0.failure != nil) }
        if emptyAt >= target { return true }
        return isOver || Clock.monotonicNanoseconds() >= deadline ? false : nil
    }

    /// Begins to look at what follows by itself, for a stage that is judged alone; flush first.
    ///
    /// One stage at a time can be looked at: what was begun before is dropped.
    package func beginObservation(zones: [ProofZone], requirements: ProofRequirements) -> CaptureMark {
        state.withLock { state in
            state.engine.beginWindow(zones: zones, requirements: requirements)
            return CaptureMark(losses: state.engine.report.losses)
        }
    }

    /// What was seen, and what was lost, since a mark; flush first.
    ///
    /// - Returns: Nil when another stage was begun since.
    package func endObservation(_ mark: CaptureMark) -> Observation? {
        state.withLock { state in
            guard let findings = state.engine.endWindow(at: Clock.realtimeNanoseconds()) else { return nil }
            return Observation(findings: findings, losses: state.engine.report.losses.since(mark.losses))
        }
    }

    /// Begins to count queries by sender, so that somebody who sends can learn how much of it was seen.
    package func beginCounting() { state.withLock { $0.engine.beginCounting() } }

    /// Ends it; flush first.
    ///
    /// - Returns: Nil when nobody began.
    package func endCounting() -> SourceCounts? { state.withLock { $0.engine.endCounting() } }

    /// The latest messages that a filter selects, in the order in which they were completed.
    package func records(matching filter: MessageFilter = MessageFilter()) -> [MessageRecord] {
        state.withLock { $0.engine.records(matching: filter) }
    }

    /// The beginnings and ends of upstream connections since a time (nanoseconds since the Unix epoch).
    package func connectionEvents(since time: Int64) -> [ConnectionEvent] {
        state.withLock { $0.engine.connectionEvents(since: time) }
    }

    /// Whether messages of this time or later (nanoseconds since the Unix epoch) were let go for want of room.
    package func hasForgotten(since time: Int64) -> Bool {
        state.withLock { $0.engine.overwrittenUntil >= time }
    }

    /// How many of the latest messages a filter selects.
    package func count(matching filter: MessageFilter) -> Int { records(matching: filter).count }

    /// Numbers of this moment.
    package var report: CaptureReport {
        state.withLock { $0.engine.report }
    }

    /// Why the capture ended by itself, for example because its interface went away; nil while it works.
    package var failure: String? {
        state.withLock { $0.failure }
    }

    /// Reads what is still in the ring, ends the thread and returns all there is; the first call does so.
    package func stop() throws(CaptureError) -> CaptureResult {
        let running = thread.withLock { thread in
            let running = thread
            thread = nil
            return running
        }
        if let running {
            let target = Clock.monotonicNanoseconds() + ringDelayNanoseconds
            let deadline = target + 2_000_000_000
            while Clock.monotonicNanoseconds() < deadline {
                let isDrained = state.withLock { $0.emptyAt >= target || $0.failure != nil }
                if isDrained { break }
                Clock.sleep(untilMonotonic: Clock.monotonicNanoseconds() + 5_000_000)
            }
            stopFlag.raise()
            running.join()
        }
        let (result, writeError) = state.withLock { state -> (CaptureResult, CaptureError?) in
            var writeError: CaptureError?
            if !state.isFinished {
                handle.sampleDrops()
                state.note(handle.drops)
                state.stoppedAt = Clock.realtimeNanoseconds()
                state.engine.finish(at: state.stoppedAt)
                state.isFinished = true
                do throws(CaptureError) { try state.writer?.finish() } catch { writeError = error }
                state.writer = nil
            }
            let result = CaptureResult(
                report: state.engine.report,
                records: state.engine.records(),
                findings: state.engine.findings,
                span: startedAt...max(startedAt, state.stoppedAt),
                interfaceNames: interfaceNames
            )
            return (result, writeError)
        }
        if let writeError { throw writeError }
        return result
    }

    /// A part-filled block is handed over when its timer has fired; jiffies round it up, and a turn passes.
    private var ringDelayNanoseconds: Int64 {
        Int64(settings.blockTimeoutMilliseconds) * 1_000_000 + 30_000_000
    }

    private struct Opened: Sendable {
        let handle: PcapHandle
        let table: InterfaceTable
        let selected: [UInt32]
    }

    private static func open(
        interfaces: [String],
        namespace: NetworkNamespace?,
        options: CaptureOptions,
        settings: LiveSettings
    ) throws(CaptureError) -> Opened {
        let filter = CaptureFilter.expression(ports: options.ports)
        do {
            return try Threads.runBlocking(name: "capture-open", namespace: namespace) {
                let table = InterfaceTable.current()
                var selected: [UInt32] = []
                for name in interfaces where name != "any" {
                    guard let index = table.index(of: name) else {
                        throw CaptureError.noSuchInterface(name: name, available: table.names)
                    }
                    selected.append(index)
                }
                // One handle keeps the order of packets; several interfaces are picked out of all of them.
                let isSingle = interfaces.count == 1
                let handle = try PcapHandle(
                    interface: isSingle ? interfaces[0] : "any",
                    settings: settings,
                    filter: filter
                )
                return Opened(handle: handle, table: table, selected: isSingle ? [] : selected)
            }
        } catch let error as CaptureError {
            throw error
        } catch let error as NetError where error.isPermissionDenied {
            throw .missingCapability(operation: "enter the network namespace", capability: "CAP_SYS_ADMIN")
        } catch {
            throw .namespace(reason: "\(error)")
        }
    }

    /// The reader thread's work; holds the capture only during a turn, so that dropping it ends the thread.
    private struct Reader: Sendable {
        private let stopFlag: StopFlag
        private let handle: PcapHandle
        private let box: WeakCapture

        init(capture: LiveCapture) {
            stopFlag = capture.stopFlag
            handle = capture.handle
            box = WeakCapture(capture)
        }

        func run() {
            // The socket is open, and from here on the thread reads what strangers sent: it needs no capability.
            try? Privileges.dropCapabilities(keeping: [])
            var sampledAt: Int64 = 0
            while !stopFlag.isRaised {
                guard let capture = box.capture else { return }
                let now = Clock.monotonicNanoseconds()
                if now - sampledAt > LiveCapture.statisticsNanoseconds {
                    handle.sampleDrops()
                    sampledAt = now
                }
                switch capture.takeBatch() {
                case .more: continue
                case .empty: handle.wait(milliseconds: LiveCapture.turnMilliseconds)
                case .failed: return
                }
            }
        }
    }

    private enum Turn { case more, empty, failed }

    private func takeBatch() -> Turn {
        state.withLock { state in
            state.note(handle.drops)
            for _ in 0..<Self.batch {
                let now = Clock.monotonicNanoseconds()
                switch handle.next() {
                case .frame where state.losesNext(oneIn: settings.losesOneIn): continue
                case .frame(let seconds, let nanoseconds, let octets, let originalLength):
                    let time = Int64(seconds) &* 1_000_000_000 &+ Int64(nanoseconds)
                    state.engine.accept(octets.bytes, link: handle.link, at: time)
                    state.writer?.write(
                        octets,
                        originalLength: originalLength,
                        seconds: seconds,
                        nanoseconds: nanoseconds
                    )
                case .empty:
                    // What a flush waits for must know of every loss before it, or a stage could be judged too early.
                    handle.sampleDrops()
                    state.note(handle.drops)
                    state.emptyAt = now
                    return .empty
                case .failure(let reason):
                    state.failure = reason
                    state.engine.sourceFailed = true
                    return .failed
                }
            }
            return .more
        }
    }
}

/// A point in a live capture.
package struct CaptureMark: Sendable {
    let losses: CaptureLosses
}

/// Lets the reader thread see whether its capture is still wanted.
private final class WeakCapture: @unchecked Sendable {
    // A weak reference is read atomically by the runtime, and written only here.
    private(set) weak var capture: LiveCapture?

    init(_ capture: LiveCapture) {
        self.capture = capture
    }
}
