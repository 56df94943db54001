import Conformance
import Foundation
import Lab
import Testing

@Suite("Every check can fail", .serialized)
struct KillMatrixTests {
    /// What one defect must and must not do to the checks that name it.
    struct Case: CustomTestStringConvertible, Sendable {
        let defect: String
        /// Check, tags that must fail, tags that must not.
        var checks: [(id: String, must: [String], forbid: [String])]
        var testDescription: String { "\(defect): \(checks.map(\.id).joined(separator: " "))" }
    }

    /// The mutants of all checks, by defect.
    static let cases: [Case] = {
        var cases: [String: Case] = [:]
        for check in (try? CheckCatalogue.builtin())?.checks ?? [] {
            for mutant in check.mutants {
                cases[mutant.defect, default: Case(defect: mutant.defect, checks: [])]
                    .checks.append((check.id, mutant.must, mutant.forbid))
            }
        }
        return cases.values.sorted { $0.defect < $1.defect }
    }()

    @Test("the check files hold to the linter's rules, and every mutant is a defect that exists")
    func lint() throws {
        let findings = CheckLinter.lint(
            try CheckCatalogue.builtin().checks,
            knownDefects: Set(CacheDefect.allCases.map(\.rawValue))
        )
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
        #expect(Self.cases.count > 40)
    }

    @Test(
        "a defect fails the checks that name it, with the tags that they promise",
        .enabled(if: getuid() == 0, "the lab's namespaces need root"),
        arguments: cases
    )
    func kill(_ given: Case) throws {
        let outcome = try Nldns.run(
            ["check", "--lab", "--defect", given.defect, "--json", "--quiet", "--seed", "1", "--id"]
                + given.checks.map(\.id),
            limitSeconds: 120
        )
        #expect(outcome.status == 1, "\(outcome.messages)")
        let records = try outcome.document()["checks"] as? [[String: Any]] ?? []
        for check in given.checks {
            let record = try #require(records.first { $0["id"] as? String == check.id })
            let status = record["status"] as? String ?? ""
            let tags = Set(record["tags"] as? [String] ?? [])
            let text = "\(check.id) is \(status) \(tags.sorted()): \(record["actual"] ?? "")"
            #expect(status == "fail", "\(text)")
            #expect(tags.isSuperset(of: check.must), "\(text), not \(check.must)")
            #expect(tags.isDisjoint(with: check.forbid), "\(text), but forbids \(check.forbid)")
        }
    }
}
