/// One load at one target.
package struct LoadRecord: Codable, Sendable, Equatable {
    /// The three latencies of a load.
    package struct Latencies: Codable, Sendable, Equatable {
        /// Intended send time to answer: what a client that keeps to its schedule would have seen.
        package var response: LatencySummary
        /// Actual send time to answer.
        package var service: LatencySummary
        /// Intended to actual send time: how far the generator fell behind.
        package var sendLag: LatencySummary

        /// Creates the three.
        package init(response: LatencySummary, service: LatencySummary, sendLag: LatencySummary) {
            self.response = response
            self.service = service
            self.sendLag = sendLag
        }

        enum CodingKeys: String, CodingKey {
            case response, service
            case sendLag = "send_lag"
        }
    }

    /// What the generator used.
    package struct Client: Codable, Sendable, Equatable {
        /// Processor time in nanoseconds.
        package var cpuNanoseconds: Int64
        /// Largest resident set in bytes.
        package var peakRSSBytes: UInt64
        /// Datagrams that its own sockets dropped.
        package var rxDropped: UInt64

        /// Creates the counts.
        package init(cpuNanoseconds: Int64, peakRSSBytes: UInt64, rxDropped: UInt64) {
            self.cpuNanoseconds = cpuNanoseconds
            self.peakRSSBytes = peakRSSBytes
            self.rxDropped = rxDropped
        }

        enum CodingKeys: String, CodingKey {
            case cpuNanoseconds = "cpu_ns"
            case peakRSSBytes = "peak_rss_bytes"
            case rxDropped = "rx_dropped"
        }
    }

    /// The target's name.
    package var target: String
    /// What the load was for, such as `warm-up`, `compare` or `cold`.
    package var phase: String
    /// `udp` or `tcp`.
    package var transport: String
    /// `open` (a rate) or `closed` (a window of outstanding queries).
    package var model: String?
    /// Queries a second that were asked for; of a closed window, what was sent.
    package var offeredQPS: Double
    /// Answers a second.
    package var achievedQPS: Double
    /// How long it ran, in nanoseconds.
    package var durationNanoseconds: Int64
    /// What became of every query.
    package var counters: LoadCounters
    /// Answers by rcode mnemonic.
    package var rcodes: [String: UInt64]
    /// How long answers took.
    package var latency: Latencies
    /// What the generator used.
    package var client: Client
    /// How it went over time.
    package var series: LoadSeries?
    /// Why the figures may not be believed; absent when they may.
    package var invalidReason: String?
    /// What the network and the clocks told besides.
    package var wire: LoadWire?
    /// At whose door the queries lie that got no answer; absent where nobody looked.
    package var loss: LoadLoss?
    /// How much more the generator could have done.
    package var generator: LoadGenerator?
    /// How many of its queries the capture of the same run saw; absent without one.
    package var capture: LoadCapture?
    /// What was found in answers that were read whole; absent when none was.
    package var verification: LoadVerification?
    /// What was measured of lookups; absent in a load of single queries.
    package var lookup: LookupRecord?

    /// Creates a record.
    package init(
        target: String,
        phase: String,
        transport: String,
        model: String? = nil,
        offeredQPS: Double,
        achievedQPS: Double,
        durationNanoseconds: Int64,
        counters: LoadCounters,
        rcodes: [String: UInt64],
        latency: Latencies,
        client: Client,
        series: LoadSeries? = nil,
        invalidReason: String? = nil
    ) {
        self.target = target
        self.phase = phase
        self.transport = transport
        self.model = model
        self.offeredQPS = offeredQPS
        self.achievedQPS = achievedQPS
        self.durationNanoseconds = durationNanoseconds
        self.counters = counters
        self.rcodes = rcodes
        self.latency = latency
        self.client = client
        self.series = series
        self.invalidReason = invalidReason
    }

    enum CodingKeys: String, CodingKey {
        case target, phase, transport, model, counters, rcodes, client, series, wire, verification, lookup
        case loss, generator, capture
        case offeredQPS = "offered_qps"
        case achievedQPS = "achieved_qps"
        case durationNanoseconds = "duration_ns"
        case latency = "latency_ns"
        case invalidReason = "invalid_reason"
    }
}
