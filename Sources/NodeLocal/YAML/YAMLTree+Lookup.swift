/// Access to files whose shape others own: what is not there, or is something else, is nil or empty, never an error.
extension YAMLTree {
    /// Where the value stands.
    package var place: SourcePlace { SourcePlace(file: file, line: line, column: column) }

    /// The value at the end of a path of mapping keys, or nil when a key is absent, null, or leads through no mapping.
    package subscript(path: String...) -> YAMLTree? {
        var tree = self
        for key in path {
            guard let entry = tree.entry(key), !entry.value.isNull else { return nil }
            tree = entry.value
        }
        return tree
    }

    /// The entry of a mapping, or nil.
    package func entry(_ key: String) -> YAMLEntry? { entries.first { $0.key == key } }

    /// The entries of a mapping; empty for anything else.
    package var entries: [YAMLEntry] {
        if case .map(let entries) = content { return entries }
        return []
    }

    /// The items of a sequence; empty for anything else.
    package var items: [YAMLTree] {
        if case .list(let items) = content { return items }
        return []
    }

    /// The text of a scalar, or nil for anything else.
    package var text: String? {
        if case .scalar(let text, _) = content { return text }
        return nil
    }

    /// True for a plain `true`.
    package var isTrue: Bool { (try? boolean()) == true }

    /// True for a plain `false`.
    package var isFalse: Bool { (try? boolean()) == false }

    /// Every scalar of the tree, in the order of the file; keys are none.
    package var scalars: [YAMLTree] {
        switch content {
        case .null: []
        case .scalar: [self]
        case .list(let items): items.flatMap(\.scalars)
        case .map(let entries): entries.flatMap(\.value.scalars)
        }
    }
}

extension YAMLEntry {
    /// Where the key stands.
    package var place: SourcePlace { SourcePlace(file: value.file, line: keyLine, column: keyColumn) }
}
