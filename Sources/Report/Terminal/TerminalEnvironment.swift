/// What the environment says of the terminal.
package struct TerminalEnvironment {
    /// Whether colours are allowed: not where `NO_COLOR` has a value (no-color.org), nor on a dumb terminal.
    package let allowsColor: Bool
    /// Whether signs beyond ASCII can be shown: not where the locale names another charset than UTF-8.
    ///
    /// Where no locale is set, as in most containers, UTF-8 is taken for granted, as Python does since 3.7 (PEP 540).
    package let allowsUnicode: Bool

    /// `text` as this terminal can show it.
    package func shown(_ text: String) -> String { allowsUnicode ? text : DisplayText.ascii(text) }

    /// Reads the environment; `value` gives a variable's value, or nil when it is not set.
    package init(_ value: (String) -> String?) {
        func text(_ name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }
        let isDumb = text("TERM") == "dumb"
        allowsColor = text("NO_COLOR") == nil && !isDumb
        // The first of these that has a value decides (POSIX, XBD 8.2).
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { text($0) }.first
        let charset = locale.map { $0.lowercased().prefix { $0 != "@" } }
        allowsUnicode = charset.map { $0.hasSuffix("utf-8") || $0.hasSuffix("utf8") } ?? true
    }
}
