import Measure
import Results
import Testing

@testable import Report

@Suite("Small charts of the terminal")
struct TerminalChartTests {
    @Test("The page has a row of signs a target for the run and for the spread, on one scale")
    func charts() throws {
        let page = TerminalReport.render(SampleDocument.make(), width: 100)
        let lines = page.split(separator: "\n")
        let time = try #require(lines.firstIndex { $0.contains("p99 over the run") })
        let row = try #require(lines[time + 1].wholeMatch(of: #/  cluster  ([▁▂▃▄▅▆▇█]{20})  (.+) … (.+)/#))
        // The cluster's tail is above the cache's throughout.
        #expect(row.1.allSatisfy { "▅▆▇█".contains($0) })
        #expect(lines[time + 2].contains(#/  cache    [▁▂▃▄]{20}  /#))
        let spread = try #require(lines.firstIndex { $0.contains("how latency spread") })
        #expect(lines[spread + 1].contains("cluster") && lines[spread + 1].contains("█"))
        let ends = lines[(spread + 1)...(spread + 2)].map { $0.split(separator: " ").suffix(5) }
        #expect(ends[0] == ends[1])
        let plain = TerminalReport.render(SampleDocument.make(), width: 100, unicode: false)
        #expect(plain.contains(##/  cluster  [_.\-=+*%#]{20}  /##) && !plain.contains("█"))
    }

    @Test("Colour never carries what the signs do, and the charts have none")
    func color() {
        let plain = TerminalReport.render(SampleDocument.make(.fail))
        let painted = TerminalReport.render(SampleDocument.make(.fail), color: true)
        #expect(painted.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
        for line in painted.split(separator: "\n") where line.contains("█") && line.contains(" … ") {
            #expect(!line.contains("\u{1B}"))
        }
    }

    @Test("Signs have eight heights, a missing value is a blank, and what does not fit is joined by its largest")
    func sparkline() {
        #expect(Sparkline.draw([0, 1, 2, 3, 4, 5, 6, 7, nil], in: 0...7, unicode: true) == "▁▂▃▄▅▆▇█ ")
        #expect(Sparkline.draw([0, 7, .infinity, -3, 99], in: 0...7, unicode: false) == "_# _#")
        #expect(Sparkline.draw([5, 5], in: 5...5, unicode: true) == "▅▅")
        #expect(Sparkline.joined([1, 9, nil, nil, 2, 3], cells: 3) == [9, nil, 3])
        #expect(Sparkline.joined([1, 2], cells: 3) == [1, 2])
    }

    @Test(
        "The environment says what a terminal can show",
        arguments: [
            (["LANG": "C.UTF-8"], true, true), (["LANG": "de_DE.utf8@euro"], true, true), ([:], true, true),
            (["LANG": "de_DE.UTF-8", "LC_ALL": "C"], true, false), (["LANG": "POSIX"], true, false),
            (["LC_CTYPE": "en_US.ISO-8859-1", "LANG": "C.UTF-8"], true, false),
            (["LC_ALL": "", "LANG": "C"], true, false),
            (["NO_COLOR": "1"], false, true), (["NO_COLOR": ""], true, true), (["TERM": "dumb"], false, true),
            (["LANG": "@"], true, false),
        ] as [([String: String], Bool, Bool)]
    )
    func environment(variables: [String: String], color: Bool, unicode: Bool) {
        let environment = TerminalEnvironment { variables[$0] }
        #expect(environment.allowsColor == color && environment.allowsUnicode == unicode)
        #expect(environment.shown("██░ ▂▇ 3 µs …") == (unicode ? "██░ ▂▇ 3 µs …" : "##- .* 3 us ..."))
    }

    @Test("A line that a runner of GitHub would obey is not one any more; addresses stay as they are")
    func commands() {
        let text = "::error::x\n  ::stop-commands::y\n::1 is an address\nfe80::a ::error::\n##[group]z\n"
        #expect(
            DisplayText.withoutCommands(text)
                == "\\::error::x\n  \\::stop-commands::y\n::1 is an address\nfe80::a ::error::\n## [group]z\n"
        )
    }
}
