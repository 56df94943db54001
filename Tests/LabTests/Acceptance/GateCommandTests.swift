import Foundation
import Harness
import Measure
import Results
import Testing

@Suite("nldns gate gives each of its exit codes", .serialized)
struct GateCommandTests {
    @Test("0: every gate holds, and the document says so to scripts")
    func pass() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample()
        try files.expect(0, ["PASS", "cache.p99 <= 60ms"], ["gate", good])
        let document = try files.expect(0, [], ["gate", good, "--baseline", good, "--json"]).document()
        let gate = try #require(document["gate"] as? [String: Any])
        #expect(gate["verdict"] as? String == "pass")
        #expect((gate["failed"] as? [String])?.isEmpty == true && (gate["waived"] as? [Any])?.isEmpty == true)
        let junit = files.path("junit.xml")
        try files.expect(0, [], ["gate", good, "-o", "junit=\(junit)", "--gate", "cache.p90 <= 10ms"])
        #expect(try String(contentsOfFile: junit, encoding: .utf8).contains("cache.p90 &lt;= 10ms"))
    }

    @Test("1: a gate, a check, the comparison or the baseline fell, and it is named")
    func fail() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample()
        try files.expect(1, ["FAIL", "cache.p50 <= 1us"], ["gate", good, "--gate", "cache.p50 <= 1us"])
        let check = try files.sample("check.json") {
            $0.checks?[1].status = .fail
            $0.checks?[1].remediation = "x"
        }
        try files.expect(1, ["check.HDR-02"], ["gate", check])
        let slow = try files.sample("slow.json") { document in
            guard let load = document.load?[1] else { return }
            var histogram = LatencyHistogram()
            for bucket in (try? load.latency.response.histogram())?.buckets ?? [] {
                histogram.record(bucket.highest * 3, count: bucket.count)
            }
            document.load?[1].latency.response = LatencySummary(histogram)
        }
        let outcome = try files.expect(1, [], ["gate", slow, "--baseline", good, "--json"])
        let gate = try #require(try outcome.document()["gate"] as? [String: Any])
        let failed = try #require(gate["failed"] as? [String])
        #expect(failed.contains("baseline.cache.p50") && failed.contains("baseline.cache.p99"))
        try files.expect(0, ["PASS"], ["gate", good, "--baseline", slow])
    }

    @Test("2: no verdict is possible, and the gate stays closed")
    func noVerdict() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample()
        try files.expectSentence(2, "does not exist", ["gate", good, "--baseline", files.path("nowhere.json")])
        try files.expectSentence(2, "does not exist", ["gate", good, "--baseline", files.folder.path])
        let elsewhere = try files.sample("elsewhere.json") {
            $0.environment.fingerprint = String(repeating: "a", count: 64)
            $0.environment.kernel = "5.4.0"
        }
        let outcome = try files.expect(2, [], ["gate", good, "--baseline", elsewhere, "--json"])
        let gate = try #require(try outcome.document()["gate"] as? [String: Any])
        #expect(gate["verdict"] as? String == "incomparable")
        try files.expect(2, ["did not reach its end"], ["gate", try files.sample("cut.json") { $0.status = .aborted }])
        try files.expect(2, ["was not measured"], ["gate", try files.sample("bare.json") { $0.load = nil }])
        let bad = try files.sample("bad.json") { $0.load?[0].latency.response.p99 /= 2 }
        try files.expectSentence(2, "load[0].latency_ns.response.p99", ["gate", bad])
        try files.expectSentence(2, "contradicts itself", ["gate", good, "--baseline", bad])
        // A metric that was taken out leaves its mark on the others, which were adjusted for it.
        let thinned = try files.sample("thinned.json") { document in
            guard let place = document.comparison?.metrics.firstIndex(where: { $0.metric == .achievedQPS }) else {
                return
            }
            document.comparison?.metrics.remove(at: place)
        }
        try files.expectSentence(2, "p_holm", ["gate", thinned])
    }

    @Test("64, 65, 66, 73 and 78: what is wrong with the command line, the result's gates, files and waivers")
    func input() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample()
        try files.expect(64, [], ["gate"])
        try files.expect(64, ["--bogus"], ["gate", good, "--bogus"])
        try files.expectSentence(64, "did you mean 'cache.p99'", ["gate", good, "--gate", "cahce.p99 < 1ms"])
        let unknown = try files.sample("unknown.json") {
            $0.scenario?.resolved = .object(["gates": .array([.object(["expression": .string("cache.p9 < 1ms")])])])
        }
        try files.expectSentence(65, "did you mean 'cache.p90'", ["gate", unknown])
        try files.expectSentence(66, "nowhere", ["gate", files.path("nowhere")])
        try files.expectSentence(66, "waivers", ["gate", good, "--waivers", files.path("nowhere")])
        try files.expect(73, ["cannot be created"], ["gate", good, "-o", "json=/nonexistent/x"])
        for (index, (line, word)) in [
            ("id: cache.p98, reason: r, owner: o, expires: 2099-01-01", "did you mean 'cache.p9"),
            ("id: cache.p99, reason: r, owner: o, expires: never", "no day"),
            ("id: cache.p99, owner: o, expires: 2099-01-01", "'reason' is missing"),
            ("id: cache.p99, reason: r, owner: o, expires: 2099-01-01, by: x", "unknown key"),
        ].enumerated() {
            let waivers = try files.text("version: 1\nwaivers:\n  - { \(line) }\n", "w\(index).yaml")
            try files.expectSentence(78, word, ["gate", good, "--waivers", waivers])
        }
    }

    @Test("a waiver opens the gate until its day and says whose it is; one that has expired is told and opens nothing")
    func waivers() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let bad = try files.sample("bad.json") {
            $0.checks?[1].status = .fail
            $0.checks?[1].remediation = "x"
        }
        func waivers(_ day: String) throws -> String {
            try files.text(
                "version: 1\nwaivers:\n  - { id: check.HDR-02, reason: 'upstream bug 7', owner: dns-team, expires: \(day) }\n",
                "\(day).yaml"
            )
        }
        try files.expect(
            0,
            ["waived", "dns-team", "upstream bug 7"],
            ["gate", bad, "--waivers", try waivers("2099-12-31")]
        )
        try files.expect(
            1,
            ["expired on 2020-01-01", "dns-team"],
            ["gate", bad, "--waivers", try waivers("2020-01-01")]
        )
    }

    @Test("history is advice: a figure far from those before it is told, and the gate stays open")
    func history() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let folder = files.path("history")
        for index in 0..<10 {
            let path = try files.sample("before.json", seed: UInt64(index) + 1) {
                $0.started = Timestamp(
                    realtimeNanoseconds: $0.started.realtimeNanoseconds - Int64(index + 1) * 1_000_000_000
                )
            }
            try files.expect(0, [], ["results", "record", path, "--history", folder])
        }
        try files.expect(0, ["PASS"], ["gate", try files.sample(), "--history", folder])
        let slow = try files.sample("slow.json") { document in
            guard let load = document.load?[1] else { return }
            var histogram = LatencyHistogram()
            for bucket in (try? load.latency.response.histogram())?.buckets ?? [] {
                histogram.record(bucket.highest * 3, count: bucket.count)
            }
            document.load?[1].latency.response = LatencySummary(histogram)
        }
        try files.expect(0, ["Advice", "cache.p50 is as in the last 10 runs"], ["gate", slow, "--history", folder])
    }

    @Test("selftest: 0 with every copy judged as it must be, for the made-up result and a given one; 1, 2, 65, 66")
    func selfTest() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let outcome = try files.expect(0, ["as they must"], ["gate", "selftest"])
        let rows = outcome.output.split(separator: "\n").dropLast()
        #expect(rows.count > 50 && rows.allSatisfy { $0.hasPrefix("ok") })
        #expect(rows.contains { $0.contains("exit 0  identical copy") })
        for gate in GateSample.gates { #expect(rows.contains { $0.contains("exit 1  gate \(gate):") }, "\(gate)") }
        try files.expect(0, ["as they must"], ["gate", "selftest", try files.sample()])
        // No figure can close a gate that allows everything: that is found, as is the gate's name.
        let open = try files.sample("open.json") {
            $0.scenario?.resolved = .object(["gates": .array([.object(["expression": .string("cache.p50 <= 3600s")])])])
        }
        try files.expect(1, ["WRONG", "cache.p50 <= 3600s"], ["gate", "selftest", open])
        let failing = try files.sample("failing.json") {
            $0.scenario?.resolved = .object(["gates": .array([.object(["expression": .string("cache.p50 <= 1us")])])])
        }
        try files.expectSentence(2, "does not pass", ["gate", "selftest", failing])
        try files.expectSentence(66, "nowhere", ["gate", "selftest", files.path("nowhere")])
    }
}
