import DNSWire
package import LinuxNet
import Measure

/// Runs load plans.
package enum LoadEngine {
    /// Sends `workload` as `plan` says and returns what was measured; a raised `stop` ends it within 50 ms.
    ///
    /// Throws ``LoadPlanError`` before anything is sent, and `NetError` when sockets cannot be made or connected.
    /// A run that was stopped returns what it has. `progress` is called at the end of each interval, never
    /// concurrently with itself.
    package static func run(
        _ plan: LoadPlan,
        _ workload: Workload,
        stop: StopFlag,
        progress: (@Sendable (LoadProgress) -> Void)? = nil
    ) async throws -> LoadResult {
        try plan.validate()
        // Beside the sockets: polls, namespaces, the program's own files.
        let needed = plan.connections + 8 * plan.threads + 64
        let allowed = DescriptorLimit.raise()
        guard needed <= allowed else { throw LoadPlanError.descriptors(needed: needed, allowed: allowed) }
        try workload.lookups?.validate(plan)
        let gate = StartGate(lanes: plan.threads)
        let abort = StopFlag()
        let hasLookups = workload.lookups != nil
        let exchanges = (0..<plan.threads).map { _ in
            IntervalExchange(
                keepsService: plan.keepsIntervalHistograms,
                keepsLookups: plan.keepsIntervalHistograms && hasLookups
            )
        }
        let series = SeriesCollector(plan: plan, exchanges: exchanges, hasLookups: hasLookups, progress: progress)
        let cpus = Threads.allowedCPUs()
        // With more lanes than CPUs pinning would make lanes wait for each other.
        let pins = plan.threads <= cpus.count

        let watcher = Task { await series.watch() }
        defer { watcher.cancel() }
        let reports = try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: LaneReport?.self) { group in
                for lane in 0..<plan.threads {
                    let context = LaneContext(
                        plan: plan,
                        workload: workload,
                        lane: lane,
                        exchange: exchanges[lane],
                        gate: gate,
                        stop: stop,
                        abort: abort
                    )
                    let cpu = pins ? cpus[cpus.count - 1 - lane] : nil
                    group.addTask {
                        do {
                            return try await Threads.run(name: "load-\(lane)", namespace: plan.namespace, cpu: cpu) {
                                try context.run()
                            }
                        } catch {
                            abort.raise()
                            throw error
                        }
                    }
                }
                var reports: [LaneReport] = []
                for try await report in group {
                    if let report { reports.append(report) }
                }
                return reports
            }
        } onCancel: {
            abort.raise()
        }
        watcher.cancel()
        await watcher.value
        let summary = LaneSummary(reports, plan: plan, workload: workload)
        let entries = await series.finish(reports: reports, durationNanoseconds: summary.durationNanoseconds)
        return summary.result(series: entries)
    }
}
