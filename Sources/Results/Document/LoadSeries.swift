package import Measure

/// How a load went over time: columns of equal length, one row an interval.
package struct LoadSeries: Codable, Sendable, Equatable {
    /// Length of an interval in nanoseconds.
    package var intervalNanoseconds: Int64
    /// When the first interval began.
    package var started: Timestamp?
    /// Start of each interval in nanoseconds since the load began; gaps are allowed.
    package var offsetNanoseconds: [Int64]
    /// Queries sent in each.
    package var sent: [UInt64]
    /// Answers in each.
    package var answered: [UInt64]
    /// Queries given up in each.
    package var timedOut: [UInt64]
    /// Median response latency of each, in nanoseconds; null where nothing was answered.
    package var p50: [Int64?]?
    /// 99th percentile of each, in nanoseconds; null where nothing was answered.
    package var p99: [Int64?]?

    /// 90th percentile of each.
    package var p90: [Int64?]?
    /// 99.9th percentile of each.
    package var p99_9: [Int64?]?
    /// The largest response latency of each.
    package var max: [Int64?]?
    /// How the response latencies of each spread, for a heat map.
    package var heat: LatencyHeat?
    /// The response latencies of each as HdrHistogram V2 text; absent unless histograms of intervals were asked for.
    ///
    /// Null where nothing was answered. A row with answers and null, as a very long series has, is part of the next
    /// row that holds a text.
    package var responseHDR: [String?]?
    /// The service latencies of each, likewise.
    package var serviceHDR: [String?]?
    /// Lookups that ended in each; absent in a load of single queries.
    package var lookups: [UInt64]?
    /// The latencies of those from their intended start, likewise.
    package var lookupResponseHDR: [String?]?
    /// Their latencies from the actual start, likewise.
    package var lookupServiceHDR: [String?]?

    /// Creates a series without rows.
    package init(intervalNanoseconds: Int64, started: Timestamp? = nil) {
        self.intervalNanoseconds = intervalNanoseconds
        self.started = started
        offsetNanoseconds = []
        sent = []
        answered = []
        timedOut = []
    }

    /// Adds a row.
    package mutating func append(
        offsetNanoseconds offset: Int64,
        sent sentCount: UInt64,
        answered answeredCount: UInt64,
        timedOut timedOutCount: UInt64,
        p50 median: Int64? = nil,
        p99 tail: Int64? = nil,
        p90 high: Int64? = nil,
        p99_9 farTail: Int64? = nil,
        max largest: Int64? = nil,
        bands: LatencyBands? = nil,
        responseHDR response: String? = nil,
        serviceHDR service: String? = nil,
        lookups lookupCount: UInt64? = nil,
        lookupResponseHDR lookupResponse: String? = nil,
        lookupServiceHDR lookupService: String? = nil
    ) {
        offsetNanoseconds.append(offset)
        sent.append(sentCount)
        answered.append(answeredCount)
        timedOut.append(timedOutCount)
        if p50 == nil { p50 = [] }
        p50?.append(median)
        if p99 == nil { p99 = [] }
        p99?.append(tail)
        if p90 == nil { p90 = [] }
        p90?.append(high)
        if p99_9 == nil { p99_9 = [] }
        p99_9?.append(farTail)
        if max == nil { max = [] }
        max?.append(largest)
        if bands != nil || heat != nil {
            if heat == nil { heat = LatencyHeat(rows: offsetNanoseconds.count - 1) }
            heat?.append(bands ?? LatencyBands(LatencyHistogram()))
        }
        Self.append(response, to: &responseHDR, rows: offsetNanoseconds.count)
        Self.append(service, to: &serviceHDR, rows: offsetNanoseconds.count)
        if let lookupCount {
            if lookups == nil { lookups = Array(repeating: 0, count: offsetNanoseconds.count - 1) }
            lookups?.append(lookupCount)
        }
        Self.append(lookupResponse, to: &lookupResponseHDR, rows: offsetNanoseconds.count)
        Self.append(lookupService, to: &lookupServiceHDR, rows: offsetNanoseconds.count)
    }

    /// A column of texts comes into being with its first one.
    private static func append(_ text: String?, to column: inout [String?]?, rows: Int) {
        guard text != nil || column != nil else { return }
        if column == nil { column = Array(repeating: nil, count: rows - 1) }
        column?.append(text)
    }

    enum CodingKeys: String, CodingKey {
        case intervalNanoseconds = "interval_ns"
        case started
        case offsetNanoseconds = "offset_ns"
        case sent, answered
        case timedOut = "timed_out"
        case p50 = "p50_ns"
        case p99 = "p99_ns"
        case p90 = "p90_ns"
        case p99_9 = "p99_9_ns"
        case max = "max_ns"
        case heat
        case responseHDR = "response_hdr"
        case serviceHDR = "service_hdr"
        case lookups
        case lookupResponseHDR = "lookup_response_hdr"
        case lookupServiceHDR = "lookup_service_hdr"
    }
}
