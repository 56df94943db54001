import Foundation
import Testing

@Suite("nldns bench", .serialized, .enabled(if: getuid() == 0, "the lab's namespaces need root"))
struct BenchTests {
    @Test(
        "fills every field of load[], and the counters add up to scheduled",
        arguments: [["--rate", "400"], ["--outstanding", "8"], ["--rate", "400", "--transport", "tcp"]]
    )
    func load(pace: [String]) throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = folder.appendingPathComponent("queries.txt")
        let lines = [
            "; a dnsperf data file", "kubernetes.default.svc.cluster.local A",
            "kubernetes.default.svc.cluster.local AAAA",
            "", "missing.default.svc.cluster.local A", "dns-version.cluster.local TXT",
        ]
        try (lines.joined(separator: "\n") + "\n").write(to: data, atomically: true, encoding: .utf8)
        let outcome = try Nldns.run(
            ["bench", "--lab", "--target", "169.254.20.10:53", "--data", data.path, "--duration", "2s", "--json"] + pace
        )
        let load = try #require((try outcome.document()["load"] as? [[String: Any]])?.first, "\(outcome.messages)")
        let counters = try #require(load["counters"] as? [String: Int])
        let ends = ["answered", "timed_out", "unsent", "send_errors", "interrupted"].compactMap { counters[$0] }
        #expect(ends.count == 5)
        #expect(counters["scheduled"] == ends.reduce(0, +))
        #expect(counters["answered"] ?? 0 > 500)
        let latency = try #require(load["latency_ns"] as? [String: [String: Any]])
        for kind in ["response", "service", "send_lag"] {
            let summary = try #require(latency[kind])
            for key in ["count", "min", "mean", "p50", "p90", "p99", "p99_9", "p99_99", "max"] {
                #expect(summary[key] as? Int != nil, "\(kind).\(key)")
            }
            #expect((summary["hdr"] as? String)?.hasPrefix("HISTF") == true)
        }
        for key in ["target", "phase", "transport", "offered_qps", "achieved_qps", "duration_ns", "rcodes", "client"] {
            #expect(load[key] != nil, "\(key)")
        }
        #expect((load["rcodes"] as? [String: Int])?["NXDOMAIN"] ?? 0 > 50)
    }

    @Test(
        "an external name costs a pod two queries for each search domain and two more",
        arguments: ["glibc", "musl", "go"]
    )
    func lookups(resolver: String) throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = folder.appendingPathComponent("names.txt")
        try "www.example.com A\nwww.example.com AAAA\n".write(to: data, atomically: true, encoding: .utf8)
        let conf = folder.appendingPathComponent("resolv.conf")
        let lines = "nameserver 169.254.20.10\nsearch default.svc.cluster.local svc.cluster.local cluster.local\n"
        try (lines + "options ndots:5 frobnicate\n").write(to: conf, atomically: true, encoding: .utf8)
        let outcome = try Nldns.run([
            "bench", "--lab", "--data", data.path, "--rate", "100", "--duration", "1s", "--lookup", resolver,
            "--resolv-conf", conf.path, "--json",
        ])
        let document = try outcome.document()
        let load = try #require((document["load"] as? [[String: Any]])?.first, "\(outcome.messages)")
        let lookup = try #require(load["lookup"] as? [String: Any])
        let counts = try #require(lookup["lookups"] as? [String: Int])
        let ends = ["found", "not_found", "failed", "unsent", "interrupted"].compactMap { counts[$0] }
        #expect(counts["scheduled"] == ends.reduce(0, +))
        #expect(counts["found"] ?? 0 > 90)
        let cost = try #require(lookup["amplification"] as? [String: Any])
        #expect((cost["queries_per_lookup"] as? [String: Double])?["p50"] == 8)
        #expect((cost["by_search_step"] as? [[String: Any]])?.count == 4)
        #expect((load["counters"] as? [String: Int])?["scheduled"] ?? 0 >= 8 * 90)
        #expect((document["notes"] as? [String])?.contains { $0.contains("frobnicate") } == true)
    }
}
