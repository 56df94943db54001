import Foundation
import Testing

@Suite(
    "nldns doctor",
    .serialized,
    .enabled(if: getuid() == 0, "the lab's namespaces need root"),
    .timeLimit(.minutes(5))
)
struct DoctorCommandTests {
    private static let lab = ["doctor", "--lab", "--services", "50", "--quiet"]

    @Test("node-problem-detector gets one line of 80 characters at most, and 0, 1 or 2")
    func nodeProblemDetector() throws {
        let healthy = try Nldns.run(Self.lab + ["--format", "npd"])
        #expect(healthy.status == 0 && healthy.output.hasPrefix("OK: "), "\(healthy.output) \(healthy.messages)")
        let faulty = try Nldns.run(Self.lab + ["--format", "npd", "--fault", "cache-killed"])
        #expect(faulty.status == 1 && faulty.output.hasPrefix("cache-listeners: "), "\(faulty.output)")
        let missing = try Nldns.run(["doctor", "--format", "npd", "--corefile", "/nowhere/Corefile"])
        #expect(missing.status == 2 && missing.output.hasPrefix("cannot look: "), "\(missing.output)")
        for outcome in [healthy, faulty, missing] {
            let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 2 && lines[1].isEmpty, "\(outcome.output)")
            #expect(lines[0].utf8.count <= 80 && lines[0].allSatisfy { $0.isASCII }, "\(outcome.output)")
        }
    }

    @Test("text tells of a failure what was read, what is expected, what it means and what to do")
    func text() throws {
        let outcome = try Nldns.run(Self.lab + ["--fault", "health-failing"])
        #expect(outcome.status == 1)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex { $0.contains("health  the health page") }, "\(outcome.output)")
        for label in ["read", "expected", "means", "do"] {
            #expect(lines[start...].contains { $0.drop { $0 == " " }.hasPrefix(label + " ") }, "no \(label)")
        }
        #expect(outcome.output.contains("Fault staged: health-failing"))
    }

    @Test("the lab's cluster DNS does not say what it is, and cannot be another than the lab's")
    func software() throws {
        let outcome = try Nldns.run(Self.lab + ["--json"])
        let checks = try outcome.document()["checks"] as? [[String: Any]]
        let script = try #require(checks?.first { $0["id"] as? String == "cluster-software" })
        #expect(script["status"] as? String == "skip", "\(script)")
        #expect((script["actual"] as? String)?.hasPrefix("it does not say what it is: ") == true, "\(script)")
        let other = try Nldns.run(Self.lab + ["--cluster", "10.96.0.99:53"])
        #expect(other.status == 64 && other.messages.contains("the lab has no 10.96.0.99:53"), "\(other.messages)")
    }

    @Test("repeated looks are dated, say what changed, rewrite the file for Prometheus and end at a signal")
    func repeated() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (out, metrics) = (folder.appendingPathComponent("out"), folder.appendingPathComponent("nldns.prom"))
        try Data().write(to: out)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Nldns.path)
        process.arguments = Self.lab + ["--every", "1s", "-o", "prometheus=\(metrics.path)"]
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        func text() throws -> String { String(decoding: try Data(contentsOf: out), as: UTF8.self) }
        let deadline = Date().addingTimeInterval(90)
        while process.isRunning, Date() < deadline, try text().components(separatedBy: "no change").count < 3 {
            usleep(50_000)
        }
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        let printed = try text()
        let dated = printed.split(separator: "\n").filter { $0.hasSuffix("no change") }
        #expect(dated.count >= 2, "\(printed)")
        for line in dated { #expect(line.contains("T") && line.contains("Z  pass  "), "\(line)") }
        let page = String(decoding: try Data(contentsOf: metrics), as: UTF8.self)
        #expect(page.contains("# TYPE nldns_doctor_finding gauge"))
        #expect(page.contains("nldns_doctor_finding{finding=\"cache-address\",status=\"pass\"} 1"))
        #expect(page.contains("nldns_doctor_finding{finding=\"cache-address\",status=\"fail\"} 0"))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(left) == ["out", "nldns.prom"], "\(left)")
    }

    @Test("with --json each look is a document in a line of its own")
    func lines() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let out = folder.appendingPathComponent("out")
        try Data().write(to: out)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Nldns.path)
        process.arguments = Self.lab + ["--every", "1s", "--json"]
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        func text() throws -> String { String(decoding: try Data(contentsOf: out), as: UTF8.self) }
        let deadline = Date().addingTimeInterval(90)
        while process.isRunning, Date() < deadline, try text().filter({ $0 == "\n" }).count < 2 { usleep(50_000) }
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 143)
        let documents = try text().split(separator: "\n").prefix(2).map(String.init)
        try #require(documents.count == 2)
        for document in documents { try ResultOracle.check(text: document) }
    }

    @Test("options that exclude each other are refused")
    func refusals() throws {
        for options in [
            ["--once", "--every", "60s"], ["--every", "10ms"], ["--every", "soon"], ["--format", "xml"],
            ["--json", "--format", "npd"], ["--format", "npd", "-o", "prometheus=-"],
            ["--every", "60s", "--results-dir", "/tmp"],
        ] {
            let outcome = try Nldns.run(["doctor"] + options)
            #expect(outcome.status == 64, "\(options): exit \(outcome.status) \(outcome.messages)")
        }
    }
}
