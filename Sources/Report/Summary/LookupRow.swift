import Results

/// The lookups of one load in words.
struct LookupRow: Sendable {
    /// Target, phase and whose resolver.
    let name: String
    /// Lookups that were to be done.
    let scheduled: String
    /// What became of them, without what there was none of.
    let ends: String
    /// Response latencies at 50, 99 and 99.9 per cent; a dash without lookups.
    let latencies: [String]
    /// Queries a lookup: mean, median, 99th percentile, largest.
    let queries: [String]
    /// Queries that were answered with NXDOMAIN for names that the search list made, with their share.
    let wasted: String
    /// What a reader should know besides, a clause each.
    let remarks: [String]

    /// One row for each load of lookups, in the order of the document.
    static func all(in document: ResultDocument) -> [LookupRow] {
        (document.load ?? []).compactMap { load in load.lookup.map { LookupRow(load, $0) } }
    }

    private init(_ load: LoadRecord, _ lookup: LookupRecord) {
        let resolver = DisplayText.clean(lookup.resolver, limit: 20)
        name = "\(DisplayText.clean(load.target, limit: 60)) \(DisplayText.clean(load.phase, limit: 60)), \(resolver)"
        let counts = lookup.lookups
        scheduled = Quantity.count(counts.scheduled)
        ends = LookupRow.list([
            (counts.found, "found"), (counts.notFound, "not found"), (counts.failed, "failed"),
            (counts.unsent, "not begun"), (counts.interrupted, "interrupted"),
        ])
        let response = lookup.latency.response
        latencies = [response.p50, response.p99, response.p99_9].map {
            response.count > 0 ? Quantity.duration($0) : "–"
        }
        let cost = lookup.amplification
        let figures = cost.queriesPerLookup
        queries = [Quantity.fixed(figures.mean, 2), "\(figures.p50)", "\(figures.p99)", "\(figures.max)"]
        let all = load.counters.scheduled
        let share = all > 0 ? Double(cost.wasted) / Double(all) : 0
        wasted = "\(Quantity.count(cost.wasted)) (\(Quantity.percent(share)))"
        remarks = [
            (cost.retries, "queries asked again"), (cost.serverSwitches, "of them at another server"),
            (cost.copies, "copies for further servers"), (cost.tcpFallbacks, "queries asked again over TCP"),
            (cost.abandoned, "queries abandoned"),
        ].filter { $0.0 > 0 }.map { "\(Quantity.count($0.0)) \($0.1)" }
    }

    private static func list(_ counts: [(UInt64, String)]) -> String {
        let used = counts.filter { $0.0 > 0 }.map { "\(Quantity.count($0.0)) \($0.1)" }
        return used.isEmpty ? "none" : used.joined(separator: ", ")
    }
}
