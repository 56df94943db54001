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
        let vertical = ChartScale(.logarithmic, low...high, from: frame.plotBottom, to: frame.plotTop + 20)
        let horizontal = ChartScale(.linear, 0...max(end, 1), from: frame.plotLeft, to: frame.plotRight)
        frame.verticalAxis(vertical, title: "latency", in: &svg) { Quantity.tick($0) }
        let marks = horizontal.ticks(count: size == .wide ? 10 : 5).map {
            ($0.value, "\(Quantity.fixed($0.value, 0)) s")
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
        let rows = Self.thinned(item.rows)
        var run: [Point] = []
        var last = -Double.infinity
        for row in rows {
            let x = horizontal.place(row.seconds)
            if row.seconds - last > item.gap {
                svg.path(run, "curve s\(item.style)", tip: "\(item.name) p99")
                run = []
            }
            last = row.seconds
            if let p99 = row.p99, p99 > 0 {
                run.append(Point(x, vertical.place(p99)))
                svg.circle(
                    Point(x, vertical.place(p99)),
                    radius: 1.8,
                    "dot s\(item.style)",
                    tip: "\(item.name), \(Quantity.fixed(row.seconds, 0)) s: p99 \(Quantity.duration(p99))"
                )
            }
            if let p50 = row.p50, p50 > 0 {
                svg.circle(
                    Point(x, vertical.place(p50)),
                    radius: 2.4,
                    "ring s\(item.style)",
                    tip: "\(item.name), \(Quantity.fixed(row.seconds, 0)) s: p50 \(Quantity.duration(p50))"
                )
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
        svg.path(run, "curve s\(item.style)", tip: "\(item.name) p99")
    }

    /// At most `maximumPoints` rows; each keeps the largest latencies and all losses of those it stands for.
    private static func thinned(_ rows: [Series.Row]) -> [Series.Row] {
        guard rows.count > maximumPoints else { return rows }
        let step = (rows.count + maximumPoints - 1) / maximumPoints
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
            let name = item.name + " p99, ○ p50"
            svg.text(name, at: Point(x + 29, frame.plotTop - 12), .start, "key")
            x += 50 + Double(name.count) * 6.6
        }
    }
}
