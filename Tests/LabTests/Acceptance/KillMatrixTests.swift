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
        var complaints: [String] = []
        // As the runner does with checks about time: what deviates is repeated before it is believed.
        for _ in 0..<2 {
            complaints = try deviations(given)
            if complaints.isEmpty { return }
        }
        Issue.record("\(given.defect): \(complaints.joined(separator: "; "))")
    }

    private func deviations(_ given: Case) throws -> [String] {
        let outcome = try Nldns.run(
            ["check", "--lab", "--defect", given.defect, "--json", "--quiet", "--seed", "1", "--id"]
                + given.checks.map(\.id),
            limitSeconds: 120
        )
        guard outcome.status == 1 else { return ["exit \(outcome.status) \(outcome.messages)"] }
        let records = try outcome.document()["checks"] as? [[String: Any]] ?? []
        return try given.checks.compactMap { check in
            let record = try #require(records.first { $0["id"] as? String == check.id })
            let status = record["status"] as? String ?? ""
            let tags = Set(record["tags"] as? [String] ?? [])
            guard status == "fail", tags.isSuperset(of: check.must), tags.isDisjoint(with: check.forbid) else {
                return "\(check.id) is \(status) \(tags.sorted()), must \(check.must), forbids \(check.forbid): "
                    + "\(record["actual"] ?? "")"
            }
            return nil
        }
    }
}
