import Conformance
import Foundation
import Lab
import LinuxNet
import Testing

/// Six independent resolvers are asked about every check, which is only as good as its expectation.
///
/// One that none of them meets is either wrong or has a reason, which peers.json tells. `scripts/peers` writes that file.
@Suite("Peers", .serialized)
struct PeerTests {
    /// What a status was to be, and what it is.
    private struct Difference: CustomStringConvertible {
        var check: String
        var recorded: String
        var found: String
        var description: String { "\(check) is \(found), recorded as \(recorded)" }
    }

    @Test("every check is on record for every peer, and one that no peer passes has a reason")
    func record() throws {
        let record = try PeerRecord.read()
        let checks = Set(try CheckCatalogue.builtin().checks.map(\.id))
        #expect(record.peers == CachePeer.allCases.map(\.rawValue))
        let missing = checks.subtracting(record.status.keys).subtracting(record.pending ?? []).sorted()
        let gone = Set(record.status.keys).subtracting(checks).sorted()
        #expect(missing.isEmpty && gone.isEmpty, "run scripts/peers: new \(missing), gone \(gone)")
        for check in record.status.keys.sorted() {
            let row = record.row(check)
            #expect(row.count == record.peers.count && !row.values.contains("-"), "\(check): run scripts/peers")
            let isMet = row.values.contains("pass")
            let reason = record.unmet[check]
            #expect(isMet || reason?.isEmpty == false, "no peer passes \(check), and peers.json has no reason")
            #expect(!isMet || reason == nil, "a peer passes \(check): take it out of unmet")
        }
        for (check, peers) in record.varies {
            #expect(record.status[check] != nil, "\(check) varies, but is no check")
            for (peer, reason) in peers {
                #expect(CachePeer(rawValue: peer) != nil && !reason.isEmpty, "\(check) on \(peer) needs a reason")
            }
        }
    }

    @Test(
        "each peer passes and fails as on record",
        .enabled(if: getuid() == 0, "the lab's namespaces need root"),
        .disabled(if: ProcessInfo.processInfo.environment["NLDNS_SKIP_SCENARIOS"] != nil, "scripts/test --fast")
    )
    func run() async throws {
        let record = try PeerRecord.read()
        let everything = ProcessInfo.processInfo.environment["NLDNS_PEERS"] == "full"
        let slow = everything ? [] : Set(record.slow)
        let ids = try CheckCatalogue.builtin().checks.map(\.id)
            .filter { !slow.contains($0) && record.status[$0] != nil }
        let lists = record.groups(of: ids)
        let jobs = lists.flatMap { list in CachePeer.allCases.map { (peer: $0, ids: list) } }
        let complaints = await withTaskGroup(of: [String].self) { group in
            var complaints: [String] = []
            for (index, job) in jobs.enumerated() {
                // Several at a time: a run waits more than it works.
                if index >= 6, let done = await group.next() { complaints += done }
                group.addTask { await Self.complaints(about: job.peer, ids: job.ids, record: record) }
            }
            for await done in group { complaints += done }
            return complaints
        }
        for complaint in complaints { Issue.record("\(complaint)") }
    }

    /// Runs the checks, and those that deviate twice more; what each run shows is believed.
    private static func complaints(about peer: CachePeer, ids: [String], record: PeerRecord) async -> [String] {
        do {
            return try await Threads.run(name: "peer") {
                var found = try differences(peer, ids: ids, record: record)
                // Once alone, and once more in the company that the record was made in.
                for isAlone in [true, false] where !found.isEmpty {
                    print("peers: \(peer.rawValue): \(found)")
                    let doubtful = Set(found.map(\.check))
                    found = try differences(peer, ids: isAlone ? doubtful.sorted() : ids, record: record)
                        .filter { doubtful.contains($0.check) }
                }
                return found.map { "\(peer.rawValue): \($0)" }
            }
        } catch {
            return ["\(peer.rawValue): \(error)"]
        }
    }

    private static func differences(_ peer: CachePeer, ids: [String], record: PeerRecord) throws -> [Difference] {
        let outcome = try Nldns.run(
            ["check", "--lab", "--cache", peer.rawValue, "--strict", "--json", "--quiet", "--seed", "1", "--id"] + ids,
            limitSeconds: 240
        )
        let checks = try outcome.document()["checks"] as? [[String: Any]] ?? []
        try #require(checks.count == ids.count, "\(peer.rawValue): exit \(outcome.status) \(outcome.messages)")
        return checks.compactMap { check in
            guard let id = check["id"] as? String, let found = check["status"] as? String,
                record.varies[id]?[peer.rawValue] == nil, let recorded = record.row(id)[peer.rawValue],
                recorded != found
            else { return nil }
            return Difference(check: id, recorded: recorded, found: "\(found) (\(check["actual"] ?? ""))")
        }
    }
}

/// What is committed of the peers' results.
struct PeerRecord: Codable {
    /// The peers, in the order of the columns of ``status``.
    var peers: [String]
    /// Sections that run in labs of their own: their checks make the upstream misbehave, and some peers ask such a server
    /// no more for minutes.
    var apart: [String]
    /// Checks that take so long that the ordinary test leaves them out.
    var slow: [String]
    /// Checks that were never run on the peers yet; scripts/peers empties the list.
    var pending: [String]?
    /// The status on each peer, by check.
    var status: [String: String]
    /// Why no peer passes, by check.
    var unmet: [String: String]
    /// Why the status is not the same in every run, by check and peer.
    var varies: [String: [String: String]]

    static func read() throws -> PeerRecord {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("peers.json")
        return try JSONDecoder().decode(PeerRecord.self, from: Data(contentsOf: url))
    }

    /// Lists of checks, each for a lab of its own, those that wait longest first.
    func groups(of checks: [String]) -> [[String]] {
        let groups = Dictionary(grouping: checks) { check in
            apart.first { check.hasPrefix("\($0)-") } ?? ""
        }
        return groups.sorted { $0.key > $1.key }.map(\.value)
    }

    /// The status of a check by peer.
    func row(_ check: String) -> [String: String] {
        let statuses = (status[check] ?? "").split(separator: " ").map(String.init)
        return Dictionary(zip(peers, statuses)) { first, _ in first }
    }
}
