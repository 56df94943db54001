import Measure
import Results

/// A made-up record of lookups that agrees with a load of `queries` queries, eight of them a lookup.
enum LookupFixture {
    static func add(to load: inout LoadRecord, latency base: Int64 = 400_000) {
        let queries = load.counters.scheduled
        let count = queries / 8
        var times = LatencyHistogram()
        for index in 0..<count { times.record(base + Int64(index % 97) * 1_000) }
        var lookups = LookupRecord.Counters()
        lookups.scheduled = count + 1
        lookups.found = count - 2
        lookups.notFound = 1
        lookups.failed = 1
        lookups.unsent = 1
        let figures = LookupRecord.Distribution(mean: 8, p50: 8, p99: 8, max: 9)
        var cost = LookupRecord.Amplification(
            queriesPerLookup: figures,
            namesPerLookup: LookupRecord.Distribution(mean: 4, p50: 4, p99: 4, max: 4)
        )
        cost.byType = ["A": queries / 2, "AAAA": queries - queries / 2]
        cost.bySearchStep = [
            LookupRecord.Step(domain: "svc.cluster.local.", queries: queries - queries / 4, nxdomain: queries / 2),
            LookupRecord.Step(domain: nil, queries: queries / 4, nxdomain: 0),
        ]
        cost.wasted = queries / 2
        cost.retries = 3
        cost.serverSwitches = 2
        load.lookup = LookupRecord(
            resolver: "glibc",
            options: ["ndots:5", "timeout:5", "attempts:2"],
            servers: ["169.254.20.10:53"],
            search: ["svc.cluster.local."],
            offeredPerSecond: 50,
            achievedPerSecond: 50,
            lookups: lookups,
            latency: LookupRecord.Latencies(response: LatencySummary(times), service: LatencySummary(times)),
            amplification: cost
        )
    }
}
