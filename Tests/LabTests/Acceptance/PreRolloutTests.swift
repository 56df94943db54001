import Foundation
import Testing

/// What fell in a result document: ids of checks, proofs and gates.
struct Fallen: CustomStringConvertible {
    var checks: Set<String>
    var proofs: Set<String>
    var gates: Set<String>

    init(_ document: [String: Any]) {
        let checks = document["checks"] as? [[String: Any]] ?? []
        self.checks = Set(
            checks.filter { ["fail", "error", "inconclusive"].contains($0["status"] as? String) }
                .compactMap { $0["id"] as? String }
        )
        let proofs = (document["capture"] as? [String: Any])?["proofs"] as? [[String: Any]] ?? []
        self.proofs = Set(proofs.filter { $0["verdict"] as? String != "proven" }.compactMap { $0["id"] as? String })
        self.gates = Set((document["gate"] as? [String: Any])?["failed"] as? [String] ?? [])
    }

    var description: String { "checks \(checks.sorted()), proofs \(proofs.sorted()), gates \(gates.sorted())" }
}

@Suite(
    "nldns run pre-rollout --lab",
    .serialized,
    .enabled(if: getuid() == 0, "namespaces and capture need root"),
    .enabled(
        if: ProcessInfo.processInfo.environment["NLDNS_SKIP_SCENARIOS"] == nil,
        "whole scenarios are left out on request"
    )
)
struct PreRolloutTests {
    @Test("a healthy cache passes: nothing fails, both proofs are proven, every promised name is there")
    func healthy() throws {
        let outcome = try Nldns.run(["run", "pre-rollout", "--lab", "--json", "--quiet", "--seed", "1"])
        #expect(outcome.status == 0, "\(outcome.messages)")
        let document = try outcome.document()
        let fallen = Fallen(document)
        #expect(fallen.checks.isEmpty && fallen.proofs.isEmpty && fallen.gates.isEmpty, "\(fallen)")
        #expect(document["verdict"] as? String == "pass")
        #expect(document["status"] as? String == "complete")
        let proofs = (document["capture"] as? [String: Any])?["proofs"] as? [[String: Any]] ?? []
        #expect(Set(proofs.compactMap { $0["id"] as? String }) == ["force-tcp", "cache"])
        #expect(proofs.allSatisfy { !(($0["evidence"] as? [Any])?.isEmpty ?? true) })
        #expect((document["checks"] as? [Any])?.count ?? 0 >= 45)
        #expect((document["load"] as? [[String: Any]])?.count == 2)
    }

    /// What each defect must bring down, and the most that it may.
    struct Expectation: CustomTestStringConvertible, Sendable {
        let defect: String
        let must: Set<String>
        let may: Set<String>
        var testDescription: String { defect }
    }

    static let expectations: [Expectation] = []

    @Test(
        "with one defect the same command exits 1 and names what fell, and nothing unrelated",
        arguments: expectations
    )
    func defect(_ expectation: Expectation) throws {
        let outcome = try Nldns.run(
            ["run", "pre-rollout", "--lab", "--defect", expectation.defect, "--json", "--quiet", "--seed", "1"])
        #expect(outcome.status == 1, "\(outcome.messages)")
        let fallen = Fallen(try outcome.document())
        let all = fallen.checks.union(fallen.proofs).union(fallen.gates)
        #expect(expectation.must.isSubset(of: all), "missing \(expectation.must.subtracting(all)); \(fallen)")
        let unrelated = all.subtracting(expectation.must).subtracting(expectation.may)
        #expect(unrelated.isEmpty, "unrelated: \(unrelated)")
    }
}
