import DNSWire
import LinuxNet
import Measure

/// The lanes' reports, added up.
struct LaneSummary {
    private let plan: LoadPlan
    private var counters = LoadCounters()
    private var rcodes: [RCode: UInt64] = [:]
    private var response = LatencyHistogram()
    private var service = LatencyHistogram()
    private var sendLag = LatencyHistogram()
    private var clientLag = LatencyHistogram()
    private var transmitLag = LatencyHistogram()
    private var connectTime = LatencyHistogram()
    private var cpuNanoseconds: Int64 = 0
    private var laneNanoseconds: Int64 = 0
    private var busyNanoseconds: Int64 = 0
    private var rxDropped: UInt64 = 0
    private var clockSteps: UInt64 = 0
    private let table: LookupTable?
    private var lookup: LookupReport?
    private var wasInterrupted = false
    /// From the start to the end of sending or the last answer, whichever was later.
    private(set) var durationNanoseconds: Int64 = 1

    private let faultExamples: [String]

    /// Adds reports; none at all stands for a run that was stopped before it began.
    init(_ reports: [LaneReport], plan: LoadPlan, workload: Workload) {
        self.plan = plan
        table = workload.lookups
        faultExamples = reports.flatMap(\.examples).prefix(8).map { $0.sentence(workload.slab) }
        var busy: Int64 = 1
        for report in reports {
            counters.add(report.counters)
            for (value, count) in report.rcodes.enumerated() where count > 0 {
                rcodes[RCode(rawValue: UInt16(value)), default: 0] += count
            }
            response.merge(report.response)
            service.merge(report.service)
            sendLag.merge(report.sendLag)
            clientLag.merge(report.clientLag)
            transmitLag.merge(report.transmitLag)
            connectTime.merge(report.connectTime)
            let lived = max(0, report.ended - report.start)
            laneNanoseconds += lived
            busyNanoseconds += max(0, lived - report.idleNanoseconds)
            cpuNanoseconds += report.cpuNanoseconds
            rxDropped += report.rxDropped
            clockSteps = max(clockSteps, report.clockSteps)
            wasInterrupted = wasInterrupted || report.wasInterrupted
            if let done = report.lookup {
                if lookup == nil { lookup = done } else { lookup?.add(done) }
            }
            busy = max(busy, max(report.lastSend, report.lastAnswer) - report.start)
        }
        wasInterrupted = wasInterrupted || reports.isEmpty
        durationNanoseconds = wasInterrupted ? busy : max(busy, plannedNanoseconds)
    }

    /// How long sending was planned to take; 0 when that depends on the answers.
    private var plannedNanoseconds: Int64 {
        switch (plan.limit, plan.model) {
        case (.duration(let nanoseconds), _): nanoseconds
        case (.queries(let count), .open(.constant(let rate), .constant)): Int64(Double(count) / rate * 1e9)
        default: 0
        }
    }

    /// Why the figures say more of the generator than of the server.
    private var invalidReason: String? {
        var reasons: [String] = []
        if rxDropped > 0 {
            reasons.append("the generator's own sockets dropped \(rxDropped) answers for want of buffer space")
        }
        let lag = sendLag.value(percentile: 99)
        if case .open = plan.model, lag > plan.sendLagBoundNanoseconds {
            reasons.append(
                "the generator fell behind its plan: one query in a hundred left \(lag / 1_000) µs or more too late"
                    + " (bound \(plan.sendLagBoundNanoseconds / 1_000) µs)"
            )
        }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }

    /// The run's result with its series.
    func result(series: [LoadInterval]) -> LoadResult {
        let seconds = Double(durationNanoseconds) / 1e9
        return LoadResult(
            targetName: plan.targetName,
            target: plan.target,
            phase: plan.phase,
            transport: plan.transport,
            // A load of lookups is offered lookups: how many queries these take is what is measured.
            offeredQueriesPerSecond: table == nil ? plan.offeredQueriesPerSecond : 0,
            achievedQueriesPerSecond: Double(counters.answered) / seconds,
            durationNanoseconds: durationNanoseconds,
            counters: counters,
            rcodes: rcodes,
            response: response,
            service: service,
            sendLag: sendLag,
            clientLag: clientLag,
            transmitLag: transmitLag,
            connectTime: connectTime,
            laneNanoseconds: laneNanoseconds,
            busyNanoseconds: busyNanoseconds,
            clientCPUNanoseconds: cpuNanoseconds,
            peakRSSBytes: ProcessUsage.current().peakResidentBytes,
            rxDropped: rxDropped,
            clockSteps: clockSteps,
            intervalNanoseconds: plan.intervalNanoseconds,
            series: series,
            verification: plan.verification,
            faultExamples: faultExamples,
            usedSegmentation: plan.usesSegmentation,
            lookup: lookupResult(seconds: seconds),
            wasInterrupted: wasInterrupted,
            invalidReason: invalidReason
        )
    }

    private func lookupResult(seconds: Double) -> LookupResult? {
        guard let table, let lookup else { return nil }
        return LookupResult(lookup, table: table, offered: plan.offeredQueriesPerSecond, seconds: seconds)
    }
}
