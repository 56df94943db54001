import Results

/// How latency spread over the run: time across, latency up, the darker the more of an interval's answers.
struct HeatChart {
    /// Counts of one target, in seconds since the run began.
    struct Row {
        let seconds: Double
        /// Answers by band, one for each of the series' bounds.
        let counts: [UInt64]
    }

    let name: String
    /// The smallest latency of each band in nanoseconds, ascending.
    let bounds: [Int64]
    /// The intervals in order.
    let rows: [Row]
    /// Length of an interval in seconds.
    let interval: Double
    /// The axis in seconds; the same for all targets, so that they can be laid side by side.
    let span: ClosedRange<Double>

    /// The smallest share of a column's answers that has each look, from faint to strong.
    static let levels: [(share: Double, words: String)] = [
        (0, "under 1 %"), (0.01, "1 – 5 %"), (0.05, "5 – 20 %"), (0.2, "20 – 50 %"), (0.5, "over 50 %"),
    ]

    /// The chart in one size; nil without answers.
    func render(_ size: ChartFrame.Size) -> String? {
        let used = bounds.indices.filter { band in rows.contains { $0.counts[band] > 0 } }
        guard let lowest = used.first, let highest = used.last else { return nil }
        let bands = Array(lowest...highest)
        let bandHeight = min(16, max(7, 220 / Double(bands.count)))
        let frame = ChartFrame(size, height: 74 + bandHeight * Double(bands.count))
        var svg = SVG(
            width: frame.width,
            height: frame.height,
            title: "Spread of the response latency over the run, \(name)",
            summary: sentence(lowest, highest),
            style: size.style
        )
        let horizontal = ChartScale(.linear, span, from: frame.plotLeft, to: frame.plotRight)
        func top(_ band: Int) -> Double { frame.plotBottom - bandHeight * Double(band - lowest + 1) }
        for band in bands where (band - lowest) % 2 == 0 {
            svg.text(
                Self.label(bounds[band]),
                at: Point(frame.plotLeft - 7, top(band) + bandHeight + 4),
                .end
            )
        }
        svg.text(name, at: Point(4, frame.plotTop - 12), .start, "key")
        let marks = horizontal.ticks(count: size == .wide ? 10 : 5).map {
            ($0.value, "\(Quantity.trimmed(Quantity.fixed($0.value, 1))) s")
        }
        frame.horizontalAxis(horizontal, at: marks, title: "time since the run began", in: &svg)
        var cells: [[(corner: Point, width: Double, height: Double)]] = Self.levels.map { _ in [] }
        for column in columns(size) {
            let left = horizontal.place(column.start)
            let width = max(1.2, horizontal.place(column.end) - left)
            let total = Double(column.counts.reduce(UInt64(0)) { $0.addingReportingOverflow($1).partialValue })
            func level(_ band: Int) -> Int? {
                guard column.counts[band] > 0 else { return nil }
                let share = Double(column.counts[band]) / max(total, 1)
                return Self.levels.lastIndex { share >= $0.share } ?? 0
            }
            // Neighbours of one look are one rectangle.
            var band = lowest
            while band <= highest {
                var end = band + 1
                let look = level(band)
                while end <= highest, level(end) == look { end += 1 }
                if let look {
                    cells[look].append((Point(left, top(end - 1)), width, bandHeight * Double(end - band)))
                }
                band = end
            }
        }
        for (level, all) in cells.enumerated() {
            svg.rectangles(all, "heat h\(level)", tip: "\(Self.levels[level].words) of the answers of that time")
        }
        legend(frame, &svg)
        return svg.element
    }

    /// Neighbouring intervals joined until they fit, with the time that each column stands for.
    func columns(_ size: ChartFrame.Size) -> [(start: Double, end: Double, counts: [UInt64])] {
        let limit = size == .wide ? 96 : 48
        let step = max((span.upperBound - span.lowerBound) / Double(limit), interval)
        let isJoined = rows.count > limit
        var columns: [(start: Double, end: Double, counts: [UInt64])] = []
        for row in rows where row.counts.contains(where: { $0 > 0 }) {
            let place = ((row.seconds - span.lowerBound) / step).rounded(.down)
            if isJoined, let last = columns.last,
                ((last.start - span.lowerBound) / step).rounded(.down) == place
            {
                let sum = zip(last.counts, row.counts).map { $0.addingReportingOverflow($1).partialValue }
                columns[columns.count - 1] = (last.start, row.seconds + interval, sum)
            } else {
                columns.append((row.seconds, row.seconds + interval, row.counts))
            }
        }
        return columns
    }

    private func sentence(_ lowest: Int, _ highest: Int) -> String {
        let sums = bounds.indices.map { band in
            rows.reduce(UInt64(0)) { $0.addingReportingOverflow($1.counts[band]).partialValue }
        }
        let most = sums.indices.max { sums[$0] < sums[$1] } ?? lowest
        let end = highest + 1 < bounds.count ? bounds[highest + 1] : bounds[highest] * 3 / 2
        return "Answers lie between \(Quantity.tick(Double(bounds[lowest]))) and \(Quantity.tick(Double(end))); "
            + "most of them from \(Quantity.tick(Double(bounds[most]))) on."
    }

    /// A sample of each look with its words; on a narrow screen the words of the first and the last are enough.
    private func legend(_ frame: ChartFrame, _ svg: inout SVG) {
        let isWide = frame.size == .wide
        var x = frame.plotRight - (isWide ? 470 : 206)
        let y = frame.plotTop - 12
        if !isWide {
            svg.text("< 1 %", at: Point(x + 40, y), .end)
            x += 48
        }
        for (level, entry) in Self.levels.enumerated() {
            svg.rectangles(
                [(Point(x, y - 11), 13, 13)],
                "heat h\(level)",
                tip: "\(entry.words) of the answers of that time"
            )
            if isWide { svg.text(entry.words, at: Point(x + 18, y)) }
            x += isWide ? 94 : 18
        }
        if !isWide { svg.text("> 50 %", at: Point(x + 6, y)) }
    }

    /// A bound of a band: they are no round numbers, and two digits tell them apart.
    private static func label(_ nanoseconds: Int64) -> String {
        guard nanoseconds > 0 else { return "0" }
        let parts = Quantity.tick(Double(nanoseconds)).split(separator: " ")
        guard parts.count == 2, let number = Double(parts[0]) else { return Quantity.tick(Double(nanoseconds)) }
        let rounded = number >= 100 ? (number / 10).rounded() * 10 : number
        return "\(Quantity.trimmed(Quantity.significant(rounded, number >= 100 ? 3 : 2))) \(parts[1])"
    }
}
