import Histogram

extension LatencyHistogram {
    /// The HdrHistogram V2 text (`HISTF…`), which every HdrHistogram port reads; values are nanoseconds.
    ///
    /// Exact minimum and maximum, `overRangeCount` and `negativeCount` are not part of that format.
    package var hdrText: String {
        var counts: [UInt64] = []
        guard let layout = Self.layout else { return "" }
        if !isEmpty {
            let last = UInt64(max)
            var index = 0
            while index < layout.countsLength {
                let value = layout.value(at: index)
                if value > last { break }
                counts.append(histogram.countForValue(value))
                index += 1
            }
        }
        return (try? HistogramText(layout: layout, counts: counts).encoded()) ?? ""
    }

    /// Reads an HdrHistogram V2 text of three significant digits from 1 upwards, ours or another port's.
    ///
    /// Counts above 60 s go to 60 s and to `overRangeCount`, as if they had been recorded here.
    package init(hdrText: String) throws(HistogramTextError) {
        self.init()
        try merge(hdrText: hdrText)
    }

    /// Adds the counts of such a text, without a histogram of its own; one that cannot be read adds nothing.
    package mutating func merge(hdrText: String) throws(HistogramTextError) {
        let text = try HistogramText(decoding: hdrText)
        guard text.layout.significantDigits == 3, text.layout.lowestDiscernibleValue == 1 else {
            throw .otherPrecision(
                significantDigits: text.layout.significantDigits,
                lowest: text.layout.lowestDiscernibleValue
            )
        }
        for (index, count) in text.counts.enumerated() where count > 0 {
            record(Int64(clamping: text.layout.value(at: index)), count: count)
        }
    }

    private static let layout = HistogramLayout(
        lowestDiscernibleValue: 1,
        highestTrackableValue: UInt64(highestTrackableNanoseconds),
        significantDigits: 3
    )
}
