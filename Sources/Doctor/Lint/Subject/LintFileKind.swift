internal import NodeLocal

/// Finds out what a file is from its lines.
enum LintFileKind {
    /// The kind of a text, or nil when it is none that is known.
    static func guess(_ text: String) -> LintFile.Kind? {
        var opensBlock = false
        var first: Character?
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
            guard let start = words.first, start != "#" else { continue }
            if first == nil { first = start }
            if isManifestLine(words) { return .manifest }
            let code = words.prefix { $0 != "#" }
            if start != "{", code.last(where: { !$0.isWhitespace }) == "{", !code.contains("{{") { opensBlock = true }
        }
        guard let first else { return nil }
        let flags = ["--cluster-dns", "--cluster-domain", "--resolv-conf"]
        if first != "{", flags.contains(where: text.contains) { return .kubelet }
        if first == "{" || first == "[" { return .manifest }
        if opensBlock { return .corefile }
        return text.contains("{{") ? .manifest : nil
    }

    private static func isManifestLine(_ line: Substring) -> Bool {
        let plain = line.drop { $0 == "\"" || $0 == "'" || $0 == "-" || $0 == " " }
        for key in ["apiVersion", "kind"] where plain.hasPrefix(key) {
            let rest = plain.dropFirst(key.count).drop { $0 == "\"" || $0 == "'" || $0 == " " }
            if rest.first == ":" { return true }
        }
        return false
    }
}
