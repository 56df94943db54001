import LinuxNet
import Measure

/// Counts and histograms of one lane; allocates nothing while recording.
struct LaneRecorder: ~Copyable {
    var counters = LoadCounters()
    private var rcodes: [24 of UInt64] = .init(repeating: 0)
    private var response = LatencyHistogram()
    private var service = LatencyHistogram()
    private var sendLag = LatencyHistogram()
    private var clientLag = LatencyHistogram()
    private var transmitLag = LatencyHistogram()
    private var connectTime = LatencyHistogram()
    private static let mostExamples = 8
    private var examples: [FaultExample] = []
    private var slot: UnsafeMutablePointer<IntervalSlot>
    private let exchange: IntervalExchange
    private let start: Int64
    private let interval: Int64
    private var boundary: Int64
    /// When the last answer came, CLOCK_MONOTONIC.
    private var lastAnswer: Int64
    /// When the last query was sent.
    private var lastSend: Int64

    init(exchange: IntervalExchange, start: Int64, intervalNanoseconds: Int64) {
        self.exchange = exchange
        self.start = start
        interval = intervalNanoseconds
        slot = exchange.firstSlot
        boundary = start &+ intervalNanoseconds
        lastAnswer = start
        lastSend = start
    }

    /// Hands over the running interval when its time is up.
    @inline(__always)
    mutating func turnInterval(now: Int64) {
        if now >= boundary { publish(now: now) }
    }

    private mutating func publish(now: Int64) {
        let index = (now &- start) / interval
        guard let next = exchange.publish(slot, next: index) else { return }  // the reporter is late: stay in this one
        slot = next
        boundary = start &+ (index &+ 1) &* interval
    }

    /// Counts a query that the kernel took.
    @inline(__always)
    mutating func sent(intended: Int64, at sent: Int64) {
        counters.sent &+= 1
        slot.pointee.sent &+= 1
        sendLag.record(max(0, sent &- intended))
        lastSend = sent
    }

    /// Counts an answer; `received` is `nil` when its time is not known.
    ///
    /// - Parameter isBadCookie: whether an OPT record makes its rcode BADCOOKIE.
    @inline(__always)
    mutating func answered(
        _ entry: InFlightTable.Entry,
        flags: UInt16,
        isBadCookie: Bool = false,
        received: Int64?,
        now: Int64
    ) {
        counters.answered &+= 1
        slot.pointee.answered &+= 1
        rcodes[isBadCookie ? 23 : Int(flags & 15)] &+= 1
        if flags & 0x0200 != 0 { counters.truncatedAnswers &+= 1 }
        lastAnswer = now
        guard let received else {
            counters.unclocked &+= 1
            return
        }
        // A stamp and a send time each carry some tens of nanoseconds of error; latencies are at least 1 ns.
        let fromIntended = max(1, received &- entry.intended)
        response.record(fromIntended)
        slot.pointee.response.record(fromIntended)
        let fromSent = max(1, received &- entry.sent)
        service.record(fromSent)
        slot.pointee.service?.record(fromSent)
        clientLag.record(max(0, now &- received))
    }

    /// Counts a sampled datagram by the time from our send to its way into the driver; negative times are counted apart.
    mutating func transmitted(after nanoseconds: Int64) { transmitLag.record(nanoseconds) }

    /// Counts a TCP connection by the time that its handshake took.
    mutating func connected(after nanoseconds: Int64) { connectTime.record(nanoseconds) }

    /// Counts an answer that was looked at, and what was found; the first few with a fault are kept as examples.
    mutating func checked(_ fault: AnswerFault?, query: UInt32, answer: UnsafeRawBufferPointer) {
        counters.checked &+= 1
        guard let fault else { return }
        counters.count(fault)
        if examples.count < LaneRecorder.mostExamples {
            examples.append(FaultExample(query: query, fault: fault, answer: Array(answer)))
        }
    }

    /// Counts a lookup that has ended, besides its queries, in the running interval.
    mutating func lookupEnded(response: Int64, service: Int64) {
        slot.pointee.lookups &+= 1
        slot.pointee.lookupLatencies?.response.record(response)
        slot.pointee.lookupLatencies?.service.record(service)
    }

    /// Counts a query that was given up.
    mutating func timedOut() {
        counters.timedOut &+= 1
        slot.pointee.timedOut &+= 1
    }

    /// The lane's report; nothing may be recorded afterwards.
    consuming func report(
        lane: Int,
        cpuNanoseconds: Int64,
        idleNanoseconds: Int64,
        rxDropped: UInt64,
        clockSteps: UInt64,
        wasInterrupted: Bool
    ) -> LaneReport {
        LaneReport(
            lane: lane,
            start: start,
            counters: counters,
            rcodes: (0..<24).map { rcodes[$0] },
            response: response,
            service: service,
            sendLag: sendLag,
            clientLag: clientLag,
            transmitLag: transmitLag,
            connectTime: connectTime,
            examples: examples,
            idleNanoseconds: idleNanoseconds,
            ended: Clock.monotonicNanoseconds(),
            cpuNanoseconds: cpuNanoseconds,
            rxDropped: rxDropped,
            clockSteps: clockSteps,
            lastSend: lastSend,
            lastAnswer: lastAnswer,
            lastSlot: exchange.number(of: slot),
            wasInterrupted: wasInterrupted
        )
    }
}

/// What one lane hands back when it ends.
struct LaneReport: Sendable {
    var lane: Int
    /// When the run began, CLOCK_MONOTONIC.
    var start: Int64
    var counters: LoadCounters
    /// Answers by the header's rcode, and those with BADCOOKIE at 23.
    var rcodes: [UInt64]
    var response: LatencyHistogram
    var service: LatencyHistogram
    var sendLag: LatencyHistogram
    var clientLag: LatencyHistogram
    var transmitLag: LatencyHistogram
    var connectTime: LatencyHistogram
    /// The first answers with a fault.
    var examples: [FaultExample]
    /// Time in which it had nothing to do.
    var idleNanoseconds: Int64
    /// When it ended, CLOCK_MONOTONIC.
    var ended: Int64
    var cpuNanoseconds: Int64
    var rxDropped: UInt64
    var clockSteps: UInt64
    var lastSend: Int64
    var lastAnswer: Int64
    var lastSlot: Int
    var wasInterrupted: Bool
    /// What became of lookups, in a load of those.
    var lookup: LookupReport?
}
