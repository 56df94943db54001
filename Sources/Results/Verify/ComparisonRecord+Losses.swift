package import Measure

extension ComparisonRecord {
    /// Queries without a useful answer, of A and of B, as the counters of their loads tell; nil where those are not of
    /// whole pairs alone.
    package func losses(in document: ResultDocument) -> (a: LossTest.Losses, b: LossTest.Losses)? {
        guard document.status == .complete, a != b, let first = Self.losses(of: a, in: document),
            let second = Self.losses(of: b, in: document)
        else { return nil }
        return (first, second)
    }

    private static func losses(of target: String?, in document: ResultDocument) -> LossTest.Losses? {
        let loads = (document.load ?? []).filter { $0.target == target && $0.phase == "compare" }
        guard loads.count == 1, let load = loads.first, load.invalidReason == nil else { return nil }
        // An answer that says that the server failed is of no use to who asked.
        let failed = ["SERVFAIL", "REFUSED", "FORMERR", "NOTIMP"].reduce(0.0) { $0 + Double(load.rcodes[$1] ?? 0) }
        let sent = load.counters.sent - min(load.counters.interrupted, load.counters.sent)
        let useful = UInt64(min(max(0, Double(load.counters.answered) - failed), 1e18))
        return LossTest.Losses(lost: sent - min(useful, sent), sent: sent)
    }
}
