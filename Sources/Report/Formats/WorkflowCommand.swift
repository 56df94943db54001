/// One annotation as GitHub's runner reads it on standard output.
///
/// Source: docs.github.com "Workflow commands for GitHub Actions", actions/runner `ActionCommand.cs` (escapes).
package struct WorkflowCommand: Sendable {
    /// A place that the annotation is about.
    package struct Place: Sendable {
        let file: String
        let line: Int
        let column: Int

        package init(file: String, line: Int, column: Int) {
            self.file = file
            self.line = line
            self.column = column
        }
    }

    /// Longer messages are cut in the list of annotations.
    private static let maximumScalars = 300

    private let kind: String
    private let title: String
    private let lines: [String]
    private let place: Place?

    /// - Parameter kind: `error`, `warning` or `notice`.
    package init(kind: String, title: String, lines: [String], place: Place? = nil) {
        self.kind = kind
        self.title = title
        self.lines = lines
        self.place = place
    }

    /// The command, one line without its end.
    package var text: String {
        let title = Self.escapedProperty(DisplayText.clean(title, limit: 120))
        let message = lines.map { DisplayText.clean($0, limit: Self.maximumScalars) }.joined(separator: "\n")
        var properties = "title=\(title)"
        if let place {
            let file = Self.escapedProperty(DisplayText.clean(place.file))
            properties = "file=\(file),line=\(place.line),col=\(place.column),\(properties)"
        }
        return "::\(kind) \(properties)::\(Self.escapedData(message))"
    }

    private static func escapedData(_ text: String) -> String {
        escape(text, [("%", "%25"), ("\r", "%0D"), ("\n", "%0A")])
    }

    private static func escapedProperty(_ text: String) -> String {
        escape(text, [("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")])
    }

    /// By scalars: a character with a mark on it is no longer equal to the one that must not stay.
    private static func escape(_ text: String, _ table: [(Unicode.Scalar, String)]) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let entry = table.first(where: { $0.0 == scalar }) {
                escaped.append(contentsOf: entry.1.unicodeScalars)
            } else {
                escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
