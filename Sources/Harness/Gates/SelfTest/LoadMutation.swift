import Measure
import Results

/// Changes of what was measured under load, with histograms, counters and rates in agreement.
enum LoadMutation {
    /// Changes a metric of each load that counts on a target; false when there is none, or no such change.
    static func change(
        _ document: inout ResultDocument,
        target: String,
        _ name: String,
        _ direction: GateMutation.Direction,
        _ strength: Int
    ) -> Bool {
        guard var loads = document.load else { return false }
        var isDone = false
        for place in loads.indices where loads[place].target == target && loads[place].invalidReason == nil {
            // The course over time and the lookups would no longer agree.
            loads[place].series = nil
            loads[place].lookup = nil
            isDone = change(&loads[place], name, direction, strength) || isDone
        }
        document.load = loads
        if isDone { ComparisonMutation.recompute(&document) }
        return isDone
    }

    private static func change(
        _ load: inout LoadRecord,
        _ name: String,
        _ direction: GateMutation.Direction,
        _ strength: Int
    ) -> Bool {
        let factor = Double(2 * GateMutation.step(strength))
        if name.hasPrefix("rcode.") {
            return move(&load, to: String(name.dropFirst("rcode.".count)), direction, strength)
        }
        switch (name, direction) {
        case ("min", _), ("mean", _), ("max", _), ("p50", _), ("p90", _), ("p99", _), ("p99_9", _), ("p99_99", _):
            scale(&load, by: direction == .up ? factor : 1 / factor)
        case ("loss", .up), ("timed_out", .up): lose(&load, \.timedOut, strength)
        case ("unsent", .up): lose(&load, \.unsent, strength)
        case ("send_errors", .up): lose(&load, \.sendErrors, strength)
        case ("interrupted", .up):
            let count = share(of: load.counters.scheduled, strength)
            load.counters.scheduled += count
            load.counters.sent += count
            load.counters.interrupted += count
        case ("mismatched", .up): load.counters.mismatched += GateMutation.step(strength)
        case ("malformed", .up): load.counters.malformed += GateMutation.step(strength)
        case ("late", .up): load.counters.late += GateMutation.step(strength)
        case ("achieved_qps", _):
            let slower = direction == .down ? factor : 1 / factor
            load.durationNanoseconds = Int64(min(Double(load.durationNanoseconds) * slower, 9e17))
            load.achievedQPS = Double(load.counters.answered) / max(Double(load.durationNanoseconds) / 1e9, 1e-9)
        case ("offered_qps", _): load.offeredQPS *= direction == .down ? 1 / factor : factor
        case ("answered", .down), ("sent", .down), ("scheduled", .down): thin(&load, strength)
        default: return false
        }
        return true
    }

    /// Every answer so many times slower, up to the 60 s that a histogram holds.
    static func scale(_ load: inout LoadRecord, by factor: Double) {
        load.latency.response = scaled(load.latency.response, by: factor)
        load.latency.service = scaled(load.latency.service, by: factor)
    }

    private static func scaled(_ summary: LatencySummary, by factor: Double) -> LatencySummary {
        var changed = LatencyHistogram()
        for bucket in (try? summary.histogram())?.buckets ?? [] {
            let value = min(Double(bucket.highest) * factor, Double(LatencyHistogram.highestTrackableNanoseconds))
            changed.record(Int64(value), count: bucket.count)
        }
        return LatencySummary(changed)
    }

    /// More queries that end in a class of lost ones.
    static func lose(_ load: inout LoadRecord, _ counter: WritableKeyPath<LoadCounters, UInt64>, _ strength: Int) {
        let count = share(of: load.counters.scheduled, strength)
        load.counters.scheduled += count
        if counter == \.timedOut { load.counters.sent += count }
        load.counters[keyPath: counter] += count
        if var loss = load.loss {
            loss.lost += count
            loss.unexplained += count
            load.loss = loss
        }
    }

    /// A thousandth of the queries, twice as many for each step.
    private static func share(of count: UInt64, _ strength: Int) -> UInt64 {
        min(max(1, count / 1_000) * GateMutation.step(strength), 1 << 45)
    }

    private static func move(
        _ load: inout LoadRecord,
        to rcode: String,
        _ direction: GateMutation.Direction,
        _ strength: Int
    ) -> Bool {
        let others = load.rcodes.filter { $0.key != rcode && $0.value > 0 }.sorted {
            ($0.value, $1.key) > ($1.value, $0.key)
        }
        let from = direction == .up ? others.first?.key : rcode
        let to = direction == .up ? rcode : others.first?.key ?? "SERVFAIL"
        guard let from, let there = load.rcodes[from], there > 0 else { return false }
        let count = min(there, share(of: load.counters.answered, strength))
        load.rcodes[from] = there - count
        load.rcodes[to, default: 0] += count
        return true
    }

    /// A part of the queries never happened.
    private static func thin(_ load: inout LoadRecord, _ strength: Int) {
        let shift = UInt64(min(strength + 1, 60))
        load.latency.response = thinned(load.latency.response, shift)
        load.latency.service = thinned(load.latency.service, shift)
        let kept = load.latency.response.count
        let removed = load.counters.answered - kept
        load.counters.answered = kept
        load.counters.scheduled -= removed
        load.counters.sent -= min(removed, load.counters.sent)
        var rest = kept
        for (rcode, count) in load.rcodes.sorted(by: { $0.key < $1.key }) {
            load.rcodes[rcode] = min(count, rest)
            rest -= min(count, rest)
        }
        load.achievedQPS = Double(kept) / max(Double(load.durationNanoseconds) / 1e9, 1e-9)
    }

    private static func thinned(_ summary: LatencySummary, _ shift: UInt64) -> LatencySummary {
        var changed = LatencyHistogram()
        for bucket in (try? summary.histogram())?.buckets ?? [] {
            changed.record(bucket.highest, count: bucket.count >> shift)
        }
        return LatencySummary(changed)
    }
}
