import Results

/// The trials of a search: the 99th percentile over the asked rate, the shape of each mark saying how it ended.
struct SearchChart {
    let search: SearchRow

    private static let radius = 4.5

    /// The chart in one size; nil when no trial had an answer.
    func render(_ size: ChartFrame.Size) -> String? {
        let trials = Array(zip(search.record.curve, search.trials)).filter {
            $0.0.offeredQPS.isFinite && $0.0.offeredQPS > 0
        }
        let bound = search.record.goals.p99Nanoseconds.map(Double.init)
        let latencies = trials.map { Double($0.0.p99Nanoseconds) }.filter { $0 > 0 }
        let rates = trials.map(\.0.offeredQPS)
        guard let low = latencies.min(), let high = latencies.max(), let least = rates.min(), let most = rates.max()
        else { return nil }
        let frame = ChartFrame(size, height: 280)
        var svg = SVG(
            width: frame.width,
            height: frame.height,
            title: "99th percentile of the response latency by rate, trials on \(search.target)",
            summary: "From \(Quantity.duration(low)) to \(Quantity.duration(high)) over \(trials.count) trials; "
                + "\(search.sentence).",
            style: size.style
        )
        let vertical = ChartScale(
            .logarithmic,
            (min(low, bound ?? low) / 1.3)...(max(high, bound ?? high) * 1.3),
            from: frame.plotBottom,
            to: frame.plotTop
        )
        let horizontal = ChartScale(
            .logarithmic,
            (least / 1.1)...(most * 1.1),
            from: frame.plotLeft,
            to: frame.plotRight
        )
        frame.verticalAxis(vertical, title: "p99", in: &svg) { Quantity.tick($0) }
        frame.horizontalAxis(
            horizontal,
            at: horizontal.ticks().map { ($0.value, Quantity.rate($0.value)) },
            title: "asked queries a second",
            in: &svg
        )
        if let bound {
            let y = vertical.place(bound)
            svg.line(Point(frame.plotLeft, y), Point(frame.plotRight, y), "one")
            svg.text("goal", at: Point(frame.plotLeft + 4, y - 5))
        }
        if let best = search.record.bestQPS, best > 0 {
            let x = horizontal.place(best)
            svg.line(Point(x, frame.plotTop), Point(x, frame.plotBottom), "one")
            let isLeft = x > (frame.plotLeft + frame.plotRight) / 2
            svg.text(
                "\(Quantity.rate(best)) confirmed",
                at: Point(x + (isLeft ? -6 : 6), frame.plotTop + 12),
                isLeft ? .end : .start,
                "key"
            )
        }
        for (record, words) in trials {
            // A trial without an answer has no percentile; its mark stands at the foot.
            let place = Point(horizontal.place(record.offeredQPS), vertical.place(Double(record.p99Nanoseconds)))
            let tip =
                "\(words.asked)/s: p99 \(words.p99), \(words.lost) lost, "
                + (words.detail.isEmpty ? words.verdict : words.detail)
            if words.isConfirming {
                svg.circle(place, radius: Self.radius + 4, "confirming", tip: "\(tip), confirming")
            }
            Self.mark(words.verdict, at: place, tip: words.isConfirming ? "\(tip), confirming" : tip, on: &svg)
        }
        legend(trials.map(\.1), frame, &svg)
        return svg.element
    }

    /// A dot for a rate that met the goals, a cross for one that missed, a diamond for one that says nothing.
    private static func mark(_ verdict: String, at place: Point, tip: String, on svg: inout SVG) {
        let r = radius
        func points(_ offsets: [(Double, Double)]) -> [Point] {
            offsets.map { Point(place.x + $0.0 * r, place.y + $0.1 * r) }
        }
        switch verdict {
        case "met": svg.circle(place, radius: r, "trial met", tip: tip)
        case "missed": svg.path(points([(-1, -1), (1, 1), (0, 0), (-1, 1), (1, -1)]), "trial missed", tip: tip)
        default: svg.path(points([(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0), (0, -1.2)]), "trial other", tip: tip)
        }
    }

    private func legend(_ trials: [SearchRow.Trial], _ frame: ChartFrame, _ svg: inout SVG) {
        var x = frame.plotLeft + 36
        let y = frame.plotTop - 16
        func entry(_ name: String, _ draw: (Point) -> Void) {
            draw(Point(x, y))
            svg.text(name, at: Point(x + 12, y + 4), .start, "key")
            x += 34 + Double(name.count) * 7.2
        }
        for (verdict, name) in [("met", "met"), ("missed", "missed"), ("generator", "generator")]
        where trials.contains(where: { $0.verdict == verdict }) {
            entry(name) { Self.mark(verdict, at: $0, tip: name, on: &svg) }
        }
        if trials.contains(where: \.isConfirming) {
            entry("confirming") { svg.circle($0, radius: Self.radius + 2, "confirming", tip: "confirming") }
        }
    }
}
