import Foundation
import Testing

@Suite("Load models from outside", .serialized, .timeLimit(.minutes(5)))
struct BenchModelsTests {
    private func bench(_ echo: [String], _ arguments: [String]) throws -> (document: [String: Any], status: Int32) {
        let server = try EchoProcess(echo)
        let outcome = try Nldns.run(
            ["bench", "--target", server.endpoint, "--workload", "kubernetes", "--allow-load", "--json", "--seed", "1"]
                + arguments
        )
        _ = try server.finish()
        return (try outcome.document(), outcome.status)
    }

    @Test("The search confirms the most that may be tried, and finds nothing where a fifth is lost")
    func findMax() throws {
        let trial = ["--trial", "200ms", "--confirm", "400ms", "--timeout", "100ms", "--connections", "2"]
        let sound = try bench([], ["--find-max", "--max-rate", "4000"] + trial)
        let found = try #require((sound.document["find_max"] as? [[String: Any]])?.first)
        let curve = try #require(found["curve"] as? [[String: Any]])
        #expect(curve.count >= 3 && curve.last?["confirming"] as? Bool == true)
        // A busy machine may hold the generator up; then the search says so, and nothing of the server.
        if found["ending"] as? String == "maximum" {
            #expect(found["best_qps"] as? Double == 4_000 && sound.status == 0)
        } else {
            #expect(["generator", "found", "unstable"].contains(found["ending"] as? String ?? ""))
        }
        let lossy = try bench(["--lose", "20%"], ["--find-max", "--max-rate", "4000"] + trial)
        let nothing = try #require((lossy.document["find_max"] as? [[String: Any]])?.first)
        #expect(["nothing-met", "generator"].contains(nothing["ending"] as? String ?? ""))
        #expect(nothing["best_qps"] == nil && lossy.status != 0)
    }

    @Test(
        "A plan's shape is kept to the last query",
        arguments: [
            (["--rate", "900", "--duration", "1s"], 900), (["--stages", "100/s:1s,100-500/s:1s"], 400),
            (["--burst", "50", "--burst-every", "200ms", "--duration", "1s"], 250),
            (["--rate", "1000", "--queries", "123"], 123),
            (["--rate", "500", "--duration", "1s", "--spacing", "poisson"], -1),
        ] as [([String], Int)]
    )
    func shapes(arguments: [String], expected: Int) throws {
        let run = try bench([], arguments)
        let load = try #require((run.document["load"] as? [[String: Any]])?.first)
        let counters = try #require(load["counters"] as? [String: Int])
        if expected >= 0 {
            #expect(counters["scheduled"] == expected)
        } else {
            #expect(abs((counters["scheduled"] ?? 0) - 500) < 150)
        }
        let ends = ["answered", "timed_out", "unsent", "send_errors", "interrupted"].compactMap { counters[$0] }
        #expect(ends.reduce(0, +) == counters["scheduled"])
    }

    @Test(
        "Phases are measured apart: what is cold goes upstream, what is warm does not",
        .enabled(if: getuid() == 0, "the lab's namespaces need root")
    )
    func phases() throws {
        let outcome = try Nldns.run([
            "bench", "--lab", "--phases", "cold,warm", "--rate", "300", "--duration", "1s", "--json", "--seed", "1",
        ])
        let document = try outcome.document()
        let loads = try #require(document["load"] as? [[String: Any]])
        #expect(loads.compactMap { $0["phase"] as? String } == ["cold", "warm"])
        #expect(loads.allSatisfy { ($0["counters"] as? [String: Int])?["answered"] == 300 })
        let notes = try #require(document["notes"] as? [String])
        #expect(notes.contains { $0.hasPrefix("cold: the cache counted") && $0.hasSuffix("300 misses.") }, "\(notes)")
        #expect(notes.contains { $0.hasPrefix("warm: the cache counted 300 hits and 0 misses") }, "\(notes)")
    }

    @Test(
        "What the upstream swallows is laid at its door, what the cache holds back at the cache's",
        .enabled(if: getuid() == 0, "the lab's namespaces need root"),
        arguments: [("silent", nil, "upstream"), ("x-sound", "slow-50ms", "cache")] as [(String, String?, String)]
    )
    func blame(directive: String, defect: String?, door: String) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-\(UUID().uuidString).txt").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let lines = (0..<600).map { "n\($0).\(directive).script.cluster.local A" }
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try Nldns.run(
            [
                "bench", "--lab", "--data", path, "--rate", "600", "--duration", "1s", "--json", "--seed", "1",
                "--timeout", defect == nil ? "500ms" : "20ms",
            ] + (defect.map { ["--defect", $0] } ?? [])
        )
        let load = try #require((try outcome.document()["load"] as? [[String: Any]])?.first)
        let loss = try #require(load["loss"] as? [String: Any])
        let lost = try #require(loss["lost"] as? Int)
        #expect(lost > 0, "the fault fired")
        // Late answers to the last queries come when nobody listens any more.
        let share = Double(try #require(loss[door] as? Int)) / Double(lost)
        #expect(defect == nil ? share == 1 : share > 0.9, "\(loss)")
    }

    @Test(
        "The lanes allocate nothing for a query",
        .enabled(if: ProcessInfo.processInfo.environment["NLDNS_BINARY"] != nil, "a debug build allocates")
    )
    func allocations() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        var (status, text) = try run(root.appendingPathComponent("Benchmarks/allocations"))
        // A machine that others use may give too few answers, which decides nothing.
        for _ in 0..<2 where text.contains("too few answers") {
            (status, text) = try run(root.appendingPathComponent("Benchmarks/allocations"))
        }
        #expect(status == 0, "\(text)")
        #expect(text.contains("0 more allocations by lanes"), "\(text)")
    }

    private func run(_ script: URL) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = script
        process.arguments = [Nldns.path]
        var environment = ProcessInfo.processInfo.environment
        environment["LEAST_ANSWERS"] = "50000"
        environment["LONG_RUN"] = "5s"
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
