import Measure

/// The empirical distribution: which share of answers came within a latency.
struct CumulativeChart {
    let series: [PercentileChart.Series]
    /// What it is of, such as `Response latency`.
    let subject: String

    /// The chart in one size; nil when there is nothing to draw.
    func render(_ size: ChartFrame.Size) -> String? {
        let drawn = series.filter { !$0.histogram.isEmpty }
        guard let low = drawn.map(\.histogram.min).min(), let high = drawn.map(\.histogram.max).max() else {
            return nil
        }
        let frame = ChartFrame(size, height: size == .wide ? 320 : 280)
        var svg = SVG(
            width: frame.width,
            height: frame.height,
            title: "\(subject), share of answers by latency",
            summary: drawn.map { item in
                "\(item.name): half within \(Quantity.duration(item.histogram.value(percentile: 50))), nine in ten within "
                    + Quantity.duration(item.histogram.value(percentile: 90))
            }.joined(separator: "; ") + ".",
            style: size.style
        )
        let horizontal = ChartScale(
            .logarithmic,
            (Double(max(low, 1)) / 1.1)...(Double(max(high, low)) * 1.1),
            from: frame.plotLeft,
            to: frame.plotRight
        )
        let vertical = ChartScale(.linear, 0...1, from: frame.plotBottom, to: frame.plotTop)
        frame.verticalAxis(vertical, title: "share of answers", in: &svg) {
            "\(Quantity.trimmed(Quantity.fixed($0 * 100, 0))) %"
        }
        frame.horizontalAxis(
            horizontal,
            at: horizontal.ticks().map { ($0.value, Quantity.tick($0.value)) },
            title: "came within this time",
            in: &svg
        )
        for item in drawn {
            svg.path(Self.points(item.histogram, horizontal, vertical), "curve s\(item.style)", tip: item.name)
        }
        frame.legend(drawn.map { ($0.name, $0.style) }, .lowerRight, in: &svg)
        return svg.element
    }

    /// Steps of the curve; those closer than a pixel are joined.
    private static func points(
        _ histogram: LatencyHistogram,
        _ horizontal: ChartScale,
        _ vertical: ChartScale
    ) -> [Point] {
        let total = Double(histogram.count)
        var seen: UInt64 = 0
        var points: [Point] = []
        for bucket in histogram.buckets {
            if points.isEmpty {
                points.append(Point(horizontal.place(Double(max(bucket.lowest, 1))), vertical.place(0)))
            }
            seen += bucket.count
            let point = Point(
                horizontal.place(Double(max(1, min(bucket.highest, histogram.max)))),
                vertical.place(Double(seen) / total)
            )
            guard let last = points.last, seen < histogram.count else {
                points.append(point)
                continue
            }
            if abs(point.x - last.x) >= 1.5 || abs(point.y - last.y) >= 2 { points.append(point) }
        }
        return points
    }

    /// Round latencies for the table, and the share of each series within them.
    static func table(_ series: [PercentileChart.Series]) -> (heads: [String], rows: [(name: String, shares: [String])])
    {
        let drawn = series.filter { !$0.histogram.isEmpty }
        let low = drawn.map(\.histogram.min).min() ?? 0
        let high = drawn.map(\.histogram.max).max() ?? 0
        var bounds: [Int64] = []
        var decade: Int64 = 1_000
        while decade <= 10_000_000_000 {
            bounds += [1, 2, 5].map { $0 * decade }
            decade *= 10
        }
        // The first bound that all are above and the last that all are within say nothing more than their neighbours.
        let first = max(0, (bounds.firstIndex { $0 > low } ?? 0) - 1)
        let last = bounds.firstIndex { $0 >= high } ?? bounds.count - 1
        let shown = first <= last ? Array(bounds[first...last]) : []
        let rows = drawn.map { item in
            let buckets = item.histogram.buckets
            var index = 0
            var seen: UInt64 = 0
            let shares = shown.map { bound in
                while index < buckets.count, buckets[index].highest <= bound {
                    seen += buckets[index].count
                    index += 1
                }
                return Quantity.share(Double(seen) / Double(item.histogram.count))
            }
            return (item.name, shares)
        }
        return (shown.map { Quantity.tick(Double($0)) }, rows)
    }
}
