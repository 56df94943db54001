import Results

/// One figure over the last runs, small: its line, a dot a run, the latest one filled.
struct HistoryChart {
    struct Run {
        let value: Double
        let tip: String
        /// It was measured on another machine, so that its figure is not to be compared.
        let isForeign: Bool
    }

    let title: String
    let runs: [Run]
    let label: (Double) -> String

    /// The chart; nil without two runs.
    func render() -> String? {
        guard runs.count > 1, let low = runs.map(\.value).min(), let high = runs.map(\.value).max(),
            let first = runs.first, let last = runs.last
        else { return nil }
        let frame = ChartFrame(.narrow, height: 110, left: 12, right: 74, top: 30, bottom: 14)
        var svg = SVG(
            width: frame.width,
            height: frame.height,
            title: "\(title) over \(runs.count) runs",
            summary:
                "From \(label(first.value)) to \(label(last.value)); at least \(label(low)), at most \(label(high)).",
            style: "spark"
        )
        let isLogarithmic = low > 0
        let vertical = ChartScale(
            isLogarithmic ? .logarithmic : .linear,
            isLogarithmic ? (low / 1.05)...(high * 1.05) : 0...max(high, 1e-6),
            from: frame.plotBottom,
            to: frame.plotTop
        )
        let horizontal = ChartScale(
            .linear,
            0...Double(runs.count - 1),
            from: frame.plotLeft,
            to: frame.plotRight
        )
        svg.text(title, at: Point(frame.plotLeft, 16), .start, "key")
        let places = runs.enumerated().map { index, point in
            Point(horizontal.place(Double(index)), vertical.place(point.value))
        }
        svg.path(places, "curve median s1")
        for (place, point) in zip(places, runs) {
            svg.circle(place, radius: 2.6, point.isForeign ? "ring s0" : "ring s1", tip: point.tip)
        }
        svg.circle(places[places.count - 1], radius: 4.2, "dot s1", tip: last.tip)
        svg.text(label(last.value), at: Point(frame.plotRight + 10, places[places.count - 1].y + 4), .start, "key")
        return svg.element
    }
}
