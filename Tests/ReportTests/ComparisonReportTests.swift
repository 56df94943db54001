import Foundation
import Measure
import Results
import Testing

@testable import Report

@Suite("A comparison in reports")
struct ComparisonReportTests {
    /// The sample's comparison after a change.
    private func document(_ change: (inout ComparisonRecord) -> Void = { _ in }) throws -> ResultDocument {
        var document = SampleDocument.make()
        var comparison = try #require(document.comparison)
        change(&comparison)
        document.comparison = comparison
        return document
    }

    /// The three forms that people read.
    private func pages(_ document: ResultDocument) -> [String] {
        [
            TerminalReport.render(document, width: 400), MarkdownReport.render(document), HTMLReport.render(document),
        ]
    }

    @Test("layout, state of the cache, hits and the intervals' confidence are told everywhere")
    func design() throws {
        let document = try document { comparison in
            comparison.confidence = 1 - 0.05 / 6
            comparison.design?.looks = [8, 12, 20].map { .init(pairs: $0, level: 0.01) }
        }
        for page in pages(document) {
            for words in [
                "warm caches", "planned looks at 8, 12, 20 pairs", "cache counted 99 % hits", "99 % interval",
            ] {
                #expect(page.contains(words), "\(words)\n\(page.prefix(3_000))")
            }
        }
    }

    @Test("why pairs were left out is told with how many, and an example")
    func discards() throws {
        let document = try document { comparison in
            comparison.discardedPairs = 3
            comparison.discards = [.init(fault: .stolenTime, pairs: 2), .init(fault: .clockStep, pairs: 1)]
        }
        for page in pages(document) {
            #expect(page.contains("the host took the processors away (2 pairs), the clock was set (1 pair)"))
            #expect(page.contains("such as: the generator fell behind its plan"))
        }
    }

    @Test("a metric that the verdict does not rest on stands in brackets and fails no test case")
    func ungated() throws {
        let document = try document { comparison in
            for index in comparison.metrics.indices { comparison.metrics[index].isGated = index == 0 }
            comparison.metrics[2].verdict = .regressed
            comparison.verdict = .improved
        }
        #expect(TerminalReport.render(document, width: 400).contains("(regressed)"))
        #expect(MarkdownReport.render(document).contains("(regressed)"))
        #expect(HTMLReport.render(document).contains("p99 (not gated)"))
        let junit = JUnitReport.render(document)
        #expect(!junit.contains("<failure") && junit.contains("regressed, and not gated"))
    }

    @Test("a server that differs from itself is told as that, not as a worse B")
    func selfComparison() throws {
        var document = try document { comparison in
            comparison.design?.isSelf = true
            comparison.verdict = .improved
        }
        document.verdict = .fail
        let failures = FailureSummary.all(in: document)
        #expect(failures.contains { $0.title == "p50 of one server differs from itself" })
        document.comparison?.design?.isSelf = false
        #expect(!FailureSummary.all(in: document).contains { $0.kind == .comparison })
    }

    @Test("a margin says where the noise of the machine made it wider")
    func margins() throws {
        let document = try document { comparison in
            comparison.metrics[0].margin = 0.234
            comparison.metrics[0].noiseFloor = 0.234
        }
        for page in pages(document) { #expect(page.contains("23 % (A/A) and 25.0 µs"), "\(page.prefix(2_000))") }
    }
}
