import Foundation
import LinuxNet
import NodeLocal
import Testing

/// A cache that runs another Corefile than its operator expects: each change is told apart by the right check.
///
/// The reference cache stands in the lab; `NLDNS_NODE_CACHE=/path/to/node-cache` puts a real one in its place.
/// docs/writing-a-check.md has the table for both.
@Suite("Changed Corefile", .serialized)
struct ChangedCorefileTests {
    /// One change of the seed's Corefile, and the failures that must name it.
    private struct Change: Sendable {
        var name: String
        /// What stands in the seed's Corefile, and what stands there instead; every occurrence is replaced.
        var old: String
        var new: String
        /// Check and tag.
        var must: Set<String>
    }

    /// Checks that look at what the changes change.
    private static let ids = [
        "CCH-01", "CCH-03", "CCH-10", "CCH-36", "K8S-06", "OPS-17", "RTE-01", "RTE-03", "UPS-01", "UPS-02", "UPS-15",
    ]

    private static let successAndDenial = """
            cache {
                    success 9984 30
                    denial 9984 5
            }

        """

    private static let changes = [
        Change(
            name: "force_tcp removed",
            old: " {\n            force_tcp\n    }",
            new: "",
            must: ["UPS-01 WRONG_TRANSPORT", "UPS-02 WRONG_TRANSPORT", "RTE-01 WRONG_TRANSPORT"]
        ),
        Change(
            name: "success TTL 300",
            old: "success 9984 30",
            new: "success 9984 300",
            must: ["OPS-17 TTL_NOT_CONFIGURED"]
        ),
        Change(name: "denial TTL 60", old: "denial 9984 5", new: "denial 9984 60", must: ["CCH-10 TTL_UNCAPPED"]),
        Change(
            name: "ip6.arpa missing",
            old: "ip6.arpa:53",
            new: "unused.example:53",
            must: ["RTE-03 WRONG_UPSTREAM", "UPS-02 WRONG_TRANSPORT", "K8S-06 WRONG_NAME"]
        ),
        Change(
            name: "serve_stale",
            old: "denial 9984 5",
            new: "denial 9984 5\n            serve_stale",
            must: ["CCH-03 TTL_ZERO"]
        ),
        Change(
            name: "prefetch",
            old: "denial 9984 5",
            new: "denial 9984 5\n            prefetch 2 1m 10%",
            must: ["CCH-36 PREFETCHED"]
        ),
        Change(
            name: "cluster.local forwarded to the wrong server",
            old: successAndDenial
                + "    reload\n    loop\n    bind 169.254.20.10\n    forward . __PILLAR__CLUSTER__DNS__",
            new: successAndDenial
                + "    reload\n    loop\n    bind 169.254.20.10\n    forward . __PILLAR__UPSTREAM__SERVERS__",
            must: ["UPS-15 WRONG_DESTINATION", "RTE-01 WRONG_UPSTREAM"]
        ),
        Change(
            name: "cache removed",
            old: successAndDenial,
            new: "",
            must: ["CCH-01 FETCHED_AGAIN", "CCH-10 FETCHED_AGAIN"]
        ),
    ]

    @Test(
        "each of eight changes fails the checks that are about it, no two fail the same, and no change fails none",
        .enabled(if: getuid() == 0, "the lab's namespaces need root")
    )
    func toldApart() async throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var corefiles: [(name: String, path: String)] = []
        for (index, change) in ([nil] + Self.changes.map { $0 }).enumerated() {
            let text = change.map { Seed.corefile.replacingOccurrences(of: $0.old, with: $0.new) } ?? Seed.corefile
            #expect(change == nil || text != Seed.corefile, "\(change?.name ?? "") changes nothing")
            let path = folder.appendingPathComponent("\(index).corefile")
            try text.write(to: path, atomically: true, encoding: .utf8)
            corefiles.append((change?.name ?? "unchanged", path.path))
        }
        let expected = folder.appendingPathComponent("expected.corefile")
        try Seed.corefile.write(to: expected, atomically: true, encoding: .utf8)
        let failures = try await Self.failures(corefiles.map(\.path), expecting: expected.path)

        #expect(failures[0].isEmpty, "the unchanged Corefile fails \(failures[0].sorted())")
        var owners: [Set<String>: String] = [:]
        for (index, (name, _)) in corefiles.enumerated() {
            print("changed Corefile: \(name): \(failures[index].sorted().joined(separator: ", "))")
            if let other = owners.updateValue(name, forKey: failures[index]) {
                Issue.record("\(name) and \(other) fail the same: \(failures[index].sorted())")
            }
            guard index > 0 else { continue }
            let missing = Self.changes[index - 1].must.subtracting(failures[index])
            #expect(missing.isEmpty, "\(name): missing \(missing.sorted()), failed \(failures[index].sorted())")
        }
    }

    @Test("--expect and --capture-loss are refused where there is no lab, and a file that is not there is named")
    func refusals() throws {
        for option in [["--expect", "seed"], ["--capture-loss", "100"]] {
            let outcome = try Nldns.run(["check"] + option)
            #expect(outcome.status == 64 && outcome.messages.contains("works in the lab only"), "\(outcome.messages)")
        }
        let missing = try Nldns.run(["check", "--lab", "--expect", "/nowhere/Corefile", "--id", "HDR-01"])
        #expect(missing.status == 66 && missing.messages.contains("/nowhere/Corefile"), "\(missing.messages)")
        let zero = try Nldns.run(["check", "--lab", "--capture-loss", "0"])
        #expect(zero.status == 64, "\(zero.messages)")
    }

    /// What fails in each lab, as check and tag; all labs at once, as their checks wait more than they work.
    private static func failures(_ paths: [String], expecting expected: String) async throws -> [Set<String>] {
        try await withThrowingTaskGroup(of: (Int, Set<String>).self) { group in
            var failures = [Set<String>](repeating: [], count: paths.count)
            for (index, path) in paths.enumerated() {
                group.addTask {
                    (index, try await Threads.run(name: "corefile") { try run(path, expecting: expected) })
                }
            }
            for try await (done, failed) in group { failures[done] = failed }
            return failures
        }
    }

    private static func run(_ path: String, expecting expected: String) throws -> Set<String> {
        let cache = ProcessInfo.processInfo.environment["NLDNS_NODE_CACHE"].map { ["--cache-binary", $0] } ?? []
        let outcome = try Nldns.run(
            ["check", "--lab", "--corefile", path, "--expect", expected, "--json", "--quiet", "--seed", "1"] + cache
                + ["--id"] + ids,
            limitSeconds: 200
        )
        let checks = try outcome.document()["checks"] as? [[String: Any]] ?? []
        #expect(checks.count == ids.count, "\(path): exit \(outcome.status) \(outcome.messages)")
        var failed: Set<String> = []
        for check in checks where check["status"] as? String == "fail" {
            for tag in check["tags"] as? [String] ?? [] { failed.insert("\(check["id"] ?? "") \(tag)") }
        }
        return failed
    }
}
