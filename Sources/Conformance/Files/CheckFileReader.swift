package import NodeLocal

/// Reads the checks of one section's file.
package struct CheckFileReader {
    private static let fileKeys = ["section", "title", "checks"]
    private static let checkKeys = [
        "id", "title", "severity", "tier", "refs", "requirement", "remediation", "needs", "exclusive", "last",
        "deadline",
        "vars", "steps", "expect", "profiles", "mutants",
    ]

    /// Reads a file's text; `file` is its name in diagnostics.
    package static func read(_ text: String, file: String) throws(YAMLDiagnostic) -> [CheckDefinition] {
        let map = try YAMLTree.parse(text, file: file).map("a check file", keys: fileKeys)
        let section = try map.required("section").nonEmptyString()
        var checks: [CheckDefinition] = []
        for tree in try map.required("checks").list() { checks.append(try check(tree, section: section)) }
        return checks
    }

    private static func check(_ tree: YAMLTree, section: String) throws(YAMLDiagnostic) -> CheckDefinition {
        let map = try tree.map("a check", keys: checkKeys)
        let tier = try map.required("tier").integer(in: 0...3)
        return CheckDefinition(
            id: try map.required("id").nonEmptyString(),
            section: section,
            title: try map.required("title").nonEmptyString(),
            severity: try map.required("severity").choice(of: CheckSeverity.self),
            tier: CheckTier(rawValue: tier) ?? .lab,
            references: try references(map["refs"]),
            requirement: try prose(map.required("requirement")),
            remediation: try prose(map.required("remediation")),
            needs: try needs(map["needs"]),
            isExclusive: try map.boolean("exclusive") ?? false,
            isLast: try map.boolean("last") ?? false,
            deadlineNanoseconds: try map.duration("deadline") ?? 20_000_000_000,
            variables: try variables(map["vars"]),
            steps: try StepReader.steps(map.required("steps")),
            assertions: try assertions(map.required("expect")),
            profiles: try profiles(map["profiles"]),
            mutants: try mutants(map["mutants"]),
            file: tree.file,
            line: tree.line
        )
    }

    private static func prose(_ tree: YAMLTree) throws(YAMLDiagnostic) -> String {
        try tree.nonEmptyString().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func needs(_ tree: YAMLTree?) throws(YAMLDiagnostic) -> Set<CheckNeed> {
        guard let tree else { return [] }
        var needs: Set<CheckNeed> = []
        for item in try tree.list() { needs.insert(try item.choice(of: CheckNeed.self)) }
        return needs
    }

    private static func references(_ tree: YAMLTree?) throws(YAMLDiagnostic) -> [CheckReference] {
        guard let tree else { return [] }
        var references: [CheckReference] = []
        for item in try tree.list() {
            let map = try item.map("a reference", keys: ["rfc", "source", "section", "level"])
            let rfc = try map.integer("rfc", in: 1...99999)
            let name = try map.string("source")
            guard (rfc == nil) != (name == nil) else {
                throw item.diagnostic("a reference has either 'rfc' or 'source'")
            }
            references.append(
                CheckReference(
                    source: name ?? "RFC \(rfc ?? 0)",
                    section: try map.string("section"),
                    level: try map["level"]?.choice(of: CheckReference.Level.self)
                )
            )
        }
        return references
    }

    private static func variables(_ tree: YAMLTree?) throws(YAMLDiagnostic) -> [CheckVariable] {
        guard let tree else { return [] }
        var variables: [CheckVariable] = []
        for entry in try tree.map().entries {
            variables.append(CheckVariable(name: entry.key, template: try entry.value.string()))
        }
        return variables
    }

    // MARK: Expectations

    private static func assertions(_ tree: YAMLTree) throws(YAMLDiagnostic) -> [CheckAssertion] {
        var assertions: [CheckAssertion] = []
        for item in try tree.list() {
            let map = try item.map("an assertion", keys: ["tag", "assert", "anyOf", "when", "guard", "timing", "says"])
            var alternatives: [[Statement]] = []
            if let statement = map["assert"] { alternatives.append(try statement.statements()) }
            if let choices = map["anyOf"] {
                guard alternatives.isEmpty else {
                    throw item.diagnostic("an assertion has either 'assert' or 'anyOf'")
                }
                for choice in try choices.list() { alternatives.append(try choice.statements()) }
            }
            guard !alternatives.isEmpty else { throw item.diagnostic("'assert' is missing here") }
            assertions.append(
                CheckAssertion(
                    tag: try map.string("tag") ?? "",
                    alternatives: alternatives,
                    condition: try map["when"]?.statement(),
                    isGuard: try map.boolean("guard") ?? false,
                    isTiming: try map.boolean("timing") ?? false,
                    sentence: try map.string("says"),
                    line: item.line
                )
            )
        }
        return assertions
    }

    private static func profiles(_ tree: YAMLTree?) throws(YAMLDiagnostic) -> [ProfileDeviation] {
        guard let tree else { return [] }
        var profiles: [ProfileDeviation] = []
        for entry in try tree.map().entries {
            guard let condition = VersionCondition(entry.key) else {
                throw entry.diagnostic("'\(entry.key)' is no version condition such as 'coredns >=1.10 <1.14.7'")
            }
            let map = try entry.value.map("a profile", keys: ["known", "tolerated", "source"])
            profiles.append(
                ProfileDeviation(
                    condition: condition,
                    known: try map.strings("known"),
                    tolerated: try map.strings("tolerated"),
                    source: try map.string("source") ?? ""
                )
            )
        }
        return profiles
    }

    private static func mutants(_ tree: YAMLTree?) throws(YAMLDiagnostic) -> [CheckMutant] {
        guard let tree else { return [] }
        var mutants: [CheckMutant] = []
        for item in try tree.list() {
            let map = try item.map("a mutant", keys: ["defect", "must", "forbid"])
            mutants.append(
                CheckMutant(
                    defect: try map.required("defect").nonEmptyString(),
                    must: try map.strings("must"),
                    forbid: try map.strings("forbid"),
                    line: item.line
                )
            )
        }
        return mutants
    }
}
