import Doctor
import Harness
import NodeLocal
import Results

/// Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change.
enum LintSARIF {
    /// One run with the rules that found something.
    static func render(_ result: LintResult) throws -> String {
        let used = Set(result.findings.map(\.rule.id))
        let rules = Lint.rules.filter { used.contains($0.id) }
        let numbers = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
        let driver: [String: JSONValue] = [
            "name": .string(BuildInfo.tool.name), "semanticVersion": .string(BuildInfo.version),
            "rules": .array(rules.map(descriptor)),
        ]
        let run: [String: JSONValue] = [
            "tool": .object(["driver": .object(driver)]),
            "columnKind": .string("unicodeCodePoints"),
            "results": .array(result.findings.map { record($0, number: numbers[$0.rule.id] ?? 0) }),
        ]
        let log: [String: JSONValue] = [
            "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"), "version": .string("2.1.0"),
            "runs": .array([.object(run)]),
        ]
        return try JSONValue.object(log).text() + "\n"
    }

    private static func descriptor(_ rule: LintRule) -> JSONValue {
        .object([
            "id": .string(rule.id), "shortDescription": message(rule.title), "fullDescription": message(rule.reason),
            "help": message("\(rule.remedy)\n\nSource: \(rule.source)"),
            "defaultConfiguration": .object(["level": .string(rule.severity.rawValue)]),
        ])
    }

    private static func record(_ finding: LintFinding, number: Int) -> JSONValue {
        let region: [String: JSONValue] = [
            "startLine": .integer(Int64(finding.place.line)), "startColumn": .integer(Int64(finding.place.column)),
        ]
        let location: [String: JSONValue] = [
            "artifactLocation": .object(["uri": .string(uri(finding.place.file))]), "region": .object(region),
        ]
        return .object([
            "ruleId": .string(finding.rule.id), "ruleIndex": .integer(Int64(number)),
            "level": .string(finding.severity.rawValue),
            "message": message("\(finding.message). \(finding.rule.remedy)"),
            "locations": .array([.object(["physicalLocation": .object(location)])]),
        ])
    }

    private static func message(_ text: String) -> JSONValue { .object(["text": .string(text)]) }

    /// A relative reference, or a file URI for an absolute path (RFC 3986).
    private static func uri(_ path: String) -> String {
        var text = path.hasPrefix("/") ? "file://" : ""
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
        for octet in path.utf8 {
            if plain.contains(octet) {
                text.unicodeScalars.append(Unicode.Scalar(octet))
            } else {
                let digits = String(octet, radix: 16, uppercase: true)
                text += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return text
    }
}
