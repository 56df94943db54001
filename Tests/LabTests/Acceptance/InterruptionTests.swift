import Foundation
import Testing

@Suite("Ctrl-C", .serialized, .enabled(if: getuid() == 0, "namespaces and capture need root"))
struct InterruptionTests {
    /// A stage, the steps that reach it, and how the line begins that announces it.
    struct Stage: CustomTestStringConvertible, Sendable {
        let name: String
        let step: String
        let marker: String
        var testDescription: String { name }
    }

    static let stages = [
        Stage(name: "lab", step: "check: {}", marker: "lab"),
        Stage(name: "checks", step: "check: { ids: [CCH-04] }", marker: "checks"),
        Stage(name: "proofs", step: "prove: { misses: 3, repeats: 2 }", marker: "proofs"),
        Stage(name: "load", step: "load: { target: cache, rate: 200/s, duration: 30s }", marker: "load"),
        Stage(
            name: "comparison",
            step: "compare: { a: cluster, b: cache, rate: 200/s, pairs: 6, segment: 5s }",
            marker: "comparing"
        ),
    ]

    @Test("leaves a partial result, exit 130, and no namespace behind", arguments: stages)
    func interrupted(stage: Stage) throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let scenario = folder.appendingPathComponent("one-step.yaml")
        let text = """
            version: 1
            id: one-step
            title: One step
            targets:
              cache: { address: 169.254.20.10:53, role: cache }
              cluster: { address: 10.96.0.10:53, role: cluster }
            steps:
              - \(stage.step)
            """
        try text.write(to: scenario, atomically: true, encoding: .utf8)
        let before = try Nldns.foreignNamespaces()
        let results = folder.appendingPathComponent("results")
        let outcome = try Nldns.run(
            ["run", scenario.path, "--lab", "--json", "--results-dir", results.path],
            interruptAt: stage.marker,
            limitSeconds: 60
        )
        #expect(outcome.status == 130, "\(outcome.messages)")
        #expect(try outcome.document()["status"] as? String == "aborted")
        let runs = try FileManager.default.contentsOfDirectory(atPath: results.path)
        let stored = results.appendingPathComponent(try #require(runs.first)).appendingPathComponent("result.json")
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: stored)) as? [String: Any]
        #expect(document?["status"] as? String == "aborted")
        #expect(try Nldns.foreignNamespaces().subtracting(before).isEmpty)
    }

    @Test("SIGTERM ends a run with exit 143")
    func terminated() throws {
        let outcome = try Nldns.run(
            ["run", "quick", "--lab", "--json"],
            interruptAt: "checks",
            signal: SIGTERM,
            limitSeconds: 60
        )
        #expect(outcome.status == 143)
        #expect(try outcome.document()["status"] as? String == "aborted")
    }
}
