import Glibc

/// The ratio of each pair in run order: drift and outliers show, which an interval hides.
struct PairChart {
    struct Series {
        let name: String
        let style: Int
        /// `ln b − ln a` of each pair.
        let logRatios: [Double]
    }

    let a: String
    let b: String
    let series: [Series]

    func render(_ size: ChartFrame.Size) -> String? {
        let drawn = series.filter { $0.logRatios.count > 1 && $0.logRatios.allSatisfy(\.isFinite) }
        let ratios = drawn.flatMap { $0.logRatios.map(Self.ratio) }
        guard let low = ratios.min(), let high = ratios.max(), let count = drawn.map(\.logRatios.count).max() else {
            return nil
        }
        let frame = ChartFrame(size, height: 240)
        var svg = SVG(
            width: frame.width,
            height: frame.height,
            title: "Ratio of \(b) to \(a), pair by pair",
            summary:
                "From \(Quantity.ratio(low)) to \(Quantity.ratio(high)) over \(count) pairs in the order of the run.",
            style: size.style
        )
        let vertical = ChartScale(
            .logarithmic,
            min(low / 1.1, 0.95)...max(high * 1.1, 1.05),
            from: frame.plotBottom,
            to: frame.plotTop + 8
        )
        let horizontal = ChartScale(
            .linear,
            0.5...(Double(count) + 0.5),
            from: frame.plotLeft,
            to: frame.plotRight
        )
        frame.verticalAxis(vertical, title: "ratio", in: &svg) { "\(Quantity.trimmed(Quantity.significant($0))) ×" }
        let step = count <= 24 ? 1 : count <= 120 ? 5 : max(1, count / 12)
        let marks = stride(from: step, through: count, by: step).map { (Double($0), "\($0)") }
        frame.horizontalAxis(horizontal, at: marks, title: "pair", in: &svg)
        svg.line(
            Point(frame.plotLeft, vertical.place(1)),
            Point(frame.plotRight, vertical.place(1)),
            "one"
        )
        for item in drawn {
            guard item.logRatios.count <= Self.maximumDots else {
                bars(item, horizontal, vertical, &svg)
                continue
            }
            for (index, value) in item.logRatios.enumerated() {
                let ratio = Self.ratio(value)
                svg.circle(
                    Point(horizontal.place(Double(index + 1)), vertical.place(ratio)),
                    radius: 4,
                    "pair s\(item.style)",
                    tip: "\(item.name), pair \(index + 1): \(Quantity.ratio(ratio))"
                )
            }
        }
        var x = frame.plotLeft + 60
        for item in drawn {
            svg.circle(Point(x, frame.plotTop - 16), radius: 4, "pair s\(item.style)", tip: item.name)
            svg.text(item.name, at: Point(x + 10, frame.plotTop - 12), .start, "key")
            x += 60
        }
        return svg.element
    }

    /// Beyond so many pairs single dots would run together: neighbours become a bar from the least to the most.
    private static let maximumDots = 160
    private static let maximumBars = 120

    private static func ratio(_ logRatio: Double) -> Double { exp(min(max(logRatio, -20), 20)) }

    private func bars(_ item: Series, _ horizontal: ChartScale, _ vertical: ChartScale, _ svg: inout SVG) {
        let count = item.logRatios.count
        let step = (count + Self.maximumBars - 1) / Self.maximumBars
        var bars: [(corner: Point, width: Double, height: Double)] = []
        var middles: [Point] = []
        for start in stride(from: 0, to: count, by: step) {
            let group = item.logRatios[start..<min(start + step, count)].map(Self.ratio).sorted()
            let x = horizontal.place(Double(start + 1) + Double(group.count - 1) / 2)
            let top = vertical.place(group[group.count - 1])
            bars.append((Point(x - 0.6, top), 1.2, vertical.place(group[0]) - top))
            middles.append(Point(x, vertical.place(group[group.count / 2])))
        }
        svg.rectangles(bars, "spread s\(item.style)", tip: "\(item.name), least to most of \(step) pairs each")
        svg.path(middles, "curve s\(item.style)", tip: "\(item.name), the median of \(step) pairs each")
    }
}
