import Measure
import Results
import Testing

@testable import Report

/// What no format may let through: each is driven with the same hostile document.
@Suite("Hostile strings in every format")
struct EveryFormatTests {
    private static func text(_ format: ReportFormat, _ document: ResultDocument = HostileDocument.make()) throws
        -> String
    {
        let bytes = try format.render(document, history: [PastRun(SampleDocument.make()), PastRun(document)])
        return try #require(String(validating: bytes, as: UTF8.self))
    }

    /// Formats whose text has no sign but line feeds and printable ones; JSON escapes controls by its own rules.
    private static let lineFormats = ReportFormat.allCases.filter { $0 != .json }

    @Test("no control character, no bidirectional mark and no line of the attacker comes out", arguments: lineFormats)
    func controls(format: ReportFormat) throws {
        var found: Set<UInt32> = []
        for scalar in try Self.text(format).unicodeScalars {
            switch scalar.value {
            case 0x0A: break
            case 0x0D where format == .csv: break
            case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0xFFFE: found.insert(scalar.value)
            default: break
            }
        }
        #expect(found.isEmpty)
    }

    @Test("what is printed in a CI log holds no command of its runner", arguments: lineFormats)
    func commands(format: ReportFormat) throws {
        for line in try Self.text(format).split(separator: "\n") {
            let start = line.drop { $0 == " " }
            let isOurs = format == .githubAnnotations && start.contains(/^::(error|warning|notice) title=/)
            #expect(isOurs || start.firstMatch(of: /^::[a-z]/) == nil, "\(line.prefix(60))")
            #expect(!line.contains("##["))
        }
    }

    @Test("what the gate prints has no control character and no command of a CI runner, however it is wrapped")
    func gate() {
        let document = HostileDocument.make()
        for width in 40...120 {
            let text = GateReport.render(document, width: width)
            #expect(
                text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
            )
            for line in text.split(separator: "\n") {
                #expect(
                    line.firstMatch(of: /^ *::[a-z]/) == nil && !line.contains("##["),
                    "\(width): \(line.prefix(60))"
                )
            }
        }
    }

    @Test("JSON comes back as it was")
    func json() throws {
        let document = HostileDocument.make()
        #expect(try ResultDocument(json: ReportFormat.json.render(document), path: "x") == document)
    }

    @Test("markup is text: no tag, no link, no mention", arguments: [ReportFormat.html, .markdown, .githubSummary])
    func markup(format: ReportFormat) throws {
        let text = try Self.text(format)
        #expect(text.contains("&lt;script&gt;"))
        #expect(!text.contains("<script") && !text.contains("<img") && !text.contains("<svg onload"))
        if format != .html {
            #expect(text.firstMatch(of: /[^\\]\]\(javascript/) == nil)
            #expect(!text.contains("@everyone"))
            for line in text.split(separator: "\n") where line.hasPrefix("| ") {
                // A backslash may stand before a bar only to escape it.
                let cells = line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" }
                #expect((5...9).contains(cells), "\(cells) bars: \(line.prefix(80))")
                #expect(line.replacing("\\\\", with: "").replacing("\\`", with: "").contains("`") == false)
            }
        }
    }

    @Test("XML is well formed: each tag is ours and closed, each ampersand an entity")
    func xml() throws {
        let text = try Self.text(.junit)
        var open: [Substring] = []
        let names: Set<Substring> = [
            "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "properties", "property",
            "system-out", "system-err",
        ]
        for match in text.matches(of: /<(\/?)([a-z-]+)((?:\s[a-z]+="[^"<]*")*)(\/?)>/) {
            #expect(names.contains(match.2))
            if match.1 == "/" { #expect(open.popLast() == match.2) } else if match.4 != "/" { open.append(match.2) }
        }
        #expect(open.isEmpty)
        #expect(text.count { $0 == "<" } == text.matches(of: /<\/?[a-z?]/).count)
        #expect(text.matches(of: /&(?!(?:amp|lt|gt|quot|#39);)/).isEmpty)
    }

    @Test("annotations keep their limit, and the message cannot end the property or the command")
    func annotations() throws {
        let lines = try Self.text(.githubAnnotations).split(separator: "\n")
        for kind in ["error", "warning", "notice"] {
            #expect(lines.count { $0.hasPrefix("::\(kind) title=") } <= 10)
        }
        for line in lines {
            let match = try #require(line.wholeMatch(of: /::(error|warning|notice) title=([^:,]*)::(.*)/), "\(line)")
            #expect(match.2.firstMatch(of: /%(?!25|0A|0D|3A|2C)/) == nil)
            #expect(match.3.firstMatch(of: /%(?!25|0A|0D)/) == nil)
        }
        var document = HostileDocument.make()
        let check = try #require(document.checks?.first { $0.status == .fail })
        document.checks = (0..<40).map { index in
            var copy = check
            copy.id = "CHK-\(index)"
            copy.title = "100 %, a: b"
            return copy
        }
        document.capture = nil
        document.gate = nil
        document.comparison = nil
        document.load = nil
        let many = try Self.text(.githubAnnotations, document).split(separator: "\n")
        let errors = many.filter { $0.hasPrefix("::error") }
        #expect(errors.count == 10)
        #expect(errors.first?.hasPrefix("::error title=CHK-0 100 %25%2C a%3A b::expected: ") == true)
        #expect(errors.last == "::error title=31 more::31 more are not shown here: see the report, or result.json.")
    }

    @Test("a label is one label: quotes and backslashes of Prometheus are escaped, TAP has its points and no more")
    func labels() throws {
        let document = HostileDocument.make()
        for line in try Self.text(.prometheus).split(separator: "\n") where !line.hasPrefix("# ") {
            let sample = /[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\]|\\\\|\\"|\\n)*",?)*\})? [-+0-9.eE]+/
            #expect(line.wholeMatch(of: sample) != nil, "\(line.prefix(120))")
        }
        let points =
            (document.checks?.count ?? 0) + (document.capture?.proofs.count ?? 0)
            + (document.gate?.outcomes?.count ?? 0)
        let tap = try Self.text(.tap).split(separator: "\n")
        #expect(tap.contains("1..\(points)"))
        #expect(tap.count { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") } == points)
    }

    @Test("the text has every sign in ASCII where nothing else can be shown")
    func ascii() {
        for document in [SampleDocument.make(.fail), HostileDocument.make()] {
            let page = TerminalReport.render(document, width: 100, unicode: false)
            #expect(page.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
            let gate = GateReport.render(document, width: 100, unicode: false)
            #expect(gate.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
        }
        let capture = SampleDocument.make().capture
        let text = capture.map { TerminalCapture.text($0, source: "µ.pcap", unicode: false) }
        #expect(text?.hasPrefix("u.pcap\n") == true && text?.utf8.allSatisfy { $0 < 0x7F } == true)
    }

    @Test("huge labels are cut", arguments: lineFormats)
    func huge(format: ReportFormat) throws {
        var document = SampleDocument.make(.fail)
        let label = String(repeating: "x", count: 200_000)
        document.targets[0].name = label
        document.load?[0].target = label
        document.load?[0].phase = label
        document.scenario?.id = label
        document.comparison?.a = label
        document.checks?[1].actual = label
        document.capture?.proofs[0].reason = label
        document.gate?.outcomes?[0].actual = label
        document.notes = [label]
        let longest = try Self.text(format, document).split(separator: "\n").map(\.utf8.count).max() ?? 0
        // A histogram's own text and a drawn curve are long, and nobody chose them.
        #expect(longest < (format == .html ? 100_000 : 60_000), "\(longest)")
    }
}
