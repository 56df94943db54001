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
        let ratios = drawn.flatMap { $0.logRatios.map { exp(min(max($0, -20), 20)) } }
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
        let marks = (1...count).filter { count <= 24 || $0 % 5 == 0 }.map { (Double($0), "\($0)") }
        frame.horizontalAxis(horizontal, at: marks, title: "pair", in: &svg)
        svg.line(
            Point(frame.plotLeft, vertical.place(1)),
            Point(frame.plotRight, vertical.place(1)),
            "one"
        )
        for item in drawn {
            for (index, value) in item.logRatios.enumerated() {
                let ratio = exp(min(max(value, -20), 20))
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
}
