import Measure
import Results

/// A made-up load whose figures follow from one set of latencies.
struct LoadFixture {
    let target: String
    /// Most latencies lie between this and twice this, in nanoseconds.
    let base: Int64
    /// One in fifty lies below this, in nanoseconds.
    let tail: Int64
    let seed: UInt64
    var queries = 20_000
    /// Whether the series has the histograms of its intervals.
    var keepsHistograms = false

    var record: LoadRecord {
        var generator = SeededGenerator(seed: seed)
        var response = LatencyHistogram()
        var service = LatencyHistogram()
        var lag = LatencyHistogram()
        var series = LoadSeries(intervalNanoseconds: 1_000_000_000)
        let lost = 2
        for second in 0..<20 {
            var ofSecond = (response: LatencyHistogram(), service: LatencyHistogram())
            for index in 0..<(queries / 20) {
                let isTail = generator.next() % 50 == 0
                let spread = isTail ? tail : base
                let delay = Int64(generator.next() % 9_000)
                let latency = base + Int64(generator.next() % UInt64(spread))
                if second == 19, index < lost { continue }
                response.record(latency + delay)
                service.record(latency)
                lag.record(delay)
                ofSecond.response.record(latency + delay)
                ofSecond.service.record(latency)
            }
            let rows = UInt64(queries / 20)
            series.append(
                offsetNanoseconds: Int64(second) * 1_000_000_000,
                sent: rows,
                answered: second == 19 ? rows - 2 : rows,
                timedOut: second == 19 ? 2 : 0,
                p50: base + Int64(generator.next() % UInt64(base)),
                p99: tail - Int64(generator.next() % UInt64(base)),
                bands: LatencyBands(ofSecond.response),
                responseHDR: keepsHistograms ? ofSecond.response.hdrText : nil,
                serviceHDR: keepsHistograms ? ofSecond.service.hdrText : nil
            )
        }
        let sent = UInt64(queries)
        let answered = sent - UInt64(lost)
        return LoadRecord(
            target: target,
            phase: "compare",
            transport: "udp",
            model: "open",
            offeredQPS: Double(queries) / 20,
            achievedQPS: Double(answered) / 20,
            durationNanoseconds: 20_000_000_000,
            counters: LoadCounters(scheduled: sent, sent: sent, answered: answered, timedOut: UInt64(lost), late: 1),
            rcodes: ["NOERROR": answered - answered / 40, "NXDOMAIN": answered / 40],
            latency: LoadRecord.Latencies(
                response: LatencySummary(response),
                service: LatencySummary(service),
                sendLag: LatencySummary(lag)
            ),
            client: LoadRecord.Client(cpuNanoseconds: 900_000_000, peakRSSBytes: 40 << 20, rxDropped: 0),
            series: series
        )
    }
}
