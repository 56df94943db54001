import Results

extension TerminalReport {
    /// Lookups as applications do them: how long they took and what they cost.
    static func lookups(_ document: ResultDocument, on page: inout TerminalPage) {
        let rows = LookupRow.all(in: document)
        guard !rows.isEmpty else { return }
        page.heading("Lookups, from the intended start")
        var table = TextTable(columns: [.left, .right, .right, .right, .right, .right, .right, .right])
        table.append(["", "lookups", "p50", "p99", "p99.9", "queries each", "most", "wasted"])
        for row in rows {
            table.append([row.name, row.scheduled] + row.latencies + [row.queries[0], row.queries[3], row.wasted])
        }
        page.table(table, header: true)
        for row in rows {
            page.paragraph("\(row.name): \(([row.ends] + row.remarks).joined(separator: "; ")).", indent: 2)
        }
    }
}
