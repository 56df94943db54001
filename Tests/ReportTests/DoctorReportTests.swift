import Foundation
import Results
import Testing

@testable import Report

@Suite("What the doctor prints")
struct DoctorReportTests {
    private func entry(_ id: String, _ status: CheckRecord.Status, read: String = "seen") -> DoctorEntry {
        DoctorEntry(
            id: id,
            title: "title of \(id)",
            status: status,
            read: read,
            expected: "wanted",
            meaning: "it hurts",
            remediation: "mend it"
        )
    }

    @Test("the line for node-problem-detector is ASCII of 80 octets at most, whatever was read")
    func line() {
        let hostile = String(repeating: "ü\u{202E}\n→ long ", count: 40)
        for entries in [
            [entry("a", .fail, read: hostile), entry("b", .fail), entry("c", .fail)],
            [entry(String(repeating: "x", count: 200), .fail)], [entry("a", .pass)], [entry("a", .skip)], [],
        ] {
            let line = DoctorLine.render(entries)
            #expect(line.utf8.count <= 80 && line.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "\(line)")
        }
        #expect(DoctorLine.render([entry("a", .fail, read: hostile), entry("b", .fail)]).hasSuffix("... (+1 more)"))
        #expect(DoctorLine.render([entry("a", .fail, read: "gone")]) == "a: gone")
        #expect(DoctorLine.render([entry("a", .pass), entry("b", .skip)]) == "OK: 1 pass, 1 skip")
        #expect(
            DoctorLine.render([entry("a", .inconclusive), entry("b", .skip)]) == "cannot tell: 1 inconclusive, 1 skip"
        )
    }

    @Test("what fails is told in full, what passed in a line, what was skipped with its reason")
    func whole() {
        let entries = [entry("ok", .pass), entry("bad", .fail), entry("open", .inconclusive), entry("dark", .skip)]
        let text = DoctorReport(width: 80).whole(entries, of: SampleDocument.short())
        for part in [
            "✗ bad  title of bad", "read      seen", "expected  wanted", "means     it hurts", "do        mend it",
            "✓ ok  seen", "? open  inconclusive: title of open", "Not looked at (1)", "dark: seen",
            "1 of 4 findings is not",
        ] {
            #expect(text.contains(part), "\(part) is not in:\n\(text)")
        }
        #expect(text.ranges(of: "expected").count == 3)
    }

    @Test("a later look says what changed, or that nothing did")
    func change() {
        let report = DoctorReport(width: 100)
        let before = [entry("a", .pass), entry("b", .fail)]
        let same = report.change(before, since: before, of: SampleDocument.short())
        #expect(same.hasSuffix("1 fail, 1 pass  no change\n") && same.split(separator: "\n").count == 1)
        let after = [entry("a", .fail), entry("b", .pass)]
        let text = report.change(after, since: before, of: SampleDocument.short())
        #expect(text.contains("2 changed"))
        #expect(text.contains("✗ a  title of a (was pass)") && text.contains("✓ b  title of b (was fail)"), "\(text)")
        #expect(text.contains("mend it"))
    }
}
