import NodeLocal
import Testing

@testable import Doctor

@Suite("Lint rules") struct LintRuleTests {
    @Test("the good installation gives no finding, alone and with its kubelet")
    func good() throws {
        #expect(try LintRun.ids(LintRun.findings(GoodManifest.text)) == [])
        #expect(try LintRun.ids(LintRun.findings(GoodManifest.text, others: [GoodManifest.kubelet])) == [])
        #expect(try LintRun.ids(LintRun.findings(GoodManifest.corefile)) == [])
    }

    @Test("an edit is found by exactly the rules that it is about", arguments: LintMutation.all)
    func mutation(_ mutation: LintMutation) throws {
        let manifest = try #require(mutation.manifest, "an edit finds nothing to change")
        let findings = try LintRun.findings(manifest, others: mutation.others, proxyMode: mutation.mode)
        #expect(
            LintRun.ids(findings) == mutation.expected,
            "\(findings.map { "\($0.place) \($0.rule.id): \($0.message)" })"
        )
        for finding in findings where mutation.severity != nil && finding.rule.id == mutation.expected.first {
            #expect(finding.severity == mutation.severity)
        }
        for finding in findings {
            #expect(finding.place.line > 0 && finding.place.column > 0 && !finding.message.isEmpty)
        }
    }

    @Test("each rule has an edit that it finds, and a name, a reason, a remedy and a source of its own")
    func complete() {
        let found = Set(LintMutation.all.flatMap(\.expected))
        #expect(Set(Lint.rules.map(\.id)).subtracting(found) == [])
        #expect(found.subtracting(Lint.rules.map(\.id)) == [])
        #expect(Set(Lint.rules.map(\.id)).count == Lint.rules.count)
        #expect(Set(Lint.rules.map(\.title)).count == Lint.rules.count)
        for rule in Lint.rules {
            #expect(rule.id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }, "\(rule.id)")
            for text in [rule.title, rule.reason, rule.remedy, rule.source] { #expect(text.count > 5, "\(rule.id)") }
        }
    }
}
