import Measure
import Results
import Testing

@testable import Report

@Suite("Terminal report")
struct TerminalReportTests {
    @Test("verdict, proofs with their evidence, and percentiles of both targets are there")
    func content() {
        let page = TerminalReport.render(SampleDocument.make(), width: 100)
        for text in [
            " PASS ", "force-tcp  proven  120 pieces of evidence", "cache  proven  40 pieces of evidence", "p99.9",
            "cluster",
            "cache against cluster, 12 pairs", "improved", "Gates: pass",
            "Checks: 6 pass, 1 known, 1 skip, 1 inconclusive",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test("a failure comes with expected, actual, remedy and evidence")
    func failure() {
        let page = TerminalReport.render(SampleDocument.make(.fail), width: 100)
        for text in [
            " FAIL ", "What failed (3)", "HDR-02", "expected  id 0x1234", "actual    id 0x0000",
            "remedy    Check for a middlebox", "evidence  frame 17",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test("no line is wider than the terminal, whatever the width", arguments: [40, 60, 80, 132])
    func width(width: Int) {
        let page = TerminalReport.render(SampleDocument.make(.fail), width: width)
        let tables = ["queries", "µs", "ms", "interval", "answers/s", "loss", "%"]
        for line in page.split(separator: "\n") where !tables.contains(where: line.contains) {
            // The verdict's own line is not wrapped.
            #expect(line.count <= width || line.hasPrefix(" FAIL "), "\(line)")
        }
    }

    @Test("colour is there only when asked for, and ASCII is ASCII")
    func modes() {
        let document = SampleDocument.make(.fail)
        #expect(!TerminalReport.render(document).contains("\u{1B}"))
        #expect(TerminalReport.render(document, color: true).contains("\u{1B}[1;97;41m FAIL "))
        let plain = TerminalReport.render(document, width: 100, unicode: false)
        #expect(!plain.contains("µ") && !plain.contains("█") && !plain.contains("✗"))
    }

    @Test("hostile strings cannot write to the terminal")
    func hostile() {
        let page = TerminalReport.render(HostileDocument.make(), width: 100)
        for scalar in page.unicodeScalars {
            #expect(scalar == "\n" || (scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)))
        }
        #expect(!page.contains("\u{202E}"))
    }

    @Test("absurd figures and missing sections do not stop it")
    func absurd() {
        #expect(TerminalReport.render(HostileDocument.absurd()).contains("Response latency"))
        var document = SampleDocument.make()
        document.load = []
        document.capture = nil
        document.comparison = nil
        document.gate = nil
        document.checks = nil
        document.reasons = []
        #expect(TerminalReport.render(document).contains("Nothing failed."))
    }

    @Test("an interrupted run says so")
    func aborted() {
        var document = SampleDocument.make()
        document.status = .aborted
        document.verdict = .inconclusive
        let page = TerminalReport.render(document)
        #expect(page.contains("INCONCLUSIVE"))
        #expect(page.contains("The run did not reach its end"))
    }
}

@Suite("Words of a summary")
struct RunSummaryTests {
    @Test("a run that passed without reasons says what it rests on")
    func pass() {
        var document = SampleDocument.make()
        document.reasons = []
        let headline = RunSummary(document).headline
        #expect(headline.hasPrefix("7 checks, 2 proofs and 3 gates hold; p99 of cache is 0.38"))
        #expect(headline.hasSuffix("× that of cluster."))
    }

    @Test("reasons become sentences, and many are cut")
    func reasons() {
        var document = SampleDocument.make(.fail)
        document.reasons = (0..<20).map { "check HDR-\($0) failed: no answer" }
        let summary = RunSummary(document)
        #expect(summary.headline == "Check HDR-0 failed: no answer.")
        #expect(summary.furtherReasons.count == 7)
        #expect(summary.furtherReasons.last == "13 more reasons.")
    }

    @Test("a run without a verdict names what could not be told, and one with a verdict does not")
    func doubts() {
        var document = SampleDocument.make()
        document.capture?.proofs[0].verdict = .inconclusive
        document.verdict = .inconclusive
        let summary = RunSummary(document)
        #expect(summary.failureTitle == "What could not be told")
        #expect(summary.failures.map(\.id) == ["force-tcp", "OPS-03"])
        document.verdict = .pass
        #expect(RunSummary(document).failures.isEmpty)
    }

    @Test("the command that repeats a run is quoted, and has the seed that the run drew")
    func command() {
        var document = SampleDocument.make()
        document.command = ["nldns", "run", "my scenario's.yaml", "--lab=ipvs"]
        #expect(
            RunSummary(document).commandLine
                == #"nldns run 'my scenario'\''s.yaml' --lab=ipvs --seed \#(document.seed)"#
        )
        document.command = ["nldns", "run", "quick", "--seed=7"]
        #expect(RunSummary(document).commandLine == "nldns run quick --seed=7")
        document.command = []
        #expect(RunSummary(document).commandLine == nil)
    }

    @Test("a metric that got worse is told where the run failed, and only there")
    func regression() {
        var document = SampleDocument.make(.fail)
        document.comparison?.metrics[0].verdict = .regressed
        #expect(RunSummary(document).failures.contains { $0.kind == .comparison })
        document.verdict = .pass
        #expect(!RunSummary(document).failures.contains { $0.kind == .comparison })
    }
}

@Suite("What a summary leaves out or marks")
struct SummaryDisplayTests {
    @Test("evidence that names its frame does not name it twice")
    func frames() {
        let evidence = EvidenceRecord(frame: 7, text: "frame 7 UDP 10.0.0.1:53")
        #expect(FailureSummary.lines([evidence]) == ["frame 7 UDP 10.0.0.1:53"])
        #expect(FailureSummary.lines([EvidenceRecord(frame: 7, text: "frame 70 UDP")]) == ["frame 7 frame 70 UDP"])
        let second = EvidenceRecord(frame: 7, file: "/tmp/b.pcap", text: "frame 7 of file 12 UDP 10.0.0.1:53")
        #expect(FailureSummary.lines([second]) == ["frame 7 of b.pcap UDP 10.0.0.1:53"])
    }

    @Test("pairs that were left out are counted, with the first reason")
    func discarded() {
        var document = SampleDocument.make()
        document.comparison?.pairs = 0
        document.comparison?.discardedPairs = 8
        document.comparison?.segments?[0].invalidReason = "the generator fell behind"
        let page = TerminalReport.render(document)
        #expect(page.contains("cache against cluster, 0 pairs, 8 left out"))
        #expect(page.contains("Left out: the generator fell behind"))
        #expect(HTMLReport.render(document).contains("Left out: the generator fell behind"))
    }

    @Test("figures that may not be believed are marked")
    func invalid() {
        var document = SampleDocument.make()
        document.load?[1].invalidReason = "the generator fell behind"
        #expect(TerminalReport.render(document, width: 120).contains("cache (invalid)"))
        #expect(HTMLReport.render(document).contains("cache (invalid)"))
    }

    @Test("an interval of few pairs shows the confidence that it has")
    func confidence() {
        var document = SampleDocument.make()
        document.comparison?.metrics[0].confidence = 0.9375
        #expect(MarkdownReport.render(document).contains("0.173 – 0.175 (94 %)"))
    }
}
