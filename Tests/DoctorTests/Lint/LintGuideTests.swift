import Foundation
import Testing

@testable import Doctor

@Suite("The guide to linting") struct LintGuideTests {
    /// The table of the guide, as the registry has it.
    private static var table: String {
        let rows = Lint.rules.map { "| `\($0.id)` | \($0.severity.rawValue) | \($0.title) |\n" }
        return "| Rule | Severity | What is wrong |\n| --- | --- | --- |\n" + rows.joined()
    }

    @Test("docs/linting.md lists the rules as they are")
    func listed() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let guide = try String(contentsOf: root.appendingPathComponent("docs/linting.md"), encoding: .utf8)
        #expect(guide.hasSuffix("## Rules\n\n" + Self.table), "write this table:\n\(Self.table)")
    }
}
