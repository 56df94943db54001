import ArgumentParser
import DNSWire
import Harness
import Lab
import Results
import Testing

@testable import Commands

@Suite("The command lines of ab and aa")
struct ComparisonFlagTests {
    private func ab(_ arguments: String...) throws -> ABCommand {
        try #require(try NLDNS.parseAsRoot(["ab"] + arguments) as? ABCommand)
    }

    @Test("a side is an address, a cache by name, or a file")
    func sides() {
        #expect(ArmFlag(argument: "10.96.0.10") == .address(Endpoint(address: .v4(0x0A60_000A), port: 53)))
        #expect(ArmFlag(argument: "127.0.0.1:5300") == .address(Endpoint(address: .v4(0x7f00_0001), port: 5300)))
        #expect(ArmFlag(argument: "unbound") == .named(.unbound))
        #expect(ArmFlag(argument: "./unbound") == .path("./unbound"))
        #expect(ArmFlag(argument: "") == nil)
    }

    @Test("a side changes the lab by what it is: a program, a Corefile, or a cache by name")
    func labs() throws {
        let common = LabOptions(corefile: "x")
        #expect(try ArmFlag.path("/bin/true").changing(common).cache == .binary(path: "/bin/true"))
        #expect(try ArmFlag.named(.bind9).changing(common).cache == .peer(.bind9))
        #expect(try ArmFlag.named(.referenceRFC).changing(common).profile == .rfc)
        #expect(try ArmFlag.path("/etc/hostname").changing(common).corefile?.isEmpty == false)
        do {
            _ = try ArmFlag.path("/no/such/file").changing(common)
            Issue.record("a missing file was taken")
        } catch let failure as Failure {
            #expect(failure.status == .inputMissing && failure.message.contains("/no/such/file"))
        }
    }

    @Test("two caches stand in two labs, two addresses of one cache's lab in one, and loopback has room for one")
    func rooms() throws {
        let plain = LabOptions()
        #expect(try ArmLabs(plain, plain, areSameServer: false).b == nil)
        #expect(try ArmLabs(plain, plain, areSameServer: true).b != nil)
        #expect(try ArmLabs(plain, LabOptions(defects: [.slow25Percent]), areSameServer: true).b != nil)
        #expect(ArmLabs(both: plain).b == nil)
        #expect(throws: Failure.self) {
            try ArmLabs(LabOptions(topology: .loopback), LabOptions(topology: .loopback), areSameServer: true)
        }
    }

    @Test(
        "what makes no sense is refused by the parser",
        arguments: [
            (["ab"], "--lab"), (["ab", "--a", "10.0.0.1"], "--lab"),
            (["ab", "--a", "10.0.0.1", "--b", "./Corefile"], "--b is no address"),
            (["ab", "--a", "10.0.0.1", "--b", "10.0.0.2", "--b-defect", "no-cache"], "lab"),
            (["ab", "--lab=ipvs", "--pairs", "0"], "--pairs"),
            (["ab", "--lab=ipvs", "--pairs", "12", "--max-pairs", "11"], "--max-pairs"),
            (["ab", "--lab=ipvs", "--segment", "10"], "--segment"),
            (["ab", "--lab=ipvs", "--margin", "p50"], "--margin"),
            (["ab", "--lab=ipvs", "--margin", "p50=5%", "--margin", "p50=6%"], "twice"),
            (["ab", "--lab=ipvs", "--metric", "p50", "p50"], "twice"),
            (["ab", "--lab=ipvs", "--b-defect", "no-such"], "no-such"),
            (["ab", "--lab=ipvs", "--metric", "p42"], "p42"),
            (["aa", "--target", "./Corefile"], "--lab"), (["aa", "--service-time", "1ms"], "--lab"),
        ] as [([String], String)]
    )
    func refused(arguments: [String], words: String) {
        do {
            _ = try NLDNS.parseAsRoot(arguments)
            Issue.record("\(arguments) was taken")
        } catch {
            #expect(NLDNS.fullMessage(for: error).contains(words), "\(NLDNS.fullMessage(for: error))")
            #expect(NLDNS.exitCode(for: error).rawValue == 64)
        }
    }

    @Test("p99 is gated where a segment has answers enough for it")
    func gated() throws {
        func gate(_ arguments: String...) throws -> String? {
            let command = try #require(try NLDNS.parseAsRoot(["ab", "--lab=ipvs"] + arguments) as? ABCommand)
            return try command.comparison.stepLines(workload: command.workload, maximumPairs: 20, floors: nil)
                .first { $0.contains("gate:") }?.trimmingPrefix(while: { $0 == " " }).description
        }
        #expect(try gate() == "gate: [p50, p99, loss, achieved_qps]")
        #expect(try gate("--segment", "2s") == "gate: [p50, loss, achieved_qps]")
        #expect(try gate("--metric", "p99", "p90") == "gate: [p99, p90]")
    }

    @Test("more than 1,000 queries a second outside the lab need leave")
    func load() throws {
        let heavy = try ab("--a", "10.0.0.1", "--b", "10.0.0.2", "--rate", "1001")
        #expect(throws: Failure.self) { try heavy.comparison.refuseHarm(isLab: false) }
        #expect(throws: Never.self) { try heavy.comparison.refuseHarm(isLab: true) }
        let allowed = try ab("--a", "10.0.0.1", "--b", "10.0.0.2", "--rate", "1001", "--allow-load")
        #expect(throws: Never.self) { try allowed.comparison.refuseHarm(isLab: false) }
    }
}
