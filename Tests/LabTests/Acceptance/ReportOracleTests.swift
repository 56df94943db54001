import Foundation
import Testing

/// What other programs say of our formats; `Benchmarks/report` asks more of them, which are too large for a gate.
@Suite("Reports in other hands", .timeLimit(.minutes(2)))
struct ReportOracleTests {
    private static let xmllint = ["/usr/bin/xmllint", "/bin/xmllint"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The sample run as it is, and with what an attacker would choose in the place of every free text.
    private static func sample(isHostile: Bool) throws -> Data {
        let data = try Data(contentsOf: root.appendingPathComponent("results/sample/result.json"))
        guard isHostile else { return data }
        var document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let text = "\"'><b>&amp;\u{1B}[2J\u{202E}\u{0}\r\n::error::]]>\\"
        var checks = try #require(document["checks"] as? [[String: Any]])
        let statuses = ["pass", "fail", "known", "fixed", "skip", "inconclusive", "error"]
        for index in checks.indices {
            for key in ["title", "section", "expected", "actual", "remediation", "source"] {
                checks[index][key] = text
            }
            checks[index]["status"] = statuses[index % statuses.count]
        }
        document["checks"] = checks
        document["scenario"] = (document["scenario"] as? [String: Any])?.merging(["id": text]) { $1 }
        return try JSONSerialization.data(withJSONObject: document)
    }

    @Test(
        "A JUnit schema takes the XML of a run, and of one whose names are hostile",
        .enabled(if: xmllint != nil, "xmllint is missing (Debian's libxml2-utils)"),
        arguments: [false, true]
    )
    func junit(isHostile: Bool) throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = folder.appendingPathComponent("result.json")
        try Self.sample(isHostile: isHostile).write(to: result)
        let xml = folder.appendingPathComponent("report.xml")
        #expect(try Nldns.run(["report", result.path, "-o", "junit=\(xml.path)"]).status == 0)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.xmllint))
        let schema = Self.root.appendingPathComponent("Tests/LabTests/Oracles/junit.xsd")
        process.arguments = ["--noout", "--schema", schema.path, xml.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let told = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: told, as: UTF8.self))")
    }

    @Test("Of several results the latest is rendered with the others as history, and - is standard output")
    func history() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var paths: [String] = []
        for (index, day) in ["26", "28", "27"].enumerated() {
            var document = try #require(
                try JSONSerialization.jsonObject(with: Self.sample(isHostile: false)) as? [String: Any]
            )
            document["started"] = "2026-11-\(day)T18:12:13.000000000Z"
            document["ended"] = "2026-11-\(day)T18:13:13.000000000Z"
            let path = folder.appendingPathComponent("\(index).json")
            try JSONSerialization.data(withJSONObject: document).write(to: path)
            paths.append(path.path)
        }
        let outcome = try Nldns.run(["report"] + paths + ["-o", "html=-"])
        #expect(outcome.status == 0 && outcome.output.hasPrefix("<!doctype html>"))
        #expect(outcome.output.contains("2 earlier runs of the same scenario"))
        #expect(outcome.output.contains("schema nldns.result/1, 2026-11-28T18:12:13"))
        #expect(try Nldns.run(["report", paths[0], "-o", "html=-", "-o", "text=-"]).status == 64)
        #expect(try Nldns.run(["report", paths[0], "-o", "html=-", "--json"]).status == 64)
    }
}
