import Foundation
import Testing

@Suite("Bad input gets one clear sentence and the right exit code", .serialized)
struct BadInputTests {
    /// Runs the program and expects its status and words in what it says on standard error.
    private func expect(_ status: Int32, _ words: [String], _ arguments: [String]) throws {
        let outcome = try Nldns.run(arguments, limitSeconds: 60)
        #expect(outcome.status == status, "\(arguments): \(outcome.messages)")
        for word in words {
            #expect(outcome.messages.contains(word), "\(arguments) says \"\(outcome.messages)\", not \"\(word)\"")
        }
        #expect(!outcome.messages.contains("Fatal error"))
    }

    private func file(_ text: String, _ name: String, in folder: URL) throws -> String {
        let file = folder.appendingPathComponent(name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    @Test("a missing scenario, result, data file or capture is exit 66")
    func missing() throws {
        try expect(66, ["no scenario", "pre-rollout"], ["run", "pre-rolout"])
        try expect(66, ["no scenario"], ["run", "./nowhere.yaml"])
        try expect(66, ["/nowhere.json"], ["results", "show", "/nowhere.json"])
        try expect(66, ["/nowhere.pcap"], ["capture", "read", "/nowhere.pcap"])
        try expect(66, ["/nowhere"], ["run", "--lab", "--cache-binary", "/nowhere"])
    }

    @Test("a dry run reads the whole data file: what is wrong ends it as it would end the run")
    func dryRun() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let lines = (1...5_000).map { "host\($0).example \($0 % 5 == 0 ? "AAAA" : "A")\n" }.joined()
        let bad = try file(lines + "last.example AAAAA\n", "bad.txt", in: folder)
        let bench = ["bench", "--target", "127.0.0.1:9", "--dry-run", "--data"]
        for flags in [[], ["--lookup", "musl", "--rate", "50"]] {
            try expect(65, ["\(bad):5001: \"AAAAA\" is no query type"], bench + [bad] + flags)
            try expect(65, ["\(bad):5001: "], bench.filter { $0 != "--dry-run" } + [bad] + flags)
        }
        try expect(66, ["/nowhere.txt"], bench + ["/nowhere.txt"])
        // What all queries carry counts as well, as in a run.
        let own = try file("a.example A +opt=10:0102030405060708\n", "own.txt", in: folder)
        try expect(65, ["\(own):1: ", "second cookie"], bench + [own, "--cookie"])
        let binary = try file("\u{0}\u{9}abc", "messages", in: folder)
        try expect(
            65,
            [binary, "offset 0", "9 octets"],
            ["bench", "--target", "127.0.0.1:9", "--dry-run", "--binary-data", binary]
        )
    }

    @Test("a dry run says how many queries of which types the data file holds, and sends nothing")
    func dryRunCounts() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = try file("; two names\na.example A\na.example AAAA\nb.example A\n", "names.txt", in: folder)
        // Nobody listens there; a run would end with exit 69.
        let bench = ["bench", "--target", "127.0.0.1:9", "--dry-run", "--data", data]
        let queries = try Nldns.run(bench)
        #expect(queries.status == 0 && queries.messages == "\(data): 3 queries (2 A, 1 AAAA)\n", "\(queries.messages)")
        let workloads = try #require(try queries.document()["workloads"] as? [String: [String: Any]])
        let given = try #require(workloads["given"])
        #expect(given["file"] as? String == data && given["queries"] as? Int == 3)
        #expect(given["types"] as? [String: Int] == ["A": 2, "AAAA": 1])
        let lookups = try Nldns.run(bench + ["--lookup", "glibc", "--rate", "50", "--quiet"])
        #expect(lookups.status == 0 && lookups.messages.isEmpty)
        let names = try #require(try lookups.document()["workloads"] as? [String: [String: Any]])
        #expect(names["given"]?["lookups"] as? Int == 2 && names["given"]?["queries"] == nil)
    }

    @Test("an unknown key of a scenario is named with file, line, column and a suggestion: exit 78")
    func unknownKey() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = """
            version: 1
            id: x
            title: x
            targets:
              cache: { address: 169.254.20.10:53, role: cache }
            steps:
              - check: { sectons: [HDR] }
            """
        let path = try file(text, "x.yaml", in: folder)
        try expect(78, ["\(path):7:14", "sectons", "did you mean 'sections'"], ["run", path])
    }

    @Test("a broken Corefile is named with its line: exit 65")
    func brokenCorefile() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = try file(".:53 {\n    cache 30\n    forward . 192.0.2.1\n", "Corefile", in: folder)
        try expect(65, ["\(path):1", "}"], ["check", "--target", "127.0.0.1:53", "--corefile", path])
        let lab = try file(".:53 {\n    cach 30\n}\n", "Corefile", in: folder)
        guard getuid() == 0 else { return }
        try expect(65, ["Corefile:2", "cach"], ["run", "--lab", "--corefile", lab])
    }

    @Test("a target that does not answer is exit 69")
    func unreachable() throws {
        try expect(69, ["127.0.0.1:9", "no answer"], ["bench", "--target", "127.0.0.1:9", "--duration", "1s"])
        try expect(69, ["127.0.0.1:9", "no answer"], ["check", "--target", "127.0.0.1:9"])
    }

    @Test(
        "no privilege for a capture names the capability: exit 77",
        .enabled(if: getuid() == 0, "needs setpriv as root")
    )
    func noPrivilege() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        // The binary may lie where only root can look; a copy in /tmp can be run by anybody.
        let copy = "/tmp/nldns-unprivileged-\(getpid())"
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: Nldns.path, toPath: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        process.arguments = [
            "--reuid=65534", "--regid=65534", "--clear-groups", copy, "capture", "live", "--duration", "1s",
        ]
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let messages = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 77)
        #expect(messages.contains("CAP_NET_RAW"))
    }

    @Test("a truncated pcap gives its offset and what was read: exit 65")
    func truncatedCapture() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("cut.pcap")
        // pcap, microseconds, raw IP: one whole packet with a DNS query, then half a packet header.
        var bytes: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0]
        let query: [UInt8] = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97, 0, 0, 1, 0, 1]
        let udp: [UInt8] = [0x30, 0x39, 0, 53, 0, UInt8(8 + query.count), 0, 0] + query
        let ip: [UInt8] =
            [0x45, 0, 0, UInt8(20 + udp.count), 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 169, 254, 20, 10] + udp
        bytes += [1, 0, 0, 0, 0, 0, 0, 0, UInt8(ip.count), 0, 0, 0, UInt8(ip.count), 0, 0, 0] + ip
        let offset = bytes.count
        bytes += [1, 0, 0, 0, 0, 0, 0]
        try Data(bytes).write(to: path)
        let outcome = try Nldns.run(["capture", "read", path.path, "--json"])
        #expect(outcome.status == 65)
        #expect(outcome.messages.contains("offset \(offset)"), "\(outcome.messages)")
        let capture = try outcome.document()["capture"] as? [String: Any]
        #expect(capture?["queries"] as? Int == 1)
    }

    @Test("an unknown option, id, section, topology or defect is exit 64")
    func usage() throws {
        try expect(64, ["--bogus"], ["run", "--bogus"])
        try expect(64, ["HDR-99"], ["check", "--id", "HDR-99"])
        try expect(64, ["FOO", "HDR"], ["check", "--section", "FOO"])
        try expect(64, ["loopback"], ["run", "--lab=moon"])
        try expect(64, ["no-such"], ["run", "--lab", "--defect", "no-such"])
        try expect(64, ["--lab"], ["run", "--defect", "no-cache"])
        try expect(64, ["--allow-load"], ["bench", "--target", "127.0.0.1:53", "--rate", "5000"])
        try expect(64, ["--allow-load"], ["bench", "--target", "127.0.0.1:53", "--rate", "200", "--lookup", "go"])
        try expect(64, ["--ndots", "--lookup"], ["bench", "--target", "127.0.0.1:53", "--ndots", "2"])
        try expect(64, ["bind"], ["bench", "--target", "127.0.0.1:53", "--lookup", "bind"])
        let options = ["--lookup", "musl", "--rate", "10", "--resolver-options", "frobnicate"]
        try expect(64, ["frobnicate"], ["bench", "--target", "127.0.0.1:53"] + options)
        try expect(64, ["lo"], ["capture", "live", "--interface", "nosuch0", "--duration", "1s"])
    }

    @Test("a damaged result is exit 65")
    func damagedResult() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try expect(
            65,
            ["JSON"],
            ["report", try file("{\"schema\":", "result.json", in: folder), "-o", "html=/dev/null"]
        )
        try expect(
            65,
            ["nldns.result/9"],
            ["results", "show", try file("{\"schema\":\"nldns.result/9\"}", "r.json", in: folder)]
        )
    }
}
