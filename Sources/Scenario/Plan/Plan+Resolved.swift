internal import DNSWire
internal import Measure

extension Plan {
    /// The plan with every default spelled out, for `--dry-run` and for `scenario.resolved` of a result.
    ///
    /// Durations are integers in nanoseconds, and keys carry their units, as in result documents.
    package var resolved: ResolvedValue { resolved(adding: [:]) }

    /// The same with more members for workloads, by their names.
    package func resolved(adding found: [String: [String: ResolvedValue]]) -> ResolvedValue {
        var members: [String: ResolvedValue] = [
            "version": .integer(Int64(PlanReader.formatVersion)),
            "id": .string(id),
            "title": .string(title),
            "targets": .array(targets.map(\.resolved)),
            "expect": expectations.resolved,
            "workloads": .object(usedWorkloads(adding: found)),
            "steps": .array(steps.map(\.resolved)),
            "gates": .array(gates.map(\.resolved)),
        ]
        if let summary { members["description"] = .string(summary) }
        return .object(members)
    }

    private func usedWorkloads(adding found: [String: [String: ResolvedValue]]) -> [String: ResolvedValue] {
        let names = steps.compactMap { step -> String? in
            switch step {
            case .load(let load): load.workload
            case .compare(let compare): compare.workload
            case .check, .prove, .doctor, .wait: nil
            }
        }
        var used: [String: ResolvedValue] = [:]
        for workload in workloads where names.contains(workload.name) {
            let more = found[workload.name] ?? [:]
            used[workload.name] = .object(workload.settings.merging(more) { plan, _ in plan })
        }
        return used
    }
}

extension Target {
    var resolved: ResolvedValue {
        .object([
            "name": .string(name), "address": .string(endpoint.address.description),
            "port": .integer(Int64(endpoint.port)), "role": .string(role.rawValue),
        ])
    }
}

extension ExpectationSource {
    var resolved: ResolvedValue {
        let source =
            switch corefile {
            case .live: "live"
            case .seed: "seed"
            case .file(let path): path
            }
        return .object(["corefile": .string(source), "profile": .string(profile ?? "auto")])
    }
}

extension Gate {
    var resolved: ResolvedValue {
        var members: [String: ResolvedValue] = ["expression": .string(expression)]
        if let reason { members["reason"] = .string(reason) }
        return .object(members)
    }
}

extension WorkloadPlan {
    /// All that it asks, with every default spelled out; what is in its files is not read.
    package var resolved: ResolvedValue { .object(settings) }

    fileprivate var settings: [String: ResolvedValue] {
        switch source {
        case .dataFile(let path): return ["kind": .string("data-file"), "file": .string(path)]
        case .binaryDataFile(let path): return ["kind": .string("binary-data-file"), "file": .string(path)]
        case .kubernetes(let mix):
            let weights = mix.weights.map { ($0.key.rawValue, ResolvedValue.integer(Int64($0.value))) }
            let names = mix.names.map { part, names in
                (part.rawValue, ResolvedValue.array(names.map { .string($0.description) }))
            }
            var members: [String: ResolvedValue] = [
                "kind": .string("kubernetes"),
                "mix": .object(Dictionary(uniqueKeysWithValues: weights)),
                "zipf": .number(mix.zipfExponent),
                "types": .array(mix.types.map { .string($0.description) }),
                "search": .array(mix.search.map { .string($0.description) }),
                "ndots": .integer(Int64(mix.dots)),
                "names": .object(Dictionary(uniqueKeysWithValues: names)),
            ]
            members["services"] = mix.servicesPath.map { .string($0) }
            members["names_file"] = mix.namesPath.map { .string($0) }
            if let population = mix.population { members["population"] = .integer(Int64(population)) }
            return members
        }
    }
}

extension Step {
    var resolved: ResolvedValue {
        let settings: [String: ResolvedValue] =
            switch self {
            case .check(let step): step.settings
            case .prove(let step): step.settings
            case .load(let step): step.settings
            case .compare(let step): step.settings
            case .doctor: [:]
            case .wait(let step): ["duration_ns": .integer(step.durationNanoseconds)]
            }
        return .object([kind.rawValue: .object(settings)])
    }
}

extension CheckStep {
    fileprivate var settings: [String: ResolvedValue] {
        [
            "target": .string(target), "sections": .array(sections.map { .string($0) }),
            "ids": .array(ids.map { .string($0) }), "tiers": .array(tiers.map { .integer(Int64($0)) }),
            "strict": .boolean(isStrict),
        ]
    }
}

extension ProveStep {
    fileprivate var settings: [String: ResolvedValue] {
        [
            "target": .string(target), "proofs": .array(proofs.map { .string($0.rawValue) }),
            "misses": .integer(Int64(misses)), "repeats": .integer(Int64(repeats)),
        ]
    }
}

extension LoadStep {
    fileprivate var settings: [String: ResolvedValue] {
        let parts = [
            ["target": .string(target), "workload": .string(workload), "phase": .string(phase)], questions.settings,
            phases?.settings ?? [:], shape.settings, path.settings,
        ]
        return parts.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }
}

extension CompareStep {
    fileprivate var settings: [String: ResolvedValue] {
        [
            "a": .string(a), "b": .string(b), "workload": .string(workload), "transport": .string(transport.rawValue),
            "rate_qps": .number(ratePerSecond), "pairs": .integer(Int64(pairs)),
            "max_pairs": .integer(Int64(maximumPairs)), "segment_ns": .integer(segmentNanoseconds),
            "settle_ns": .integer(settleNanoseconds), "warmup_ns": .integer(warmupNanoseconds),
            "connections": .integer(Int64(connections)), "timeout_ns": .integer(timeoutNanoseconds),
            "cache": .string(cacheState.rawValue), "neighbours": .number(neighbourShare),
            "gate": .array(rules.gated.map { .string($0.rawValue) }),
            "margins": .object(
                Dictionary(uniqueKeysWithValues: ComparisonMetric.allCases.map { ($0.rawValue, margin(of: $0)) })
            ),
        ]
    }

    private func margin(of metric: ComparisonMetric) -> ResolvedValue {
        let margin = rules.margin(of: metric)
        var members: [String: ResolvedValue] = [
            "relative": .number(margin.relative), "absolute": .number(margin.absoluteFloor),
        ]
        members["noise_floor"] = rules.noiseFloors[metric].map { .number($0) }
        return .object(members)
    }
}
