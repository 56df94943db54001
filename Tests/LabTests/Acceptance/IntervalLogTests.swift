import Foundation
import Testing

@Suite("The interval log in other hands", .serialized, .timeLimit(.minutes(3)))
struct IntervalLogTests {
    /// A Python that has `hdrhistogram`, as scripts/test makes it.
    private static let python = ProcessInfo.processInfo.environment["NLDNS_TEST_PYTHON"]

    private func read(_ log: URL) throws -> [String: Any] {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Oracles/interval_log.py")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.python))
        process.arguments = [script.path, log.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test(
        "HdrHistogram's Python port reads an interval a line, and they add up to the whole load",
        .enabled(if: python != nil, "NLDNS_TEST_PYTHON names no Python with hdrhistogram"),
        arguments: [["--rate", "2000", "--connections", "4"], ["--outstanding", "20", "--threads", "2"]]
    )
    func intervals(flags: [String]) throws {
        let server = try EchoProcess(["--lose", "1%"])
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = folder.appendingPathComponent("load.hlog")
        let outcome = try Nldns.run(
            [
                "bench", "--target", server.endpoint, "--workload", "kubernetes", "--allow-load", "--json",
                "--duration", "2500ms", "--interval", "500ms", "--timeout", "200ms", "-o", "hlog=\(log.path)",
            ] + flags
        )
        _ = try server.finish()
        let load = try #require((try outcome.document()["load"] as? [[String: Any]])?.first)
        let latencies = try #require(load["latency_ns"] as? [String: [String: Any]])
        let found = try read(log)
        let tags = try #require(found["tags"] as? [String: [String: Any]])
        #expect(Set(tags.keys) == ["target.load.response", "target.load.service", "target.load.send_lag"])
        var lines = 0
        for (tag, kind) in [("response", "response"), ("service", "service"), ("send_lag", "send_lag")] {
            let read = try #require(tags["target.load.\(tag)"])
            let stated = try #require(latencies[kind])
            #expect(read["count"] as? Int == stated["count"] as? Int)
            let percentiles = try #require(read["percentiles"] as? [Int])
            for (value, name) in zip(percentiles, ["p50", "p90", "p99", "p99_9", "max"]) {
                // Buckets are a thousandth wide; other ports give the upper end of one.
                let own = try #require(stated[name] as? Int)
                #expect(abs(value - own) <= own / 900 + 1, "\(tag) \(name): \(value) and \(own)")
            }
            lines += (read["counts"] as? [Int])?.count ?? 0
        }
        #expect(found["lines"] as? Int == lines)
        let response = try #require(tags["target.load.response"])
        let starts = try #require(response["starts"] as? [Double])
        let lengths = try #require(response["lengths"] as? [Double])
        #expect(starts.count >= 5 && lengths.allSatisfy { $0 > 0 && $0 < 0.502 })
        for (earlier, later) in zip(starts, starts.dropFirst()) {
            // An interval that a busy machine skipped leaves a gap of whole intervals.
            let gap = ((later - earlier) / 0.5).rounded()
            #expect(gap >= 1 && abs(later - earlier - gap * 0.5) < 0.002, "\(starts)")
        }
        let answered = try #require((load["series"] as? [String: Any])?["answered"] as? [Int])
        #expect(response["counts"] as? [Int] == answered.filter { $0 > 0 })
        #expect((tags["target.load.send_lag"]?["counts"] as? [Int])?.count == 1)
    }

    @Test(
        "It reads lookups beside their queries, and they add up to the lookups of the load",
        .enabled(if: python != nil, "NLDNS_TEST_PYTHON names no Python with hdrhistogram")
    )
    func lookups() throws {
        let server = try EchoProcess()
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = folder.appendingPathComponent("load.hlog")
        let outcome = try Nldns.run([
            "bench", "--target", server.endpoint, "--lookup", "glibc", "--search", "example.com", "--rate", "100",
            "--allow-load", "--json", "--duration", "1500ms", "--interval", "500ms", "-o", "hlog=\(log.path)",
        ])
        _ = try server.finish()
        let load = try #require((try outcome.document()["load"] as? [[String: Any]])?.first)
        let lookup = try #require(load["lookup"] as? [String: Any])
        let latencies = try #require(lookup["latency_ns"] as? [String: [String: Any]])
        let tags = try #require(try read(log)["tags"] as? [String: [String: Any]])
        #expect(
            Set(tags.keys)
                == Set(
                    ["response", "service", "send_lag", "lookup_response", "lookup_service"].map { "target.load.\($0)" }
                )
        )
        let ended = try #require((load["series"] as? [String: Any])?["lookups"] as? [Int])
        for kind in ["response", "service"] {
            let found = try #require(tags["target.load.lookup_\(kind)"])
            #expect(found["counts"] as? [Int] == ended.filter { $0 > 0 } && ended.count >= 3)
            #expect(found["count"] as? Int == latencies[kind]?["count"] as? Int)
        }
    }

    @Test("Without that export the document holds no histograms of intervals")
    func absent() throws {
        let server = try EchoProcess()
        let outcome = try Nldns.run([
            "bench", "--target", server.endpoint, "--workload", "kubernetes", "--rate", "500", "--duration", "1s",
            "--json",
        ])
        _ = try server.finish()
        let load = try #require((try outcome.document()["load"] as? [[String: Any]])?.first)
        let series = try #require(load["series"] as? [String: Any])
        #expect(series["answered"] != nil && series["response_hdr"] == nil && series["service_hdr"] == nil)
    }
}
