import Results
import Testing

@testable import Report

@Suite("Reports of a search for the highest rate")
struct SearchReportTests {
    private func document(_ searches: [FindMaxRecord]) -> ResultDocument {
        var document = SampleDocument.make()
        document.findMax = searches
        return document
    }

    /// The table rows of the page's section.
    private func rows(_ page: String) throws -> [Substring] {
        let section = try #require(page.firstRange(of: "<section id=\"search\""))
        let rest = page[section.lowerBound...]
        let end = try #require(rest.firstRange(of: "</section>"))
        return rest[..<end.lowerBound].split(separator: "\n").filter { $0.contains("<td") }
    }

    @Test("the page has goals, the confirmed rate and a row for each trial with the goal that it missed")
    func page() throws {
        let page = HTMLReport.render(document([SearchFixture.make()]))
        #expect(page.contains("<li><a href=\"#search\">Highest rate</a></li>"))
        #expect(page.contains("cache: 4000 queries a second met the goals, and a little more did not"))
        #expect(page.contains("at most 0.1 % of the queries lost, a 99th percentile of at most 5.00 ms"))
        let rows = try rows(page)
        #expect(rows.count == 8)
        let words = [
            "met", "met", "met", "p99 above 5.00 ms", "loss above 0.1 %", "SERVFAIL above 0.2 %",
            "17 queries were not sent", "confirming",
        ]
        for (row, word) in zip(rows, words) { #expect(row.contains(word), "\(row)") }
        #expect(rows[4].contains("<td class=\"n\">20 %</td>") && rows[5].contains("<td class=\"n\">3.0 %</td>"))
    }

    @Test("the chart tells trials apart by shape, in both sizes")
    func chart() throws {
        let search = try #require(SearchRow.all(in: document([SearchFixture.make()])).first)
        for size in ChartFrame.Size.allCases {
            let svg = try #require(SearchChart(search: search).render(size))
            func count(_ text: String) -> Int { svg.ranges(of: text).count }
            // Each kind stands in the legend once more.
            #expect(count("<circle class=\"trial met\"") == 5)
            #expect(count("<path class=\"trial missed\"") == 4)
            #expect(count("<path class=\"trial other\"") == 2)
            #expect(count("<circle class=\"confirming\"") == 2)
            #expect(svg.contains("4,000 confirmed") && svg.contains(">goal</text>"))
            #expect(!svg.contains("nan") && !svg.contains("inf"))
        }
    }

    @Test("a search without answers or trials has its sentence and no chart")
    func nothing() throws {
        var silent = SearchFixture.make()
        silent.bestQPS = nil
        silent.ending = "nothing-met"
        for index in silent.curve.indices {
            silent.curve[index].p99Nanoseconds = 0
            silent.curve[index].loss = 1
        }
        var empty = silent
        empty.curve = []
        let page = HTMLReport.render(document([silent, empty]))
        #expect(page.ranges(of: "not even the lowest rate met the goals").count == 2)
        #expect(try rows(page).count == 8)
        #expect(!page.contains("trials on cache"))
        #expect(!HTMLReport.render(document([])).contains("id=\"search\""))
    }

    @Test("Markdown and the terminal have the same trials")
    func texts() {
        let document = document([SearchFixture.make()])
        let markdown = MarkdownReport.render(document)
        #expect(markdown.contains("### Highest rate on cache\n\n4000 queries a second met the goals"))
        #expect(markdown.contains("| 8,000 | 6,400 | 20 % | 4.80 ms | 0 % | missed, loss above 0.1 % |"))
        #expect(markdown.contains("| 4,000 | 4,000 | 0 % | 2.00 ms | 0 % | met, confirming |"))
        let terminal = TerminalReport.render(document, color: false, width: 100)
        #expect(terminal.contains("Highest rate on cache: 4000 queries a second met the goals"))
        #expect(terminal.contains("missed, p99 above 5.00 ms"))
    }

    @Test("figures that no search can have do not break a report")
    func absurd() {
        var search = SearchFixture.make(target: HostileDocument.payload)
        search.bestQPS = 1e300
        search.goals.p99Nanoseconds = .max
        search.curve[0].offeredQPS = 1e300
        search.curve[1].offeredQPS = -.infinity
        search.curve[2].p99Nanoseconds = .min
        search.curve[3].loss = .nan
        search.curve[4].verdict = HostileDocument.payload
        search.curve[5].reason = HostileDocument.payload
        let document = document([search])
        let page = HTMLReport.render(document)
        #expect(page.contains("id=\"search\"") && !page.contains("<script"))
        #expect(!MarkdownReport.render(document).contains("<script"))
        #expect(!TerminalReport.render(document, color: false, width: 100).contains("\u{1B}"))
    }
}
