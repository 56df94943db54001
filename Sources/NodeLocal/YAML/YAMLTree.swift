/// A YAML value that remembers where it stands, so that each complaint can name file, line and column.
package struct YAMLTree: Sendable {
    /// What stands at a place.
    package enum Content: Sendable {
        /// Nothing, `~` or `null`.
        case null
        /// One scalar; `isQuoted` is true for anything but a plain scalar, whose text then is never a number or a Boolean.
        case scalar(String, isQuoted: Bool)
        /// A sequence.
        case list([YAMLTree])
        /// A mapping with text keys, in the order of the file, each key once.
        case map([YAMLEntry])
    }

    /// The file as the user named it.
    package let file: String
    /// Line of the value's first character, from 1; of the indicator for a block scalar.
    package let line: Int
    /// Column in Unicode scalars, from 1.
    package let column: Int
    /// The value.
    package let content: Content
    /// Columns in front of each line of a literal block scalar (`|`), whose lines are lines of the file; nil for any
    /// other value.
    package var blockIndentation: Int?

    /// A complaint about this place.
    package func diagnostic(_ message: String) -> YAMLDiagnostic {
        YAMLDiagnostic(file: file, line: line, column: column, message: message)
    }

    /// True for nothing, `~` and `null`.
    package var isNull: Bool {
        if case .null = content { return true }
        return false
    }

    /// True for a mapping.
    package var isMap: Bool {
        if case .map = content { return true }
        return false
    }

    /// True for a sequence.
    package var isList: Bool {
        if case .list = content { return true }
        return false
    }

    /// What this is, in the words of a diagnostic.
    package var kindDescription: String {
        switch content {
        case .null: "nothing"
        case .scalar(let text, _): "'\(text.prefix(40))'"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}

/// A key and its value in a YAML mapping.
package struct YAMLEntry: Sendable {
    /// The key's text.
    package let key: String
    /// Line of the key, from 1.
    package let keyLine: Int
    /// Column of the key, from 1.
    package let keyColumn: Int
    /// The value.
    package let value: YAMLTree

    /// A complaint about the key.
    package func diagnostic(_ message: String) -> YAMLDiagnostic {
        YAMLDiagnostic(file: value.file, line: keyLine, column: keyColumn, message: message)
    }
}
