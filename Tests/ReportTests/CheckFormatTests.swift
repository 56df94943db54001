import Results
import Testing

@testable import Report

@Suite("Formats of checks")
struct CheckFormatTests {
    private func document(_ checks: [CheckRecord]) -> ResultDocument {
        var document = SampleDocument.make()
        document.checks = checks
        document.capture = nil
        document.gate = nil
        return document
    }

    private func check(_ id: String, _ status: CheckRecord.Status, actual: String = "") -> CheckRecord {
        CheckRecord(
            id: id,
            section: String(id.prefix(3)),
            title: "Title of \(id)",
            severity: "error",
            status: status,
            tags: status == .pass ? [] : ["TAG"],
            requirement: "It \"must\" hold.",
            source: "RFC 1035 section 4.1.1",
            expected: "a.rcode == NOERROR",
            actual: actual,
            remediation: "Update C:\\dns.",
            evidence: status == .fail ? [EvidenceRecord(text: "a query")] : [],
            durationNanoseconds: 1
        )
    }

    private var all: [CheckRecord] {
        [
            check("HDR-01", .pass), check("HDR-02", .fail, actual: "a.rcode is #1\nof \\2"),
            check("HDR-03", .known, actual: "seen"), check("TCP-01", .skip, actual: "no # capture"),
            check("UPS-01", .inconclusive, actual: "frames were lost"), check("UPS-02", .pass),
        ]
    }

    @Test("TAP has a point for each check, escapes what would be a directive, and explains what is not ok")
    func tap() {
        #expect(
            TAPReport.render(document(all)) == ##"""
                TAP version 13
                1..6
                ok 1 - HDR-01 Title of HDR-01
                not ok 2 - HDR-02 Title of HDR-02
                  ---
                  message: "the requirement is not met"
                  severity: "error"
                  status: "fail"
                  tags: "TAG"
                  requirement: "It \"must\" hold."
                  source: "RFC 1035 section 4.1.1"
                  expected: "a.rcode == NOERROR"
                  actual: "a.rcode is #1 of \\2"
                  remediation: "Update C:\\dns."
                  evidence: |
                    a query
                  ...
                not ok 3 - HDR-03 Title of HDR-03 # TODO known deviation of this version
                  ---
                  message: "a known deviation was seen"
                  severity: "error"
                  status: "known"
                  tags: "TAG"
                  requirement: "It \"must\" hold."
                  source: "RFC 1035 section 4.1.1"
                  expected: "a.rcode == NOERROR"
                  actual: "seen"
                  remediation: "Update C:\\dns."
                  ...
                ok 4 - TCP-01 Title of TCP-01 # SKIP no \# capture
                ok 5 - UPS-01 Title of UPS-01 # SKIP inconclusive: frames were lost
                ok 6 - UPS-02 Title of UPS-02

                """##
        )
        #expect(TAPReport.render(document([])) == "TAP version 13\n1..0 # SKIP nothing was checked\n")
    }

    @Test("TAP fails for a deviation that is gone and for a check that could not run; proofs and gates are points, too")
    func tapFailures() {
        let lines = TAPReport.render(document([check("HDR-01", .fixed), check("HDR-02", .error)])).split(
            separator: "\n"
        )
        #expect(lines.filter { $0.hasPrefix("not ok") && !$0.contains("TODO") }.count == 2)
        let whole = TAPReport.render(SampleDocument.make(.fail))
        #expect(whole.contains("- proof force-tcp\n") && whole.contains("- gate cache.p99 <= 2ms\n"))
    }

    @Test("Sonobuoy's format has the checks below their sections, with the statuses that Sonobuoy knows")
    func sonobuoy() {
        #expect(
            SonobuoyReport.render(document(all)) == #"""
                name: "pre-rollout"
                status: failed
                meta:
                  type: summary
                  tool: "nldns 0.1.0"
                  verdict: pass
                items:
                  - name: "HDR"
                    status: failed
                    items:
                      - name: "HDR-01 Title of HDR-01"
                        status: passed
                        details:
                          status: "pass"
                          severity: "error"
                      - name: "HDR-02 Title of HDR-02"
                        status: failed
                        details:
                          status: "fail"
                          severity: "error"
                          tags: "TAG"
                          requirement: "It \"must\" hold."
                          source: "RFC 1035 section 4.1.1"
                          expected: "a.rcode == NOERROR"
                          actual: "a.rcode is #1 of \\2"
                          remediation: "Update C:\\dns."
                          failure: "expected a.rcode == NOERROR, got a.rcode is #1 of \\2"
                      - name: "HDR-03 Title of HDR-03"
                        status: passed
                        details:
                          status: "known"
                          severity: "error"
                          tags: "TAG"
                          requirement: "It \"must\" hold."
                          source: "RFC 1035 section 4.1.1"
                          expected: "a.rcode == NOERROR"
                          actual: "seen"
                          remediation: "Update C:\\dns."
                  - name: "TCP"
                    status: skipped
                    items:
                      - name: "TCP-01 Title of TCP-01"
                        status: skipped
                        details:
                          status: "skip"
                          severity: "error"
                          tags: "TAG"
                          requirement: "It \"must\" hold."
                          source: "RFC 1035 section 4.1.1"
                          expected: "a.rcode == NOERROR"
                          actual: "no # capture"
                  - name: "UPS"
                    status: unknown
                    items:
                      - name: "UPS-01 Title of UPS-01"
                        status: unknown
                        details:
                          status: "inconclusive"
                          severity: "error"
                          tags: "TAG"
                          requirement: "It \"must\" hold."
                          source: "RFC 1035 section 4.1.1"
                          expected: "a.rcode == NOERROR"
                          actual: "frames were lost"
                          remediation: "Update C:\\dns."
                      - name: "UPS-02 Title of UPS-02"
                        status: passed
                        details:
                          status: "pass"
                          severity: "error"

                """#
        )
        #expect(SonobuoyReport.render(document([])).contains("\nstatus: unknown\n"))
    }

    @Test("The terminal shows a tree: sections, a sign for each check, and of a failure what was asked and what to do")
    func tree() {
        var document = document(all)
        document.load = nil
        document.comparison = nil
        document.verdict = .fail
        let page = TerminalReport.render(document, width: 100)
        for text in [
            "  HDR  1 pass, 1 fail, 1 known\n", "    ✓ HDR-01  Title of HDR-01\n", "    ✗ HDR-02  Title of HDR-02\n",
            "    ≈ HDR-03  known: Title of HDR-03 – seen\n", "    ? TCP-01  skip: Title of TCP-01 – no # capture\n",
            "requires  It \"must\" hold.", "expected  a.rcode == NOERROR", "remedy    Update C:\\dns.",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }
}
