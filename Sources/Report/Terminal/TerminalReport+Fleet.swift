import Results

extension TerminalReport {
    /// The nodes of a merged result, and those that stand out.
    static func fleet(_ document: ResultDocument, on page: inout TerminalPage) {
        guard let fleet = document.fleet else { return }
        page.heading("\(Quantity.count(UInt64(fleet.nodes.count), "node")), \(standing(fleet))")
        for outlier in fleet.outliers.prefix(20) {
            let figure: (Double) -> String = { outlier.metric == "loss" ? Quantity.percent($0) : Quantity.duration($0) }
            page.paragraph(
                "\(DisplayText.clean(outlier.node, limit: 60))  \(DisplayText.clean(outlier.target, limit: 40)) "
                    + "\(DisplayText.clean(outlier.phase, limit: 40)) \(DisplayText.clean(outlier.metric, limit: 20)) "
                    + "\(figure(outlier.value)), median \(figure(outlier.median)), score \(Quantity.significant(outlier.score))",
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

    private static func standing(_ fleet: FleetRecord) -> String {
        let names = Set(fleet.outliers.map(\.node)).count
        return names == 0 ? "none stands out" : names == 1 ? "1 stands out" : "\(names) stand out"
    }
}
