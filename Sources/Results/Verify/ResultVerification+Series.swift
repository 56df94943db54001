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
        let heat = series.heat.map { [$0.counts.count] } ?? []
        guard (columns + latencies + texts + heat).allSatisfy({ $0 == rows }) else {
            return [Finding(place: place, problem: "its columns differ in length")]
        }
        return check(series.heat, against: load.latency.response, place: "\(place).heat")
            + check(series.responseHDR, against: load.latency.response, place: "\(place).response_hdr")
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

    /// The bands of all intervals must add up to those of the load's histogram.
    private static func check(_ heat: LatencyHeat?, against whole: LatencySummary, place: String) -> [Finding] {
        guard let heat else { return [] }
        let bounds = heat.boundsNanoseconds
        guard heat.counts.allSatisfy({ $0.count == bounds.count }) else {
            return [Finding(place: place, problem: "a row has not as many counts as there are bounds")]
        }
        // A load whose own text cannot be read has its finding already.
        guard let bands = (try? whole.histogram()).map(LatencyBands.init) else { return [] }
        let sums = bounds.indices.map { band in
            heat.counts.reduce(UInt64(0)) { $0.addingReportingOverflow($1[band]).partialValue }
        }
        let found = zip(bounds, sums).filter { $0.1 > 0 }
        let expected = bands.counts.enumerated().map { (LatencyBands.bound(bands.first + $0.offset), $0.element) }
            .filter { $0.1 > 0 }
        guard !found.elementsEqual(expected, by: { $0 == $1 }) else { return [] }
        return [Finding(place: place, problem: "its bands do not add up to those of the load's histogram")]
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
