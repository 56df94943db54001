package import NodeLocal

/// Why there is no plan.
package enum ScenarioError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Neither a file nor a built-in scenario has that name; the hint names one that was perhaps meant.
    case notFound(name: String, hint: String)
    /// The file is there and cannot be read.
    case unreadable(path: String, reason: String)
    /// The file is a scenario with faults, at least one, in the order of the file.
    case invalid([YAMLDiagnostic])

    /// The faults of the file, empty for the other cases.
    package var diagnostics: [YAMLDiagnostic] {
        if case .invalid(let diagnostics) = self { return diagnostics }
        return []
    }

    /// One sentence a line.
    package var description: String {
        switch self {
        case .notFound(let name, let hint): "there is no scenario '\(name)'\(hint)"
        case .unreadable(let path, let reason): "the scenario \(path) cannot be read: \(reason)"
        case .invalid(let diagnostics): diagnostics.map(\.description).joined(separator: "\n")
        }
    }
}
