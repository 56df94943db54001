import Capture
import DNSBench
import LinuxNet
import Results
import Scenario

/// Searches the highest rate that meets goals: trials at one target until the search ends.
struct FindMaxStage {
    let settings: FindMaxPlan
    let prepared: PreparedLoad
    let reader: LossReader
    /// Counts how many of the queries it saw, where there is one.
    let capture: LiveCapture?
    /// What the generator gets from an echo, when it was calibrated.
    let capacity: Double?
    let stop: StopFlag
    let progress: ProgressReporter

    /// Runs the trials; what was found, and the record of the last confirming trial, or of the last one at all.
    func run() async throws -> (search: FindMaxRecord, load: LoadRecord?) {
        let goals = RateGoals(
            loss: settings.loss,
            p99Nanoseconds: settings.p99Nanoseconds,
            servfail: settings.servfail
        )
        var search = RateSearch(
            lowest: max(10, 100e9 / Double(settings.trialNanoseconds)),
            maximum: settings.mostPerSecond
        )
        var curve: [RateTrial] = []
        var last: LoadRecord?
        while !stop.isRaised {
            guard case .trial(let rate, let isConfirming) = search.next else { break }
            progress.note(
                "trial \(curve.count + 1)\(isConfirming ? ", confirming" : ""): \(Int64(rate.rounded())) queries a second"
            )
            var plan = prepared.plan
            plan.model = .open(ratePerSecond: rate)
            plan.limit = .duration(
                nanoseconds: isConfirming ? settings.confirmNanoseconds : settings.trialNanoseconds
            )
            plan.phase = "find-max"
            let run = try await LoadStage.measure(
                plan,
                prepared.workload,
                reader: reader,
                capture: capture,
                capacity: capacity,
                stop: stop,
                progress: progress
            )
            // A trial that was cut short says nothing of its rate.
            if run.result.wasInterrupted { break }
            let trial = RateTrial(run.result, rate: rate, goals: goals, isConfirming: isConfirming)
            curve.append(trial)
            last = run.record
            search.take(trial.verdict)
        }
        return (record(goals, curve, search.next), last)
    }

    private func record(_ goals: RateGoals, _ curve: [RateTrial], _ step: RateSearch.Step) -> FindMaxRecord {
        let ending: (word: String, rate: Double?)
        switch step {
        case .trial: ending = ("stopped", nil)
        case .end(.found(let rate)): ending = ("found", rate)
        case .end(.reachedMaximum(let rate)): ending = ("maximum", rate)
        case .end(.limitedByGenerator(let rate)): ending = ("generator", rate)
        case .end(.generatorTooSlow): ending = ("generator", nil)
        case .end(.nothingMet): ending = ("nothing-met", nil)
        case .end(.unstable): ending = ("unstable", nil)
        }
        return FindMaxRecord(
            target: prepared.plan.targetName,
            goals: FindMaxRecord.Goals(
                loss: goals.loss,
                p99Nanoseconds: goals.p99Nanoseconds,
                servfail: goals.servfail
            ),
            bestQPS: ending.rate,
            ending: ending.word,
            curve: curve.map { trial in
                FindMaxRecord.Trial(
                    offeredQPS: trial.rate,
                    achievedQPS: trial.achieved,
                    loss: trial.loss,
                    p50Nanoseconds: trial.p50,
                    p99Nanoseconds: trial.p99,
                    servfail: trial.servfail,
                    isConfirming: trial.isConfirming,
                    verdict: trial.verdict.rawValue,
                    reason: trial.reason
                )
            }
        )
    }
}
