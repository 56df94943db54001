import Foundation
import Harness
import Measure
import Results
import Testing

@Suite("nldns results gives each of its exit codes", .serialized)
struct ResultsCommandTests {
    @Test("verify: 0 for a result that agrees, 1 with each number that differs by name, 65, 66, 64")
    func verify() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample()
        try files.expect(0, ["every derived number agrees"], ["results", "verify", good])
        let bad = try files.sample("bad.json") {
            $0.load?[0].latency.response.p99 /= 2
            $0.load?[1].counters.timedOut += 1
            $0.comparison?.metrics[0].ratio? *= 1.1
        }
        try files.expect(
            1,
            ["load[0].latency_ns.response.p99", "load[1].counters", "comparison.metrics[0].ratio", good],
            ["results", "verify", good, bad]
        )
        let judged = files.path("judged.json")
        try files.expect(0, [], ["gate", good, "-o", "json=\(judged)"])
        try files.expect(0, ["agrees"], ["results", "verify", judged])
        let text = try String(contentsOfFile: judged, encoding: .utf8)
        let edited = try files.text(text.replacing("cache.loss = 0%", with: "cache.loss = 1%"), "edited.json")
        try files.expect(1, ["gate.outcomes", "cache.loss = 1%", "cache.loss = 0%"], ["results", "verify", edited])
        try files.expect(64, ["results"], ["results", "verify"])
    }

    @Test("show: 0 with what the run said, 64 without a path")
    func show() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        try files.expect(0, ["PASS", "cache", "p99"], ["results", "show", try files.sample()])
        try files.expect(64, [], ["results", "show"])
        try files.expect(0, ["nldns.result/1"], ["results", "schema"])
    }

    @Test("merge: 0 with the sum and the node that stands out, 2 for other scenarios or nothing, 64, 65, 66, 73")
    func merge() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let nodes = try (0..<6).map { index in
            try files.sample("n\(index).json", seed: UInt64(index) + 1) { document in
                document.comparison = nil
                guard index == 4, var load = document.load?[1] else { return }
                var slow = LatencyHistogram()
                for bucket in (try? load.latency.response.histogram())?.buckets ?? [] {
                    slow.record(bucket.highest * 3, count: bucket.count)
                }
                load.latency.response = LatencySummary(slow)
                document.load?[1] = load
            }
        }
        let named = nodes.enumerated().map { "node-\($0)=\($1)" }
        let merged = try files.expect(0, [], ["results", "merge"] + named + ["--json"])
        let document = try merged.document()
        let fleet = try #require(document["fleet"] as? [String: Any])
        let outliers = try #require(fleet["outliers"] as? [[String: Any]])
        #expect(Set(outliers.compactMap { $0["node"] as? String }) == ["node-4"])
        #expect((fleet["nodes"] as? [Any])?.count == 6)
        let sum = try files.text(merged.output, "sum.json")
        try files.expect(0, ["agrees"], ["results", "verify", sum])
        try files.expect(0, ["6 nodes", "1 stands out", "node-4", "Iglewicz"], ["results", "show", sum])
        // The gates of the scenario hold for the sum as for each node; the comparison is gone.
        try files.expect(0, ["PASS"], ["gate", sum])

        let other = try files.sample("other.json") { $0.scenario?.sha256 = String(repeating: "0", count: 64) }
        try files.expectSentence(2, "different scenarios", ["results", "merge", "a=\(nodes[0])", "b=\(other)"])
        let empty = try files.sample("empty.json") {
            $0.load = nil
            $0.checks = nil
            $0.capture = nil
        }
        try files.expectSentence(2, "no load", ["results", "merge", "a=\(empty)", "b=\(empty)"])
        try files.expectSentence(64, "at least two", ["results", "merge", nodes[0]])
        try files.expectSentence(64, "named", ["results", "merge", nodes[0], nodes[0]])
        let bad = try files.sample("bad.json") { $0.load?[0].latency.response.p99 /= 2 }
        try files.expectSentence(65, "contradicts itself", ["results", "merge", nodes[0], bad])
        try files.expectSentence(66, "nowhere", ["results", "merge", nodes[0], files.path("nowhere")])
        try files.expect(
            73,
            ["cannot be created"],
            ["results", "merge", nodes[0], nodes[1], "-o", "json=/nonexistent/x.json"]
        )
    }

    @Test("promote: 0 with who and why, 1 for a run that failed, 2 without verdict, load or scenario, 64, 65, 73")
    func promote() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample()
        let folder = files.path("baselines")
        func promote(_ path: String, _ more: [String] = ["--by", "Ada"]) -> [String] {
            ["results", "promote", path, "--reason", "1.26.7 is out", "--baselines", folder] + more
        }
        let outcome = try files.expect(0, [folder, "gate-sample.json"], promote(good))
        let path = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let baseline = try ResultDocument.read(path)
        #expect(baseline.promotion?.by == "Ada" && baseline.promotion?.reason == "1.26.7 is out")
        try ResultOracle.check([path])
        try files.expect(0, ["replaces", "Ada"], promote(good, ["--by", "Bob"]))
        try files.expect(0, ["agrees"], ["results", "verify", path])

        let failed = try files.sample("failed.json") {
            $0.checks?[0].status = .fail
            $0.checks?[0].remediation = "x"
        }
        try files.expectSentence(1, "failed", promote(failed))
        try files.expectSentence(2, "aborted", promote(try files.sample("cut.json") { $0.status = .aborted }))
        try files.expectSentence(2, "no scenario", promote(try files.sample("lone.json") { $0.scenario = nil }))
        let bare = try files.sample("bare.json") {
            $0.load = nil
            $0.comparison = nil
        }
        try files.expectSentence(2, "no load", promote(bare))
        let bad = try files.sample("bad.json") { $0.load?[0].latency.response.p99 /= 2 }
        try files.expectSentence(65, "contradicts itself", promote(bad))
        try files.expectSentence(66, "nowhere", promote(files.path("nowhere")))
        try files.expect(64, ["--reason"], ["results", "promote", good, "--by", "Ada"])
        try files.expect(64, ["--reason"], ["results", "promote", good, "--by", "Ada", "--reason", " "])
        try files.expect(64, ["--by"], promote(good, ["--by", " "]))
        try files.expectSentence(
            73,
            "cannot be created",
            ["results", "promote", good, "--by", "A", "--reason", "r", "--baselines", good]
        )
    }

    @Test("record: 0 once and again, 2 for a run without an end, 65, 66; a damaged history is 65")
    func record() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample()
        let folder = files.path("history")
        func record(_ path: String) -> [String] { ["results", "record", path, "--history", folder] }
        let outcome = try files.expect(0, [folder], record(good))
        try files.expect(0, ["there already"], record(good))
        try files.expectSentence(2, "not complete", record(try files.sample("cut.json") { $0.status = .aborted }))
        try files.expectSentence(
            65,
            "contradicts itself",
            record(try files.sample("bad.json") { $0.load?[0].latency.response.p99 /= 2 })
        )
        try files.expectSentence(66, "nowhere", record(files.path("nowhere")))
        let path = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try Data("no line\n".utf8).write(to: URL(fileURLWithPath: path))
        try files.expectSentence(65, "line 1", record(good))
        try files.expectSentence(65, "line 1", ["gate", good, "--history", folder])
    }

    @Test(
        "the published schema accepts, and Python's hdrhistogram reads alike, what each command writes",
        .enabled(if: ResultOracle.python != nil, "NLDNS_TEST_PYTHON names no Python with jsonschema and hdrhistogram")
    )
    func oracles() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let first = try files.sample("a.json", seed: 1)
        let second = try files.sample("b.json", seed: 2)
        let judged = files.path("judged.json")
        let sum = files.path("sum.json")
        try files.expect(0, [], ["gate", first, "--baseline", second, "-o", "json=\(judged)"])
        try files.expect(0, [], ["results", "merge", "a=\(first)", "b=\(second)", "-o", "json=\(sum)"])
        #expect(try ResultOracle.check([first, second, judged, sum]) == 24)
    }
}
