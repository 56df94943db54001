import Foundation
import Testing

@Suite("Hostile results get one sentence and the right exit code from each command that reads one", .serialized)
struct HostileResultTests {
    /// The commands that read a result, with the exit status of one that cannot be read: a gate has no verdict then.
    private static let readers: [(status: Int32, arguments: @Sendable (String, String) -> [String])] = [
        (65, { path, _ in ["results", "show", path] }), (65, { path, _ in ["results", "verify", path] }),
        (65, { path, good in ["results", "merge", "a=\(path)", "b=\(good)"] }),
        (65, { path, _ in ["results", "promote", path, "--reason", "r", "--by", "me"] }),
        (65, { path, _ in ["results", "record", path] }), (65, { path, _ in ["report", path] }),
        (65, { path, _ in ["gate", "selftest", path] }), (2, { path, _ in ["gate", path] }),
        (2, { path, good in ["gate", good, "--baseline", path] }),
    ]

    @Test("empty, cut, of wrong types, with keys twice, huge or fractional numbers, NaN, or of another version")
    func unreadable() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample("good.json")
        let text = try String(contentsOfFile: good, encoding: .utf8)
        let huge = String(repeating: "9", count: 400)
        let texts: [(name: String, text: String, word: String)] = [
            ("empty", "", "it is empty"), ("blank", " \n ", "it is empty"), ("null", "null", "no readable result"),
            ("array", "[]", "no readable result"), ("words", "hello", "cannot stand"),
            ("cut", String(text.prefix(text.count / 2)), "cut short"),
            ("last brace", String(text.dropLast(2)), "cut short"), ("second value", text + "{}", "cannot stand"),
            ("NaN", text.replacing("\"achieved_qps\" : 200", with: "\"achieved_qps\" : NaN"), "'N' cannot stand"),
            (
                "infinity", text.replacing("\"achieved_qps\" : 200", with: "\"achieved_qps\" : -Infinity"),
                "'I' cannot stand"
            ),
            ("huge integer", text.replacing("\"scheduled\" : 4000", with: "\"scheduled\" : \(huge)"), "too large"),
            ("huge exponent", text.replacing("\"achieved_qps\" : 200", with: "\"achieved_qps\" : 1e999"), "too large"),
            ("fraction", text.replacing("\"scheduled\" : 4000", with: "\"scheduled\" : 0.5"), "fractional"),
            ("negative", text.replacing("\"scheduled\" : 4000", with: "\"scheduled\" : -4000"), "negative"),
            (
                "string for a number", text.replacing("\"scheduled\" : 4000", with: "\"scheduled\" : \"4000\""),
                "scheduled"
            ),
            ("object for an array", text.replacing("\"targets\" : [", with: "\"targets\" : {}, \"x\" : ["), "targets"),
            ("no status", text.replacing("\"status\" : \"complete\"", with: "\"state\" : \"complete\""), "status"),
            ("unknown word", text.replacing("\"status\" : \"complete\"", with: "\"status\" : \"done\""), "status"),
            ("major 2", text.replacing("nldns.result/1", with: "nldns.result/2"), "nldns.result/2"),
            ("no schema", text.replacing("\"schema\" :", with: "\"shape\" :"), "schema"),
            ("key twice", text.replacing("\"status\" :", with: "\"status\" : \"invalid\",\n\"status\" :"), "twice"),
            ("escaped key twice", text.replacing("\"status\" :", with: "\"st\\u0061tus\" : 1,\n\"status\" :"), "twice"),
            ("deep", String(repeating: "[", count: 200_000), "nests deeper"),
            ("time", text.replacing("\"ended\" : \"2026", with: "\"ended\" : \"26"), "ended"),
        ]
        for (name, text, word) in texts {
            let path = try files.text(text, "\(name).json")
            for reader in Self.readers {
                try files.expectSentence(reader.status, word, reader.arguments(path, good))
            }
        }
    }

    @Test("octets that are no text, a folder, and a file that is not there")
    func noText() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample("good.json")
        let binary = files.path("binary.json")
        try Data((0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 37) }).write(to: URL(fileURLWithPath: binary))
        for reader in Self.readers {
            try files.expectSentence(reader.status, "no readable result", reader.arguments(binary, good))
            let isBaseline = reader.arguments("PATH", good).contains("--baseline")
            try files.expectSentence(isBaseline ? 2 : 66, "nowhere", reader.arguments(files.path("nowhere"), good))
            try files.expect(isBaseline ? 2 : 66, [], reader.arguments(files.folder.path, good))
        }
    }

    @Test("100 MB of zeros, of brackets, of one string, and of a sound result with a key that is not known")
    func large() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample("good.json")
        let text = try Data(contentsOf: URL(fileURLWithPath: good))
        let size = 100 << 20
        let contents: [(String, Data, Int32, Int32)] = [
            ("zeros", Data(count: size), 65, 2), ("brackets", Data(repeating: UInt8(ascii: "["), count: size), 65, 2),
            ("string", Data("\"".utf8) + Data(repeating: UInt8(ascii: "x"), count: size), 65, 2),
            (
                "sound",
                Data("{\"padding\" : \"".utf8) + Data(repeating: UInt8(ascii: "x"), count: size) + Data("\",".utf8)
                    + text.dropFirst(), 0, 0
            ),
        ]
        for (name, data, verify, gate) in contents {
            let path = files.path("\(name).json")
            try data.write(to: URL(fileURLWithPath: path))
            try files.expect(verify, [], ["results", "verify", path])
            try files.expect(gate, [], ["gate", path])
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test("counts near the largest number neither trap nor pass")
    func hugeCounts() throws {
        let files = try ResultFiles()
        defer { files.remove() }
        let good = try files.sample("good.json")
        let text = try String(contentsOfFile: good, encoding: .utf8)
        let largest = "18446744073709551615"
        for (index, (from, to)) in [
            ("\"scheduled\" : 4000", "\"scheduled\" : \(largest)"),
            ("\"answered\" : 4000", "\"answered\" : \(largest)"),
            ("\"interrupted\" : 0", "\"interrupted\" : \(largest)"),
            ("\"timed_out\" : 0", "\"timed_out\" : \(largest)"),
            ("\"NXDOMAIN\" : 100", "\"NXDOMAIN\" : \(largest)"), ("\"queries\" : 10000", "\"queries\" : \(largest)"),
            ("\"hits\" : 3200", "\"hits\" : \(largest)"), ("\"count\" : 4000", "\"count\" : \(largest)"),
            ("\"duration_ns\" : 20000000000", "\"duration_ns\" : 9223372036854775807"),
            ("\"achieved_qps\" : 200", "\"achieved_qps\" : 1e300"),
            ("\"cpus\" : ", "\"cpus\" : 9223372036854775807, \"was\" : "),
        ].enumerated() {
            let path = try files.text(text.replacing(from, with: to), "huge-\(index).json")
            for arguments in [
                ["results", "show", path], ["results", "verify", path], ["results", "merge", "a=\(path)", "b=\(good)"],
                ["results", "record", path, "--history", files.path("history")], ["gate", path],
                ["gate", good, "--baseline", path], ["report", path, "-o", "html=\(files.path("r.html"))"],
            ] {
                let outcome = try Nldns.run(arguments, limitSeconds: 60)
                #expect([0, 1, 2, 65].contains(outcome.status), "\(to): \(arguments): \(outcome.messages.suffix(500))")
                #expect(!outcome.messages.contains("Fatal error"))
            }
        }
    }
}
