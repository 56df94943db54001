internal import Measure
internal import NodeLocal

extension StepReader {
    func compare(_ map: YAMLMap) throws(YAMLDiagnostic) -> CompareStep {
        let a = try target(map, "a", role: .cluster)
        let b = try target(map, "b", role: .cache)
        guard a != b else { throw map.tree.diagnostic("'a' and 'b' are the same target") }
        let pairs = try map.integer("pairs", in: 1...1_000) ?? 12
        let maximum = try map.integer("max-pairs", in: 1...1_000) ?? pairs
        guard maximum >= pairs else {
            throw map["max-pairs"]?.diagnostic("'max-pairs' is below 'pairs', which are \(pairs)")
                ?? map.tree.diagnostic("'max-pairs' is below 'pairs'")
        }
        let step = CompareStep(
            a: a,
            b: b,
            workload: try workload(map),
            transport: try map.choice("transport", default: .udp),
            ratePerSecond: try map["rate"]?.rate() ?? 500,
            pairs: pairs,
            maximumPairs: maximum,
            segmentNanoseconds: try map.duration(
                "segment",
                in: 100_000_000...Self.longest,
                default: 10 * Self.second
            ),
            settleNanoseconds: try map.duration(
                "settle",
                in: 0...3_600 * Self.second,
                default: 2 * Self.second
            ),
            warmupNanoseconds: try map.duration(
                "warmup",
                in: 0...3_600 * Self.second,
                default: 5 * Self.second
            ),
            connections: try map.integer("connections", in: 1...60_000) ?? 4,
            timeoutNanoseconds: try map.duration("timeout", in: Self.timeouts, default: 2 * Self.second),
            cacheState: try map.choice("cache", default: .mixed),
            neighbourShare: try neighbours(map),
            rules: ComparisonRules(
                gated: try gatedMetrics(map),
                margins: try margins(map),
                noiseFloors: try noiseFloors(map)
            )
        )
        try check(step, map)
        return step
    }

    /// Refuses what could not be measured as it is asked for.
    private func check(_ step: CompareStep, _ map: YAMLMap) throws(YAMLDiagnostic) {
        if step.cacheState == .warm, step.settledQueries < 1 {
            throw map["cache"]?.diagnostic("'warm' asks each question once while a segment settles; give 'settle' time")
                ?? map.tree.diagnostic("'warm' needs 'settle'")
        }
        if step.cacheState == .cold,
            case .binaryDataFile? = workloads.first(where: { $0.name == step.workload })?.source
        {
            throw map["cache"]?.diagnostic("'cold' needs names of its own, and whole messages are sent as they are")
                ?? map.tree.diagnostic("'cold' needs names")
        }
        for metric in step.rules.gated where !step.supports(metric) {
            let least = metric.leastAnswers ?? 0
            throw map["gate"]?.diagnostic(
                "\(metric.rawValue) of a segment takes \(least) answers, and \(Int(step.segmentQueries)) are asked for in one;"
                    + " give a higher 'rate' or a longer 'segment', or leave \(metric.rawValue) out"
            ) ?? map.tree.diagnostic("\(metric.rawValue) takes \(least) answers a segment")
        }
    }

    private func gatedMetrics(_ map: YAMLMap) throws(YAMLDiagnostic) -> [ComparisonMetric] {
        var gated: [ComparisonMetric] = []
        for item in try map["gate"]?.list() ?? [] {
            let metric = try item.choice(of: ComparisonMetric.self)
            guard !gated.contains(metric) else {
                throw item.diagnostic("the metric \(metric.rawValue) is given twice")
            }
            gated.append(metric)
        }
        return gated
    }

    private func margins(_ map: YAMLMap) throws(YAMLDiagnostic) -> [ComparisonMetric: ComparisonMargin] {
        var margins: [ComparisonMetric: ComparisonMargin] = [:]
        for (metric, entry) in try entriesByMetric(map, "margins") {
            let text = try entry.value.string()
            guard let margin = ComparisonMargin(text: text, for: metric) else {
                throw entry.value.diagnostic(
                    "'\(text)' is no margin of \(metric.rawValue); write \(ComparisonMargin.example(of: metric))"
                )
            }
            margins[metric] = margin
        }
        return margins
    }

    private func neighbours(_ map: YAMLMap) throws(YAMLDiagnostic) -> Double {
        guard let value = map["neighbours"] else { return CompareStep.ordinaryNeighbourShare }
        let text = try value.string()
        guard let share = ComparisonMargin.share(text), share <= 1 else {
            throw value.diagnostic("'\(text)' is no share of the processors' time; write 0% to 100%, such as 10%")
        }
        return share
    }

    private func noiseFloors(_ map: YAMLMap) throws(YAMLDiagnostic) -> [ComparisonMetric: Double] {
        var floors: [ComparisonMetric: Double] = [:]
        for (metric, entry) in try entriesByMetric(map, "noise-floors") {
            let text = try entry.value.string()
            guard let floor = ComparisonMargin.share(text), metric != .loss else {
                throw entry.value.diagnostic(
                    "'\(text)' is no noise floor of \(metric.rawValue); write a share such as 4.5%"
                )
            }
            floors[metric] = floor
        }
        return floors
    }

    private func entriesByMetric(
        _ map: YAMLMap,
        _ key: String
    ) throws(YAMLDiagnostic) -> [(ComparisonMetric, YAMLEntry)] {
        var found: [(ComparisonMetric, YAMLEntry)] = []
        for entry in try map[key]?.map().entries ?? [] {
            guard let metric = ComparisonMetric(rawValue: entry.key) else {
                let known = ComparisonMetric.allCases.map(\.rawValue)
                throw entry.diagnostic(
                    "there is no metric '\(entry.key)'\(Suggestion.sentence(for: entry.key, among: known))"
                )
            }
            found.append((metric, entry))
        }
        return found
    }
}
