import Foundation
import Testing

@testable import Doctor

@Suite("The guide to the doctor")
struct GuideTests {
    @Test("its table names every finding in the order of the report, with its title and expectation")
    func table() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/doctor.md"), encoding: .utf8)
        let part = try #require(text.components(separatedBy: "## What is looked at").last)
        let rows = part.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        let expected = FindingID.allCases.map { id in
            "| `\(id.rawValue)` | \(id.title) | \(id.expected.replacingOccurrences(of: "|", with: "\\|")) |"
        }
        #expect(rows == expected)
    }
}
