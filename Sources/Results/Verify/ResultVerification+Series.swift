import Measure

extension ResultVerification {
    /// Disagreements of a series with itself and with its load.
    static func check(_ series: LoadSeries, of load: LoadRecord, place: String) -> [Finding] {
        let rows = series.offsetNanoseconds.count
        let columns =
            [series.sent.count, series.answered.count, series.timedOut.count]
            + (series.lookups.map { [$0.count] } ?? [])
        let latencies = [series.p50, series.p90, series.p99, series.p99_9, series.max].compactMap { $0?.count }
        let texts = [series.responseHDR, series.serviceHDR, series.lookupResponseHDR, series.lookupServiceHDR]
            .compactMap { $0?.count }
        guard (columns + latencies + texts).allSatisfy({ $0 == rows }) else {
            return [Finding(place: place, problem: "its columns differ in length")]
        }
        return check(series.responseHDR, against: load.latency.response, place: "\(place).response_hdr")
            + check(series.serviceHDR, against: load.latency.service, place: "\(place).service_hdr")
            + check(
                series.lookupResponseHDR,
                against: load.lookup?.latency.response,
                place: "\(place).lookup_response_hdr"
            )
            + check(
                series.lookupServiceHDR,
                against: load.lookup?.latency.service,
                place: "\(place).lookup_service_hdr"
            )
    }

    /// The histograms of all intervals must add up to that of the load.
    private static func check(_ column: [String?]?, against whole: LatencySummary?, place: String) -> [Finding] {
        guard let column else { return [] }
        guard let whole else { return [Finding(place: place, problem: "is there without a record of lookups")] }
        var sum = LatencyHistogram()
        for (row, text) in column.enumerated() {
            // Far from the end of the numbers: a sum that large is none of these.
            guard let text, sum.count < 1 << 60 else { continue }
            do {
                sum.merge(try LatencyHistogram(hdrText: text))
            } catch {
                return [Finding(place: "\(place)[\(row)]", problem: error.description)]
            }
        }
        // A load whose own text cannot be read has its finding already.
        guard let whole = try? whole.histogram(), sum.buckets != whole.buckets else { return [] }
        return [
            Finding(
                place: place,
                problem: "add up to \(sum.count) latencies, which are not the \(whole.count) of the load's histogram"
            )
        ]
    }
}
