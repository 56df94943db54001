import Results

/// How latency and losses went over the run, one mark an interval.
struct TimeChart {
    /// One target's columns, in seconds since the run began.
    struct Series {
        struct Row {
            let seconds: Double
            let p50: Double?
            let p99: Double?
            let lost: UInt64
        }

        let name: String
        let style: Int
        let rows: [Row]
        /// Rows further apart than this, in seconds, are not joined.
        let gap: Double
    }

    let series: [Series]

    /// The longest path has so many points; beyond, neighbours are joined by their largest value.
    static let maximumPoints = 400
    /// Beyond so many rows single marks would run together: lines alone are drawn.
    static let maximumMarks = 90

    /// The chart in one size; nil when no series holds latencies.
    func render(_ size: ChartFrame.Size) -> String? {
        let drawn = series.filter { series in series.rows.contains { $0.p99 != nil || $0.p50 != nil } }
        let values = drawn.flatMap { $0.rows.flatMap { [$0.p50, $0.p99].compactMap(\.self) } }.filter { $0 > 0 }
        guard let low = values.min(), let high = values.max(), let end = drawn.flatMap({ $0.rows.map(\.seconds) }).max()
        else { return nil }
        let frame = ChartFrame(size, height: size == .wide ? 320 : 280)
        let losses = drawn.flatMap { $0.rows.map(\.lost) }.reduce(UInt64(0)) {
            $0.addingReportingOverflow($1).partialValue
        }
        var svg = SVG(
            width: frame.width,
            height: frame.height,
            title: "Response latency over the run",
            summary:
                "Lines are the 99th percentile of each interval, dots the median; \(Quantity.count(losses)) queries were lost.",
            style: size.style
        )
        let vertical = ChartScale(.logarithmic, (low / 1.15)...(high * 1.1), from: frame.plotBottom, to: frame.plotTop)
        let begin = drawn.flatMap { $0.rows.map(\.seconds) }.min() ?? 0
        let horizontal = ChartScale(.linear, begin...max(end, begin + 1), from: frame.plotLeft, to: frame.plotRight)
        frame.verticalAxis(vertical, title: "latency", in: &svg) { Quantity.tick($0) }
        let marks = horizontal.ticks(count: size == .wide ? 10 : 5).map {
            ($0.value, "\(Quantity.trimmed(Quantity.fixed($0.value, 1))) s")
        }
        frame.horizontalAxis(horizontal, at: marks, title: "time since the run began", in: &svg)
        for item in drawn {
            draw(item, horizontal, vertical, frame, &svg)
        }
        legend(drawn, frame, &svg)
        return svg.element
    }

    private func draw(
        _ item: Series,
        _ horizontal: ChartScale,
        _ vertical: ChartScale,
        _ frame: ChartFrame,
        _ svg: inout SVG
    ) {
        let limit = frame.size == .wide ? Self.maximumPoints : Self.maximumPoints / 2
        let step = max(1, (item.rows.count + limit - 1) / limit)
        let rows = Self.thinned(item.rows, by: step)
        let gap = item.gap * Double(step)
        let hasMarks = rows.count <= Self.maximumMarks
        var tail: [Point] = []
        var median: [Point] = []
        var last = -Double.infinity
        func flush() {
            svg.path(tail, "curve s\(item.style)", tip: "\(item.name) p99")
            if !hasMarks, tail.count == 1 {
                svg.circle(tail[0], radius: 1.8, "dot s\(item.style)", tip: "\(item.name) p99")
            }
            if !hasMarks { svg.path(median, "curve median s\(item.style)", tip: "\(item.name) p50") }
            tail = []
            median = []
        }
        for row in rows {
            let x = horizontal.place(row.seconds)
            if row.seconds - last > gap { flush() }
            last = row.seconds
            if let p99 = row.p99, p99 > 0 {
                let point = Point(x, vertical.place(p99))
                tail.append(point)
                if hasMarks { svg.circle(point, radius: 1.8, "dot s\(item.style)", tip: tip(item, row, "p99", p99)) }
            }
            if let p50 = row.p50, p50 > 0 {
                let point = Point(x, vertical.place(p50))
                median.append(point)
                if hasMarks { svg.circle(point, radius: 2.4, "ring s\(item.style)", tip: tip(item, row, "p50", p50)) }
            }
            if row.lost > 0 {
                svg.rectangle(
                    Point(x - 1.5, frame.plotBottom - 8),
                    3,
                    8,
                    "lost",
                    tip: "\(item.name), \(Quantity.fixed(row.seconds, 0)) s: \(row.lost) lost"
                )
            }
        }
        flush()
    }

    private func tip(_ item: Series, _ row: Series.Row, _ metric: String, _ value: Double) -> String {
        "\(item.name), \(Quantity.fixed(row.seconds, 0)) s: \(metric) \(Quantity.duration(value))"
    }

    /// Every `step` rows as one, which keeps the largest latencies and all losses of those that it stands for.
    private static func thinned(_ rows: [Series.Row], by step: Int) -> [Series.Row] {
        guard step > 1 else { return rows }
        return stride(from: 0, to: rows.count, by: step).map { start in
            let group = rows[start..<min(start + step, rows.count)]
            return Series.Row(
                seconds: group[group.startIndex].seconds,
                p50: group.compactMap(\.p50).max(),
                p99: group.compactMap(\.p99).max(),
                lost: group.reduce(UInt64(0)) { $0.addingReportingOverflow($1.lost).partialValue }
            )
        }
    }

    private func legend(_ drawn: [Series], _ frame: ChartFrame, _ svg: inout SVG) {
        var x = frame.plotLeft + 60
        for item in drawn.prefix(4) {
            svg.line(Point(x, frame.plotTop - 16), Point(x + 24, frame.plotTop - 16), "curve s\(item.style)")
            svg.text(item.name, at: Point(x + 29, frame.plotTop - 12), .start, "key")
            x += 50 + Double(item.name.count) * 7
        }
    }
}
