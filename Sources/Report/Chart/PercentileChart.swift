import Glibc
import Measure

/// The HdrHistogram plot: latency against how rare it is, on a logarithmic axis of nines.
struct PercentileChart {
    /// One target's curve.
    struct Series {
        let name: String
        let histogram: LatencyHistogram
        /// 0 is the reference, drawn dashed; 1 the candidate; then others.
        let style: Int
    }

    let series: [Series]
    /// What it is of.
    var subject = "Response latency"

    /// The chart in one size; nil when there is nothing to draw.
    func render(_ size: ChartFrame.Size) -> String? {
        let drawn = series.filter { !$0.histogram.isEmpty }
        guard !drawn.isEmpty else { return nil }
        let frame = ChartFrame(size, height: size == .wide ? 400 : 320)
        var svg = SVG(
            width: frame.width,
            height: frame.height,
            title: "\(subject) by percentile",
            summary: sentence(drawn),
            style: size.style
        )
        let largest = drawn.map { $0.histogram.count }.max() ?? 1
        let nines = min(6, max(2, ceil(log10(Double(largest)) * 10) / 10))
        let horizontal = ChartScale(.linear, 0...nines, from: frame.plotLeft, to: frame.plotRight)
        let low = drawn.map { Double(max($0.histogram.min, 1)) }.min() ?? 1
        let high = drawn.map { Double($0.histogram.max) }.max() ?? 1
        let vertical = ChartScale(
            .logarithmic,
            (low / 1.08)...(max(high, low) * 1.12),
            from: frame.plotBottom,
            to: frame.plotTop
        )
        frame.verticalAxis(vertical, title: "latency", in: &svg) { Quantity.tick($0) }
        frame.horizontalAxis(
            horizontal,
            at: Self.marks(nines, size),
            title: "the slowest … of answers took at least this long",
            in: &svg
        )
        for item in drawn {
            let points = Self.points(item.histogram, horizontal, vertical)
            svg.path(points.supported, "curve s\(item.style)", tip: item.name)
            svg.path(points.thin, "curve thin s\(item.style)", tip: "\(item.name): fewer than ten answers lie above")
        }
        frame.legend(drawn.map { ($0.name, $0.style) }, in: &svg)
        return svg.element
    }

    private func sentence(_ drawn: [Series]) -> String {
        drawn.map { item in
            let p50 = Quantity.duration(item.histogram.value(percentile: 50))
            let p99 = Quantity.duration(item.histogram.value(percentile: 99))
            return
                "\(item.name): median \(p50), 99th percentile \(p99), largest \(Quantity.duration(item.histogram.max))"
        }.joined(separator: "; ") + "."
    }

    private static func marks(_ nines: Double, _ size: ChartFrame.Size) -> [(Double, String)] {
        let all: [(Double, String)] = [
            (0, "all"), (log10(2), "50 %"), (1, "10 %"), (2, "1 %"), (3, "0.1 %"), (4, "0.01 %"), (5, "0.001 %"),
            (6, "0.0001 %"),
        ]
        return all.filter { $0.0 <= nines }
    }

    /// The curve, cut where fewer than ten answers lie above; neighbours closer than a pixel are joined.
    private static func points(
        _ histogram: LatencyHistogram,
        _ horizontal: ChartScale,
        _ vertical: ChartScale
    ) -> (supported: [Point], thin: [Point]) {
        var supported: [Point] = []
        var thin: [Point] = []
        var seen: UInt64 = 0
        let total = Double(histogram.count)
        var previous = Point(-10, -10)
        for bucket in histogram.buckets {
            let above = Double(histogram.count - seen)
            let point = Point(
                horizontal.place(log10(total / above)),
                vertical.place(Double(max(1, min(bucket.highest, histogram.max))))
            )
            seen += bucket.count
            guard abs(point.x - previous.x) >= 1.5 || abs(point.y - previous.y) >= 3 else { continue }
            previous = point
            if above >= 10 {
                supported.append(point)
            } else {
                if thin.isEmpty, let last = supported.last { thin.append(last) }
                thin.append(point)
            }
        }
        return (supported, thin)
    }
}
