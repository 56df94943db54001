import Measure
import Results
import Testing

@testable import Report

/// Documents from one segment to ten thousand; `Benchmarks/report` measures the processor time of such.
@Suite("Size of reports")
struct ReportSizeTests {
    /// A comparison of so many segments, with an interval each on every target; of one there is one load.
    static func document(segments: Int) -> ResultDocument {
        var document = SampleDocument.make(.fail)
        let pairs = segments / 2
        document.load = document.load?.prefix(segments).map { load in
            var load = load
            var series = LoadSeries(intervalNanoseconds: 1_000_000_000, started: document.started)
            var heat = LatencyHeat()
            heat.boundsNanoseconds = (10..<34).map(LatencyBands.bound)
            for row in 0..<segments {
                series.append(
                    offsetNanoseconds: Int64(row) * 1_000_000_000,
                    sent: 1_000,
                    answered: 999,
                    timedOut: row % 97 == 0 ? 1 : 0,
                    p50: 100_000 + Int64(row * 7 % 1_000),
                    p99: 2_000_000 - Int64(row * 13 % 100_000)
                )
                heat.counts.append((0..<24).map { band in UInt64((band + 1) * (row + 1) % 41) })
            }
            series.heat = heat
            load.series = series
            return load
        }
        var generator = SeededGenerator(seed: 1)
        document.comparison?.pairs = pairs
        document.comparison?.order = (0..<pairs).map { $0 % 2 == 0 ? "AB" : "BA" }
        let segment = document.comparison?.segments?.first
        document.comparison?.segments = (0..<segments).compactMap { number in
            var copy = segment
            copy?.pair = number / 2
            return copy
        }
        for index in document.comparison?.metrics.indices ?? 0..<0 {
            document.comparison?.metrics[index].logRatios = (0..<pairs).map { _ in generator.nextUnit() - 0.5 }
        }
        return document
    }

    @Test("One segment and ten thousand both render, below 500 kB", arguments: [1, 2, 10_000])
    func segments(count: Int) {
        let document = Self.document(segments: count)
        let page = HTMLReport.render(document)
        #expect(page.utf8.count < 500_000, "\(page.utf8.count)")
        #expect(page.contains("Spread of the response latency over the run"))
        #expect(page.contains("Ratio of cache to cluster, pair by pair") == (count > 2))
        #expect(page.contains("There are too many to show") == (count == 10_000))
        #expect(MarkdownReport.render(document).count < 65_536)
    }

    @Test("Very many loads of one target are one row, and their histograms add up")
    func loads() throws {
        var document = SampleDocument.make()
        let load = try #require(document.load?.first)
        let count = load.latency.response.count
        document.load = Array(repeating: load, count: 60)
        let rows = LatencyRow.all(in: document)
        #expect(rows.count == 1 && rows.first?.histogram?.count == 60 * count)
        #expect(HTMLReport.render(document).utf8.count < 500_000)
    }

    @Test("A catalogue of thousands of failures is cut, says so, and keeps the verdict")
    func cut() throws {
        var document = SampleDocument.make(.fail)
        let check = try #require(document.checks?.first { $0.status == .fail })
        document.checks = (0..<6_000).map { index in
            var copy = check
            copy.id = "CHK-\(index)"
            copy.requirement = String(repeating: "A requirement that goes on. ", count: 40)
            copy.actual = String(repeating: "What was seen goes on as well. ", count: 40)
            copy.status = index % 2 == 0 ? .fail : .known
            return copy
        }
        let page = HTMLReport.render(document)
        #expect(page.utf8.count <= HTMLReport.maximumBytes, "\(page.utf8.count)")
        #expect(page.contains("Failed (the first ") && page.contains(" of 3000)"))
        #expect(page.contains("Method and environment") && page.hasSuffix("</html>\n"))
        let comment = MarkdownReport.render(document)
        #expect(comment.count < 65_536 && comment.contains(/\n\d{4} more\.\n/))
        #expect(comment.contains("<sub>") && comment.contains("## ❌"))
        let summary = MarkdownReport.render(document, for: .stepSummary)
        #expect(summary.utf8.count < 1_048_576 && summary.utf8.count > 200_000)
        #expect(
            summary.contains("Cut: the whole result is in result.json.") && summary.contains("<sub>")
                && summary.contains("\n</details>\n")
        )
        let annotations = AnnotationReport.render(document).split(separator: "\n")
        #expect(annotations.count { $0.hasPrefix("::error") } == 10)
    }
}
