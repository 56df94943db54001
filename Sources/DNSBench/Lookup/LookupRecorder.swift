import Measure

/// What became of lookups and what they cost; allocates nothing while recording.
struct LookupRecorder: ~Copyable {
    /// Numbers of queries and of names above this are counted here.
    static let mostCounted = 512

    var counters = LookupCounters()
    private var response = LatencyHistogram()
    private var service = LatencyHistogram()
    private let queriesPerLookup: UnsafeMutablePointer<UInt64>
    private let namesPerLookup: UnsafeMutablePointer<UInt64>
    /// Queries by search domain, and behind them those for names as they are.
    private let byDomain: UnsafeMutablePointer<LookupDomainCounts>
    private let domainCount: Int
    private var mostQueries = 0

    init(domains: Int) {
        domainCount = domains
        queriesPerLookup = .allocate(capacity: LookupRecorder.mostCounted + 1)
        queriesPerLookup.initialize(repeating: 0, count: LookupRecorder.mostCounted + 1)
        namesPerLookup = .allocate(capacity: LookupRecorder.mostCounted + 1)
        namesPerLookup.initialize(repeating: 0, count: LookupRecorder.mostCounted + 1)
        byDomain = .allocate(capacity: domains + 1)
        byDomain.initialize(repeating: LookupDomainCounts(), count: domains + 1)
    }

    deinit {
        queriesPerLookup.deallocate()
        namesPerLookup.deallocate()
        byDomain.deallocate()
    }

    /// Counts a query that was scheduled.
    mutating func asked(_ send: LookupSend, domain: UInt8) {
        if send.family == .a { counters.queriesA &+= 1 } else { counters.queriesAAAA &+= 1 }
        byDomain[place(domain)].queries &+= 1
        switch send.cause {
        case .first: break
        case .copy: counters.copies &+= 1
        case .again: counters.retries &+= 1
        case .otherServer:
            counters.retries &+= 1
            counters.serverSwitches &+= 1
        case .truncated: counters.retriesOverTCP &+= 1
        }
    }

    /// Counts an answer.
    mutating func answered(_ answer: LookupAnswer, domain: UInt8) {
        guard answer.rcode == LookupAnswer.nameError else { return }
        byDomain[place(domain)].nameErrors &+= 1
        if domain != LookupTable.asIs { counters.wasted &+= 1 }
    }

    /// Counts a lookup that has ended; latencies are at least 1 ns.
    mutating func ended(_ outcome: LookupOutcome, response: Int64, service: Int64, queries: Int, names: Int) {
        switch outcome {
        case .found: counters.found &+= 1
        case .notFound: counters.notFound &+= 1
        case .failed: counters.failed &+= 1
        }
        self.response.record(response)
        self.service.record(service)
        queriesPerLookup[min(queries, LookupRecorder.mostCounted)] &+= 1
        namesPerLookup[min(names, LookupRecorder.mostCounted)] &+= 1
        mostQueries = max(mostQueries, queries)
    }

    private func place(_ domain: UInt8) -> Int { min(Int(domain), domainCount) }

    /// The lane's report; nothing may be recorded afterwards.
    consuming func report() -> LookupReport {
        LookupReport(
            counters: counters,
            response: response,
            service: service,
            queriesPerLookup: Array(
                UnsafeBufferPointer(start: queriesPerLookup, count: LookupRecorder.mostCounted + 1)
            ),
            namesPerLookup: Array(UnsafeBufferPointer(start: namesPerLookup, count: LookupRecorder.mostCounted + 1)),
            byDomain: Array(UnsafeBufferPointer(start: byDomain, count: domainCount + 1)),
            mostQueries: mostQueries
        )
    }
}

/// What one lane, or all of them, hand back of their lookups.
struct LookupReport: Sendable {
    var counters: LookupCounters
    var response: LatencyHistogram
    var service: LatencyHistogram
    var queriesPerLookup: [UInt64]
    var namesPerLookup: [UInt64]
    var byDomain: [LookupDomainCounts]
    var mostQueries: Int

    /// Adds another lane's.
    mutating func add(_ other: LookupReport) {
        counters.add(other.counters)
        response.merge(other.response)
        service.merge(other.service)
        for (index, count) in other.queriesPerLookup.enumerated() { queriesPerLookup[index] += count }
        for (index, count) in other.namesPerLookup.enumerated() { namesPerLookup[index] += count }
        for (index, counts) in other.byDomain.enumerated() {
            byDomain[index].queries += counts.queries
            byDomain[index].nameErrors += counts.nameErrors
        }
        mostQueries = max(mostQueries, other.mostQueries)
    }
}
