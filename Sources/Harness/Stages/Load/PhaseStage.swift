import Capture
import DNSBench
import DNSWire
import LinuxNet
import NodeLocal
import Results
import Scenario

/// Measures one load in several states of the cache, each with histograms of its own.
///
/// It does not empty the cache: `cold` is the first time that this run asks a question, and the cache's own counters
/// say how many of those were misses.
struct PhaseStage {
    let phases: LoadPhases
    let prepared: PreparedLoad
    let reader: LossReader
    /// Counts how many of the queries it saw, where there is one.
    let capture: LiveCapture?
    /// What the generator gets from an echo, when it was calibrated.
    let capacity: Double?
    let stop: StopFlag
    let progress: ProgressReporter

    /// How often `expiring` asks each question within a TTL: hits and refetches then take turns.
    private static let shareOfTTL = 0.75
    /// How many TTLs `expiring` lasts.
    private static let lifetimes = 3.0
    private static let longestExpiring: Int64 = 600_000_000_000
    private static let sampled = 8

    /// What came of the phases, and what a reader should know of them.
    func run() async throws -> (loads: [LoadRecord], notes: [String]) {
        var loads: [LoadRecord] = []
        var notes: [String] = []
        var ttl = phases.ttlNanoseconds
        var coldSince: Int64?
        let rate = prepared.plan.offeredQueriesPerSecond
        let limit = Int(rate * Double(prepared.plan.limit.durationNanoseconds ?? 10_000_000_000) / 1e9)
        let all = prepared.workload.distinct(atMost: max(1, limit))
        for phase in phases.phases where !stop.isRaised {
            var plan = prepared.plan
            plan.phase = phase.rawValue
            var workload = all
            switch phase {
            case .cold:
                coldSince = Clock.monotonicNanoseconds()
                plan.limit = .queries(UInt64(all.turnCount))
                notes.append(
                    "cold: \(all.turnCount) questions, each for the first time in this run; the cache was not emptied."
                )
            case .warm:
                let pass = Int64(Double(all.turnCount) / rate * 1e9)
                let known: Int64
                if let ttl { known = ttl } else { known = try await learnTTL(all) }
                let since = coldSince.map { Clock.monotonicNanoseconds() - $0 } ?? 0
                if coldSince == nil || since + pass > known {
                    notes.append(
                        coldSince == nil
                            ? "warm was left out: only cold before it makes a cache warm."
                            : "warm was left out: its questions would come \(seconds(since + pass)) after the first, and their"
                                + " TTL is \(seconds(known)); ask fewer questions, or at a higher rate."
                    )
                    continue
                }
                plan.limit = .queries(UInt64(all.turnCount))
            case .expiring:
                let known: Int64
                if let ttl { known = ttl } else { known = try await learnTTL(all) }
                ttl = known
                let length = Int64(PhaseStage.lifetimes * Double(known))
                guard known > 0, length <= PhaseStage.longestExpiring else {
                    notes.append(
                        "expiring was left out: a TTL of \(seconds(known)) cannot run out three times within 10 min."
                    )
                    continue
                }
                let pass = PhaseStage.shareOfTTL * Double(known)
                workload = prepared.workload.distinct(atMost: max(1, min(all.turnCount, Int(rate * pass / 1e9))))
                let slower = Double(workload.turnCount) / (pass / 1e9)
                plan.model = .open(ratePerSecond: slower)
                plan.limit = .duration(nanoseconds: length)
                notes.append(
                    "expiring: \(workload.turnCount) questions, each every \(seconds(Int64(pass))), at \(Int(slower)) a second;"
                        + " their TTL is taken to be \(seconds(known))"
                        + (phases.ttlNanoseconds == nil ? ", as answers said." : ".")
                )
            }
            let before = await reader.read()
            let run = try await LoadStage.measure(
                plan,
                workload,
                reader: reader,
                capture: capture,
                capacity: capacity,
                stop: stop,
                progress: progress
            )
            loads.append(run.record)
            if let counts = PhaseStage.cacheCounts(before, await reader.read()) {
                notes.append("\(phase.rawValue): the cache counted \(counts.hits) hits and \(counts.misses) misses.")
            }
        }
        return (loads, notes)
    }

    private func seconds(_ nanoseconds: Int64) -> String {
        DurationText.text(nanoseconds: nanoseconds / 1_000_000 * 1_000_000)
    }

    private static func cacheCounts(_ before: LossReading, _ after: LossReading) -> (hits: Int, misses: Int)? {
        guard let old = before.metrics, let new = after.metrics, let version = new.coreDNSVersion else { return nil }
        func delta(_ metric: CoreDNSMetric) -> Int {
            Int((new.sum(metric, in: version) ?? 0) - (old.sum(metric, in: version) ?? 0))
        }
        return (delta(.cacheHits), delta(.cacheMisses))
    }

    /// The largest TTL among the answers to a few of the questions, nanoseconds; 0 when none had records.
    private func learnTTL(_ workload: Workload) async throws -> Int64 {
        let target = prepared.plan.target
        let count = workload.turnCount
        let queries = (0..<min(PhaseStage.sampled, count)).map { index in
            workload.message(workload.firstQueries(count)[index * count / min(PhaseStage.sampled, count)])
        }
        let found = try await Threads.run(name: "ttl", namespace: prepared.plan.namespace) {
            let socket = try UDPSocket(connectedTo: target)
            var largest: UInt32 = 0
            for query in queries {
                try socket.send(query)
                guard let reply = try socket.receive(timeoutNanoseconds: 1_000_000_000),
                    let message = try? Message(decoding: reply.bytes)
                else { continue }
                for record in message.answers { largest = max(largest, record.ttl) }
            }
            return largest
        }
        return Int64(found) * 1_000_000_000
    }
}
