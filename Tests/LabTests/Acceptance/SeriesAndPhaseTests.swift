import Foundation
import Testing

@Suite("Series and phases from outside", .serialized, .timeLimit(.minutes(3)))
struct SeriesAndPhaseTests {
    private func load(_ document: [String: Any]) throws -> [String: Any] {
        try #require((document["load"] as? [[String: Any]])?.first)
    }

    /// Entries may be missing where a busy machine held the generator up; each begins at a multiple of the interval.
    private func expectSpacing(_ load: [String: Any], milliseconds: Int, of seconds: Int) throws {
        let series = try #require(load["series"] as? [String: Any])
        let interval = milliseconds * 1_000_000
        #expect(series["interval_ns"] as? Int == interval)
        let offsets = try #require(series["offset_ns"] as? [Int])
        #expect(offsets.allSatisfy { $0 % interval == 0 } && Set(offsets).count == offsets.count, "\(offsets)")
        let most = seconds * 1_000 / milliseconds
        // An answer to the last query may come in one more.
        #expect(offsets.count > most / 2 && offsets.count <= most + 1, "\(offsets)")
        let sent = try #require(series["sent"] as? [Int])
        #expect(sent.reduce(0, +) == (load["counters"] as? [String: Int])?["sent"])
    }

    @Test("--interval reaches the engine", arguments: [100, 250])
    func intervalOfCommandLine(milliseconds: Int) throws {
        let server = try EchoProcess()
        let outcome = try Nldns.run([
            "bench", "--target", server.endpoint, "--workload", "kubernetes", "--rate", "500", "--duration", "2s",
            "--interval", "\(milliseconds)ms", "--json",
        ])
        _ = try server.finish()
        try expectSpacing(try load(try outcome.document()), milliseconds: milliseconds, of: 2)
    }

    @Test("The interval of a scenario reaches the engine, of a load without one it is a second")
    func intervalOfScenario() throws {
        let server = try EchoProcess()
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("series.yaml").path
        try """
        version: 1
        id: series
        title: Two loads
        targets:
          echo: { address: "\(server.endpoint)", role: cache }
        expect: { corefile: live }
        steps:
          - load: { target: echo, workload: kubernetes, rate: 400/s, duration: 2s, interval: 400ms }
          - load: { target: echo, workload: kubernetes, rate: 400/s, duration: 2s }

        """.write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try Nldns.run(["run", path, "--json", "--results-dir", folder.path])
        _ = try server.finish()
        let loads = try #require(try outcome.document()["load"] as? [[String: Any]], "\(outcome.messages)")
        #expect(loads.count == 2)
        try expectSpacing(loads[0], milliseconds: 400, of: 2)
        try expectSpacing(loads[1], milliseconds: 1_000, of: 2)
    }

    @Test(
        "Expiring gives hits and misses in turn, in a histogram of its own",
        .enabled(if: getuid() == 0, "the lab's namespaces need root")
    )
    func expiring() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("queries.txt").path
        // The shortest TTL that the cache keeps as it is.
        let lines = (0..<100).map { "n\($0).ttl-5.script.cluster.local A\n" }
        try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try Nldns.run([
            "bench", "--lab", "--data", path, "--phases", "expiring", "--rate", "100", "--duration", "1s", "--json",
            "--seed", "1",
        ])
        let document = try outcome.document()
        let load = try load(document)
        #expect(load["phase"] as? String == "expiring")
        // Three lifetimes, and a question each three quarters of one.
        let counters = try #require(load["counters"] as? [String: Int])
        #expect(counters["scheduled"] == 400 && counters["answered"] == 400)
        let response = try #require((load["latency_ns"] as? [String: [String: Any]])?["response"])
        #expect(response["count"] as? Int == 400)
        #expect((response["hdr"] as? String)?.hasPrefix("HISTF") == true)
        let notes = try #require(document["notes"] as? [String])
        #expect(notes.contains { $0.contains("100 questions, each every 3.75s") && $0.contains("as answers said") })
        let counted = try #require(
            notes.compactMap { $0.firstMatch(of: /expiring: the cache counted (\d+) hits and (\d+) misses/) }.first
        )
        let (hits, misses) = (try #require(Int(counted.1)), try #require(Int(counted.2)))
        #expect(hits + misses == 400)
        // Asked the first time each is a miss; a hundred more are those whose TTL ran out on the way.
        #expect(misses >= 180 && hits >= 180, "\(hits) hits, \(misses) misses")
    }
}
