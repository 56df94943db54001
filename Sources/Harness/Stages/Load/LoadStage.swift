package import DNSBench
package import LinuxNet
package import Results

/// Fires one load at one target and reports while it runs.
package enum LoadStage {
    /// Runs the plan; a stop ends it early with what was measured.
    package static func run(
        _ plan: LoadPlan,
        _ workload: Workload,
        stop: StopFlag,
        progress: ProgressReporter
    ) async throws -> LoadRecord {
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
        return accumulator.record
    }
}
