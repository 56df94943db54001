import Conformance
import Foundation
import LinuxNet
import Testing

/// One frame in a hundred is thrown away before the shipped observer sees it, as a ring that is full would do.
@Suite("Loss of captured frames", .serialized)
struct CaptureLossTests {
    @Test(
        "with 1 % of the capture dropped each check that needs it is inconclusive, and all others say what they say",
        .enabled(if: getuid() == 0, "the lab's namespaces need root")
    )
    func onePercent() async throws {
        let slow = Set(try KillRecord.read().slow)
        // Checks that need the capture, the slow ones too, and the quick ones of their tiers that do not.
        let checks = try CheckCatalogue.builtin().checks.filter { check in
            check.tier.rawValue <= 2 && (check.looksUpstream || !slow.contains(check.id))
        }
        let needing = Set(checks.filter { $0.looksUpstream }.map(\.id))
        #expect(needing.count > 25 && checks.count > 2 * needing.count, "\(needing.count) of \(checks.count)")
        let ids = checks.map(\.id)
        // Side by side, as they wait more than they work.
        async let complete = Threads.run(name: "whole") { try Self.run(ids) }
        async let holed = Threads.run(name: "lossy") { try Self.run(ids, ["--capture-loss", "100"]) }
        let (whole, lossy) = try await (complete, holed)
        #expect(whole.drops == 0)
        #expect(lossy.drops > 0 && lossy.drops * 200 > lossy.packets, "\(lossy.drops) of \(lossy.packets) dropped")
        for id in ids {
            let status = lossy.checks[id]?.status
            if needing.contains(id) {
                #expect(["pass", "known"].contains(whole.checks[id]?.status), "\(id) on the whole capture")
                #expect(status == "inconclusive", "\(id)")
                let reason = lossy.checks[id]?.actual ?? ""
                #expect(reason.contains(/the capture lost (a packet|[0-9]+ packets)/), "\(id): \(reason)")
            } else {
                #expect(status == whole.checks[id]?.status, "\(id)")
            }
        }
    }

    private struct Run: Sendable {
        var packets: Int
        var drops: Int
        var checks: [String: (status: String, actual: String)]
    }

    private static func run(_ ids: [String], _ options: [String] = []) throws -> Run {
        let outcome = try Nldns.run(
            ["check", "--lab", "--json", "--quiet", "--seed", "1"] + options + ["--id"] + ids,
            limitSeconds: 240
        )
        let document = try outcome.document()
        let capture = try #require(document["capture"] as? [String: Any], "\(outcome.messages)")
        var checks: [String: (status: String, actual: String)] = [:]
        for check in document["checks"] as? [[String: Any]] ?? [] {
            guard let id = check["id"] as? String, let status = check["status"] as? String else { continue }
            checks[id] = (status, check["actual"] as? String ?? "")
        }
        return Run(
            packets: capture["packets"] as? Int ?? 0,
            drops: capture["drops"] as? Int ?? 0,
            checks: checks
        )
    }
}
