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
    private var tier = VerificationTier.question
    private var examples: [String] = []

    /// Adds one segment.
    mutating func add(_ result: LoadResult) {
        counters.add(result.counters)
        clockSteps += result.clockSteps
        clientLag.merge(result.clientLag)
        transmitLag.merge(result.transmitLag)
        connectTime.merge(result.connectTime)
        tier = result.verification
        examples = Array((examples + result.faultExamples).prefix(8))
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

    /// What was found in answers that were read whole; nil when none was.
    var verification: LoadVerification? {
        guard counters.checked > 0 else { return nil }
        return LoadVerification(
            tier: tier.rawValue,
            checked: counters.checked,
            structure: counters.faultyStructure,
            rcode: counters.faultyRCode,
            ttl: counters.faultyTTL,
            records: counters.faultyRecords,
            cookie: counters.faultyCookie,
            examples: examples
        )
    }
}
