extension ResultVerification {
    /// What in the record of lookups does not follow from its counts, besides its latencies.
    static func check(_ lookup: LookupRecord, of load: LoadRecord, place: String) -> [Finding] {
        var findings: [Finding] = []
        func demand(_ holds: Bool, _ key: String, _ problem: String) {
            if !holds { findings.append(Finding(place: "\(place).\(key)", problem: problem)) }
        }
        let counts = lookup.lookups
        let sum = counts.ends.map(String.init) ?? "more than 2^64"
        demand(
            counts.ends == counts.scheduled,
            "lookups",
            "scheduled is \(counts.scheduled), its ends add up to \(sum)"
        )
        let ended = total([counts.found, counts.notFound, counts.failed])
        for (name, latency) in [("response", lookup.latency.response), ("service", lookup.latency.service)] {
            demand(
                latency.count == ended,
                "latency_ns.\(name).count",
                "is \(latency.count), lookups that ended are \(ended.map(String.init) ?? "too many")"
            )
        }
        let cost = lookup.amplification
        let scheduled = load.counters.scheduled
        demand(
            total(Array(cost.byType.values)) == scheduled,
            "amplification.by_type",
            "does not add up to the load's \(scheduled) scheduled queries"
        )
        demand(
            total(cost.bySearchStep.map(\.queries)) == scheduled,
            "amplification.by_search_step",
            "does not add up to the load's \(scheduled) scheduled queries"
        )
        let wasted = total(cost.bySearchStep.filter { $0.domain != nil }.map(\.nxdomain))
        demand(wasted == cost.wasted, "amplification.wasted", "is \(cost.wasted), the search steps say otherwise")
        demand(
            cost.abandoned <= load.counters.interrupted,
            "amplification.abandoned",
            "is \(cost.abandoned), interrupted queries are \(load.counters.interrupted)"
        )
        demand(
            cost.serverSwitches <= cost.retries,
            "amplification.server_switches",
            "is \(cost.serverSwitches), more than the \(cost.retries) retries"
        )
        for (name, figures) in [
            ("queries_per_lookup", cost.queriesPerLookup), ("names_per_lookup", cost.namesPerLookup),
        ] {
            demand(
                figures.p50 <= figures.p99 && figures.p99 <= figures.max && figures.mean <= Double(figures.max) + 0.001,
                "amplification.\(name)",
                "its figures are out of order"
            )
        }
        return findings
    }

    private static func total(_ counts: [UInt64]) -> UInt64? {
        counts.reduce(UInt64?.some(0)) { sum, count in
            guard let sum else { return nil }
            let (next, overflow) = sum.addingReportingOverflow(count)
            return overflow ? nil : next
        }
    }
}
