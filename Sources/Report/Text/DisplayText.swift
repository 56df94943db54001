/// Text from outside (DNS names, file names, answers), made safe to show: one line, no control, no bidirectional tricks.
///
/// It does not escape for any one format; every renderer does that besides.
package enum DisplayText {
    /// Longer texts are cut, so that one hostile name cannot fill the page.
    package static let maximumScalars = 600

    /// `text` with what could move a cursor, hide or reorder text, or swallow an escape replaced by visible signs.
    package static func clean(_ text: String, limit: Int = maximumScalars) -> String {
        var cleaned = String.UnicodeScalarView()
        var count = 0
        var previousIsMarkup = false
        for scalar in text.unicodeScalars {
            guard count < limit else {
                cleaned.append("…")
                break
            }
            count += 1
            // A combining mark would merge with the sign before it, and an escaper that walks over characters
            // would no longer see that sign.
            if previousIsMarkup, scalar.properties.isGraphemeExtend || scalar == "\u{200D}" {
                cleaned.append("\u{FFFD}")
            } else {
                cleaned.append(visible(scalar))
            }
            previousIsMarkup = markup.contains(scalar)
        }
        return String(cleaned)
    }

    private static let markup: Set<Unicode.Scalar> = ["<", ">", "&", "\"", "'", "`", "|", "\\", "[", "]", "*", "_"]

    private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: " "
        case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        case 0x80...0x9F, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
            0xE0000...0xE0FFF, 0xFFFE, 0xFFFF:
            "\u{FFFD}"
        default: scalar
        }
    }

    /// Escapes for HTML and XML, text and quoted attributes alike.
    static func escapeMarkup(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// `text` with every sign beyond ASCII replaced by what says the same, or by a question mark.
    static func ascii(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 > 0x7E }) else { return text }
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                plain.append(scalar)
            } else {
                plain.append(contentsOf: (substitutes[scalar] ?? "?").unicodeScalars)
            }
        }
        return String(plain)
    }

    private static let substitutes: [Unicode.Scalar: String] = [
        "µ": "u", "–": "-", "—": "-", "×": "x", "…": "...", "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≈": "~",
        "±": "+-", "−": "-", "·": "*", "’": "'", "‘": "'", "“": "\"", "”": "\"", "§": "section ", "✓": "+", "✗": "x",
        "█": "#", "░": "-", "▁": "_", "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*",
        "é": "e", "ü": "u", "ö": "o", "ä": "a",
    ]

    /// `text` without a line that GitHub's runner takes for a command, as `::error::` at its start or `##[` anywhere.
    ///
    /// The runner reads what steps print, and names from the wire are printed.
    package static func withoutCommands(_ text: String) -> String {
        guard text.contains("::") || text.contains("##[") else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let line = line.replacing("##[", with: "## [")
            let start = line.firstIndex { $0 != " " } ?? line.endIndex
            guard line[start...].hasPrefix("::"), line[start...].dropFirst(2).first?.isLetter == true else {
                return String(line)
            }
            return line[..<start] + "\\" + line[start...]
        }.joined(separator: "\n")
    }

    /// Text behind as many blanks as make it `width` characters.
    package static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// A number that is not negative with so many decimals, at most 15, rounded down.
    package static func fraction(_ value: Double, digits: Int) -> String {
        let whole = value.rounded(.down)
        var rest = value - whole
        var text = String(Int64(min(max(whole, 0), 9e15)))
        if digits > 0 { text += "." }
        for _ in 0..<digits {
            rest *= 10
            let digit = min(9, max(0, Int(rest)))
            text += String(digit)
            rest -= Double(digit)
        }
        return text
    }
}
