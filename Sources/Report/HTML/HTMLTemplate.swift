import Mustache

/// A mustache template in code; values are escaped unless the template says otherwise with three braces.
struct HTMLTemplate: Sendable {
    private let template: MustacheTemplate?

    /// Parses `text`; a template that does not parse renders nothing, and a test parses them all.
    init(_ text: String) {
        template = try? MustacheTemplate(string: text)
    }

    /// Whether the text was a template.
    var isValid: Bool { template != nil }

    /// Renders the stored properties of `view`.
    func render(_ view: Any) -> String {
        template?.render(view) ?? ""
    }
}

extension String {
    /// The text, or nil when it is empty: only nil closes a section of a template.
    var nonEmpty: String? { isEmpty ? nil : self }
}

/// A part of the page: its anchor, its name in the navigation and its markup.
struct HTMLSection {
    let anchor: String
    let title: String
    let markup: String
}

/// A chart in both sizes with the table that holds its numbers.
struct HTMLChart {
    let wide: String
    let narrow: String

    /// Renders a chart for both screens; nil when there is nothing to draw.
    init?(_ render: (ChartFrame.Size) -> String?) {
        guard let wide = render(.wide), let narrow = render(.narrow) else { return nil }
        self.wide = wide
        self.narrow = narrow
    }
}

/// A word of status with its sign, so that colour says nothing alone.
struct HTMLStatus {
    let word: String
    let sign: String
    let style: String

    init(_ word: String) {
        self.word = word
        switch word {
        case "pass", "proven", "improved", "complete", "met": (sign, style) = ("✓", "good")
        case "fail", "violated", "regressed", "error", "missed": (sign, style) = ("✗", "bad")
        case "fixed": (sign, style) = ("!", "bad")
        case "invalid", "aborted": (sign, style) = ("!", "open")
        case "known", "equivalent": (sign, style) = ("≈", "known")
        case "waived", "skip": (sign, style) = ("–", "muted")
        default: (sign, style) = ("?", "open")
        }
    }
}
