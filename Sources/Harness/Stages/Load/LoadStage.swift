import DNSBench
import LinuxNet
import Results

/// Fires one load at one target and reports while it runs.
enum LoadStage {
    /// Runs the plan; a stop ends it early with what was measured.
    ///
    /// - Parameters:
    ///   - reader: reads the counters that tell who lost queries.
    ///   - capacity: answers a second that the generator gets from an echo, when it was calibrated.
    static func measure(
        _ plan: LoadPlan,
        _ workload: Workload,
        reader: LossReader,
        capacity: Double?,
        stop: StopFlag,
        progress: ProgressReporter
    ) async throws -> (record: LoadRecord, result: LoadResult) {
        let before = await reader.read()
        let started = Clock.monotonicNanoseconds()
        let result = try await LoadEngine.run(plan, workload, stop: stop) { step in
            let fraction: Double
            if let total = step.plannedNanoseconds, total > 0 {
                fraction = Double(step.elapsedNanoseconds) / Double(total)
            } else {
                fraction = Double(step.sent) / Double(max(step.plannedQueries ?? 1, 1))
            }
            progress.update(fraction, "\(step.sent) sent, \(step.answered) answered, \(step.timedOut) lost")
        }
        var accumulator = LoadAccumulator(target: plan.targetName, phase: plan.phase)
        accumulator.add(result, startMonotonic: started)
        var record = accumulator.record
        record.loss = LossAttribution.judge(result, before: before, after: await reader.read())
        record.generator = LoadGenerator(
            laneNanoseconds: result.laneNanoseconds,
            busyNanoseconds: result.busyNanoseconds,
            capacityQPS: capacity
        )
        return (record, result)
    }
}
