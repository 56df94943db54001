package import DNSWire
package import Measure

/// What became of lookups, and what they cost in queries.
package struct LookupCounters: Sendable, Hashable {
    /// Lookups that the plan called for.
    package var scheduled: UInt64 = 0
    /// Lookups that gave at least one address.
    package var found: UInt64 = 0
    /// Lookups of names that do not exist or have no address.
    package var notFound: UInt64 = 0
    /// Lookups without a usable answer.
    package var failed: UInt64 = 0
    /// Lookups that were due and not begun for want of room or descriptors.
    package var unsent: UInt64 = 0
    /// Lookups under way when the run was stopped.
    package var interrupted: UInt64 = 0

    /// Queries for A.
    package var queriesA: UInt64 = 0
    /// Queries for AAAA.
    package var queriesAAAA: UInt64 = 0
    /// Queries whose answer was NXDOMAIN for a name that the search list made.
    package var wasted: UInt64 = 0
    /// Copies of a query for further servers at the same time (musl).
    package var copies: UInt64 = 0
    /// Queries that were asked again, of the same or another server.
    package var retries: UInt64 = 0
    /// Retries that went to another server.
    package var serverSwitches: UInt64 = 0
    /// Queries asked again over TCP because an answer over UDP was truncated.
    package var retriesOverTCP: UInt64 = 0
    /// Queries that nobody waited for any more, because their lookup had its answer or went on by another way.
    ///
    /// Each is among the load's `interrupted` queries, too: it was neither answered nor timed out.
    package var abandoned: UInt64 = 0

    /// No lookup yet.
    package init() {}

    /// Whether every lookup ended in exactly one class.
    package var addUp: Bool { scheduled == found + notFound + failed + unsent + interrupted }

    /// Adds the counters of another lane or load.
    package mutating func add(_ other: LookupCounters) {
        scheduled += other.scheduled
        found += other.found
        notFound += other.notFound
        failed += other.failed
        unsent += other.unsent
        interrupted += other.interrupted
        queriesA += other.queriesA
        queriesAAAA += other.queriesAAAA
        wasted += other.wasted
        copies += other.copies
        retries += other.retries
        serverSwitches += other.serverSwitches
        retriesOverTCP += other.retriesOverTCP
        abandoned += other.abandoned
    }
}

/// Queries for names under one search domain.
struct LookupDomainCounts: Sendable, BitwiseCopyable {
    var queries: UInt64 = 0
    var nameErrors: UInt64 = 0
}

/// What a run measured of its lookups.
package struct LookupResult: Sendable {
    /// How often a number came up.
    package struct Distribution: Sendable, Hashable {
        /// Lookups by number, from 0; the last place also holds what lies above.
        package let counts: [UInt64]
        /// The largest number.
        package let max: Int

        /// A distribution of which the largest number is known.
        package init(counts: [UInt64], max: Int) {
            self.counts = counts
            self.max = max
        }

        /// The mean; 0 without lookups.
        ///
        /// What lies above the last place is taken for it.
        package var mean: Double {
            let total = counts.reduce(0, +)
            let sum = counts.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
            return total == 0 ? 0 : sum / Double(total)
        }

        /// The number that `percentile` per cent of the lookups do not exceed; 0 without lookups.
        package func value(percentile: Double) -> Int {
            let total = counts.reduce(0, +)
            let rank = Swift.max(1, (Double(total) * percentile / 100).rounded(.up))
            var seen = 0.0
            for (number, count) in counts.enumerated() where count > 0 {
                seen += Double(count)
                if seen >= rank { return number == counts.count - 1 ? max : number }
            }
            return 0
        }
    }

    /// Queries under one search domain.
    package struct Domain: Sendable, Hashable {
        /// The domain; `nil` for names as the application gave them.
        package let name: DNSName?
        /// Queries for names under it.
        package let queries: UInt64
        /// Those that were answered with NXDOMAIN.
        package let nameErrors: UInt64
    }

    /// How lookups were done.
    package let settings: LookupSettings
    /// The asked rate of lookups; 0 in a closed loop.
    package let offeredLookupsPerSecond: Double
    /// Lookups that ended, a second.
    package let achievedLookupsPerSecond: Double
    /// What became of every lookup.
    package let counters: LookupCounters
    /// From the intended start to the end, which is the kernel's receive stamp of the last answer.
    package let response: LatencyHistogram
    /// From the actual start to the end.
    package let service: LatencyHistogram
    /// Queries a lookup.
    package let queriesPerLookup: Distribution
    /// Names that were tried, a lookup.
    package let namesPerLookup: Distribution
    /// Queries by search domain in the order of the list, and at the end those for names as they are.
    package let domains: [Domain]
}

extension LookupResult {
    init(_ report: LookupReport, table: LookupTable, offered: Double, seconds: Double) {
        let ended = report.counters.found + report.counters.notFound + report.counters.failed
        let names = table.settings.search.map { Optional($0) } + [nil]
        self.init(
            settings: table.settings,
            offeredLookupsPerSecond: offered,
            achievedLookupsPerSecond: Double(ended) / seconds,
            counters: report.counters,
            response: report.response,
            service: report.service,
            queriesPerLookup: Distribution(counts: report.queriesPerLookup, max: report.mostQueries),
            namesPerLookup: Distribution(
                counts: report.namesPerLookup,
                max: report.namesPerLookup.lastIndex { $0 > 0 } ?? 0
            ),
            domains: zip(names, report.byDomain).map { name, counts in
                Domain(name: name, queries: counts.queries, nameErrors: counts.nameErrors)
            }
        )
    }
}
