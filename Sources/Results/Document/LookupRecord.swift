/// What became of the lookups of a load, and what they cost in queries.
package struct LookupRecord: Codable, Sendable, Equatable {
    /// What became of every lookup.
    package struct Counters: Codable, Sendable, Equatable {
        /// Lookups that were to be done.
        package var scheduled: UInt64 = 0
        /// Lookups that gave an address.
        package var found: UInt64 = 0
        /// Lookups of names that do not exist or have no address.
        package var notFound: UInt64 = 0
        /// Lookups without a usable answer.
        package var failed: UInt64 = 0
        /// Lookups that the generator never came to begin.
        package var unsent: UInt64 = 0
        /// Lookups under way when the run was interrupted.
        package var interrupted: UInt64 = 0

        /// No lookup.
        package init() {}

        /// The sum of the classes that a lookup can end in; nil when it has no number.
        package var ends: UInt64? {
            [found, notFound, failed, unsent, interrupted].reduce(UInt64?.some(0)) { sum, count in
                guard let sum else { return nil }
                let (next, overflow) = sum.addingReportingOverflow(count)
                return overflow ? nil : next
            }
        }

        enum CodingKeys: String, CodingKey {
            case scheduled, found, failed, unsent, interrupted
            case notFound = "not_found"
        }
    }

    /// How long lookups took.
    package struct Latencies: Codable, Sendable, Equatable {
        /// Intended start to the end.
        package var response: LatencySummary
        /// Actual start to the end.
        package var service: LatencySummary

        /// Creates the two.
        package init(response: LatencySummary, service: LatencySummary) {
            self.response = response
            self.service = service
        }
    }

    /// How often a number of queries or names came up.
    package struct Distribution: Codable, Sendable, Equatable {
        /// The mean.
        package var mean: Double
        /// The median.
        package var p50: Int
        /// The 99th percentile.
        package var p99: Int
        /// The largest.
        package var max: Int

        /// Creates the figures.
        package init(mean: Double, p50: Int, p99: Int, max: Int) {
            self.mean = mean
            self.p50 = p50
            self.p99 = p99
            self.max = max
        }
    }

    /// Queries under one search domain.
    package struct Step: Codable, Sendable, Equatable {
        /// The domain; absent for names as the application gave them.
        package var domain: String?
        /// Queries for names under it.
        package var queries: UInt64
        /// Those that were answered with NXDOMAIN.
        package var nxdomain: UInt64

        /// Creates the counts.
        package init(domain: String?, queries: UInt64, nxdomain: UInt64) {
            self.domain = domain
            self.queries = queries
            self.nxdomain = nxdomain
        }
    }

    /// What lookups cost in queries.
    package struct Amplification: Codable, Sendable, Equatable {
        /// Queries a lookup, over those that ended.
        package var queriesPerLookup: Distribution
        /// Names that were tried, a lookup.
        package var namesPerLookup: Distribution
        /// Queries by type: `A` and `AAAA`.
        package var byType: [String: UInt64]
        /// Queries by search domain, in the order of the list.
        package var bySearchStep: [Step]
        /// Queries whose answer was NXDOMAIN for a name that the search list made.
        package var wasted: UInt64
        /// Copies for further servers at the same time (musl).
        package var copies: UInt64
        /// Queries that were asked again.
        package var retries: UInt64
        /// Retries that went to another server.
        package var serverSwitches: UInt64
        /// Queries asked again over TCP because an answer was truncated.
        package var tcpFallbacks: UInt64
        /// Queries that nobody waited for any more; they are among the load's interrupted ones.
        package var abandoned: UInt64

        /// Creates what is given; all else is 0.
        package init(queriesPerLookup: Distribution, namesPerLookup: Distribution) {
            self.queriesPerLookup = queriesPerLookup
            self.namesPerLookup = namesPerLookup
            byType = [:]
            bySearchStep = []
            wasted = 0
            copies = 0
            retries = 0
            serverSwitches = 0
            tcpFallbacks = 0
            abandoned = 0
        }

        enum CodingKeys: String, CodingKey {
            case wasted, copies, retries, abandoned
            case queriesPerLookup = "queries_per_lookup"
            case namesPerLookup = "names_per_lookup"
            case byType = "by_type"
            case bySearchStep = "by_search_step"
            case serverSwitches = "server_switches"
            case tcpFallbacks = "tcp_fallbacks"
        }
    }

    /// `glibc`, `musl` or `go`.
    package var resolver: String
    /// What was in force of resolv.conf(5), one word each, such as `ndots:5` or `rotate`.
    package var options: [String]
    /// The name servers that were asked.
    package var servers: [String]
    /// The search list.
    package var search: [String]
    /// Lookups a second that were asked for; 0 of a closed window.
    package var offeredPerSecond: Double
    /// Lookups a second that ended.
    package var achievedPerSecond: Double
    /// What became of every lookup.
    package var lookups: Counters
    /// How long lookups took.
    package var latency: Latencies
    /// What they cost.
    package var amplification: Amplification

    /// Creates a record.
    package init(
        resolver: String,
        options: [String],
        servers: [String],
        search: [String],
        offeredPerSecond: Double,
        achievedPerSecond: Double,
        lookups: Counters,
        latency: Latencies,
        amplification: Amplification
    ) {
        self.resolver = resolver
        self.options = options
        self.servers = servers
        self.search = search
        self.offeredPerSecond = offeredPerSecond
        self.achievedPerSecond = achievedPerSecond
        self.lookups = lookups
        self.latency = latency
        self.amplification = amplification
    }

    enum CodingKeys: String, CodingKey {
        case resolver, options, servers, search, lookups, amplification
        case offeredPerSecond = "offered_per_second"
        case achievedPerSecond = "achieved_per_second"
        case latency = "latency_ns"
    }
}
