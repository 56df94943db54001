import DNSBench
import LinuxNet
import Measure
import Scenario

extension LoadPlan {
    /// What the load engine is to do for one step of a scenario.
    ///
    /// - Parameter replayed: the times of the queries when the step replays a capture.
    init(
        _ step: LoadStep,
        target: Scenario.Target,
        namespace: NetworkNamespace?,
        seed: UInt64,
        replayed: Timeline? = nil
    ) {
        let model: LoadModel =
            switch step.shape.pace {
            case .rate(let rate): .open(ratePerSecond: rate, spacing: step.shape.spacing)
            case .outstanding(let count): .closed(outstanding: count)
            case .stages(let stages): .open(.stages(stages), spacing: step.shape.spacing)
            case .burst(let size, let every):
                .open(.bursts(size: size, everyNanoseconds: every), spacing: .constant)
            case .findMax(let plan): .open(ratePerSecond: min(1_000, plan.mostPerSecond))
            case .replay: .open(.timeline(replayed ?? .empty), spacing: .constant)
            }
        self.init(
            target: target.endpoint,
            targetName: target.name,
            transport: DNSBench.LoadTransport(step.path.transport),
            model: model,
            limit: LoadLimit(nanoseconds: step.shape.durationNanoseconds, queries: step.shape.queries),
            timeoutNanoseconds: step.path.timeoutNanoseconds,
            connections: step.path.connections,
            threads: step.path.threads,
            namespace: namespace,
            seed: seed,
            phase: step.phase,
            pacing: step.path.isLowCPU ? .lowCPU : .precise,
            intervalNanoseconds: step.shape.intervalNanoseconds,
            pipelineDepth: step.path.pipelineDepth,
            queriesPerConnection: step.path.queriesPerConnection,
            usesSegmentation: step.path.usesSegmentation,
            retriesTruncated: step.path.retriesTruncated,
            sources: SourceRange(prefixes: step.path.sources, ports: step.path.sourcePorts),
            verification: VerificationTier(rawValue: step.questions.verification.rawValue) ?? .question
        )
        if let bytes = step.path.receiveBufferBytes { receiveBufferBytes = bytes }
        // A replay lasts as long as its capture unless it is cut short.
        if let replayed, let end = RateProfile.timeline(replayed).durationNanoseconds {
            limit = LoadLimit(
                nanoseconds: max(1_000_000, min(end, step.shape.durationNanoseconds)),
                queries: step.shape.queries
            )
        }
    }
}
