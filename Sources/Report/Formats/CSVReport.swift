package import Results

/// The series of all loads as comma-separated values (RFC 4180): one row an interval, units in the column names.
package enum CSVReport {
    private static let header =
        "target,phase,transport,offset_s,sent,answered,timed_out,p50_ns,p90_ns,p99_ns,p99_9_ns,max_ns"

    /// Renders a document; a load without a series gives no row.
    package static func render(_ document: ResultDocument) -> String {
        var rows = [header]
        for load in document.load ?? [] {
            guard let series = load.series else { continue }
            for index in series.offsetNanoseconds.indices {
                func cell(_ column: [Int64?]?) -> String {
                    guard let column, index < column.count, let value = column[index] else { return "" }
                    return String(value)
                }
                func count(_ column: [UInt64]) -> String { index < column.count ? String(column[index]) : "" }
                rows.append(
                    [
                        field(load.target), field(load.phase), field(load.transport),
                        decimalSeconds(series.offsetNanoseconds[index]), count(series.sent), count(series.answered),
                        count(series.timedOut), cell(series.p50), cell(series.p90), cell(series.p99),
                        cell(series.p99_9),
                        cell(series.max),
                    ].joined(separator: ",")
                )
            }
        }
        return rows.joined(separator: "\r\n") + "\r\n"
    }

    /// Text in quotes where it needs them; one that a spreadsheet would take for a formula begins with an apostrophe.
    private static func field(_ text: String) -> String {
        var text = DisplayText.clean(text, limit: 200)
        if let first = text.first, "=+-@".contains(first) { text = "'" + text }
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Seconds with three decimals, in integers.
    static func decimalSeconds(_ nanoseconds: Int64) -> String {
        let milliseconds = Swift.max(0, nanoseconds) / 1_000_000
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
