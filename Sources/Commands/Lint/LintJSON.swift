import Doctor
import Harness
import NodeLocal
import Results

/// Findings and rules as JSON: `nldns.lint/1`, sorted keys.
enum LintJSON {
    /// The document; docs/linting.md describes it.
    static func render(_ result: LintResult) throws -> String {
        let findings = result.findings.map { finding -> JSONValue in
            .object(
                fields(of: finding.rule).merging([
                    "severity": .string(finding.severity.rawValue), "file": .string(finding.place.file),
                    "line": .integer(Int64(finding.place.line)), "column": .integer(Int64(finding.place.column)),
                    "message": .string(finding.message),
                ]) { $1 }
            )
        }
        let document: [String: JSONValue] = [
            "schema": .string("nldns.lint/1"),
            "tool": .object([
                "name": .string(BuildInfo.tool.name), "version": .string(BuildInfo.tool.version),
                "commit": .string(BuildInfo.tool.commit),
            ]),
            "verdict": .string(result.isFailed ? "fail" : "pass"),
            "proxy_mode": result.proxyMode.map { .string($0.rawValue) } ?? .null,
            "files": .array(
                result.files.map { .object(["name": .string($0.name), "kind": .string($0.kind.rawValue)]) }
            ),
            "counts": .object(
                Dictionary(
                    uniqueKeysWithValues: LintSeverity.allCases.map { ($0.rawValue, .integer(Int64(result.count($0)))) }
                )
            ),
            "findings": .array(findings),
        ]
        return try JSONValue.object(document).text() + "\n"
    }

    /// The rules alone.
    static func rules(_ rules: [LintRule]) throws -> String {
        let records = rules.map { rule -> JSONValue in
            .object(fields(of: rule).merging(["severity": .string(rule.severity.rawValue)]) { $1 })
        }
        return try JSONValue.object(["schema": .string("nldns.lint/1"), "rules": .array(records)]).text() + "\n"
    }

    private static func fields(of rule: LintRule) -> [String: JSONValue] {
        [
            "id": .string(rule.id), "title": .string(rule.title), "reason": .string(rule.reason),
            "remedy": .string(rule.remedy), "source": .string(rule.source),
        ]
    }
}
