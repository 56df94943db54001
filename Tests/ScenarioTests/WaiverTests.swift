import NodeLocal
import Testing

@testable import Scenario

@Suite("Waivers")
struct WaiverTests {
    private static func file(_ waivers: String) -> String { "version: 1\nwaivers:\n\(waivers)\n" }

    private static let known = ["cache.p99 <= 2ms", "cache.p99", "check.HDR-01", "comparison.p50"]

    @Test("a waiver has id, reason, owner and a last day, and may be about one scenario")
    func read() throws {
        let text = Self.file(
            """
              - { id: cache.p99 <= 2ms, reason: new kernel, owner: dns@example.com, expires: 2026-12-31 }
              - { id: check.HDR-01, reason: known, owner: me, expires: 2028-02-29, scenario: pre-rollout }
            """
        )
        let waivers = try WaiverFile.parse(text, file: "w.yaml")
        #expect(waivers.map(\.id) == ["cache.p99 <= 2ms", "check.HDR-01"])
        #expect(waivers[0].owner == "dns@example.com" && waivers[0].reason == "new kernel")
        #expect(waivers[0].scenario == nil && waivers[1].scenario == "pre-rollout")
        #expect(!waivers[0].isExpired(on: "2026-12-31") && waivers[0].isExpired(on: "2027-01-01"))
        #expect(try WaiverFile.parse("version: 1\n", file: "w.yaml").isEmpty)
    }

    @Test(
        "what is wrong is told with its place",
        arguments: [
            ("- { id: a, reason: b, owner: c }", "'expires' is missing"),
            ("- { id: a, owner: c, expires: 2026-12-31 }", "'reason' is missing"),
            ("- { id: a, reason: b, expires: 2026-12-31 }", "'owner' is missing"),
            ("- { reason: b, owner: c, expires: 2026-12-31 }", "'id' is missing"),
            ("- { id: a, reason: '  ', owner: c, expires: 2026-12-31 }", "expected text"),
            ("- { id: a, reason: b, owner: c, expires: soon }", "'soon' is no day"),
            ("- { id: a, reason: b, owner: c, expires: 2026-02-29 }", "'2026-02-29' is no day"),
            ("- { id: a, reason: b, owner: c, expires: 2026-13-01 }", "is no day"),
            ("- { id: a, reason: b, owner: c, expires: 26-12-31 }", "is no day"),
            ("- { id: a, reason: b, owner: c, until: 2026-12-31 }", "unknown key 'until'"),
            (
                "- { id: a, reason: b, owner: c, expires: 2026-12-31 }\n- { id: a, reason: b, owner: c, expires: 2026-12-31 }",
                "waived twice"
            ),
            ("  id: a", "expected a list"),
        ]
    )
    func refused(waivers: String, sentence: String) {
        let error = #expect(throws: YAMLDiagnostic.self) { try WaiverFile.parse(Self.file(waivers), file: "w.yaml") }
        #expect(error?.description.hasPrefix("w.yaml:") == true)
        #expect(error?.message.contains(sentence) == true, "\(String(describing: error))")
    }

    @Test("another version, other keys and no YAML are refused")
    func wholeFile() {
        for text in ["version: 2\nwaivers: []", "waivers: []", "version: 1\nwaiver: []", "[1", "- a"] {
            #expect(throws: YAMLDiagnostic.self) { try WaiverFile.parse(text, file: "w.yaml") }
        }
    }

    @Test("an id that nothing bears is refused with a suggestion; one of another scenario is not looked at")
    func unknown() throws {
        let text = Self.file("  - { id: cache.p9, reason: b, owner: c, expires: 2026-12-31, scenario: quick }")
        let waivers = try WaiverFile.parse(text, file: "w.yaml")
        #expect(try WaiverFile.select(waivers, scenario: "pre-rollout", known: Self.known).isEmpty)
        let error = #expect(throws: YAMLDiagnostic.self) {
            try WaiverFile.select(waivers, scenario: "quick", known: Self.known)
        }
        #expect(error?.line == 3 && error?.column == 11)
        #expect(error?.message.contains("'cache.p9'; did you mean 'cache.p99'?") == true)
    }
}
