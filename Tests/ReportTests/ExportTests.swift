import Measure
import Results
import Testing

@testable import Report

@Suite("Exports of loads")
struct ExportTests {
    private func document() -> ResultDocument {
        var document = SampleDocument.make()
        var series = LoadSeries(intervalNanoseconds: 1_000_000_000, started: document.started)
        series.append(
            offsetNanoseconds: 0,
            sent: 10,
            answered: 9,
            timedOut: 1,
            p50: 5,
            p99: 7,
            p90: 6,
            p99_9: 8,
            max: 9
        )
        series.append(offsetNanoseconds: 1_500_000_000, sent: 0, answered: 0, timedOut: 0)
        document.load?[0].series = series
        document.load?[0].target = "a, \"b\""
        document.load = document.load.map { Array($0.prefix(1)) }
        return document
    }

    @Test("CSV has a row for each interval, its units in the header, and quotes what needs them")
    func csv() throws {
        let lines = CSVReport.render(document()).split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(
            lines[0] == "target,phase,transport,offset_s,sent,answered,timed_out,p50_ns,p90_ns,p99_ns,p99_9_ns,max_ns"
        )
        #expect(lines[1].hasPrefix("\"a, \"\"b\"\"\",") && lines[1].hasSuffix(",0.000,10,9,1,5,6,7,8,9"))
        #expect(lines[2].hasSuffix(",1.500,0,0,0,,,,,"))
        #expect(lines.count == 4 && lines[3].isEmpty)
    }

    @Test("The interval log has a line for each histogram, which reads back to the same figures")
    func hlog() throws {
        let document = document()
        let load = try #require(document.load?.first)
        let lines = HistogramLogReport.render(document).split(separator: "\n")
        #expect(lines[0] == "#[Histogram log format version 1.3]")
        let tagged = lines.filter { $0.hasPrefix("Tag=") }
        #expect(!tagged.isEmpty)
        let fields = tagged[0].split(separator: ",")
        #expect(fields.count == 5 && fields[0].hasSuffix(".response") && !fields[0].contains(" "))
        let histogram = try LatencyHistogram(hdrText: String(fields[4]))
        #expect(histogram.count == load.latency.response.count)
        #expect(histogram.areEquivalent(histogram.value(percentile: 99), load.latency.response.p99))
    }

    @Test("The interval log has a line for each interval that holds a histogram, in the order of their starts")
    func intervals() throws {
        func text(_ values: [Int64]) -> String {
            var histogram = LatencyHistogram()
            for value in values { histogram.record(value) }
            return histogram.hdrText
        }
        var document = document()
        let start = document.started
        var series = LoadSeries(
            intervalNanoseconds: 500_000_000,
            started: Timestamp(realtimeNanoseconds: start.realtimeNanoseconds + 2_000_000_000)
        )
        // The second row was joined with the third; nothing was answered in the fourth.
        let rows: [(answered: UInt64, text: String?)] = [
            (2, text([1_000_000, 2_000_000])), (1, nil), (1, text([3_000_000, 40_000_000])), (0, nil),
            (1, text([5_000])),
        ]
        for (index, row) in rows.enumerated() {
            series.append(
                offsetNanoseconds: Int64(index) * 500_000_000,
                sent: row.answered,
                answered: row.answered,
                timedOut: 0,
                responseHDR: row.text,
                serviceHDR: row.text
            )
        }
        document.load?[0].series = series
        document.load?[0].durationNanoseconds = 2_250_000_000
        let lines = HistogramLogReport.render(document).split(separator: "\n").filter { $0.hasPrefix("Tag=") }
        let responses = lines.filter { $0.contains(".response,") }.map { $0.split(separator: ",") }
        #expect(responses.map { $0[1...2].joined(separator: "+") } == ["2.000+0.500", "2.500+1.000", "4.000+0.250"])
        #expect(responses.map { String($0[4]) } == rows.compactMap(\.text))
        let largest = responses.compactMap { Double($0[3]) }
        #expect(zip(largest, [2.0, 40.0, 0.005]).allSatisfy { abs($0 - $1) <= 0.001 * $1 + 0.0006 }, "\(largest)")
        let starts = lines.compactMap { Double($0.split(separator: ",")[1]) }
        #expect(starts == starts.sorted() && lines.count == 7)
        #expect(lines.count { $0.contains(".send_lag,") } == 1)
    }

    @Test("A load of lookups has lines of those beside the lines of its queries")
    func lookups() throws {
        var document = document()
        var load = try #require(document.load?.first)
        LookupFixture.add(to: &load)
        document.load = [load]
        let lookup = try #require(load.lookup)
        func lines(_ kind: String) -> [[String]] {
            HistogramLogReport.render(document).split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
                .filter { $0[0].hasPrefix("Tag=") && $0[0].hasSuffix(".\(kind)") }
        }
        // Without histograms of intervals there is a line for the whole load.
        let whole = try #require(lines("lookup_response").first)
        #expect(whole[4] == lookup.latency.response.hdr && lines("lookup_service").count == 1)
        var one = LatencyHistogram()
        one.record(7_000_000)
        var series = LoadSeries(intervalNanoseconds: 1_000_000_000, started: document.started)
        // Lookups can end where no query is answered; the second row's were joined with the third's.
        for (index, ended) in [1, 1, 1, 0].enumerated() {
            series.append(
                offsetNanoseconds: Int64(index) * 1_000_000_000,
                sent: 1,
                answered: 0,
                timedOut: 1,
                lookups: UInt64(ended),
                lookupResponseHDR: index % 2 == 0 ? one.hdrText : nil,
                lookupServiceHDR: index % 2 == 0 ? one.hdrText : nil
            )
        }
        document.load?[0].series = series
        for kind in ["lookup_response", "lookup_service"] {
            #expect(lines(kind).map { $0[1...2].joined(separator: "+") } == ["0.000+1.000", "1.000+2.000"])
            #expect(lines(kind).allSatisfy { $0[4] == one.hdrText && abs((Double($0[3]) ?? 0) - 7) < 0.01 })
        }
        #expect(lines("response").count == 1)
    }

    @Test("The percentile text climbs to one and counts every latency")
    func hgrm() throws {
        let document = document()
        let lines = PercentileTextReport.render(document).split(separator: "\n")
        let rows = lines.filter { !$0.hasPrefix("#") && !$0.contains("Value") }.map { $0.split(separator: " ") }
        #expect(rows.count > 5)
        let shares = rows.compactMap { Double($0[1]) }
        #expect(shares.count == rows.count && shares == shares.sorted() && shares.last == 1)
        #expect(rows.last.map { String($0[2]) } == document.load?.first.map { String($0.latency.response.count) })
        let values = rows.compactMap { Double($0[0]) }
        #expect(values == values.sorted())
    }
}
