import Testing

@testable import Doctor

/// Runs lint on texts.
enum LintRun {
    /// The findings in a manifest and other files.
    static func findings(
        _ text: String,
        kind: LintFile.Kind? = nil,
        others: [String] = [],
        proxyMode: ProxyMode? = nil
    ) throws -> [LintFinding] {
        var files = [try LintFile.read(text, name: "m.yaml", kind: kind)].compactMap(\.self)
        for (index, other) in others.enumerated() {
            files += [try LintFile.read(other, name: "other\(index)", kind: nil)].compactMap(\.self)
        }
        return Lint.findings(in: try LintSubject(files: files, proxyMode: proxyMode))
    }

    /// The ids of findings, each once, sorted.
    static func ids(_ findings: [LintFinding]) -> [String] { Set(findings.map(\.rule.id)).sorted() }

    /// The sentence with which a text is refused, or nil when it is read.
    static func refusal(_ text: String, kind: LintFile.Kind? = nil) -> String? {
        do {
            let files = [try LintFile.read(text, name: "m.yaml", kind: kind)].compactMap(\.self)
            _ = try LintSubject(files: files, proxyMode: nil)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
