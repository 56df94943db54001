import NodeLocal
import Testing

@testable import Conformance

#if canImport(FoundationEssentials)
import FoundationEssentials
#endif

@Suite("The guide to writing checks")
struct GuideTests {
    private static let guide: String = {
        let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return (try? String(contentsOfFile: "/\(path)/docs/writing-a-check.md", encoding: .utf8)) ?? ""
    }()

    @Test("Its example is a clean check")
    func example() throws {
        let block = try #require(
            Self.guide.split(separator: "```yaml\n").dropFirst().first?.split(separator: "```").first
        )
        let checks = try CheckFileReader.read("section: CCH\nchecks:\n" + block, file: "guide.yaml")
        #expect(checks.map(\.id) == ["CCH-03"])
        #expect(CheckLinter.lint(checks, knownDefects: ["serves-expired", "no-cache"]).map(\.description) == [])
    }

    @Test("It names every function, shape and built-in name of the language")
    func isComplete() {
        let functions = CheckEnvironment.signatures.keys.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
        let words =
            functions + Predicate.Shape.allCases.map(\.rawValue) + Predicate.SetRelation.allCases.map(\.rawValue)
            + CheckContext.builtinNames
        #expect(words.filter { !Self.guide.contains($0) } == [])
    }
}
