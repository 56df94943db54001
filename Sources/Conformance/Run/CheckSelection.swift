/// Which checks to run.
package struct CheckSelection: Sendable, Hashable {
    /// Sections such as `HDR`; letter case does not matter.
    package var sections: [String]
    /// Ids such as `HDR-01`; letter case does not matter.
    package var ids: [String]

    /// Selects the union of sections and ids; nothing named selects every check.
    package init(sections: [String] = [], ids: [String] = []) {
        self.sections = sections
        self.ids = ids
    }
}

/// A selection that names what does not exist.
package enum CheckSelectionError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownSection(String, known: [String])
    case unknownID(String, suggestion: String?)

    package var description: String {
        switch self {
        case .unknownSection(let section, let known):
            "there is no section '\(section)'; known are \(known.joined(separator: ", "))"
        case .unknownID(let id, let suggestion):
            "there is no check '\(id)'" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
        }
    }
}
