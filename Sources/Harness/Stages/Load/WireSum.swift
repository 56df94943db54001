import DNSBench
import Measure
import Results

/// Adds what several segments of a load told of the network and the clocks.
struct WireSum: Sendable {
    private var counters = DNSBench.LoadCounters()
    private var clockSteps: UInt64 = 0
    private var clientLag = LatencyHistogram()
    private var transmitLag = LatencyHistogram()
    private var connectTime = LatencyHistogram()
    private var usesSegmentation = false

    /// Adds one segment.
    mutating func add(_ result: LoadResult) {
        counters.add(result.counters)
        clockSteps += result.clockSteps
        clientLag.merge(result.clientLag)
        transmitLag.merge(result.transmitLag)
        connectTime.merge(result.connectTime)
        usesSegmentation = usesSegmentation || result.usedSegmentation
    }

    /// The record of all segments.
    var record: LoadWire {
        var wire = LoadWire(clientLag: LatencySummary(clientLag))
        wire.refused = counters.refusals
        wire.unreachable = counters.unreachables
        wire.truncated = counters.truncatedAnswers
        wire.retriedOverTCP = counters.retriedOverTCP
        wire.resent = counters.resent
        wire.connections = counters.connectionAttempts
        wire.connectionFailures = counters.connectionFailures
        wire.connectionsClosed = counters.connectionsClosed
        wire.unclocked = counters.unclocked
        wire.clockSteps = clockSteps
        wire.transmitLag = transmitLag.isEmpty ? nil : LatencySummary(transmitLag)
        wire.connectTime = connectTime.isEmpty ? nil : LatencySummary(connectTime)
        wire.usesSegmentation = usesSegmentation ? true : nil
        return wire
    }
}
