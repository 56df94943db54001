/// Builds one inline SVG; every text and attribute is escaped here and nowhere else.
struct SVG {
    private var body = ""
    private let width: Double
    private let height: Double
    private let title: String
    private let summary: String
    private let style: String

    /// - Parameters:
    ///   - width: Width of the drawing in its own units, which are pixels at full size.
    ///   - height: Height in the same units.
    ///   - title: What the chart is, for readers that cannot see it.
    ///   - summary: What it shows, in a sentence.
    ///   - style: A class for the style sheet.
    init(width: Double, height: Double, title: String, summary: String, style: String) {
        self.width = width
        self.height = height
        self.title = title
        self.summary = summary
        self.style = style
    }

    mutating func line(_ from: Point, _ to: Point, _ style: String) {
        body +=
            "<line class=\"\(style)\" x1=\"\(from.xText)\" y1=\"\(from.yText)\" x2=\"\(to.xText)\" y2=\"\(to.yText)\"/>"
    }

    mutating func path(_ points: [Point], _ style: String, tip: String? = nil) {
        guard points.count > 1 else { return }
        let commands = points.enumerated().map {
            ($0.offset == 0 ? "M" : "L") + "\($0.element.xText) \($0.element.yText)"
        }
        let hover = tip.map { "<title>\(DisplayText.escapeMarkup($0))</title>" } ?? ""
        body += "<path class=\"\(style)\" d=\"\(commands.joined())\">\(hover)</path>"
    }

    mutating func circle(_ center: Point, radius: Double, _ style: String, tip: String) {
        body +=
            "<circle class=\"\(style)\" cx=\"\(center.xText)\" cy=\"\(center.yText)\" r=\"\(Point.number(radius))\">"
            + "<title>\(DisplayText.escapeMarkup(tip))</title></circle>"
    }

    mutating func rectangle(_ corner: Point, _ width: Double, _ height: Double, _ style: String, tip: String? = nil) {
        let hover = tip.map { "<title>\(DisplayText.escapeMarkup($0))</title>" } ?? ""
        body +=
            "<rect class=\"\(style)\" x=\"\(corner.xText)\" y=\"\(corner.yText)\" width=\"\(Point.number(max(0, width)))\""
            + " height=\"\(Point.number(max(0, height)))\">\(hover)</rect>"
    }

    /// Many rectangles of one look as one element, which keeps a page with thousands of them small.
    mutating func rectangles(_ all: [(corner: Point, width: Double, height: Double)], _ style: String, tip: String) {
        guard !all.isEmpty else { return }
        let commands = all.map { item in
            let width = Point.number(item.width)
            return "M\(item.corner.xText) \(item.corner.yText)h\(width)v\(Point.number(item.height))h-\(width)z"
        }
        body +=
            "<path class=\"\(style)\" d=\"\(commands.joined())\"><title>\(DisplayText.escapeMarkup(tip))</title></path>"
    }

    /// Where a text is anchored.
    enum Anchor: String {
        case start, middle, end
    }

    mutating func text(_ text: String, at place: Point, _ anchor: Anchor = .start, _ style: String = "label") {
        body +=
            "<text class=\"\(style)\" x=\"\(place.xText)\" y=\"\(place.yText)\" text-anchor=\"\(anchor.rawValue)\">"
            + "\(DisplayText.escapeMarkup(text))</text>"
    }

    /// The element, with its text alternative.
    var element: String {
        "<svg class=\"chart \(style)\" viewBox=\"0 0 \(Point.number(width)) \(Point.number(height))\" role=\"img\""
            + " aria-label=\"\(DisplayText.escapeMarkup(title + ". " + summary))\">"
            + "<title>\(DisplayText.escapeMarkup(title))</title><desc>\(DisplayText.escapeMarkup(summary))</desc>"
            + body + "</svg>"
    }
}

/// A place in a drawing.
struct Point: Equatable {
    var x: Double
    var y: Double

    init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }

    var xText: String { Self.number(x) }
    var yText: String { Self.number(y) }

    /// One digit after the dot is a tenth of a pixel.
    static func number(_ number: Double) -> String {
        guard number.isFinite else { return "0" }
        let text = Quantity.fixed(number, 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
