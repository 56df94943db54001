import Results
import Testing

@testable import Report

@Suite("Nodes of a merged result")
struct FleetReportTests {
    @Test("page, Markdown and terminal name the node that stands out, and the rule or all nodes besides")
    func slow() throws {
        let document = try FleetFixture.make()
        let page = HTMLReport.render(document)
        #expect(page.contains("6 nodes, 1 stands out"))
        #expect(page.contains("<th scope=\"row\">node-4</th><td>cache"))
        #expect(page.contains("Rule: "))
        let markdown = MarkdownReport.render(document)
        #expect(markdown.contains("### 6 nodes, 1 stands out"))
        #expect(markdown.contains("| node-4 | cache") && markdown.contains("All nodes (6)"))
        let terminal = TerminalReport.render(document, width: 200)
        #expect(terminal.contains("6 nodes, 1 stands out") && terminal.contains("node-4  cache"))
    }

    @Test("an even fleet has no table of those that stand out, and a plain result no nodes")
    func even() throws {
        var document = try FleetFixture.make()
        document.fleet?.outliers = []
        #expect(HTMLReport.render(document).contains("6 nodes, none stands out"))
        #expect(!HTMLReport.render(document).contains("Median of all"))
        #expect(!MarkdownReport.render(document).contains("median of all"))
        #expect(!HTMLReport.render(SampleDocument.make()).contains("id=\"fleet\""))
    }

    @Test("a fleet of thousands is cut to what a page holds, those to look at first")
    func large() throws {
        var document = try FleetFixture.make()
        let nodes = try #require(document.fleet?.nodes)
        document.fleet?.nodes = (0..<5_000).map { number in
            var node = nodes[number % nodes.count]
            node.name = number == 4_999 ? "the-one" : "n-\(number)"
            node.verdict = number == 4_999 ? .fail : .pass
            node.status = .complete
            return node
        }
        let page = HTMLReport.render(document)
        #expect(page.contains("the-one") && page.contains("4 760 more") || page.contains("4,760 more"))
        #expect(page.utf8.count <= HTMLReport.maximumBytes)
        #expect(MarkdownReport.render(document).utf8.count <= 60_000)
    }

    @Test("advice, baseline and notes of a gate stand on the page and in Markdown")
    func advice() throws {
        var document = SampleDocument.make()
        let advice = GateRecord.Outcome(
            kind: .history,
            expression: "cache.p99 in line with 9 runs",
            verdict: .fail,
            actual: "3.1 ms",
            limit: "2.2 ms",
            remediation: "Look at the last change."
        )
        document.gate?.advice = [advice]
        document.gate?.notes = ["the waiver of HDR-02 expired on 2026-01-01"]
        document.gate?.baseline = GateRecord.Baseline(SampleDocument.short())
        for text in [HTMLReport.render(document), MarkdownReport.render(document)] {
            for words in [
                "Advice, which closes nothing", "cache.p99 in line with 9 runs", "Note: the waiver of HDR-02 expired",
                "Baseline: ",
            ] {
                #expect(text.replacing("\\", with: "").contains(words), "\(words)")
            }
        }
    }
}
