/// The rectangle that a chart draws in, wide for screens or narrow for phones.
struct ChartFrame {
    /// Which screen it is for; both are in the page, and the style sheet shows one.
    enum Size: CaseIterable {
        case wide, narrow

        var style: String { self == .wide ? "wide" : "narrow" }
    }

    let size: Size
    let height: Double
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    init(
        _ size: Size,
        height: Double? = nil,
        left: Double? = nil,
        right: Double = 16,
        top: Double = 28,
        bottom: Double = 46
    ) {
        self.size = size
        self.height = height ?? (size == .wide ? 360 : 300)
        self.left = left ?? (size == .wide ? 66 : 52)
        self.right = right
        self.top = top
        self.bottom = bottom
    }

    var width: Double { size == .wide ? 860 : 360 }
    var plotLeft: Double { left }
    var plotRight: Double { width - right }
    var plotTop: Double { top }
    var plotBottom: Double { height - bottom }
    var plotWidth: Double { plotRight - plotLeft }

    /// Draws the horizontal grid lines of `scale` with their labels, and the axis title above them.
    func verticalAxis(_ scale: ChartScale, title: String, in svg: inout SVG, label: (Double) -> String) {
        svg.text(title, at: Point(4, plotTop - 12), .start, "axis")
        for tick in scale.ticks() {
            let place = scale.place(tick.value)
            svg.line(Point(plotLeft, place), Point(plotRight, place), tick.isMajor ? "grid" : "grid faint")
            svg.text(label(tick.value), at: Point(plotLeft - 7, place + 4), .end)
        }
    }

    /// Draws vertical grid lines at given values with their labels, and the axis title below them.
    func horizontalAxis(_ scale: ChartScale, at values: [(Double, String)], title: String, in svg: inout SVG) {
        svg.line(Point(plotLeft, plotBottom), Point(plotRight, plotBottom), "rim")
        var last = -1e9
        for (value, label) in values {
            let place = scale.place(value)
            svg.line(Point(place, plotTop), Point(place, plotBottom), "grid faint")
            // A label that would touch the one before it is left out; its grid line stays.
            let half = Double(label.count) * 3.6
            guard place - half > last + 4 else { continue }
            last = place + half
            let anchor: SVG.Anchor = place + half > width ? .end : .middle
            svg.text(label, at: Point(anchor == .end ? width : place, plotBottom + 17), anchor)
        }
        svg.text(title, at: Point((plotLeft + plotRight) / 2, height - 8), .middle, "axis")
    }

    /// The corner of a chart where no curve is.
    enum Corner {
        case upperLeft, upperRight, lowerRight
    }

    /// Names the curves in a corner.
    func legend(_ entries: [(name: String, style: Int)], _ corner: Corner = .upperLeft, in svg: inout SVG) {
        let most = size == .wide ? 44 : 24
        let names = entries.prefix(6).map { DisplayText.clean($0.name, limit: most) }
        let widest = Double(names.map(\.count).max() ?? 0) * 7
        let left = corner == .upperLeft ? plotLeft + 12 : max(plotLeft + 12, plotRight - 56 - widest)
        let top = corner == .lowerRight ? plotBottom - 8 - 18 * Double(names.count) : plotTop
        for (row, name) in names.enumerated() {
            let y = top + 14 + 18 * Double(row)
            svg.line(Point(left, y - 4), Point(left + 32, y - 4), "curve s\(entries[row].style)")
            svg.text(name, at: Point(left + 38, y), .start, "key")
        }
    }
}
