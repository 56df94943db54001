/// Something that the linter found in a check file.
package struct CheckFinding: Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; the raw values are stable names for tests and waivers.
    package enum Rule: String, Sendable, Hashable, CaseIterable {
        case duplicateID = "duplicate-id"
        case foreignID = "foreign-id"
        case missingReference = "missing-reference"
        case unassertedStep = "unasserted-step"
        case missingTag = "missing-tag"
        case unknownTag = "unknown-tag"
        case deviationWithoutSource = "deviation-without-source"
        case unknownDefect = "unknown-defect"
        case missingMutant = "missing-mutant"
        case unkilledTag = "unkilled-tag"
        case missingGuard = "missing-guard"
        case disturbingCheck = "disturbing-check"
        case unknownName = "unknown-name"
        case unknownPath = "unknown-path"
        case unknownFunction = "unknown-function"
    }

    package let rule: Rule
    package let check: String
    package let file: String
    package let line: Int
    package let message: String

    package var description: String { "\(file):\(line): \(check): \(message) [\(rule.rawValue)]" }
}
