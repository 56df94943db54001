/// A YAML mapping whose keys were checked, with access by key.
package struct YAMLMap: Sendable {
    /// The mapping itself, for its place.
    package let tree: YAMLTree
    /// Its entries in the order of the file.
    package let entries: [YAMLEntry]

    /// A mapping with no entry, for a place where nothing may stand for one.
    package static func empty(at tree: YAMLTree) -> YAMLMap { YAMLMap(tree: tree, entries: []) }

    /// The value of a key, or nil when the key is absent or its value is null.
    package subscript(key: String) -> YAMLTree? {
        guard let entry = entries.first(where: { $0.key == key }), !entry.value.isNull else { return nil }
        return entry.value
    }

    /// The value of a key that must be there.
    package func required(_ key: String) throws(YAMLDiagnostic) -> YAMLTree {
        if let value = self[key] { return value }
        if let entry = entries.first(where: { $0.key == key }) {
            throw entry.diagnostic("'\(key)' has no value")
        }
        throw tree.diagnostic("'\(key)' is missing here")
    }

    /// The text of a key, or nil without the key.
    package func string(_ key: String) throws(YAMLDiagnostic) -> String? {
        guard let value = self[key] else { return nil }
        return try value.string()
    }

    /// The whole number of a key, or nil without the key.
    package func integer(
        _ key: String,
        in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(YAMLDiagnostic) -> Int? {
        guard let value = self[key] else { return nil }
        return try value.integer(in: range)
    }

    /// The Boolean of a key, or nil without the key.
    package func boolean(_ key: String) throws(YAMLDiagnostic) -> Bool? {
        guard let value = self[key] else { return nil }
        return try value.boolean()
    }

    /// The texts of a key, empty without the key; a single scalar counts as one text.
    package func strings(_ key: String) throws(YAMLDiagnostic) -> [String] {
        guard let value = self[key] else { return [] }
        return try value.strings()
    }
}
