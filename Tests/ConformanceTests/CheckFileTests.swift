import NodeLocal
import Testing

@testable import Conformance

@Suite("Check files")
struct CheckFileTests {
    @Test("The built-in catalogue has its checks in all twelve sections")
    func builtin() throws {
        let catalogue = try CheckCatalogue.builtin()
        let sections = ["HDR", "NAM", "CLT", "EDN", "TRN", "TCP", "CCH", "RTE", "UPS", "FLT", "K8S", "OPS"]
        #expect(catalogue.sections == sections)
        #expect(catalogue.checks.count >= 62)
        let floor = [
            "HDR-01", "HDR-02", "HDR-09", "HDR-11", "HDR-12", "HDR-15", "NAM-01", "NAM-02", "NAM-05", "EDN-01",
            "EDN-02",
            "EDN-03", "EDN-10", "TRN-01", "TRN-04", "TCP-01", "TCP-02", "TCP-07", "CCH-01", "CCH-02", "CCH-03",
            "CCH-04",
            "CCH-10", "CCH-11", "CCH-18", "CCH-26", "RTE-01", "RTE-02", "RTE-03", "RTE-04", "UPS-01", "UPS-02",
            "UPS-03",
            "UPS-05", "UPS-13", "UPS-15", "K8S-01", "K8S-02", "K8S-03", "K8S-04", "K8S-14", "K8S-18", "OPS-01",
            "OPS-03",
            "OPS-07",
        ]
        #expect(Set(floor).isSubset(of: catalogue.checks.map(\.id)))
    }

    @Test("The built-in catalogue is clean")
    func builtinIsClean() throws {
        let catalogue = try CheckCatalogue.builtin()
        // The names of the defects are checked where the reference cache is known.
        let defects = Set(catalogue.checks.flatMap(\.mutants).map(\.defect))
        #expect(CheckLinter.lint(catalogue.checks, knownDefects: defects).map(\.description) == [])
    }

    @Test(
        "What a file must not say is refused with its place",
        arguments: [
            ("sectoin: T\nchecks: []", "t.yaml:1:1: unknown key 'sectoin'"),
            ("section: T\nchecks: [{id: T-01, titel: x}]", "t.yaml:2:21: unknown key 'titel'"),
            (check("severity: awful"), "t.yaml:6:15: 'awful' is not known here"),
            (check(steps: "[{query: {name: a, tpye: A}, save: a}]"), "t.yaml:9:31: unknown key 'tpye'"),
            (check(steps: "[{query: {type: A}, save: a}]"), "t.yaml:9:21: 'name' is missing here"),
            (check(steps: "[{query: {name: a}, wait: 1s}]"), "t.yaml:9:13: a step has exactly one of"),
            (check(steps: "[{wait: soon}]"), "t.yaml:9:20: expected a duration"),
            (check(steps: "[{query: {name: a, flags: 0x10000}, save: a}]"), "t.yaml:9:38: expected a number"),
            (
                check(expect: "[{tag: T, assert: 'a.rcode = 3'}]"),
                "t.yaml:10:31: 'a.rcode = 3': unexpected character '='"
            ),
            (check(expect: "[{tag: T}]"), "t.yaml:10:14: 'assert' is missing here"),
            (
                check(steps: "[{tcp: {connections: 2, send: [{wait: 1s}]}, save: a}]"),
                "t.yaml:9:19: on several connections there are only queries that are sent at once"
            ),
            (
                check(steps: "[{tcp: {connections: 2, send: [{query: {name: a, split: [1]}}]}, save: a}]"),
                "t.yaml:9:19: on several connections there are only queries"
            ),
            (
                check(steps: "[{wait: 1s, meanwhile: [{wait: 1s, when: 'true == true'}]}]"),
                "t.yaml:9:47: unknown key 'when'"
            ),
        ]
    )
    func diagnostics(_ text: String, _ expected: String) {
        let error = #expect(throws: YAMLDiagnostic.self) { try CheckFileReader.read(text, file: "t.yaml") }
        #expect(error?.description.hasPrefix(expected) == true, "\(error.map(String.init(describing:)) ?? "")")
    }

    @Test("An explanation names requirement, sources, expectations, deviations and remediation")
    func explanation() throws {
        let check = try #require(try CheckCatalogue.builtin()["tcp-07"])
        let text = check.explanation.joined(separator: "\n")
        for part in [
            "TCP-07", "RFC 7766 section 6.2.1.1 (SHOULD)", "LOST_OF_200", "many.matched == 200", "maxTCPQueries",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(check.explanation.last?.hasPrefix("on failure: ") == true)
    }

    @Test("Each rule of the linter finds its fault, and a clean check has none", arguments: CheckFinding.Rule.allCases)
    func everyRule(_ rule: CheckFinding.Rule) throws {
        let findings = try CheckLinter.lint(faulty(rule), knownDefects: ["ttl-frozen"])
        #expect(findings.contains { $0.rule == rule }, "\(findings)")
        let clean = try CheckFileReader.read(check(), file: "t.yaml")
        #expect(CheckLinter.lint(clean, knownDefects: ["ttl-frozen"]).map(\.description) == [])
    }

    @Test("A tag that the reference cache's version is known for needs no mutant, one known of others does")
    func knownTags() throws {
        let expect = "[{tag: T, assert: 'a.answered == true'}, {tag: U, assert: 'a.id == 1'}]"
        for (condition, isClean) in [("coredns >=1.10", true), ("coredns >=1.5 <1.11", false), ("unbound >=1", false)] {
            let profile = "profiles: {'\(condition)': {known: [U], source: s}}"
            let checks = try CheckFileReader.read(check(expect: expect, extra: profile), file: "t.yaml")
            let rules = CheckLinter.lint(checks, knownDefects: ["ttl-frozen"]).map(\.rule)
            #expect(rules == (isClean ? [] : [.unkilledTag]), "\(condition)")
        }
    }

    @Test("What happens while a step runs is linted as the steps are")
    func meanwhile() throws {
        let steps = "[{query: {name: a}, save: a, meanwhile: [{query: {name: '{{nothing}}'}, save: b}]}]"
        let checks = try CheckFileReader.read(check(steps: steps), file: "t.yaml")
        #expect(CheckLinter.lint(checks, knownDefects: ["ttl-frozen"]).map(\.rule) == [.unassertedStep, .unknownName])
    }

    private func faulty(_ rule: CheckFinding.Rule) throws -> [CheckDefinition] {
        let text =
            switch rule {
            case .duplicateID, .missingReference: check()
            case .foreignID: check(id: "X-01")
            case .unassertedStep: check(steps: "[{query: {name: a}, save: a}, {query: {name: b}, save: b}]")
            case .missingTag: check(expect: "[{assert: 'a.answered == true'}]")
            case .unknownTag: check(mutants: "[{defect: ttl-frozen, must: [T, U]}]")
            case .deviationWithoutSource: check(extra: "profiles: {'coredns >=1.10': {known: [T]}}")
            case .unknownDefect: check(mutants: "[{defect: ttl-frosen, must: [T]}]")
            case .missingMutant: check(mutants: "[]")
            case .unkilledTag: check(expect: "[{tag: T, assert: 'a.answered == true'}, {tag: U, assert: 'a.id == 1'}]")
            case .missingGuard: check(tier: 3, extra: "needs: [scripted]")
            case .disturbingCheck: check(steps: "[{query: {name: a}, save: a}, {lab: reload}]")
            case .unknownName: check(steps: "[{query: {name: '{{nothing}}'}, save: a}]")
            case .unknownPath: check(expect: "[{tag: T, assert: 'a.flags.xx == true'}]")
            case .unknownFunction:
                check(
                    expect:
                        "[{tag: T, assert: 'count(a.answer.ttl) == 1'}, {tag: T, assert: 'sume(a.answer.ttl) == 1'}]"
                )
            }
        var checks = try CheckFileReader.read(
            rule == .missingReference ? text.replacingReferences() : text,
            file: "t.yaml"
        )
        if rule == .duplicateID { checks += checks }
        return checks
    }
}

/// A check that is clean unless a part is replaced; the parts stand on fixed lines.
func check(
    _ severity: String = "severity: info",
    id: String = "T-01",
    tier: Int = 0,
    steps: String = "[{query: {name: a}, save: a}]",
    expect: String = "[{tag: T, assert: 'a.answered == true'}]",
    mutants: String = "[{defect: ttl-frozen, must: [T]}]",
    extra: String = "exclusive: false"
) -> String {
    """
    section: T
    checks:
      - id: \(id)
        title: t
        refs: [{rfc: 1035, section: "4.1.1"}]
        \(severity)
        tier: \(tier)
        requirement: r
        steps: \(steps)
        expect: \(expect)
        mutants: \(mutants)
        remediation: do something
        \(extra)
    """
}

extension String {
    fileprivate func replacingReferences() -> String {
        split(separator: "\n").map { $0.contains("refs:") ? "    refs: []" : $0 }.joined(separator: "\n")
    }
}
