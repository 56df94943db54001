import Glibc

/// Numbers as a row of signs of eight heights.
enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let plain: [Character] = ["_", ".", "-", "=", "+", "*", "%", "#"]

    /// One sign a value; a missing one is a blank.
    ///
    /// - Parameters:
    ///   - values: What is drawn.
    ///   - range: The values of the lowest and of the highest sign.
    ///   - unicode: Whether signs beyond ASCII can be shown.
    static func draw(_ values: [Double?], in range: ClosedRange<Double>, unicode: Bool) -> String {
        let signs = unicode ? blocks : plain
        let span = range.upperBound - range.lowerBound
        return String(
            values.map { value -> Character in
                guard let value, value.isFinite else { return " " }
                let share = span > 0 ? (value - range.lowerBound) / span : 0.5
                return signs[Int(min(max(share, 0), 1) * 7 + 0.5)]
            }
        )
    }

    /// Values joined to at most `cells`, each by its largest.
    static func joined(_ values: [Double?], cells: Int) -> [Double?] {
        guard cells > 0, values.count > cells else { return values }
        return (0..<cells).map { cell in
            let start = cell * values.count / cells
            let end = (cell + 1) * values.count / cells
            return values[start..<end].compactMap(\.self).max()
        }
    }
}
