@testable import Doctor

/// An edit of the good installation, and exactly the rules that must find it.
struct LintMutation: Sendable, CustomStringConvertible {
    /// What is done.
    let description: String
    /// The rules, sorted.
    let expected: [String]
    /// The severity of the first rule's findings, when it is not its usual one.
    var severity: LintSeverity?
    /// Texts of the manifest and what takes their place.
    var edits: [(old: String, new: String)] = []
    /// What is written behind the manifest.
    var appended = ""
    /// Other files that are given with it.
    var others: [String] = []
    /// What --proxy-mode says.
    var mode: ProxyMode?

    init(
        _ description: String,
        _ expected: [String],
        _ edits: [(old: String, new: String)] = [],
        severity: LintSeverity? = nil,
        appended: String = "",
        others: [String] = [],
        mode: ProxyMode? = nil
    ) {
        self.description = description
        self.expected = expected.sorted()
        self.severity = severity
        self.edits = edits
        self.appended = appended
        self.others = others
        self.mode = mode
    }

    /// The manifest with the edits, or nil when one of them finds nothing to change.
    var manifest: String? {
        var text = GoodManifest.text
        for (old, new) in edits {
            guard text.contains(old) else { return nil }
            text = text.replacing(old, with: new)
        }
        return text + appended
    }
}
