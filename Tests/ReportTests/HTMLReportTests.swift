import Measure
import Results
import Testing

@testable import Report

@Suite("HTML report")
struct HTMLReportTests {
    @Test("every template parses")
    func templates() {
        let templates = [
            HTMLReport.page, VerdictHeader.template, FailureSection.template, ComparisonSection.template,
            LatencySection.template, LookupSection.template, SearchSection.template, TimeSection.template,
            ProofSection.template, GateSection.template, CheckSection.template, MethodSection.template,
            FleetSection.template, HistorySection.template, HitSection.template, WireSection.template,
        ]
        let areValid = templates.allSatisfy { $0.isValid }
        #expect(areValid)
    }

    @Test("the page says what the run says", arguments: [SampleDocument.Outcome.pass, .fail])
    func content(outcome: SampleDocument.Outcome) {
        let page = HTMLReport.render(SampleDocument.make(outcome))
        for text in [
            "<title>pre-rollout: \(outcome == .pass ? "pass" : "fail")</title>", "Response latency",
            "cache against cluster",
            "nldns run pre-rollout --lab --seed 280297596316414", "This run could have seen", "Example CPU", "EDN-03",
            "120 pieces of evidence", "aria-label=\"Response latency by percentile.",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(page.contains("What failed") == (outcome == .fail))
        #expect(page.contains("Check for a middlebox") == true)
    }

    @Test("equal documents give equal pages")
    func deterministic() {
        #expect(HTMLReport.render(SampleDocument.make()) == HTMLReport.render(SampleDocument.make()))
    }

    @Test("the page runs nothing and fetches nothing")
    func selfContained() {
        let page = HTMLReport.render(SampleDocument.make(.fail))
        for text in [
            "<script", "http://", "https://", "url(", "@import", "<iframe", "<object", "<embed", "<form", " on",
        ] {
            let isThere = page.contains(text)
            #expect(!isThere || text == " on", "\(text)")
        }
        #expect(page.firstMatch(of: /<[^>]*\son[a-z]+=/) == nil)
        #expect(page.contains("default-src 'none'"))
    }

    @Test("hostile strings stay text")
    func hostile() {
        let page = HTMLReport.render(HostileDocument.make())
        #expect(page.contains("&lt;script&gt;"))
        #expect(!page.contains("<script"))
        #expect(!page.contains("<img"))
        // What stands between quotes is text, and no quote of the payload may end it.
        let unquoted = page.replacing(/"[^"]*"/, with: "")
        #expect(unquoted.firstMatch(of: /<[^>]*\son[a-z]+=/) == nil)
        #expect(unquoted.firstMatch(of: /<[^>]*alert/) == nil)
        for scalar in page.unicodeScalars {
            let isAllowed = scalar == "\n" || (scalar.value >= 0x20 && scalar.value != 0x7F)
            #expect(isAllowed && !(0x202A...0x202E).contains(scalar.value))
        }
        #expect(page.utf8.count < 500_000)
    }

    @Test("tags are balanced, also with hostile strings")
    func balanced() {
        for page in [HTMLReport.render(SampleDocument.make(.fail)), HTMLReport.render(HostileDocument.make())] {
            var open: [Substring] = []
            let void: Set<Substring> = ["meta", "br", "link"]
            for match in page.matches(of: /<(\/?)([a-zA-Z0-9]+)[^>]*?(\/?)>/) {
                if match.1 == "/" {
                    #expect(open.popLast() == match.2)
                } else if match.3 != "/", !void.contains(match.2) {
                    open.append(match.2)
                }
            }
            #expect(open.isEmpty)
        }
    }

    @Test("absurd figures do not break the page")
    func absurd() {
        let page = HTMLReport.render(HostileDocument.absurd())
        #expect(page.contains("Response latency"))
        #expect(!page.contains("NaN") && !page.contains("inf\""))
    }

    @Test("a document without sections has a page, and so has one with empty ones")
    func empty() {
        var document = SampleDocument.make()
        document.load = nil
        document.checks = nil
        document.capture = nil
        document.comparison = nil
        document.gate = nil
        document.scenario = nil
        document.reasons = nil
        document.command = nil
        #expect(HTMLReport.render(document).contains("Method and environment"))
        document.load = []
        document.checks = []
        document.gate = GateRecord(outcomes: [])
        document.comparison = nil
        #expect(HTMLReport.render(document).contains("Nothing failed."))
    }

    @Test("a whole catalogue, an hour of seconds and a thousand frames stay below 500 KB")
    func size() throws {
        var document = SampleDocument.make(.fail)
        let checks = document.checks ?? []
        document.checks = (0..<214).map { index in
            var check = checks[index % checks.count]
            check.id = "CHK-\(index)"
            check.requirement = String(repeating: "A requirement that goes on. ", count: 20)
            return check
        }
        let evidence = (0..<1_000).map {
            EvidenceRecord(frame: UInt64($0 + 1), text: String(repeating: "svc-\($0).ns.svc.cluster.local. ", count: 3))
        }
        document.capture?.proofs = (0..<2).map {
            ProofRecord(id: "proof-\($0)", verdict: .proven, reason: "all frames", evidence: evidence)
        }
        for index in 0..<2 {
            var series = LoadSeries(intervalNanoseconds: 1_000_000_000)
            for second in 0..<3_600 {
                series.append(
                    offsetNanoseconds: Int64(second) * 1_000_000_000,
                    sent: 1_000,
                    answered: 1_000,
                    timedOut: 0,
                    p50: 100_000 + Int64(second),
                    p99: 2_000_000 - Int64(second)
                )
            }
            document.load?[index].series = series
        }
        let size = HTMLReport.render(document).utf8.count
        #expect(size < 500_000, "\(size)")
    }
}
