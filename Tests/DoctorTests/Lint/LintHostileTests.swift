import Foundation
import NodeLocal
import Testing

@testable import Doctor

@Suite("Hostile files for lint", .timeLimit(.minutes(3))) struct LintHostileTests {
    @Test("a manifest cut anywhere gives findings or one sentence with its line, and no more")
    func cut() throws {
        let text = Seed.manifest
        for length in stride(from: 0, to: text.utf8.count, by: 41) {
            let start = String(decoding: Array(text.utf8.prefix(length)), as: UTF8.self)
            if let sentence = LintRun.refusal(start) {
                #expect(sentence.hasPrefix("m.yaml:") && !sentence.contains("\n"), "\(sentence)")
            } else {
                _ = try LintRun.findings(start)
            }
        }
    }

    @Test("a Corefile cut anywhere does the same")
    func cutCorefile() throws {
        let octets = Array(GoodManifest.corefile.utf8)
        for length in stride(from: 0, to: octets.count, by: 7) {
            let start = String(decoding: octets.prefix(length), as: UTF8.self)
            if let sentence = LintRun.refusal(start, kind: .corefile) {
                #expect(sentence.hasPrefix("m.yaml:") && !sentence.contains("\n"), "\(sentence)")
            } else {
                _ = try LintRun.findings(start, kind: .corefile)
            }
        }
    }

    @Test("octets changed at random never do worse than a sentence")
    func mutated() throws {
        var generator = Generator(state: 7)
        let octets = Array(GoodManifest.text.utf8)
        for _ in 0..<150 {
            var copy = octets
            for _ in 0..<4 { copy[Int(generator.next() % UInt64(copy.count))] = UInt8(generator.next() % 95 + 32) }
            let text = String(decoding: copy, as: UTF8.self)
            if LintRun.refusal(text) == nil { _ = try LintRun.findings(text) }
        }
    }

    /// A text that is meant to cost time, memory or the stack, and words of the sentence that refuses it.
    struct Bomb: CustomTestStringConvertible {
        let text: String
        let words: String
        var testDescription: String { "\(text.utf8.count) octets: \(words)" }
    }

    private static let bombs: [Bomb] = {
        var aliases = "kind: A\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...14 {
            let references = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            aliases += "a\(level): &a\(level) [\(references)]\n"
        }
        let all: [(String, String)] = [
            (aliases, "aliases are expanded"),
            ("kind: A\na: " + String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000), "nest"),
            ("kind: A\n" + (0..<900).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), "deeper than 64"),
            ("kind: A\n" + String(repeating: "# x\n", count: 300_000), "bytes"),
            ("kind: A\na: \0", "zero octet"),
            ("kind: A\na: \"" + String(repeating: "x", count: 100_000), "end of stream"),
            (".:53 {\n" + String(repeating: " forward {\n", count: 60_000), "too long"),
            (".:53 {\n" + String(repeating: " forward {\n", count: 500), "nest too deeply"),
            ("(a) {\n import a\n import a\n}\n.:53 {\n import a\n}\n", "imports itself"),
            (".:53 {\n errors\n", "never closed"),
            (
                "kind: A\nb: &b " + String(repeating: "y", count: 500_000)
                    + "\na: [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n", "bytes once"
            ),
            ((0..<20_000).map { "a\($0) {\n}\n" }.joined(), "more than 5000 zones"),
            (
                ". {\n bind " + (0..<9_000).map { "10.\($0 / 250).\($0 % 250).1 " }.joined() + "\n}\n",
                "more than 5000 zones"
            ),
            (String(repeating: GoodManifest.daemonSet, count: 17), "more than 16 DaemonSets"),
            ("{\"kind\":\"List\",\"items\":[", "node content"),
        ]
        return all.map { Bomb(text: $0.0, words: $0.1) }
    }()

    @Test("bombs are refused with a sentence", arguments: bombs)
    func bomb(_ bomb: Bomb) throws {
        let sentence = try #require(LintRun.refusal(bomb.text))
        #expect(
            sentence.hasPrefix("m.yaml:") && sentence.contains(bomb.words) && !sentence.contains("\n"),
            "\(sentence)"
        )
    }

    /// Texts that are read, and would cost time if each finding looked at the whole text again.
    private static let slow: [Bomb] = [
        Bomb(text: (0..<4_000).map { "a\($0) {\n}\n" }.joined(), words: "many blocks"),
        Bomb(text: ". {\n" + String(repeating: "__PILLAR__X__ ", count: 60_000) + "\n}\n", words: "many variables"),
        Bomb(text: String(repeating: "--cluster-dns=10.0.0.1 ", count: 40_000), words: "many flags"),
        Bomb(
            text: "kind: A\nb: &b " + String(repeating: "__PILLAR__", count: 5_000) + "\na: [*b, *b, *b]\n",
            words: "long words"
        ),
    ]

    @Test("texts of many parts are read in one go", arguments: slow)
    func large(_ bomb: Bomb) throws {
        if LintRun.refusal(bomb.text) == nil { #expect(try LintRun.findings(bomb.text).count < 100_000) }
    }

    @Test("objects of the wrong shape are passed over, not believed")
    func shapes() throws {
        for value in ["5", "[]", "{}", "x", "null", "[[1]]", "{ a: [1] }"] {
            for key in [
                "spec:", "template:", "containers:", "args:", "volumes:", "volumeMounts:", "tolerations:", "data:",
                "livenessProbe:", "ports:", "selector:", "metadata:", "securityContext:", "resources:",
            ] {
                let lines = GoodManifest.text.split(separator: "\n", omittingEmptySubsequences: false)
                var edited: [String] = []
                var skipped: Int?
                for line in lines {
                    let indent = line.prefix { $0 == " " }.count
                    if let depth = skipped, indent > depth || line.dropFirst(indent).hasPrefix("- ") && indent == depth
                    {
                        continue
                    }
                    skipped = nil
                    if line.dropFirst(indent) == key {
                        edited.append(line + " " + value)
                        skipped = indent
                    } else {
                        edited.append(String(line))
                    }
                }
                let text = edited.joined(separator: "\n")
                if LintRun.refusal(text) == nil { _ = try LintRun.findings(text) }
            }
        }
    }

    /// SplitMix64, so that a failure can be run again.
    private struct Generator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}
