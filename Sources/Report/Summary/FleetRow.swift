import Results

/// The nodes of a merged result, as every format shows them.
struct FleetRow {
    let name: String
    let verdict: String
    let status: String
    let started: String
    let machine: String
    let queries: String
    let lost: String

    init(_ node: FleetRecord.Node) {
        name = DisplayText.clean(node.name, limit: 60)
        verdict = node.verdict.rawValue
        status = node.status.rawValue
        started = node.started.description
        machine = DisplayText.clean(node.environmentClass, limit: 60)
        let judged = node.loads.reduce(UInt64(0)) { $0.addingReportingOverflow($1.judged).partialValue }
        let lost = node.loads.reduce(UInt64(0)) { $0.addingReportingOverflow($1.lost).partialValue }
        queries = node.loads.isEmpty ? "–" : Quantity.count(judged)
        self.lost = judged == 0 ? "–" : Quantity.percent(Double(lost) / Double(judged))
    }

    /// How many nodes there are, and how many stand out.
    static func sentence(_ fleet: FleetRecord) -> String {
        let names = Set(fleet.outliers.map(\.node)).count
        let standing = names == 0 ? "none stands out" : names == 1 ? "1 stands out" : "\(names) stand out"
        return "\(Quantity.count(UInt64(fleet.nodes.count), "node")), \(standing)"
    }
}

/// A figure by which a node stands out, as every format shows it.
struct OutlierRow {
    let node: String
    let load: String
    let metric: String
    let value: String
    let median: String
    let score: String

    init(_ outlier: FleetRecord.Outlier) {
        func figure(_ value: Double) -> String {
            outlier.metric == "loss" ? Quantity.percent(value) : Quantity.duration(value)
        }
        node = DisplayText.clean(outlier.node, limit: 60)
        load = "\(DisplayText.clean(outlier.target, limit: 40)) \(DisplayText.clean(outlier.phase, limit: 40))"
        metric = DisplayText.clean(outlier.metric, limit: 20)
        value = figure(outlier.value)
        median = figure(outlier.median)
        score = Quantity.significant(outlier.score)
    }
}
