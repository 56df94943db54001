import Testing

@testable import NodeLocal

private func diagnostic(_ text: String, limits: YAMLLimits = .standard) -> YAMLDiagnostic? {
    do {
        _ = try YAMLTree.parse(text, file: "f.yaml", limits: limits)
        return nil
    } catch {
        return error
    }
}

@Suite("YAMLTree") struct YAMLTreeTests {
    @Test("values know their place and their kind")
    func places() throws {
        let tree = try YAMLTree.parse("a: 1\nb:\n  - true\n  - \"2\"\nc: ~\n", file: "f.yaml")
        let map = try tree.map("a test", keys: ["a", "b", "c"])
        #expect(try map.integer("a") == 1)
        let items = try map.required("b").list()
        #expect(try items[0].boolean())
        #expect(items[1].line == 4 && items[1].column == 5)
        #expect(throws: YAMLDiagnostic.self) { try items[1].integer() }
        #expect(map["c"] == nil)
        #expect(throws: YAMLDiagnostic.self) { try map.required("c") }
        #expect(try map.string("zz") == nil)
    }

    @Test("an unknown key is refused with its place and the nearest known key")
    func unknownKey() throws {
        let tree = try YAMLTree.parse("steps: []\n  \ntagrets: []\n", file: "f.yaml")
        #expect {
            try tree.map("a scenario", keys: ["steps", "targets"])
        } throws: { error in
            "\(error)" == "f.yaml:3:1: unknown key 'tagrets' in a scenario; did you mean 'targets'?"
        }
    }

    @Test(
        "faults carry line and column",
        arguments: [
            ("a: 1\na: 2\n", 1, "given twice"), ("a: [1, 2\n", 2, ""), ("a: *b\n", 1, "alias"),
            ("a: 1\n---\nb: 2\n", 3, "second"),
            ("a: 1\n\tb: 2\n", 2, ""), ("? [1, 2]\n: 3\n", 1, "plain text"),
        ]
    )
    func faults(text: String, line: Int, part: String) throws {
        let found = try #require(diagnostic(text))
        #expect(found.line == line, "\(found)")
        #expect(found.message.contains(part), "\(found)")
    }

    @Test("an alias bomb costs a diagnostic and little time")
    func bomb() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let reference = "*a\(level - 1)"
            text += "a\(level): &a\(level) [" + Array(repeating: reference, count: 10).joined(separator: ", ") + "]\n"
        }
        #expect(try #require(diagnostic(text)).message.contains("aliases are expanded"))
        for key in ["? *a12\n: 1\n", "*a12 : 1\n", "{ [*a12] : 1}\n", "b: {*a12 : 1}\n"] {
            #expect(try #require(diagnostic(text + key)).message.contains("complex mapping key"))
        }
    }

    @Test("size and depth are bounded")
    func bounds() throws {
        let small = YAMLLimits(bytes: 100, nodes: 10, depth: 3)
        #expect(try #require(diagnostic(String(repeating: "a", count: 101), limits: small)).message.contains("bytes"))
        #expect(try #require(diagnostic("[[[[[1]]]]]", limits: small)).message.contains("deeper"))
        #expect(try #require(diagnostic("[1,2,3,4,5,6,7,8,9,10,11]", limits: small)).message.contains("values"))
        #expect(diagnostic(String(repeating: "[", count: 500_000)) != nil)
        #expect(diagnostic(String(repeating: "- ", count: 500_000)) != nil)
        #expect(diagnostic(String(repeating: "{a: ", count: 200_000)) != nil)
    }

    @Test("only true and false are Booleans, and only decimals are numbers")
    func scalars() throws {
        let items = try YAMLTree.parse("[yes, 0x10, 1_000, 1.5, .inf, 'true', \"null\", 010]", file: "f").list()
        #expect(throws: YAMLDiagnostic.self) { try items[0].boolean() }
        #expect(throws: YAMLDiagnostic.self) { try items[1].integer() }
        #expect(throws: YAMLDiagnostic.self) { try items[2].integer() }
        #expect(try items[3].number() == 1.5)
        #expect(throws: YAMLDiagnostic.self) { try items[4].number() }
        #expect(throws: YAMLDiagnostic.self) { try items[5].boolean() }
        #expect(try items[6].string() == "null")
    }

    @Test("suggestions need nearness")
    func suggestions() {
        #expect(Suggestion.closest(to: "lod", among: ["load", "check"]) == "load")
        #expect(Suggestion.closest(to: "laod", among: ["load", "check"]) == "load")
        #expect(Suggestion.closest(to: "xyz", among: ["load", "check"]) == nil)
        #expect(Suggestion.closest(to: String(repeating: "a", count: 10_000), among: ["a"]) == nil)
    }
}

@Suite("Units") struct UnitsTests {
    @Test(
        "durations need their units and print as they were written",
        arguments: [
            ("10s", 10_000_000_000), ("250ms", 250_000_000), ("1h30m", 5_400_000_000_000), ("1.5s", 1_500_000_000),
            ("0", 0), ("-5s", -5_000_000_000), ("100us", 100_000), ("7ns", 7),
        ]
    )
    func durations(text: String, value: Int64) {
        #expect(DurationText.nanoseconds(text) == value)
        #expect(DurationText.nanoseconds(DurationText.text(nanoseconds: value)) == value)
    }

    @Test(
        "what is no duration is refused",
        arguments: ["", "10", "s", "10 s", "1d", ".s", "1e3s", "999999999h", "1..5s"]
    )
    func noDurations(text: String) {
        #expect(DurationText.nanoseconds(text) == nil)
    }

    @Test("sizes, rates and ratios carry their units")
    func quantities() {
        #expect(QuantityText.bytes("64KiB") == 65_536)
        #expect(QuantityText.bytes("64") == nil)
        #expect(QuantityText.bytes("99999999999GiB") == nil)
        #expect(QuantityText.perSecond("500/s") == 500)
        #expect(QuantityText.perSecond("30000/m") == 500)
        #expect(QuantityText.perSecond("0") == nil)
        #expect(QuantityText.perSecond("5/h") == nil)
        #expect(QuantityText.ratio("0.1%") == 0.001)
        #expect(QuantityText.ratio("2") == nil)
    }
}
