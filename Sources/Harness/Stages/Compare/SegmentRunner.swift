import Capture
import DNSBench
import LinuxNet
import Results
import Scenario

/// Loads one side of a comparison: first until it has settled, then counted.
struct SegmentRunner: Sendable {
    let step: CompareStep
    let workload: Workload
    /// Whether each entry of a series keeps its histograms.
    let keepsIntervalHistograms: Bool
    /// Counts how many of the queries it saw, where there is one.
    let capture: LiveCapture?
    /// Whether both servers stand in labs of this process.
    let ownsServers: Bool
    let stop: StopFlag

    /// A segment that was counted.
    struct Segment: Sendable {
        let result: LoadResult
        let seen: LoadCapture?
        /// When it began, by the monotonic clock.
        let startMonotonic: Int64
        let started: Timestamp
        let faults: [SegmentFault]
        let reason: String?
        /// What the cache counted meanwhile; nil where no page tells.
        let cache: ComparisonArm.CacheCount?
    }

    /// Prepares the questions of all segments.
    init(
        step: CompareStep,
        workload: Workload,
        keepsIntervalHistograms: Bool,
        capture: LiveCapture?,
        ownsServers: Bool,
        stop: StopFlag
    ) {
        self.step = step
        // What a segment asks has then been asked while it settled, at the same rate and so within this time.
        self.workload = step.cacheState == .warm ? workload.repeating(turns: step.settledQueries) : workload
        self.keepsIntervalHistograms = keepsIntervalHistograms
        self.capture = capture
        self.ownsServers = ownsServers
        self.stop = stop
    }

    /// Loads an arm once before the first pair.
    func warmUp(_ arm: ComparisonArm, seed: UInt64) async throws {
        guard step.warmupNanoseconds > 0 else { return }
        _ = try await fire(at: arm, for: .duration(nanoseconds: step.warmupNanoseconds), seed: seed)
    }

    /// Lets an arm settle, then measures it; nil when somebody stopped it before.
    func run(_ arm: ComparisonArm, seed: UInt64) async throws -> Segment? {
        if step.settleNanoseconds > 0 {
            let limit: LoadLimit =
                step.cacheState == .warm
                ? .queries(UInt64(step.settledQueries)) : .duration(nanoseconds: step.settleNanoseconds)
            _ = try await fire(at: arm, for: limit, seed: seed ^ 1)
        }
        guard !stop.isRaised else { return nil }
        let countBefore = await arm.cacheCount()
        let watch = ProcessorShares.Watch(ownsServers: ownsServers)
        let started = Timestamp(realtimeNanoseconds: Clock.realtimeNanoseconds())
        let startMonotonic = Clock.monotonicNanoseconds()
        let (result, seen) = try await fire(
            at: arm,
            for: .duration(nanoseconds: step.segmentNanoseconds),
            seed: seed
        )
        let shares = watch.end()
        let faults = SegmentGuard.faults(of: result, shares, neighbours: step.neighbourShare)
        return Segment(
            result: result,
            seen: seen,
            startMonotonic: startMonotonic,
            started: started,
            faults: faults,
            reason: faults.isEmpty ? nil : SegmentGuard.reason(faults, result, shares),
            cache: Self.difference(countBefore, await arm.cacheCount())
        )
    }

    private func fire(
        at arm: ComparisonArm,
        for limit: LoadLimit,
        seed: UInt64
    ) async throws -> (result: LoadResult, seen: LoadCapture?) {
        var plan = LoadPlan(
            target: arm.target.endpoint,
            targetName: arm.target.name,
            transport: DNSBench.LoadTransport(step.transport),
            model: .open(ratePerSecond: step.ratePerSecond),
            limit: limit,
            timeoutNanoseconds: step.timeoutNanoseconds,
            connections: step.connections,
            namespace: arm.site.clientNamespace,
            seed: seed,
            phase: CompareStage.phase
        )
        plan.keepsIntervalHistograms = keepsIntervalHistograms
        return try await WatchedLoad.run(plan, workload, beside: capture, stop: stop)
    }

    /// Nil where a page is missing or a counter went back, as it does when the cache was started again.
    private static func difference(
        _ before: ComparisonArm.CacheCount?,
        _ after: ComparisonArm.CacheCount?
    ) -> ComparisonArm.CacheCount? {
        guard let before, let after, after.hits >= before.hits, after.misses >= before.misses else { return nil }
        return ComparisonArm.CacheCount(hits: after.hits - before.hits, misses: after.misses - before.misses)
    }
}
