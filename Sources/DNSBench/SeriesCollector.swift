import LinuxNet
import Measure

/// Gathers the lanes' intervals into one series while they run.
actor SeriesCollector {
    private struct Gathered {
        var sent: UInt64 = 0
        var answered: UInt64 = 0
        var timedOut: UInt64 = 0
        var response = LatencyHistogram()
        var service: LatencyHistogram?
        var lookups: UInt64 = 0
        var lookupLatencies: LookupLatencies?

        var isUsed: Bool { sent + answered + timedOut + lookups > 0 }
    }

    private let plan: LoadPlan
    private let exchanges: [IntervalExchange]
    private let progress: (@Sendable (LoadProgress) -> Void)?
    private var open: [Int64: Gathered] = [:]
    private var latestOfLane: [Int64]
    private var entries: [LoadInterval] = []
    /// `nil` unless the plan keeps histograms.
    private var texts: IntervalTexts?
    private var lookupTexts: IntervalTexts?
    private let hasLookups: Bool
    private var sent: UInt64 = 0
    private var answered: UInt64 = 0
    private var timedOut: UInt64 = 0

    init(
        plan: LoadPlan,
        exchanges: [IntervalExchange],
        hasLookups: Bool,
        progress: (@Sendable (LoadProgress) -> Void)?
    ) {
        self.plan = plan
        self.hasLookups = hasLookups
        self.exchanges = exchanges
        self.progress = progress
        if plan.keepsIntervalHistograms {
            texts = IntervalTexts()
            lookupTexts = IntervalTexts(response: \.lookupResponseText, service: \.lookupServiceText)
        }
        latestOfLane = exchanges.map { _ in -1 }
    }

    /// Collects until the task is cancelled.
    func watch() async {
        let pause = max(5_000_000, min(50_000_000, plan.intervalNanoseconds / 4))
        while !Task.isCancelled {
            try? await Task.sleep(nanoseconds: UInt64(pause))
            collect()
        }
    }

    /// Adds what the lanes still held, and gives the whole series; only after all lanes have ended.
    func finish(reports: [LaneReport], durationNanoseconds: Int64) -> [LoadInterval] {
        collect()
        for report in reports { exchanges[report.lane].collectLast(report.lastSlot) { add($0) } }
        let last = durationNanoseconds / plan.intervalNanoseconds
        close(through: last - 1)
        for key in open.keys.sorted() {
            guard let gathered = open.removeValue(forKey: key), gathered.isUsed else { continue }
            let begun = key * plan.intervalNanoseconds
            append(gathered, index: key, duration: max(1, min(plan.intervalNanoseconds, durationNanoseconds - begun)))
        }
        return entries
    }

    private func collect() {
        for (lane, exchange) in exchanges.enumerated() {
            exchange.collect { slot in
                add(slot)
                latestOfLane[lane] = slot.index
            }
        }
        close(through: latestOfLane.min() ?? -1)
    }

    private func add(_ slot: borrowing IntervalSlot) {
        var gathered = open.removeValue(forKey: slot.index) ?? Gathered()
        gathered.sent += slot.sent
        gathered.answered += slot.answered
        gathered.timedOut += slot.timedOut
        gathered.response.merge(slot.response)
        if let service = slot.service {
            if gathered.service == nil { gathered.service = LatencyHistogram() }
            gathered.service?.merge(service)
        }
        gathered.lookups += slot.lookups
        if let latencies = slot.lookupLatencies {
            if gathered.lookupLatencies == nil { gathered.lookupLatencies = LookupLatencies() }
            gathered.lookupLatencies?.merge(latencies)
        }
        open[slot.index] = gathered
    }

    private func close(through index: Int64) {
        for key in open.keys.filter({ $0 <= index }).sorted() {
            guard let gathered = open.removeValue(forKey: key) else { continue }
            append(gathered, index: key, duration: plan.intervalNanoseconds)
        }
    }

    private func append(_ gathered: Gathered, index: Int64, duration: Int64) {
        let response = gathered.response
        var entry = LoadInterval(
            startNanoseconds: index * plan.intervalNanoseconds,
            durationNanoseconds: duration,
            sent: gathered.sent,
            answered: gathered.answered,
            timedOut: gathered.timedOut,
            p50: response.value(percentile: 50),
            p90: response.value(percentile: 90),
            p99: response.value(percentile: 99),
            p99_9: response.value(percentile: 99.9),
            max: response.max
        )
        entry.bands = LatencyBands(response)
        if hasLookups { entry.lookups = gathered.lookups }
        entries.append(entry)
        if let service = gathered.service {
            texts?.keep(response: response, service: service, at: entries.count - 1, in: &entries)
        }
        if let latencies = gathered.lookupLatencies {
            lookupTexts?.keep(
                response: latencies.response,
                service: latencies.service,
                at: entries.count - 1,
                in: &entries
            )
        }
        sent += gathered.sent
        answered += gathered.answered
        timedOut += gathered.timedOut
        progress?(
            LoadProgress(
                elapsedNanoseconds: entry.startNanoseconds + duration,
                plannedNanoseconds: plan.limit.durationNanoseconds,
                plannedQueries: plan.limit.queryCount,
                sent: sent,
                answered: answered,
                timedOut: timedOut,
                latest: entry
            )
        )
    }
}
