/// The way from a line of a text inside a manifest to the place in the file.
///
/// A block scalar (`|`) has one line of the file for each of its own. In a quoted scalar, and so in JSON, all lines stand
/// on the line of the value.
package struct EmbeddedText: Sendable, Hashable {
    private let start: SourcePlace
    private let isBlock: Bool
    /// Columns that the file has before the text's first one.
    private let indentation: Int

    /// A text that is a file of its own.
    package init(file: String) {
        start = SourcePlace(file: file, line: 1, column: 1)
        isBlock = true
        indentation = 0
    }

    /// The text of a scalar.
    package init(_ tree: YAMLTree) {
        isBlock = tree.blockIndentation != nil
        indentation = tree.blockIndentation ?? 0
        start =
            isBlock ? SourcePlace(file: tree.file, line: tree.line + 1, column: indentation + 1) : tree.place
    }

    /// Where a place of the text stands in the file.
    package func place(line: Int, column: Int = 1) -> SourcePlace {
        guard isBlock else { return start }
        return SourcePlace(file: start.file, line: start.line + line - 1, column: column + indentation)
    }

    /// What a sentence needs to add so that the place is found: the line of the text where the file has but one.
    package func note(line: Int) -> String { isBlock ? "" : " (line \(line) of the text here)" }
}
