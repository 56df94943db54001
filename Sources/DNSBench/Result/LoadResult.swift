package import DNSWire
package import Measure

/// What a load run measured.
package struct LoadResult: Sendable {
    /// The server's name.
    package let targetName: String
    /// The server.
    package let target: Endpoint
    /// The phase's name.
    package let phase: String
    /// How queries travelled.
    package let transport: LoadTransport
    /// The asked rate; 0 in a closed loop, which asks for none.
    package let offeredQueriesPerSecond: Double
    /// Answers a second.
    package let achievedQueriesPerSecond: Double
    /// From the first intended send to the end of sending or the last answer, whichever was later.
    package let durationNanoseconds: Int64
    /// What became of every query.
    package let counters: LoadCounters
    /// Answers by response code: the header's four bits, and BADCOOKIE where cookies go out.
    package let rcodes: [RCode: UInt64]
    /// From the intended send to the kernel's receive stamp.
    package let response: LatencyHistogram
    /// From the actual send to the kernel's receive stamp.
    package let service: LatencyHistogram
    /// From the intended to the actual send.
    package let sendLag: LatencyHistogram
    /// From the kernel's receive stamp to our reading the answer.
    package let clientLag: LatencyHistogram
    /// From our send to the driver's stamp, of sampled datagrams: how far the send time that we use is off.
    ///
    /// Empty over TCP, and when the driver does not stamp; negative times are counted apart.
    package let transmitLag: LatencyHistogram
    /// How long TCP handshakes took.
    package let connectTime: LatencyHistogram
    /// Time that the generator's threads ran for, added up.
    package let laneNanoseconds: Int64
    /// Time of that in which they worked: neither asleep nor spinning until a query was due.
    package let busyNanoseconds: Int64
    /// CPU time of the generator's threads.
    package let clientCPUNanoseconds: Int64
    /// The largest resident set of this process so far.
    package let peakRSSBytes: Int64
    /// Answers that our own sockets dropped for want of buffer space (SO_MEMINFO).
    package let rxDropped: UInt64
    /// How often real time was stepped during the run.
    package let clockSteps: UInt64
    /// The planned length of an interval of the series.
    package let intervalNanoseconds: Int64
    /// What happened interval by interval.
    package let series: [LoadInterval]
    /// How closely answers were looked at.
    package let verification: VerificationTier
    /// The first answers with a fault, a sentence each.
    package let faultExamples: [String]
    /// Whether datagrams left in packets of many segments, the labelled stress mode.
    package let usedSegmentation: Bool
    /// What was measured of lookups; `nil` in a load of single queries.
    package let lookup: LookupResult?
    /// Whether somebody stopped the run before its end.
    package let wasInterrupted: Bool
    /// Why the figures say more of the generator than of the server; `nil` when they do not.
    package let invalidReason: String?

    /// Whether the figures can be used: the generator kept its plan and lost nothing.
    package var isValid: Bool { invalidReason == nil }

    /// Queries not answered as a share of those sent; 0 when none was sent.
    package var lossRatio: Double {
        let ended = counters.sent - counters.interrupted
        return ended == 0 ? 0 : Double(counters.timedOut) / Double(ended)
    }
}
