package import NodeLocal

/// A set of checks.
package struct CheckCatalogue: Sendable {
    /// In the order of the files.
    package let checks: [CheckDefinition]

    package init(checks: [CheckDefinition]) {
        self.checks = checks
    }

    /// Reads one file a section; `files` are names for diagnostics with the files' texts.
    package init(files: [(name: String, text: String)]) throws(YAMLDiagnostic) {
        var checks: [CheckDefinition] = []
        for file in files { checks += try CheckFileReader.read(file.text, file: file.name) }
        self.checks = checks
    }

    /// The sections in the order of the files.
    package var sections: [String] {
        var seen: Set<String> = []
        return checks.map(\.section).filter { seen.insert($0).inserted }
    }

    /// The check with an id, any letter case.
    package subscript(id: String) -> CheckDefinition? {
        checks.first { $0.id == id.uppercased() }
    }

    /// The selected checks in the order of the catalogue.
    package func select(_ selection: CheckSelection) throws(CheckSelectionError) -> [CheckDefinition] {
        if selection.sections.isEmpty, selection.ids.isEmpty { return checks }
        let sections = Set(selection.sections.map { $0.uppercased() })
        let ids = Set(selection.ids.map { $0.uppercased() })
        for section in selection.sections where !self.sections.contains(section.uppercased()) {
            throw .unknownSection(section, known: self.sections)
        }
        for id in selection.ids where self[id] == nil {
            throw .unknownID(id, suggestion: Suggestion.closest(to: id.uppercased(), among: checks.map(\.id)))
        }
        return checks.filter { sections.contains($0.section) || ids.contains($0.id) }
    }
}
