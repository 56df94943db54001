/// Columns of text, each as wide as its widest cell.
struct TextTable {
    /// Which edge of a column is straight.
    enum Alignment {
        case left, right
    }

    private let alignments: [Alignment]
    private var rows: [[String]] = []

    init(columns: [Alignment]) {
        alignments = columns
    }

    mutating func append(_ cells: [String]) {
        rows.append(cells)
    }

    /// The rows; with `ascii` the micro sign and dashes are written as ASCII.
    func lines(ascii: Bool) -> [String] {
        let shown = ascii ? rows.map { $0.map(Self.plain) } : rows
        let widths = alignments.indices.map { column in
            shown.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return shown.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
                line += (column == 0 ? "" : "  ") + (alignments[column] == .left ? cell + padding : padding + cell)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private static func plain(_ cell: String) -> String {
        DisplayText.ascii(cell)
    }
}
