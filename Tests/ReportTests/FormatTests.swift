import Results
import Testing

@testable import Report

@Suite("Markdown, JUnit and Prometheus")
struct FormatTests {
    @Test("Markdown holds verdict, failures and tables, within a comment's size")
    func markdown() {
        let text = MarkdownReport.render(SampleDocument.make(.fail))
        for part in [
            "## ❌ pre-rollout: fail", "### What failed", "| HDR-02 The answer", "### cache against cluster", "| p99 |",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(text.utf8.count < 60_000)
    }

    @Test("hostile strings cannot open markup, tables or mentions in Markdown")
    func hostileMarkdown() {
        let text = MarkdownReport.render(HostileDocument.make())
        #expect(!text.contains("<script") && !text.contains("<img"))
        #expect(text.firstMatch(of: /[^\\]\]\(javascript/) == nil)
        #expect(!text.contains("@everyone"))
        #expect(!text.contains("\n::error"))
        for row in text.split(separator: "\n") where row.hasPrefix("| ") {
            let bars = row.replacing("\\|", with: "").count { $0 == "|" }
            #expect([5, 6, 7, 8, 9, 10].contains(bars), "\(row)")
        }
        #expect(text.utf8.count < 61_000)
    }

    @Test("JUnit counts what it holds, and inconclusive is skipped")
    func junit() {
        let text = JUnitReport.render(SampleDocument.make(.fail))
        #expect(
            text.contains(
                "<testsuite name=\"checks.header\" id=\"0\" package=\"pre-rollout\" tests=\"2\" failures=\"1\""
            )
        )
        for (name, sum) in [("tests", 19), ("failures", 3), ("errors", 0), ("skipped", 2)] {
            let counts = text.matches(of: #/\s([a-z]+)="(\d+)"/#).filter { $0.1 == name }.compactMap { Int($0.2) }
            #expect(counts.reduce(0, +) == sum, "\(name)")
        }
        #expect(
            text.contains("<testcase classname=\"checks.header\" name=\"HDR-02 The answer has the query&#39;s id\"")
        )
        #expect(text.contains("<failure message=\"expected id 0x1234, got id 0x0000\""))
        #expect(text.contains("<skipped message=\"inconclusive: id 0x0000\"/>"))
        #expect(text.matches(of: #/<testcase\s/#).count == 19)
    }

    @Test("hostile strings stay inside their XML")
    func hostileJUnit() {
        let text = JUnitReport.render(HostileDocument.make())
        #expect(!text.contains("<script"))
        for scalar in text.unicodeScalars {
            #expect(scalar == "\n" || (scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF))
        }
        let names: Set<Substring> = [
            "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "properties", "property", "?xml",
            "system-out", "system-err",
        ]
        for match in text.matches(of: /<\/?([^\s>\/]+)/) {
            #expect(names.contains(match.1), "\(match.1)")
        }
    }

    @Test("Prometheus text has a family for each section, cumulative buckets and no timestamps")
    func prometheus() throws {
        let text = PrometheusReport.render(SampleDocument.make(.fail))
        for line in [
            "nldns_run_verdict{verdict=\"fail\"} 1", "nldns_check_status{check=\"HDR-02\",status=\"fail\"} 1",
            "nldns_proof_verdict{proof=\"force-tcp\",verdict=\"violated\"} 1", "nldns_capture_dropped_packets 0",
            "nldns_query_duration_seconds_count{target=\"cache\",phase=\"compare\",transport=\"udp\"} 19998",
        ] {
            #expect(text.contains("\n" + line + "\n"), "\(line)")
        }
        var last: UInt64 = 0
        for match in text.matches(of: /_bucket\{target="cache".*\} (\d+)/) {
            let count = try #require(UInt64(match.1))
            #expect(count >= last)
            last = count
        }
        #expect(last == 19_998)
        #expect(text.hasSuffix("\n"))
    }

    @Test(
        "every line of Prometheus text is a comment or a sample, and no series comes twice",
        arguments: [true, false]
    )
    func hostilePrometheus(isHostile: Bool) {
        let text = PrometheusReport.render(isHostile ? HostileDocument.make() : HostileDocument.absurd())
        var series: Set<Substring> = []
        for line in text.split(separator: "\n") where !line.hasPrefix("# ") {
            let match = line.wholeMatch(of: /([a-z_]+(?:\{(?:[a-z]+="(?:[^"\\]|\\.)*",?)*\})?) ([-+0-9.eE]+)/)
            #expect(match != nil, "\(line)")
            if let match { #expect(series.insert(match.1).inserted) }
        }
    }
}
