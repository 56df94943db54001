import Measure

/// Gives the rows of a series their histograms as text, and keeps the sum of those texts within bounds.
///
/// A row's text has some kilobytes, a run may have a million rows. Above ``most`` each further text is paid for by joining
/// the two neighbours that together span the fewest rows: nothing is lost but the place of a joined answer in time, and
/// none spans more than twice as many rows as all would if they were equal.
struct IntervalTexts {
    /// The most rows with texts: more than an hour of seconds.
    static let most = 4_096

    private let most: Int
    /// Where a row has its two texts.
    private let response: WritableKeyPath<LoadInterval, String?>
    private let service: WritableKeyPath<LoadInterval, String?>
    /// The rows that hold texts, in their order, and how many rows' texts each has.
    private var holders: [(row: Int, span: Int)] = []

    init(
        most: Int = IntervalTexts.most,
        response: WritableKeyPath<LoadInterval, String?> = \.responseText,
        service: WritableKeyPath<LoadInterval, String?> = \.serviceText
    ) {
        self.most = most
        self.response = response
        self.service = service
    }

    /// Gives `rows[row]`, the latest row, its texts.
    mutating func keep(
        response responseLatencies: LatencyHistogram,
        service serviceLatencies: LatencyHistogram,
        at row: Int,
        in rows: inout [LoadInterval]
    ) {
        guard !responseLatencies.isEmpty else { return }
        rows[row][keyPath: response] = responseLatencies.hdrText
        rows[row][keyPath: service] = serviceLatencies.hdrText
        holders.append((row, 1))
        guard holders.count > most, let place = narrowest else { return }
        let (older, newer) = (holders[place].row, holders[place + 1].row)
        for text in [response, service] {
            rows[newer][keyPath: text] = Self.joined(rows[older][keyPath: text], rows[newer][keyPath: text])
            rows[older][keyPath: text] = nil
        }
        holders[place + 1].span += holders[place].span
        holders.remove(at: place)
    }

    /// Where the two neighbours begin that together span the fewest rows, the oldest of equals.
    private var narrowest: Int? {
        (0..<max(0, holders.count - 1)).min {
            holders[$0].span + holders[$0 + 1].span < holders[$1].span + holders[$1 + 1].span
        }
    }

    private static func joined(_ older: String?, _ newer: String?) -> String? {
        guard let older, let newer else { return newer ?? older }
        // Both are our own, so that they can be read.
        guard var sum = try? LatencyHistogram(hdrText: older), let more = try? LatencyHistogram(hdrText: newer) else {
            return newer
        }
        sum.merge(more)
        return sum.hdrText
    }
}
