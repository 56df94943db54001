import Foundation
import Glibc
import Lab
import LinuxNet
import Testing

/// A node with one thing wrong: the doctor finds that, and nothing that has nothing to do with it.
///
/// `faults.json` says of each fault what `finds` it, what `notices` it without being able to decide, and what `follows`
/// from it and may be found besides. The reference cache stands in the lab; `NLDNS_NODE_CACHE=/path/to/node-cache` puts a real one there for the healthy node.
@Suite(
    "Staged faults of a node",
    .serialized,
    .enabled(if: getuid() == 0, "the lab's namespaces need root"),
    .timeLimit(.minutes(10))
)
struct StagedFaultTests {
    private struct Expectation: Decodable, Sendable {
        let finds: Set<String>
        /// At least one of these finds it, by chance of who balances the load.
        let either: Set<String>?
        /// What cannot decide because of it, where the cause lies before the look.
        let notices: Set<String>?
        let follows: Set<String>
    }

    /// What one look said.
    private struct Look: Sendable {
        let status: Int32
        let messages: String
        /// Status by finding.
        let findings: [String: String]
        let notes: [String]

        var failed: Set<String> { Set(findings.filter { $0.value == "fail" }.keys) }
    }

    /// Labs at once: they wait more than they work.
    private static let atOnce = 5

    private static func table() throws -> [String: Expectation] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("faults.json"))
        return try JSONDecoder().decode([String: Expectation].self, from: data)
    }

    private static func look(_ arguments: [String]) throws -> Look {
        let outcome = try Nldns.run(
            ["doctor", "--json", "--quiet", "--seed", "1", "--services", "50"] + arguments,
            limitSeconds: 200
        )
        let object = try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        var findings: [String: String] = [:]
        for check in object?["checks"] as? [[String: Any]] ?? [] {
            if let id = check["id"] as? String { findings[id] = check["status"] as? String }
        }
        return Look(
            status: outcome.status,
            messages: outcome.messages,
            findings: findings,
            notes: object?["notes"] as? [String] ?? []
        )
    }

    @Test("the table names every fault of the lab, and more than 35 of them have a finding of their own")
    func complete() throws {
        let table = try Self.table()
        #expect(Set(table.keys) == Set(LabFault.allCases.map(\.rawValue)))
        #expect(table.values.count { !$0.finds.union($0.either ?? []).isEmpty } > 35)
    }

    @Test("each fault is found by its own findings and by none that has nothing to do with it")
    func found() async throws {
        let table = try Self.table()
        let only = ProcessInfo.processInfo.environment["NLDNS_TEST_FAULTS"]?.split(separator: ",").map(String.init)
        var waiting = LabFault.allCases.map(\.rawValue).filter { only?.contains($0) ?? true }[...]
        var complaints: [String: [String]] = [:]
        try await withThrowingTaskGroup(of: (String, Look).self) { group in
            func next() {
                guard let name = waiting.popFirst() else { return }
                group.addTask {
                    let look = try await Threads.run(name: "fault") { try Self.look(["--lab", "--fault", name]) }
                    return (name, look)
                }
            }
            for _ in 0..<Self.atOnce { next() }
            while let (name, look) = try await group.next() {
                next()
                complaints[name] = Self.complaints(name, look, try #require(table[name]))
            }
        }
        for name in complaints.keys.sorted() {
            // Five labs at once hold each other up: what deviates is looked at again, alone, before it is believed.
            for _ in 0..<2 where complaints[name] != [] {
                print("staged fault \(name): \(complaints[name] ?? [])")
                let look = try Self.look(["--lab", "--fault", name])
                complaints[name] = Self.complaints(name, look, try #require(table[name]))
            }
            for complaint in complaints[name] ?? [] { Issue.record("\(name): \(complaint)") }
        }
    }

    /// What a look at a staged fault says otherwise than the table.
    private static func complaints(_ name: String, _ look: Look, _ expected: Expectation) -> [String] {
        if name == LabFault.rulesInLegacyBackEnd.rawValue, look.findings.isEmpty {
            // Where it cannot be staged it says so; it is never passed over.
            let isTold = look.status == 69 && look.messages.contains("cannot be staged here")
            return isTold ? [] : ["exit \(look.status) \(look.messages)"]
        }
        print("staged fault \(name): \(look.failed.sorted().joined(separator: ", "))")
        var found: [String] = []
        if !look.notes.contains(where: { $0.hasPrefix("Fault staged: \(name) (") }) {
            found.append("not staged: \(look.notes) \(look.messages)")
        }
        let missed = expected.finds.subtracting(look.failed).sorted()
        if !missed.isEmpty {
            let statuses = missed.map { "\($0) is \(look.findings[$0] ?? "not there")" }
            found.append("not found: \(statuses), failed \(look.failed.sorted())")
        }
        if let choice = expected.either, choice.isDisjoint(with: look.failed) {
            found.append("found by none of \(choice.sorted())")
        }
        let unseen = (expected.notices ?? []).filter { look.findings[$0] != "inconclusive" }.sorted()
        if !unseen.isEmpty { found.append("not noticed by \(unseen)") }
        let unrelated = look.failed.subtracting(expected.finds.union(expected.either ?? []))
            .subtracting(expected.follows).sorted()
        if !unrelated.isEmpty { found.append("\(unrelated) have nothing to do with it") }
        if look.status != (look.failed.isEmpty ? 0 : 1) { found.append("exit \(look.status) \(look.messages)") }
        return found
    }

    @Test("a healthy node fails nothing", arguments: ["ipvs", "iptables"])
    func healthy(_ topology: String) throws {
        let cache = ProcessInfo.processInfo.environment["NLDNS_NODE_CACHE"].map { ["--cache-binary", $0] } ?? []
        var look = try Self.look(["--lab=\(topology)"] + cache)
        if look.status != 0 {
            print("healthy \(topology), first look: \(look.failed.sorted()) \(look.messages)")
            look = try Self.look(["--lab=\(topology)"] + cache)
        }
        #expect(look.status == 0 && look.failed.isEmpty, "\(look.failed.sorted()) \(look.messages)")
        #expect(look.findings.values.contains("pass"))
        print("healthy \(topology): \(look.findings.filter { $0.value != "pass" }.sorted { $0.key < $1.key })")
    }

    @Test("a fault that cannot be staged is an error that says why, and one that is not known is refused")
    func refusals() throws {
        let unknown = try Nldns.run(["doctor", "--lab", "--fault", "notrack-mising"])
        #expect(unknown.status == 64 && unknown.messages.contains("did you mean 'notrack-missing'?"))
        let outside = try Nldns.run(["doctor", "--fault", "notrack-missing"])
        #expect(outside.status == 64 && outside.messages.contains("works in the lab only"), "\(outside.messages)")
        let elsewhere = try Nldns.run(["doctor", "--lab=iptables", "--fault", "cluster-ip-not-held", "--quiet"])
        #expect(elsewhere.status == 69 && elsewhere.messages.contains("topology 'ipvs' only"), "\(elsewhere.messages)")
        let shared = try Nldns.run(["doctor", "--lab=loopback", "--fault", "notrack-missing", "--quiet"])
        #expect(shared.status == 69 && shared.messages.contains("no node of its own"), "\(shared.messages)")
        let twice = try Nldns.run(
            ["doctor", "--lab", "--fault", "cache-killed", "--fault", "cache-frozen", "--quiet", "--services", "50"]
        )
        #expect(twice.status == 69 && twice.messages.contains("the cache is not running"), "\(twice.messages)")
    }
}
