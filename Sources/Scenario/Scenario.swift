internal import NodeLocal

/// Finds scenarios by name or path and reads them into plans.
package enum Scenario {
    /// Largest scenario file in bytes.
    private static let maximumBytes = 1 << 20
    static let builtinPrefix = "built-in:"

    /// The scenarios inside the binary, sorted.
    package static let builtinNames = ["pre-rollout", "quick"]

    /// The text of a built-in scenario, or nil for an unknown name.
    package static func builtinText(_ name: String) -> [UInt8]? {
        switch name {
        case "pre-rollout": PackageResources.pre_rollout_yaml
        case "quick": PackageResources.quick_yaml
        default: nil
        }
    }

    /// Reads the scenario of that built-in name or path.
    ///
    /// A word with a `/` or the ending `.yaml` or `.yml` is a path; any other is a built-in name first and then a path.
    package static func load(_ nameOrPath: String) throws(ScenarioError) -> Plan {
        let isPath = nameOrPath.contains("/") || nameOrPath.hasSuffix(".yaml") || nameOrPath.hasSuffix(".yml")
        if !isPath, let text = builtinText(nameOrPath) {
            return try parse(text, file: builtinPrefix + nameOrPath)
        }
        let hint = isPath ? "" : Suggestion.sentence(for: nameOrPath, among: builtinNames)
        let text = try ScenarioFile.read(nameOrPath, maximumBytes: maximumBytes, hint: hint)
        return try parse(text, file: nameOrPath)
    }

    /// Reads a scenario's text; `file` is the name for diagnostics and the start of relative paths.
    package static func parse(_ text: [UInt8], file: String) throws(ScenarioError) -> Plan {
        try PlanReader.plan(in: text, file: file)
    }
}
