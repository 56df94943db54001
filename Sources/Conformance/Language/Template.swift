/// A variable in a template that cannot be filled.
package enum TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No variable, fact or built-in has the name.
    case noSuchName(String)
    /// The name is a fact that this context does not know; the reason says which.
    case unknown(String)
    /// The braces or the filter are not understood.
    case malformed(String)

    package var description: String {
        switch self {
        case .noSuchName(let name): "there is no variable '\(name)'"
        case .unknown(let reason): reason
        case .malformed(let text): "'{{\(text)}}' is not understood"
        }
    }
}

/// Text with `{{name}}`, `{{name|filter}}` and `{{text*count}}` in it.
///
/// Filters are `upper`, `lower`, `mixed` (every other letter in upper case) and `wire` (a name's uncompressed octets in
/// hex).
package enum Template {
    /// Fills a template; `resolve` gives the text of a name.
    package static func fill(
        _ template: String,
        resolve: (String) throws(TemplateError) -> String
    ) throws(TemplateError) -> String {
        var result = ""
        for part in parts(template) {
            switch part {
            case .text(let text): result += text
            case .field(let field): result += try value(of: field, resolve: resolve)
            }
        }
        return result
    }

    /// The names that a template asks for.
    package static func names(in template: String) -> [String] {
        parts(template).compactMap { part in
            guard case .field(let field) = part, repetition(field) == nil else { return nil }
            return String(field.split(separator: "|", maxSplits: 1).first ?? "")
        }
    }

    private enum Part {
        case text(String)
        case field(String)
    }

    private static func parts(_ template: String) -> [Part] {
        var parts: [Part] = []
        var rest = Substring(template)
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { break }
            parts.append(.text(String(rest[..<open.lowerBound])))
            let field = rest[open.upperBound..<close.lowerBound]
            parts.append(.field(String(field.filter { $0 != " " })))
            rest = rest[close.upperBound...]
        }
        return parts + [.text(String(rest))]
    }

    private static func value(
        of field: String,
        resolve: (String) throws(TemplateError) -> String
    ) throws(TemplateError) -> String {
        if let repeated = repetition(field) { return repeated }
        let pieces = field.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard let name = pieces.first, !name.isEmpty else { throw .malformed(field) }
        var value = try resolve(name)
        for filter in pieces.dropFirst() {
            guard let filtered = apply(filter, to: value) else { throw .malformed(field) }
            value = filtered
        }
        return value
    }

    private static func repetition(_ field: String) -> String? {
        guard let star = field.lastIndex(of: "*"), let count = Int(field[field.index(after: star)...]),
            (0...4096).contains(count)
        else { return nil }
        return String(repeating: String(field[..<star]), count: count)
    }

    private static func apply(_ filter: String, to value: String) -> String? {
        switch filter {
        case "upper": return value.uppercased()
        case "lower": return value.lowercased()
        case "mixed":
            var isUpper = false
            return String(
                value.map { character in
                    guard character.isLetter else { return character }
                    isUpper.toggle()
                    return Character(isUpper ? character.uppercased() : character.lowercased())
                }
            )
        case "wire": return WireText.hex(ofName: value)
        default: return nil
        }
    }
}
