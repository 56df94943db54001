import Capture
import DNSBench
import LinuxNet
import Results
import Synchronization

/// Fires one load at one target and reports while it runs.
enum LoadStage {
    /// Runs the plan; a stop ends it early with what was measured.
    ///
    /// - Parameters:
    ///   - reader: reads the counters that tell who lost queries.
    ///   - capture: counts how many of the load's queries it saw.
    ///   - capacity: answers a second that the generator gets from an echo, when it was calibrated.
    static func measure(
        _ plan: LoadPlan,
        _ workload: Workload,
        reader: LossReader,
        capture: LiveCapture?,
        capacity: Double?,
        stop: StopFlag,
        progress: ProgressReporter
    ) async throws -> (record: LoadRecord, result: LoadResult) {
        let before = await reader.read()
        let started = Clock.monotonicNanoseconds()
        let line = Mutex(LiveLine())
        // The bar moves between the intervals as well, which can be minutes long.
        let bar = Task {
            guard let planned = plan.limit.durationNanoseconds, planned > 0 else { return }
            while (try? await Task.sleep(nanoseconds: 200_000_000)) != nil {
                progress.update(Double(Clock.monotonicNanoseconds() - started) / Double(planned), parts: nil)
            }
        }
        defer { bar.cancel() }
        let (result, seen) = try await WatchedLoad.run(plan, workload, beside: capture, stop: stop) { step in
            progress.update(fraction(of: step), parts: line.withLock { $0.parts(step) })
        }
        var accumulator = LoadAccumulator(target: plan.targetName, phase: plan.phase)
        accumulator.add(result, startMonotonic: started, seen: seen)
        var record = accumulator.record
        record.loss = LossAttribution.judge(result, before: before, after: await reader.read())
        record.generator = LoadGenerator(
            laneNanoseconds: result.laneNanoseconds,
            busyNanoseconds: result.busyNanoseconds,
            capacityQPS: capacity
        )
        return (record, result)
    }

    private static func fraction(of step: LoadProgress) -> Double {
        guard let total = step.plannedNanoseconds, total > 0 else {
            return Double(step.sent) / Double(max(step.plannedQueries ?? 1, 1))
        }
        return Double(step.elapsedNanoseconds) / Double(total)
    }
}
