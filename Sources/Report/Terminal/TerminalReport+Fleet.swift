import Results

extension TerminalReport {
    /// The nodes of a merged result, and those that stand out.
    static func fleet(_ document: ResultDocument, on page: inout TerminalPage) {
        guard let fleet = document.fleet else { return }
        page.heading(FleetRow.sentence(fleet))
        for row in fleet.outliers.prefix(20).map(OutlierRow.init) {
            page.paragraph(
                "\(row.node)  \(row.load) \(row.metric) \(row.value), median \(row.median), score \(row.score)",
                indent: 2,
                bullet: page.sign(.open)
            )
        }
        if fleet.outliers.count > 20 { page.paragraph("\(fleet.outliers.count - 20) more stand out.", indent: 2) }
        for node in fleet.nodes where node.status != .complete || node.verdict == .fail {
            page.paragraph(
                "\(DisplayText.clean(node.name, limit: 60)): \(node.status.rawValue), \(node.verdict.rawValue)",
                indent: 2,
                bullet: page.sign(node.verdict == .fail ? .bad : .open)
            )
        }
        page.paragraph("Rule: \(DisplayText.clean(fleet.rule)).", indent: 2)
    }
}
