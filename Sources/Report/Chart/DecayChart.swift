import Results

/// TTLs of hits over the age of what they were answered from: in a sound cache they lie on a falling line.
struct DecayChart {
    /// The hits of one zone.
    struct Series {
        let name: String
        let style: Int
        let points: [CaptureDetail.TTLPoint]
    }

    let series: [Series]

    /// The chart in one size; nil when no hit has an age.
    func render(_ size: ChartFrame.Size) -> String? {
        let drawn = series.filter { !$0.points.isEmpty }
        let all = drawn.flatMap(\.points)
        guard let oldest = all.map(\.ageNanoseconds).max() else { return nil }
        let highest = all.map { max($0.storedSeconds, $0.shownSeconds) }.max() ?? 1
        let frame = ChartFrame(size, height: size == .wide ? 300 : 260)
        let wrong = all.count { !Self.fits($0) }
        var svg = SVG(
            width: frame.width,
            height: frame.height,
            title: "TTL of hits by the age of the entry",
            summary: drawn.map { "\($0.name): \(Quantity.count(UInt64($0.points.count), "second")) of age seen" }
                .joined(separator: "; ")
                + (wrong == 0 ? "; all count down." : "; \(wrong) do not count down as the seconds pass."),
            style: size.style
        )
        let vertical = ChartScale(
            .linear,
            0...max(1, Double(highest) * 1.05),
            from: frame.plotBottom,
            to: frame.plotTop
        )
        let seconds = max(1, min(Double(oldest) / 1e9, 86_400))
        let horizontal = ChartScale(.linear, 0...(seconds * 1.03), from: frame.plotLeft, to: frame.plotRight)
        frame.verticalAxis(vertical, title: "TTL", in: &svg) { "\(Quantity.trimmed(Quantity.fixed($0, 1))) s" }
        frame.horizontalAxis(
            horizontal,
            at: horizontal.ticks(count: size == .wide ? 10 : 5).map {
                ($0.value, "\(Quantity.trimmed(Quantity.fixed($0.value, 1))) s")
            },
            title: "age of the entry",
            in: &svg
        )
        for item in drawn {
            for stored in Set(item.points.map(\.storedSeconds)).sorted().prefix(6) {
                let end = min(Double(stored), horizontal.domain.upperBound)
                svg.path(
                    [
                        Point(horizontal.place(0), vertical.place(Double(stored))),
                        Point(horizontal.place(end), vertical.place(Double(stored) - end)),
                    ],
                    "curve median s\(item.style)",
                    tip: "\(item.name): stored with \(stored) s"
                )
            }
        }
        for item in drawn {
            for point in item.points.prefix(120) {
                svg.circle(
                    Point(
                        horizontal.place(Double(max(0, point.ageNanoseconds)) / 1e9),
                        vertical.place(Double(point.shownSeconds))
                    ),
                    radius: 3.4,
                    Self.fits(point) ? "ring s\(item.style)" : "wrong",
                    tip: Self.tip(item.name, point)
                )
            }
        }
        frame.legend(drawn.map { ($0.name, $0.style) }, .upperRight, in: &svg)
        return svg.element
    }

    /// Whether a TTL has gone down with the seconds, give or take the one that caches round by.
    static func fits(_ point: CaptureDetail.TTLPoint) -> Bool {
        let age = Double(point.ageNanoseconds) / 1e9
        let due = Double(point.storedSeconds) - age
        return abs(Double(point.shownSeconds) - max(0, due)) <= 1.5
    }

    static func age(_ point: CaptureDetail.TTLPoint) -> String {
        "\(Quantity.fixed(Double(point.ageNanoseconds) / 1e9, 1)) s"
    }

    private static func tip(_ name: String, _ point: CaptureDetail.TTLPoint) -> String {
        "\(name): \(point.shownSeconds) s at an age of \(age(point)), stored with \(point.storedSeconds) s"
    }
}
