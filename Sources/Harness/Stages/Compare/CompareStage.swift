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

    /// Where A is, and B too unless it has a site of its own.
    package var site: Site
    /// Where B is, when not where A is.
    package var candidateSite: Site?
    /// The run's seed: it draws the order of segments and the queries in them.
    package var seed: UInt64
    /// Whether each entry of a series keeps its histograms.
    package var keepsIntervalHistograms = false
    /// Counts how many of the queries it saw, where there is one.
    package var capture: LiveCapture?

    /// Makes a stage.
    package init(site: Site, candidateSite: Site? = nil, seed: UInt64) {
        self.site = site
        self.candidateSite = candidateSite
        self.seed = seed
    }

    /// What came of a comparison: one load record a target and the comparison itself.
    package struct Outcome: Sendable {
        /// All counted segments, by target.
        package var loads: [LoadRecord]
        /// The comparison; absent when the stage was stopped before the first pair was complete.
        package var comparison: ComparisonRecord?
    }

    /// What the loop has gathered so far.
    private struct Course {
        var evidence: PairEvidence
        var order: [InterleavingOrder] = []
        var segments: [ComparisonRecord.Segment] = []
        var loads: [LoadAccumulator]
        var cache: [ComparisonArm.CacheCount?] = [ComparisonArm.CacheCount(), ComparisonArm.CacheCount()]
    }

    /// Runs the step; when stopped, the pairs that are complete are kept, and decide nothing.
    package func run(
        _ step: CompareStep,
        a: Scenario.Target,
        b: Scenario.Target,
        workload: Workload,
        digest: String,
        stop: StopFlag,
        progress: ProgressReporter
    ) async throws -> Outcome {
        let arms = [
            ComparisonArm(target: a, site: site), ComparisonArm(target: b, site: candidateSite ?? site),
        ]
        let runner = SegmentRunner(
            step: step,
            workload: workload,
            keepsIntervalHistograms: keepsIntervalHistograms,
            capture: capture,
            ownsServers: arms.allSatisfy { $0.site.lab != nil },
            stop: stop
        )
        for arm in arms where !stop.isRaised {
            progress.update(0, "warm-up of \(arm.target.name)")
            try await runner.warmUp(arm, seed: seed)
        }
        let layout = PairedDesign(pairs: step.pairs, maximumPairs: step.maximumPairs)
        var course = Course(
            evidence: PairEvidence(step.rules),
            loads: arms.map { LoadAccumulator(target: $0.target.name, phase: Self.phase) }
        )
        var decided: (look: PairedDesign.Look, found: [MetricComparison])?
        // A pair that is left out is made up for; the order is drawn for all in advance.
        let schedule = InterleavingOrder.schedule(pairs: layout.attempts, seed: seed)
        for (pair, turn) in schedule.enumerated()
        where !stop.isRaised && decided == nil && course.evidence.discarded * 4 <= layout.maximumPairs {
            course.order.append(turn)
            let before = course.evidence.count
            try await measure(pair, turn, arms, runner, layout, &course, stop: stop, progress: progress)
            guard course.evidence.count > before, let look = layout.look(after: course.evidence.count) else {
                continue
            }
            let found = course.evidence.compare(level: look.level, isPlanned: true)
            if look.pairs == layout.maximumPairs || PairedDesign.isDecided(found) { decided = (look, found) }
        }
        let records = course.loads.filter { !$0.isEmpty }.map(\.record)
        guard course.evidence.count + course.evidence.discarded > 0 else {
            return Outcome(loads: records, comparison: nil)
        }
        let level = decided?.look.level ?? layout.looks[layout.looks.count - 1].level
        let found = decided?.found ?? course.evidence.compare(level: level, isPlanned: false)
        var record = ComparisonRecord(
            a: a.name,
            b: b.name,
            comparisons: found,
            order: course.order,
            level: level,
            pairs: course.evidence.count,
            discardedPairs: course.evidence.discarded,
            segments: course.segments
        )
        record.design = ComparisonDesign(
            step,
            layout: layout,
            site: site.noiseLabel,
            workload: digest,
            isSelf: arms[0].isSame(as: arms[1])
        )
        record.discards = course.evidence.discardRecords
        record.cacheCounts = zip(arms, course.cache).compactMap { arm, count in
            count.map { .init(target: arm.target.name, hits: $0.hits, misses: $0.misses) }
        }
        for index in record.metrics.indices {
            record.metrics[index].noiseFloor = step.rules.noiseFloors[record.metrics[index].metric]
        }
        return Outcome(loads: records, comparison: record)
    }

    /// Measures one pair; it is left out as a whole when either segment has a fault or was cut short.
    private func measure(
        _ pair: Int,
        _ turn: InterleavingOrder,
        _ arms: [ComparisonArm],
        _ runner: SegmentRunner,
        _ layout: PairedDesign,
        _ course: inout Course,
        stop: StopFlag,
        progress: ProgressReporter
    ) async throws {
        var halves: [SegmentRunner.Segment?] = [nil, nil]
        let turns = turn == .ab ? [0, 1] : [1, 0]
        for (place, index) in turns.enumerated() where !stop.isRaised {
            let name = arms[index].target.name
            progress.update(
                Double(2 * course.evidence.count + place) / Double(2 * layout.maximumPairs),
                "pair \(course.evidence.count + 1) of \(layout.maximumPairs) at most, \(name)"
            )
            guard let segment = try await runner.run(arms[index], seed: segmentSeed(pair, index, runner.step)),
                !segment.result.wasInterrupted
            else { return }
            course.segments.append(record(segment, pair: pair, target: name))
            halves[index] = segment
        }
        guard let a = halves[0], let b = halves[1] else { return }
        let faults = Set(a.faults + b.faults)
        guard faults.isEmpty else { return course.evidence.discard(faults) }
        course.evidence.add(a: a.result, b: b.result)
        for (index, half) in [a, b].enumerated() {
            course.loads[index].add(half.result, startMonotonic: half.startMonotonic, seen: half.seen)
            if let count = half.cache {
                course.cache[index]?.hits += count.hits
                course.cache[index]?.misses += count.misses
            } else {
                course.cache[index] = nil
            }
        }
    }

    /// Both halves of a pair ask the same; only names that nobody has asked before must be others each time.
    private func segmentSeed(_ pair: Int, _ arm: Int, _ step: CompareStep) -> UInt64 {
        step.cacheState == .cold
            ? UInt64.random(in: 0...UInt64.max) & ~1 : (seed &+ UInt64(pair) &* 0x9E37_79B9) & ~1
    }

    private func record(_ segment: SegmentRunner.Segment, pair: Int, target: String) -> ComparisonRecord.Segment {
        ComparisonRecord.Segment(
            pair: pair,
            target: target,
            started: segment.started,
            invalidReason: segment.reason,
            faults: segment.faults.isEmpty ? nil : segment.faults,
            p50: segment.result.response.value(percentile: 50),
            p99: segment.result.response.value(percentile: 99),
            achievedQPS: segment.result.achievedQueriesPerSecond,
            loss: segment.result.failedShare
        )
    }
}

extension PairEvidence {
    /// Why pairs were left out, most frequent first.
    fileprivate var discardRecords: [PairDiscard]? {
        guard discarded > 0 else { return nil }
        return SegmentFault.allCases.compactMap { fault in discards[fault].map { PairDiscard(fault: fault, pairs: $0) }
        }
        .sorted { $0.pairs > $1.pairs }
    }
}

extension ComparisonDesign {
    /// The design of a step.
    init(_ step: CompareStep, layout: PairedDesign, site: String, workload: String, isSelf: Bool) {
        self.init(
            transport: step.transport.rawValue,
            rateQPS: step.ratePerSecond,
            segmentNanoseconds: step.segmentNanoseconds,
            settleNanoseconds: step.settleNanoseconds,
            cache: step.cacheState.rawValue,
            site: site,
            workload: workload,
            looks: layout.looks.map { Look(pairs: $0.pairs, level: $0.level) },
            isSelf: isSelf
        )
    }
}

extension DNSBench.LoadTransport {
    /// The transport that a scenario names.
    init(_ transport: Scenario.LoadTransport) {
        self = transport == .tcp ? .tcp : .udp
    }
}
