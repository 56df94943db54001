import Foundation
import NodeLocal
import Testing

@Suite("nldns lint")
struct LintCommandTests {
    private static let replaced = Seed.manifest.replacing("__PILLAR__CLUSTER__DNS__", with: "10.96.0.10")

    /// Runs lint on files with these contents, in a folder of their own; `FOLDER` in an argument stands for it.
    private func lint(_ files: [String: Data], _ arguments: [String]) throws -> (Nldns.Outcome, folder: String) {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
        let words = ["lint"] + arguments.map { $0.replacing("FOLDER", with: folder.path) }
        let outcome = try Nldns.run(words, limitSeconds: 60)
        #expect(!outcome.messages.contains("Fatal error"))
        return (outcome, folder.path)
    }

    private func lint(_ text: String, _ arguments: String...) throws -> Nldns.Outcome {
        try lint(["m.yaml": Data(text.utf8)], ["FOLDER/m.yaml"] + arguments).0
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("the seed as published exits 1 and names the variable's line; after its sed it exits 0, and 1 under --strict")
    func seed() throws {
        let published = try lint(Seed.manifest)
        #expect(published.status == 1)
        #expect(published.output.contains("m.yaml:66:19: error placeholder-cluster-dns: __PILLAR__CLUSTER__DNS__"))
        for word in ["reason:", "remedy:", "source:", "1 error, 3 warnings, 1 note in 1 file"] {
            #expect(published.output.contains(word))
        }
        let done = try lint(Self.replaced)
        #expect(done.status == 0 && done.output.contains("0 errors, 3 warnings, 1 note in 1 file"))
        #expect(try lint(Self.replaced, "--strict").status == 1)
        #expect(try lint(Self.replaced, "--quiet").output.isEmpty)
        #expect(
            try lint(Self.replaced, "--no-color").output.split(separator: "\n").count
                == done.output.split(separator: "\n").count
        )
    }

    @Test("the cluster IP bound on IPVS exits 1, and on iptables 0")
    func clusterIP() throws {
        let bound = Seed.manifest.replacing("\"169.254.20.10\"", with: "\"169.254.20.10,10.96.0.10\"")
            .replacing("bind 169.254.20.10", with: "bind 169.254.20.10 10.96.0.10")
        let ipvs = try lint(bound, "--proxy-mode", "ipvs")
        #expect(
            ipvs.status == 1 && ipvs.output.contains("146:17: error cluster-ip-bound: 10.96.0.10"),
            "\(ipvs.output)"
        )
        #expect(try lint(bound, "--proxy-mode", "iptables").status == 0)
    }

    @Test("--json is one document with its schema, and the files of -o say the same")
    func json() throws {
        let files = ["m.yaml": Data(Seed.manifest.utf8)]
        let outputs = ["json", "sarif", "github-annotations", "text"].flatMap { ["-o", "\($0)=FOLDER/\($0)"] }
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let words = ["FOLDER/m.yaml", "--json"] + outputs.map { $0.replacing("FOLDER", with: folder.path) }
        let (outcome, _) = try lint(files, words)
        let document = try object(outcome.output)
        #expect(outcome.status == 1 && document["schema"] as? String == "nldns.lint/1")
        #expect(document["verdict"] as? String == "fail" && document["proxy_mode"] is NSNull)
        let counts = try #require(document["counts"] as? [String: Int])
        #expect(counts == ["error": 1, "warning": 3, "note": 1])
        let findings = try #require(document["findings"] as? [[String: Any]])
        try #require(findings.count == 5)
        #expect(findings[0]["line"] as? Int == 66 && findings[0]["column"] as? Int == 19)
        for finding in findings {
            for key in ["id", "severity", "title", "file", "message", "reason", "remedy", "source"] {
                #expect((finding[key] as? String)?.isEmpty == false, "\(key)")
            }
        }
        func written(_ name: String) throws -> String {
            try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        }
        #expect(try written("json") == outcome.output)
        #expect(try written("text").contains("error placeholder-cluster-dns"))
        let lines = try written("github-annotations").split(separator: "\n")
        try #require(lines.count == 5)
        #expect(
            lines[0].hasPrefix("::error file=")
                && lines[0].contains("m.yaml,line=66,col=19,title=placeholder-cluster-dns::")
        )
        #expect(lines[4].hasPrefix("::notice file="))
        try checkSARIF(try object(try written("sarif")), findings: findings)
    }

    private func checkSARIF(_ log: [String: Any], findings: [[String: Any]]) throws {
        #expect(log["version"] as? String == "2.1.0")
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        #expect(driver["name"] as? String == "nldns")
        let rules = try #require(driver["rules"] as? [[String: Any]])
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count == findings.count)
        for (result, finding) in zip(results, findings) {
            let index = try #require(result["ruleIndex"] as? Int)
            try #require(rules.indices.contains(index))
            #expect(rules[index]["id"] as? String == finding["id"] as? String)
            #expect(result["level"] as? String == finding["severity"] as? String)
            let location = (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
            let region = try #require(location?["region"] as? [String: Int])
            #expect(
                region == ["startLine": finding["line"] as? Int ?? 0, "startColumn": finding["column"] as? Int ?? 0]
            )
            let artifact = try #require(location?["artifactLocation"] as? [String: String])
            #expect(artifact["uri"]?.hasPrefix("file:///") == true)
        }
    }

    @Test("--list and --explain tell the rules, and an unknown one is exit 64 with a suggestion")
    func rules() throws {
        let list = try Nldns.run(["lint", "--list"])
        #expect(list.status == 0 && list.output.split(separator: "\n").count > 60)
        let rules = try object(try Nldns.run(["lint", "--list", "--json"]).output)["rules"] as? [[String: Any]]
        #expect(rules?.count == list.output.split(separator: "\n").count)
        let explained = try Nldns.run(["lint", "--explain", "syncinterval-panics"])
        #expect(explained.status == 0 && explained.output.contains("60ns is a minute"))
        let unknown = try Nldns.run(["lint", "--explain", "syncinterval-panic"])
        #expect(unknown.status == 64 && unknown.messages.contains("did you mean syncinterval-panics?"))
        #expect(try Nldns.run(["lint", "--explain"]).status == 64)
        #expect(try Nldns.run(["lint"]).status == 64)
        #expect(try lint(Seed.manifest, "--proxy-mode", "userspace").status == 64)
    }

    @Test("nothing known is exit 2, a missing file 66, and a wrong kind 65")
    func inputs() throws {
        #expect(try lint("kind: Deployment\n").status == 2)
        #expect(try lint("").status == 2)
        let missing = try Nldns.run(["lint", "/nowhere.yaml"])
        #expect(missing.status == 66 && missing.messages.contains("/nowhere.yaml"))
        #expect(try lint("a: [1\n", "--kind", "manifest").status == 65)
        #expect(try lint(Seed.manifest, "--kind", "corefile").status == 65)
    }

    @Test("damaged files are one sentence with the line: exit 65, in bounded memory", .timeLimit(.minutes(2)))
    func damaged() throws {
        let large = Data("kind: A\n".utf8) + Data(repeating: UInt8(ascii: "a"), count: 100 << 20)
        let cases: [(String, Data, String)] = [
            ("enormous.yaml", large, "larger than 8 MiB"),
            ("Corefile", Data(".:53 {\n errors \u{1}".utf8) + Data([0xFF, 0xFE]), ":2 is not UTF-8"),
            ("binary", Data([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0xE8]), "is not UTF-8"),
            ("zero.yaml", Data("kind: A\na: \0".utf8), "zero octet"),
            ("cut.yaml", Data("kind: A\na: [1, 2".utf8), "cut.yaml:"),
            ("Corefile.cut", Data(".:53 {\n  cache {\n".utf8), "Corefile.cut:2:"),
            ("chart.yaml", Data("kind: A\nname: {{ .Release.Name }}\n".utf8), "chart.yaml:2:7: a template's"),
        ]
        for (name, data, words) in cases {
            let (outcome, _) = try lint([name: data], ["FOLDER/\(name)"])
            #expect(outcome.status == 65 && outcome.output.isEmpty, "\(name): \(outcome.messages)")
            #expect(outcome.messages.contains(words), "\(name): \(outcome.messages)")
            #expect(outcome.messages.split(separator: "\n").count == 1, "\(name): \(outcome.messages)")
        }
    }

    @Test("names from files cannot forge a line of the output or a workflow command")
    func forged() throws {
        let text = Self.replaced.replacing(
            "\"-localip\", ",
            with: "\"-x\\n::error::forged\\e[31m\", \"1\", \"-localip\", "
        )
        let outcome = try lint(text, "-o", "github-annotations=-")
        #expect(outcome.output.split(separator: "\n").allSatisfy { !$0.hasPrefix("::error::") })
        #expect(!outcome.output.contains("\u{1B}"))
        let plain = try lint(text)
        #expect(!plain.output.contains("\n::error::") && !plain.output.contains("\u{1B}"))
    }
}
