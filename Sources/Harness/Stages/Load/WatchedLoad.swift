import Capture
import DNSBench
import LinuxNet
import Results

/// A load beside a capture, which is asked how many of the load's queries it saw.
enum WatchedLoad {
    /// Runs a plan.
    ///
    /// - Parameter capture: The capture of the same run, where there is one.
    /// - Returns: What was measured, and what was seen; nil of the latter without a capture, for lookups, when the load's
    ///   queries cannot be told from others, and when the capture is still behind after half a minute.
    static func run(
        _ plan: LoadPlan,
        _ workload: Workload,
        beside capture: LiveCapture?,
        stop: StopFlag,
        progress: (@Sendable (LoadProgress) -> Void)? = nil
    ) async throws -> (result: LoadResult, seen: LoadCapture?) {
        guard let capture, !workload.asksLookups else {
            return (try await LoadEngine.run(plan, workload, stop: stop, progress: progress), nil)
        }
        var plan = plan
        let log = SourceLog()
        plan.sourceLog = log
        capture.beginCounting()
        // However it ends: a capture that nobody asks counts no longer.
        defer { _ = capture.endCounting() }
        let result = try await LoadEngine.run(plan, workload, stop: stop, progress: progress)
        // A capture that has not caught up has not missed what it did not come to yet.
        let isFlushed = await capture.flush(deadlineNanoseconds: 30_000_000_000)
        guard isFlushed, let counts = capture.endCounting(), let sources = log.sources,
            let seen = counts.queries(from: sources)
        else { return (result, nil) }
        return (result, LoadCapture(sent: result.counters.sent, seen: seen))
    }
}
