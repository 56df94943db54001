import Foundation
import LinuxNet
import Testing

/// `nldns ab` and `nldns aa` through every verdict and exit code; a service time far above the noise of any machine
/// keeps verdicts apart from luck.
@Suite("nldns ab and aa", .serialized, .enabled(if: getuid() == 0, "the lab's namespaces need root"))
struct ComparisonCommandTests {
    /// Unlike any other on the machine, so that what is left of these labs is known by it.
    private static let seed = 1_000_000 + Int(getpid())

    private static let short = [
        "--lab", "--services", "100", "--service-time", "20ms", "--pairs", "6", "--segment", "500ms", "--settle",
        "200ms", "--warmup", "200ms", "--rate", "100", "--seed", "\(seed)", "--json",
        // What else the machine does must not decide a test.
        "--neighbours", "100%",
    ]

    private func run(_ command: String, _ arguments: [String], fixed: Bool = true) throws -> Nldns.Outcome {
        let size = command == "ab" && fixed ? ["--max-pairs", "6"] : []
        return try Nldns.run([command] + Self.short + size + arguments, limitSeconds: 120)
    }

    private func comparison(_ outcome: Nldns.Outcome) throws -> [String: Any] {
        try #require(try outcome.document()["comparison"] as? [String: Any], "\(outcome.messages)")
    }

    private func metric(_ name: String, of comparison: [String: Any]) throws -> [String: Any] {
        let metrics = try #require(comparison["metrics"] as? [[String: Any]])
        return try #require(metrics.first { $0["metric"] as? String == name })
    }

    /// Parts of this suite's labs that still run.
    private static func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.compactMap {
            let words = FileManager.default.contents(atPath: "/proc/\($0)/cmdline") ?? Data()
            let line = String(decoding: words, as: UTF8.self).replacing("\0", with: " ")
            return line.contains(" lab-role ") && line.contains(" --seed \(seed)") ? line : nil
        }
    }

    @Test("a quarter more service time is found")
    func quarter() throws {
        let outcome = try run(
            "ab",
            ["--pairs", "12", "--b-defect", "slow-25-percent", "--metric", "p50"],
            fixed: false
        )
        #expect(outcome.status == 1, "\(outcome.messages)")
        #expect(try #require(metric("p50", of: comparison(outcome))["ratio"] as? Double) > 1.1)
    }

    @Test("pairs are left out while another program has a processor, and then nothing is told: exit 2")
    func crowded() throws {
        let stop = StopFlag()
        let neighbour = try Threads.start(name: "neighbour") { while !stop.isRaised {} }
        let outcome = try run("ab", ["--metric", "p50", "--neighbours", "5%"])
        stop.raise()
        neighbour.join()
        #expect(outcome.status == 2, "\(outcome.messages)")
        let comparison = try comparison(outcome)
        #expect(comparison["verdict"] as? String != "equivalent")
        let discards = try #require(comparison["discards"] as? [[String: Any]])
        #expect(
            discards.contains { $0["fault"] as? String == "crowded" && $0["pairs"] as? Int ?? 0 >= 2 },
            "\(discards)"
        )
    }

    @Test("a slow B is a regression: exit 1, with the change that could have been seen")
    func regressed() throws {
        let outcome = try run("ab", ["--b-defect", "slow-50ms", "--metric", "p50"])
        #expect(outcome.status == 1, "\(outcome.messages)")
        #expect(try outcome.document()["verdict"] as? String == "fail")
        let comparison = try comparison(outcome)
        #expect(comparison["verdict"] as? String == "regressed")
        let p50 = try metric("p50", of: comparison)
        #expect(try #require(p50["ratio"] as? Double) > 1.5)
        #expect(try #require(p50["detectable"] as? Double) >= 0.1)
        #expect(p50["gated"] as? Bool == true)
        let reasons = try #require(try outcome.document()["reasons"] as? [String])
        #expect(reasons.first?.contains("p50 of b is worse than that of a") == true)
    }

    @Test("a quicker B is an improvement, and equal caches are equivalent: exit 0")
    func improvedAndEquivalent() throws {
        let faster = try run("ab", ["--a-defect", "slow-50ms", "--metric", "p50"])
        #expect(faster.status == 0, "\(faster.messages)")
        #expect(try comparison(faster)["verdict"] as? String == "improved")
        #expect(try faster.document()["verdict"] as? String == "pass")
        let equal = try run("ab", ["--metric", "p50", "achieved_qps", "--margin", "p50=100%"])
        #expect(equal.status == 0, "\(equal.messages)")
        let found = try comparison(equal)
        #expect(found["verdict"] as? String == "equivalent")
        let design = try #require(found["design"] as? [String: Any])
        #expect(design["cache"] as? String == "warm" && design["is_self"] as? Bool == false)
        let counts = try #require(found["cache_counts"] as? [[String: Any]])
        #expect(counts.map { $0["target"] as? String } == ["a", "b"])
        for count in counts {
            #expect(try #require(count["hits"] as? Int) > 10 * #require(count["misses"] as? Int))
        }
    }

    @Test("names that nobody asked before are misses, each of them")
    func cold() throws {
        let outcome = try run("ab", ["--cache-state", "cold", "--metric", "p50", "--margin", "p50=100%"])
        #expect(outcome.status == 0, "\(outcome.messages)")
        for count in try #require(try comparison(outcome)["cache_counts"] as? [[String: Any]]) {
            #expect(count["hits"] as? Int == 0)
            #expect(try #require(count["misses"] as? Int) >= 50)
        }
    }

    @Test("too few pairs for any interval cannot tell: exit 0, and 2 when strict")
    func inconclusive() throws {
        let few = ["--pairs", "3", "--max-pairs", "3", "--metric", "p50"]
        let lenient = try run("ab", few, fixed: false)
        #expect(lenient.status == 0, "\(lenient.messages)")
        #expect(try comparison(lenient)["verdict"] as? String == "inconclusive")
        #expect(try lenient.document()["verdict"] as? String == "inconclusive")
        #expect(try run("ab", few + ["--strict"], fixed: false).status == 2)
    }

    @Test("a metric without any value is incomparable: exit 2; queries without answers are a loss: exit 1")
    func incomparable() throws {
        // The cache closes each connection at its first query, so that nothing is answered over TCP.
        let mute = ["--b-defect", "drops-tcp", "--transport", "tcp", "--pairs", "1", "--max-pairs", "1"]
        let blind = try run("ab", mute + ["--metric", "p50"], fixed: false)
        #expect(blind.status == 2, "\(blind.messages)")
        #expect(try comparison(blind)["verdict"] as? String == "incomparable")
        let lossy = try run("ab", mute + ["--metric", "loss"], fixed: false)
        #expect(lossy.status == 1, "\(lossy.messages)")
        #expect(try metric("loss", of: comparison(lossy))["b"] as? Double == 1)
    }

    @Test("a server equals itself, the floor is kept, and ab takes no margin below it")
    func selfComparison() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let results = folder.appendingPathComponent("results").path
        let aa = try run("aa", ["--metric", "p50", "--results-dir", results, "--margin", "p50=100%"])
        #expect(aa.status == 0, "\(aa.messages)")
        let design = try #require(try comparison(aa)["design"] as? [String: Any])
        #expect(design["is_self"] as? Bool == true)
        let file = "\(results)/aa.ndjson"
        let line = try #require(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first)
        let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(record["schema"] as? String == "nldns.floor/1" && record["seed"] as? Int == Self.seed)
        // A noisy run of the same machine: 900 % at p50 hides a quarter.
        var noisy = record
        noisy["ratios"] = ["p50": 10]
        let text = String(decoding: try JSONSerialization.data(withJSONObject: noisy), as: UTF8.self)
        try (text + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        let ab = try run("ab", ["--metric", "p50", "--b-defect", "slow-25-percent", "--floor", file])
        #expect(ab.status == 0, "\(ab.messages)")
        let p50 = try metric("p50", of: comparison(ab))
        #expect(p50["verdict"] as? String == "equivalent")
        #expect(p50["margin"] as? Double == 9 && p50["noise_floor"] as? Double == 9)
        try "{}\n".write(toFile: file, atomically: true, encoding: .utf8)
        let damaged = try run("ab", ["--floor", file])
        #expect(damaged.status == 65 && damaged.messages.contains("line 1"), "\(damaged.messages)")
        #expect(try run("ab", ["--floor", "\(results)/none.ndjson"]).status == 66)
    }

    @Test("two Corefiles stand side by side")
    func corefiles() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = try ["30", "5"].map { ttl in
            let path = folder.appendingPathComponent("Corefile.\(ttl)").path
            let text = """
                cluster.local:53 {
                    cache \(ttl)
                    bind 169.254.20.10
                    forward . 10.96.0.10 {
                        force_tcp
                    }
                    prometheus :9253
                    health 169.254.20.10:8080
                }
                .:53 {
                    cache \(ttl)
                    bind 169.254.20.10
                    forward . 172.18.0.53
                    prometheus :9253
                }
                """
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }
        let outcome = try run(
            "ab",
            ["--a", paths[0], "--b", paths[1], "--metric", "p50", "--margin", "p50=100%"]
        )
        #expect(outcome.status == 0, "\(outcome.messages)")
        let notes = try #require(try outcome.document()["notes"] as? [String])
        #expect(notes.contains { $0.hasPrefix("Lab of a:") } && notes.contains { $0.hasPrefix("Lab of b:") })
        let missing = try run("ab", ["--a", "/no/such/Corefile"])
        #expect(missing.status == 66 && missing.messages.contains("/no/such/Corefile"))
        let loopback = try Nldns.run(["ab", "--lab=loopback", "--b-defect", "slow-25-percent"])
        #expect(loopback.status == 64 && loopback.messages.contains("room for one"), "\(loopback.messages)")
        #expect(try Self.leftovers().isEmpty)
    }

    @Test("Ctrl-C keeps the pairs that are complete, and these decide nothing: exit 130")
    func interrupted() throws {
        let outcome = try Nldns.run(
            ["ab"] + Self.short + ["--pairs", "40", "--b-defect", "slow-50ms", "--metric", "p50"],
            interruptAt: "comparing a and b:",
            limitSeconds: 120
        )
        #expect(outcome.status == 130, "\(outcome.messages)")
        #expect(try outcome.document()["status"] as? String == "aborted")
        let comparison = try comparison(outcome)
        #expect(try #require(comparison["pairs"] as? Int) > 2)
        #expect(comparison["verdict"] as? String == "inconclusive")
        #expect(try #require(metric("p50", of: comparison)["ratio"] as? Double) > 1.1)
        #expect((try outcome.document()["load"] as? [[String: Any]])?.count == 2)
        #expect(try Self.leftovers().isEmpty)
    }

    @Test("the plan is shown with all defaults and floors, and nothing is sent")
    func dryRun() throws {
        let outcome = try Nldns.run(["ab", "--a", "192.0.2.1", "--b", "192.0.2.2", "--dry-run"])
        #expect(outcome.status == 0)
        let steps = try #require(try outcome.document()["steps"] as? [[String: [String: Any]]])
        let step = try #require(steps.first?["compare"])
        #expect(step["pairs"] as? Int == 12 && step["max_pairs"] as? Int == 20 && step["cache"] as? String == "warm")
        #expect(step["segment_ns"] as? Int == 10_000_000_000)
        #expect(step["gate"] as? [String] == ["p50", "p99", "loss", "achieved_qps"])
    }
}
