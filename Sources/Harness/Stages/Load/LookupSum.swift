import DNSBench
import DNSWire
import Measure
import Results

/// Adds what several segments of a load measured of lookups.
struct LookupSum: Sendable {
    private var settings: LookupSettings?
    private var counters = LookupCounters()
    private var response = LatencyHistogram()
    private var service = LatencyHistogram()
    private var queries: [UInt64] = []
    private var names: [UInt64] = []
    private var mostQueries = 0
    private var mostNames = 0
    private var steps: [LookupRecord.Step] = []
    private(set) var offered = 0.0

    /// Adds one segment; segments of single queries add nothing.
    mutating func add(_ result: LoadResult) {
        guard let lookup = result.lookup else { return }
        settings = lookup.settings
        counters.add(lookup.counters)
        response.merge(lookup.response)
        service.merge(lookup.service)
        queries = LookupSum.sum(queries, lookup.queriesPerLookup.counts)
        names = LookupSum.sum(names, lookup.namesPerLookup.counts)
        mostQueries = max(mostQueries, lookup.queriesPerLookup.max)
        mostNames = max(mostNames, lookup.namesPerLookup.max)
        offered = max(offered, lookup.offeredLookupsPerSecond)
        for (index, domain) in lookup.domains.enumerated() {
            if index == steps.count {
                steps.append(LookupRecord.Step(domain: domain.name?.description, queries: 0, nxdomain: 0))
            }
            steps[index].queries += domain.queries
            steps[index].nxdomain += domain.nameErrors
        }
    }

    /// The record of all segments that took `seconds`; `nil` without lookups.
    func record(seconds: Double) -> LookupRecord? {
        guard let settings else { return nil }
        var lookups = LookupRecord.Counters()
        lookups.scheduled = counters.scheduled
        lookups.found = counters.found
        lookups.notFound = counters.notFound
        lookups.failed = counters.failed
        lookups.unsent = counters.unsent
        lookups.interrupted = counters.interrupted
        var cost = LookupRecord.Amplification(
            queriesPerLookup: LookupSum.figures(LookupResult.Distribution(counts: queries, max: mostQueries)),
            namesPerLookup: LookupSum.figures(LookupResult.Distribution(counts: names, max: mostNames))
        )
        cost.byType = ["A": counters.queriesA, "AAAA": counters.queriesAAAA]
        cost.bySearchStep = steps
        cost.wasted = counters.wasted
        cost.copies = counters.copies
        cost.retries = counters.retries
        cost.serverSwitches = counters.serverSwitches
        cost.tcpFallbacks = counters.retriesOverTCP
        cost.abandoned = counters.abandoned
        let ended = counters.found + counters.notFound + counters.failed
        return LookupRecord(
            resolver: settings.resolver.rawValue,
            options: settings.words,
            servers: settings.effectiveServers.map(\.description),
            search: settings.search.map(\.description),
            offeredPerSecond: offered,
            achievedPerSecond: seconds > 0 ? Double(ended) / seconds : 0,
            lookups: lookups,
            latency: LookupRecord.Latencies(response: LatencySummary(response), service: LatencySummary(service)),
            amplification: cost
        )
    }

    private static func sum(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        guard !left.isEmpty else { return right }
        return zip(left, right).map { $0 + $1 }
    }

    private static func figures(_ distribution: LookupResult.Distribution) -> LookupRecord.Distribution {
        LookupRecord.Distribution(
            mean: distribution.mean,
            p50: distribution.value(percentile: 50),
            p99: distribution.value(percentile: 99),
            max: distribution.max
        )
    }
}
