import Results

/// Lines of a terminal page: wrapping, colours and signs in one place.
struct TerminalPage {
    /// A sign that says how something stands; its word or place says the same.
    enum Sign {
        case good, bad, open, known
    }

    /// How a piece of text is painted.
    enum Paint {
        case strong
        case faint
        case verdict(RunVerdict)
        case sign(Sign)
    }

    let color: Bool
    let width: Int
    let unicode: Bool
    private(set) var text = ""

    init(color: Bool, width: Int, unicode: Bool) {
        self.color = color
        self.width = width
        self.unicode = unicode
    }

    /// The page as it is printed: in ASCII where nothing else can be shown, and without a line that a CI runner obeys.
    var shown: String {
        let safe = DisplayText.withoutCommands(text)
        return unicode ? safe : DisplayText.ascii(safe)
    }

    /// Signs of a small chart.
    var chartCells: Int { min(60, max(10, width - 46)) }

    mutating func line(_ line: String) {
        text += line + "\n"
    }

    mutating func heading(_ heading: String) {
        text += "\n"
        for line in wrapped(heading, to: width) { text += paint(line, .strong) + "\n" }
    }

    /// Wraps `text`; lines after the first stand under the first one's text.
    mutating func paragraph(_ text: String, indent: Int, bullet: String? = nil) {
        let hang = bullet == nil ? indent : indent + 2
        for (number, line) in wrapped(text, to: width - hang).enumerated() {
            let start = number == 0 ? bullet.map { spaces(indent) + $0 + " " } ?? spaces(indent) : spaces(hang)
            self.text += start + line + "\n"
        }
    }

    /// A named detail below an entry; an empty one takes no line.
    mutating func field(_ name: String, _ value: String) {
        guard !value.isEmpty else { return }
        let label = name + spaces(10 - name.count)
        for (number, line) in wrapped(value, to: width - 16).enumerated() {
            text += spaces(6) + (number == 0 ? paint(label, .faint) : spaces(10)) + line + "\n"
        }
    }

    mutating func table(_ table: TextTable, header: Bool) {
        for (number, line) in table.lines(ascii: !unicode).enumerated() {
            let shown = "  " + line
            text += (header && number == 0 ? paint(shown, .faint) : shown) + "\n"
        }
    }

    /// A bar of `cells` at most; empty without cells.
    func bar(_ share: Double, cells: Int) -> String {
        guard cells > 0, share.isFinite, share > 0 else { return "" }
        guard unicode else { return String(repeating: "#", count: max(1, Int((share * Double(cells)).rounded()))) }
        let eighths = max(1, Int((min(share, 1) * Double(cells * 8)).rounded()))
        let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        return String(repeating: "█", count: eighths / 8) + partial
    }

    func sign(_ sign: Sign) -> String {
        let mark =
            switch sign {
            case .good: unicode ? "✓" : "+"
            case .bad: unicode ? "✗" : "x"
            case .open: "?"
            case .known: unicode ? "≈" : "~"
            }
        return paint(mark, .sign(sign))
    }

    func paint(_ text: String, _ paint: Paint) -> String {
        guard color else { return text }
        let code =
            switch paint {
            case .strong: "1"
            case .faint: "2"
            case .verdict(.pass): "1;30;42"
            case .verdict(.fail): "1;97;41"
            case .verdict(.inconclusive): "1;30;43"
            case .sign(.good): "32"
            case .sign(.bad): "31"
            case .sign(.open): "33"
            case .sign(.known): "36"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private func spaces(_ count: Int) -> String {
        String(repeating: " ", count: max(0, count))
    }

    private func wrapped(_ text: String, to columns: Int) -> [String] {
        let columns = max(columns, 16)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            var rest = String(word)
            if !line.isEmpty, line.count + 1 + rest.count > columns {
                lines.append(line)
                line = ""
            }
            while rest.count > columns {
                lines.append(String(rest.prefix(columns)))
                rest.removeFirst(columns)
            }
            line = line.isEmpty ? rest : line + " " + rest
        }
        return lines + [line]
    }
}
