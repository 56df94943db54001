import Conformance
import Foundation
import LinuxNet
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
    /// Asks the healthy cache.
    private static func healthy() async throws -> Nldns.Outcome {
        try await Threads.run(name: "pre-rollout") { try run([]) }
    }

    private func judge(_ outcome: Nldns.Outcome) throws {
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

    /// What a defect must bring down, and what else it may: checks that see the same fault from another side.
    struct Expectation: CustomTestStringConvertible, Sendable {
        let defect: String
        let must: Set<String>
        let may: Set<String>
        var testDescription: String { defect }

        init(_ defect: String, must: Set<String>, may: Set<String> = []) {
            self.defect = defect
            self.must = must
            // The gates over a check or proof that must fall, fall with it.
            self.may =
                may.union(must.contains { $0.contains("-") && $0 == $0.uppercased() } ? ["checks.fail == 0"] : [])
                .union(["force-tcp", "cache"].filter(must.contains).map { "proof.\($0) == proven" })
        }
    }

    static let expectations = [
        Expectation("upstream-udp", must: ["RTE-01", "RTE-03", "UPS-01", "UPS-02", "force-tcp"]),
        Expectation("ttl-uncapped", must: ["CCH-04", "cache"], may: ["K8S-01"]),
        Expectation("no-negative-cache", must: ["CCH-10", "CCH-11", "cache"]),
        Expectation(
            "no-cache",
            must: ["CCH-01", "CCH-02", "CCH-10", "CCH-11", "UPS-13", "cache"],
            may: ["CCH-03", "CCH-18", "CCH-26", "HDR-03", "HDR-07", "HDR-17", "NAM-01", "TRN-04"]
        ),
        Expectation("ttl-frozen", must: ["CCH-02", "cache"], may: ["CCH-10", "CCH-11"]),
        Expectation("answers-nxdomain-with-noerror", must: ["K8S-14"], may: ["CCH-10", "K8S-18"]),
        Expectation(
            "drops-tcp",
            must: ["TCP-01", "TCP-02", "TCP-07"],
            may: ["TRN-04", "K8S-02", "CCH-26", "UPS-03"]
        ),
        Expectation("health-down", must: ["OPS-01"]),
        Expectation("loses-1-percent", must: ["cache.loss <= 0.1%"]),
        Expectation(
            "slow-50ms",
            must: ["cache.p50 <= max(cluster.p50 * 1.5, 2ms)"],
            may: ["cache.p99 <= max(cluster.p99 * 3, 60ms)"]
        ),
    ]

    @Test(
        """
        a healthy cache passes: nothing fails, both proofs are proven, every promised name is there; with one defect the \
        same command exits 1 and names what fell, and nothing unrelated
        """
    )
    func verdicts() async throws {
        // The whole catalogue takes as long as all defects do, and waits most of the time: it runs beside them.
        async let healthy = Self.healthy()
        // Two more labs at a time; a latency that their company spoils is measured again alone.
        let complaints = await withTaskGroup(of: (Int, String).self) { group in
            var complaints: [Int: String] = [:]
            for (index, expectation) in Self.expectations.enumerated() {
                if index >= 2, let (done, complaint) = await group.next() { complaints[done] = complaint }
                group.addTask { (index, await Self.complaint(expectation)) }
            }
            for await (done, complaint) in group { complaints[done] = complaint }
            return complaints
        }
        for (index, expectation) in Self.expectations.enumerated() where complaints[index] != "" {
            // Other users of a shared machine can stop it for a while: what deviates is repeated before it is believed.
            let again = await Self.complaint(expectation)
            if !again.isEmpty { Issue.record("\(expectation.defect): \(again)") }
        }
        // Company can spoil a latency of the healthy cache too.
        let first = try await healthy
        try judge(first.status == 0 ? first : await Self.healthy())
    }

    private static func complaint(_ expectation: Expectation) async -> String {
        do {
            return try await Threads.run(name: "pre-rollout") { try deviation(expectation) }
        } catch {
            return "\(error)"
        }
    }

    /// What one run with the defect did otherwise than expected; empty when nothing.
    private static func deviation(_ expectation: Expectation) throws -> String {
        let record = try KillRecord.read()
        let named = expectation.must.union(expectation.may).filter { $0.wholeMatch(of: /[A-Z0-9]+-[0-9]+/) != nil }
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let scenario = try Self.scenario(in: folder, naming: named)
        let outcome = try Self.run(["--defect", expectation.defect], scenario: scenario)
        guard outcome.status == 1 else { return "exit \(outcome.status); \(outcome.messages)" }
        let fallen = Fallen(try outcome.document())
        let all = fallen.checks.union(fallen.proofs).union(fallen.gates)
        let missing = expectation.must.subtracting(all)
        let unrelated = all.subtracting(expectation.must).subtracting(expectation.may)
            .subtracting(record.fails[expectation.defect] ?? []).subtracting(record.varies[expectation.defect] ?? [])
        return missing.isEmpty && unrelated.isEmpty
            ? "" : "missing \(missing.sorted()), unrelated \(unrelated.sorted()); \(fallen)"
    }

    /// A copy of the scenario with the checks that are named and those of one section as bystanders.
    ///
    /// What a defect does to all the others is KillMatrixTests' matter.
    private static func scenario(in folder: URL, naming named: Set<String>) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("Scenarios/pre-rollout.yaml"), encoding: .utf8)
        let tiers = "      tiers: [0, 1, 2, 3]\n"
        try #require(text.contains(tiers))
        let ids = try CheckCatalogue.builtin().checks.map(\.id).filter { named.contains($0) || $0.hasPrefix("HDR-") }
        let path = folder.appendingPathComponent("pre-rollout.yaml")
        try text.replacingOccurrences(of: tiers, with: tiers + "      ids: [\(ids.joined(separator: ", "))]\n")
            .write(to: path, atomically: true, encoding: .utf8)
        return path.path
    }

    /// Runs the scenario, again if it says that it cannot tell: on a machine that stands still no latency is measured.
    private static func run(_ options: [String], scenario: String = "pre-rollout") throws -> Nldns.Outcome {
        let arguments = ["run", scenario, "--lab", "--json", "--quiet", "--seed", "1"] + options
        var outcome = try Nldns.run(arguments)
        for _ in 0..<2 where outcome.status == 2 { outcome = try Nldns.run(arguments) }
        return outcome
    }
}
