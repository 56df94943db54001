import Glibc
import Results

/// Ratios with their intervals around 1, and the band of changes that do not count.
struct ForestChart {
    struct Row {
        let name: String
        let ratio: Double
        let low: Double
        let high: Double
        /// The relative change that counts.
        let margin: Double
        let verdict: String
    }

    let a: String
    let b: String
    let rows: [Row]

    func render(_ size: ChartFrame.Size) -> String? {
        let drawn = rows.filter { $0.ratio > 0 && $0.low > 0 && $0.high.isFinite }
        guard !drawn.isEmpty else { return nil }
        let rowHeight = 34.0
        let frame = ChartFrame(
            size,
            height: 64 + rowHeight * Double(drawn.count),
            left: size == .wide ? 92 : 80,
            right: 24,
            top: 14
        )
        var svg = SVG(
            width: frame.width,
            height: frame.height,
            title: "Ratio of \(b) to \(a) with its interval",
            summary: drawn.map {
                "\($0.name): \(Quantity.ratio($0.ratio)), \($0.verdict)"
            }.joined(separator: "; ") + ".",
            style: size.style
        )
        let farthest = drawn.flatMap { [1 / $0.low, $0.high, 1 + $0.margin, 1.15] }.max() ?? 2
        let lowest = min(1 / 1.15, drawn.map { min($0.low, 1 / (1 + $0.margin)) }.min() ?? 0.5)
        let highest = max(1.15, drawn.map { max($0.high, 1 + $0.margin) }.max() ?? min(farthest, 2))
        let scale = ChartScale(
            .logarithmic,
            (lowest / 1.05)...(highest * 1.05),
            from: frame.plotLeft,
            to: frame.plotRight
        )
        frame.horizontalAxis(
            scale,
            at: marks(scale),
            title: "\(b) over \(a)",
            in: &svg
        )
        for (index, row) in drawn.enumerated() {
            let y = frame.plotTop + rowHeight * (Double(index) + 0.5)
            svg.text(row.name, at: Point(frame.plotLeft - 10, y + 4), .end, "key")
            let bandStart = scale.place(1 / (1 + row.margin))
            svg.rectangle(
                Point(bandStart, y - 11),
                scale.place(1 + row.margin) - bandStart,
                22,
                "band",
                tip: "\(row.name): less than \(Quantity.percent(row.margin)) does not count"
            )
            let tip =
                "\(row.name): \(Quantity.ratio(row.ratio)), between \(Quantity.significant(row.low)) and "
                + "\(Quantity.significant(row.high)), \(row.verdict)"
            let left = scale.place(row.low)
            let right = scale.place(row.high)
            svg.rectangle(Point(left, y - 3), max(right - left, 2), 6, "interval \(row.verdict)", tip: tip)
            svg.circle(Point(scale.place(row.ratio), y), radius: 5.5, "estimate \(row.verdict)", tip: tip)
        }
        svg.line(Point(scale.place(1), frame.plotTop), Point(scale.place(1), frame.plotBottom), "one")
        return svg.element
    }

    private func marks(_ scale: ChartScale) -> [(Double, String)] {
        let candidates = [
            0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100,
        ]
        let shown = candidates.filter { scale.domain.contains($0) }
        let spread = scale.domain.upperBound / scale.domain.lowerBound
        let coarse = spread > 4 ? shown.filter { [0.7, 0.8, 0.9, 1.1, 1.25].contains($0) == false } : shown
        return coarse.map { ($0, "\(Quantity.trimmed(Quantity.significant($0))) ×") }
    }
}
