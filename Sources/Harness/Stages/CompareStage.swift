package import Capture
package import DNSBench
import DNSWire
package import LinuxNet
import Measure
package import Results
package import Scenario

/// Fires one workload at two targets in turn, pair by pair, and compares them.
package struct CompareStage: Sendable {
    /// The phase of its loads in the result.
    static let phase = "compare"

    /// Where.
    package var site: Site
    /// The run's seed: it draws the order of segments and the queries in them.
    package var seed: UInt64
    /// Whether each entry of a series keeps its histograms.
    package var keepsIntervalHistograms = false
    /// Counts how many of the queries it saw, where there is one.
    package var capture: LiveCapture?

    /// Makes a stage.
    package init(site: Site, seed: UInt64) {
        self.site = site
        self.seed = seed
    }

    /// What came of a comparison: one load record a target and the comparison itself.
    package struct Outcome: Sendable {
        /// All counted segments, by target.
        package var loads: [LoadRecord]
        /// The comparison; absent when the stage was stopped before the first pair was complete.
        package var comparison: ComparisonRecord?
    }

    /// The difference of loss that counts: one in a thousand, which a run of some thousand queries can show.
    private static let lossMargin = ComparisonMargin(relative: 0, absoluteFloor: 0.001)

    /// Runs the step.
    package func run(
        _ step: CompareStep,
        a: Scenario.Target,
        b: Scenario.Target,
        workload: Workload,
        stop: StopFlag,
        progress: ProgressReporter
    ) async throws -> Outcome {
        for target in [a, b] where step.warmupNanoseconds > 0 {
            progress.update(0, "warm-up of \(target.name)")
            _ = try await fire(step, target, workload, nanoseconds: step.warmupNanoseconds, seed: seed, stop: stop)
        }
        // A pair that is left out is made up for, up to as many again; the order is drawn for all in advance.
        let attempts = 2 * step.pairs
        let schedule = InterleavingOrder.schedule(pairs: attempts, seed: seed)
        var order: [InterleavingOrder] = []
        var loads = [
            LoadAccumulator(target: a.name, phase: Self.phase), LoadAccumulator(target: b.name, phase: Self.phase),
        ]
        var segments: [ComparisonRecord.Segment] = []
        var pairs: [(a: LoadResult, b: LoadResult)] = []
        var discarded = 0
        for (pair, turn) in schedule.enumerated() where !stop.isRaised && pairs.count < step.pairs {
            order.append(turn)
            var results: [Int: (result: LoadResult, seen: LoadCapture?)] = [:]
            var starts: [Int: Int64] = [:]
            for index in turn == .ab ? [0, 1] : [1, 0] where !stop.isRaised {
                let target = index == 0 ? a : b
                progress.update(
                    Double(2 * pairs.count + results.count) / Double(2 * step.pairs),
                    "pair \(pairs.count + 1)/\(step.pairs) \(target.name)"
                )
                // Both halves of a pair ask the same questions.
                let segmentSeed = seed &+ UInt64(pair) &* 0x9E37_79B9
                if step.settleNanoseconds > 0 {
                    _ = try await fire(
                        step,
                        target,
                        workload,
                        nanoseconds: step.settleNanoseconds,
                        seed: segmentSeed ^ 1,
                        stop: stop
                    )
                }
                starts[index] = Clock.monotonicNanoseconds()
                let startedAt = Timestamp(realtimeNanoseconds: Clock.realtimeNanoseconds())
                let watched = try await fire(
                    step,
                    target,
                    workload,
                    nanoseconds: step.segmentNanoseconds,
                    seed: segmentSeed,
                    stop: stop
                )
                results[index] = watched
                segments.append(record(watched.result, pair: pair, target: target.name, started: startedAt))
            }
            // A pair in which the generator was the bottleneck measured the generator: both halves are left out.
            guard results.values.allSatisfy({ $0.result.isValid || $0.result.wasInterrupted }) else {
                discarded += 1
                continue
            }
            for (index, watched) in results {
                loads[index].add(watched.result, startMonotonic: starts[index] ?? 0, seen: watched.seen)
            }
            if let first = results[0], let second = results[1], !stop.isRaised {
                pairs.append((first.result, second.result))
            }
        }
        let records = loads.filter { !$0.isEmpty }.map(\.record)
        guard !pairs.isEmpty || discarded > 0 else { return Outcome(loads: records, comparison: nil) }
        let comparisons = PairedComparison.compare(metrics(pairs), discardedPairs: discarded)
        return Outcome(
            loads: records,
            comparison: ComparisonRecord(
                a: a.name,
                b: b.name,
                comparisons: comparisons,
                order: order,
                segments: segments
            )
        )
    }

    private func fire(
        _ step: CompareStep,
        _ target: Scenario.Target,
        _ workload: Workload,
        nanoseconds: Int64,
        seed: UInt64,
        stop: StopFlag
    ) async throws -> (result: LoadResult, seen: LoadCapture?) {
        var plan = LoadPlan(
            target: target.endpoint,
            targetName: target.name,
            transport: DNSBench.LoadTransport(step.transport),
            model: .open(ratePerSecond: step.ratePerSecond),
            limit: .duration(nanoseconds: nanoseconds),
            timeoutNanoseconds: step.timeoutNanoseconds,
            connections: step.connections,
            namespace: site.clientNamespace,
            seed: seed,
            phase: Self.phase
        )
        plan.keepsIntervalHistograms = keepsIntervalHistograms
        return try await WatchedLoad.run(plan, workload, beside: capture, stop: stop)
    }

    private func record(
        _ result: LoadResult,
        pair: Int,
        target: String,
        started: Timestamp
    ) -> ComparisonRecord.Segment {
        ComparisonRecord.Segment(
            pair: pair,
            target: target,
            started: started,
            invalidReason: result.invalidReason,
            p50: result.response.value(percentile: 50),
            p99: result.response.value(percentile: 99),
            achievedQPS: result.achievedQueriesPerSecond,
            loss: result.lossRatio
        )
    }

    private func metrics(_ pairs: [(a: LoadResult, b: LoadResult)]) -> [PairedComparison.Metric] {
        var metrics: [PairedComparison.Metric] = []
        for metric in ComparisonMetric.allCases {
            if let percentile = metric.percentile {
                // A segment with too few answers has no such percentile; its maximum would stand in for it.
                let usable = pairs.filter {
                    $0.a.response.supports(percentile: percentile) && $0.b.response.supports(percentile: percentile)
                }
                metrics.append(
                    .paired(
                        metric,
                        usable.map {
                            PairedComparison.Pair(
                                a: Double($0.a.response.value(percentile: percentile)),
                                b: Double($0.b.response.value(percentile: percentile))
                            )
                        }
                    )
                )
            } else if metric == .achievedQPS {
                metrics.append(
                    .paired(
                        metric,
                        pairs.map {
                            PairedComparison.Pair(a: $0.a.achievedQueriesPerSecond, b: $0.b.achievedQueriesPerSecond)
                        }
                    )
                )
            } else if let a = losses(pairs.map(\.a)), let b = losses(pairs.map(\.b)) {
                metrics.append(.loss(a: a, b: b, margin: Self.lossMargin))
            }
        }
        return metrics
    }

    private func losses(_ results: [LoadResult]) -> LossTest.Losses? {
        let sent = results.reduce(UInt64(0)) { $0 + $1.counters.sent }
        let answered = results.reduce(UInt64(0)) { $0 + $1.counters.answered }
        return LossTest.Losses(lost: sent - min(answered, sent), sent: sent)
    }
}

extension DNSBench.LoadTransport {
    /// The transport that a scenario names.
    init(_ transport: Scenario.LoadTransport) {
        self = transport == .tcp ? .tcp : .udp
    }
}
