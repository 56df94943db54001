package import DNSBench
import DNSWire
import LinuxNet
import Measure
package import Results

/// Adds the segments that were run against one target into one record of the result document.
package struct LoadAccumulator: Sendable {
    private let target: String
    private let phase: String
    private var transport = ""
    private var model = ""
    private var offered = 0.0
    private var durationNanoseconds: Int64 = 0
    private var counters = Results.LoadCounters()
    private var rcodes: [String: UInt64] = [:]
    private var response = LatencyHistogram()
    private var service = LatencyHistogram()
    private var sendLag = LatencyHistogram()
    private var wire = WireSum()
    private var lookup = LookupSum()
    private var capture: LoadCapture?
    private var cpuNanoseconds: Int64 = 0
    private var peakBytes: UInt64 = 0
    private var dropped: UInt64 = 0
    private var series: LoadSeries?
    private var firstStart: Int64?
    private var firstStartTime: Results.Timestamp?
    private var invalidReason: String?

    /// Starts without a segment.
    package init(target: String, phase: String) {
        self.target = target
        self.phase = phase
    }

    /// Whether any segment was added.
    package var isEmpty: Bool { transport.isEmpty }

    /// Adds one segment that began at `startMonotonic`, in nanoseconds, and what a capture saw of it.
    package mutating func add(_ result: LoadResult, startMonotonic: Int64, seen: LoadCapture? = nil) {
        if let seen {
            capture = LoadCapture(sent: (capture?.sent ?? 0) + seen.sent, seen: (capture?.seen ?? 0) + seen.seen)
        }
        transport = result.transport.rawValue
        model = result.offeredQueriesPerSecond > 0 ? "open" : "closed"
        offered = max(offered, result.offeredQueriesPerSecond)
        durationNanoseconds += result.durationNanoseconds
        counters.add(Results.LoadCounters(result.counters))
        for (rcode, count) in result.rcodes { rcodes[rcode.description, default: 0] += count }
        response.merge(result.response)
        service.merge(result.service)
        sendLag.merge(result.sendLag)
        wire.add(result)
        lookup.add(result)
        if lookup.offered > 0 { model = "open" }
        cpuNanoseconds += result.clientCPUNanoseconds
        peakBytes = max(peakBytes, UInt64(clamping: result.peakRSSBytes))
        dropped += result.rxDropped
        if invalidReason == nil { invalidReason = result.invalidReason }
        append(result.series, interval: result.intervalNanoseconds, startMonotonic: startMonotonic)
    }

    /// The record of everything added so far.
    package var record: LoadRecord {
        let seconds = Double(durationNanoseconds) / 1e9
        var record = LoadRecord(
            target: target,
            phase: phase,
            transport: transport,
            model: model,
            offeredQPS: offered,
            achievedQPS: seconds > 0 ? Double(counters.answered) / seconds : 0,
            durationNanoseconds: durationNanoseconds,
            counters: counters,
            rcodes: rcodes,
            latency: LoadRecord.Latencies(
                response: LatencySummary(response),
                service: LatencySummary(service),
                sendLag: LatencySummary(sendLag)
            ),
            client: LoadRecord.Client(cpuNanoseconds: cpuNanoseconds, peakRSSBytes: peakBytes, rxDropped: dropped),
            series: series,
            invalidReason: invalidReason
        )
        record.wire = wire.record
        record.capture = capture
        record.verification = wire.verification
        record.lookup = lookup.record(seconds: seconds)
        return record
    }

    private mutating func append(_ intervals: [LoadInterval], interval: Int64, startMonotonic: Int64) {
        guard !intervals.isEmpty else { return }
        let origin = firstStart ?? startMonotonic
        let started =
            firstStartTime
            ?? Results.Timestamp(realtimeNanoseconds: startMonotonic + Clock.realtimeOffset().offsetNanoseconds)
        firstStart = origin
        firstStartTime = started
        var series = self.series ?? LoadSeries(intervalNanoseconds: interval, started: started)
        for interval in intervals {
            series.append(
                offsetNanoseconds: startMonotonic - origin + interval.startNanoseconds,
                sent: interval.sent,
                answered: interval.answered,
                timedOut: interval.timedOut,
                p50: interval.p50,
                p99: interval.p99,
                p90: interval.p90,
                p99_9: interval.p99_9,
                max: interval.max,
                bands: interval.bands,
                responseHDR: interval.responseText,
                serviceHDR: interval.serviceText,
                lookups: interval.lookups,
                lookupResponseHDR: interval.lookupResponseText,
                lookupServiceHDR: interval.lookupServiceText
            )
        }
        self.series = series
    }
}

extension Results.LoadCounters {
    /// The counters that the result document promises.
    init(_ counters: DNSBench.LoadCounters) {
        self.init(
            scheduled: counters.scheduled,
            sent: counters.sent,
            answered: counters.answered,
            timedOut: counters.timedOut,
            unsent: counters.unsent,
            sendErrors: counters.sendErrors,
            interrupted: counters.interrupted,
            mismatched: counters.mismatched,
            malformed: counters.malformed,
            late: counters.late
        )
    }
}
