import DNSBench
import LinuxNet
import Scenario

extension LoadPlan {
    /// What the load engine is to do for one step of a scenario.
    init(_ step: LoadStep, target: Scenario.Target, namespace: NetworkNamespace?, seed: UInt64) {
        let model: LoadModel =
            switch step.shape.pace {
            case .rate(let rate): .open(ratePerSecond: rate)
            case .outstanding(let count): .closed(outstanding: count)
            }
        self.init(
            target: target.endpoint,
            targetName: target.name,
            transport: DNSBench.LoadTransport(step.path.transport),
            model: model,
            limit: .duration(nanoseconds: step.shape.durationNanoseconds),
            timeoutNanoseconds: step.path.timeoutNanoseconds,
            connections: step.path.connections,
            threads: step.path.threads,
            namespace: namespace,
            seed: seed,
            phase: step.phase,
            pacing: step.path.isLowCPU ? .lowCPU : .precise,
            pipelineDepth: step.path.pipelineDepth,
            queriesPerConnection: step.path.queriesPerConnection,
            usesSegmentation: step.path.usesSegmentation,
            retriesTruncated: step.path.retriesTruncated,
            sources: SourceRange(prefixes: step.path.sources, ports: step.path.sourcePorts)
        )
    }
}
