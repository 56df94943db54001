internal import NodeLocal

/// Reads one step and checks what it refers to.
struct StepReader {
    let targets: [Target]
    let workloads: [WorkloadPlan]
    /// The scenario's file, beside which relative paths start.
    let file: String

    static let second: Int64 = 1_000_000_000
    static let timeouts = 10_000_000...60 * second
    static let longest: Int64 = 24 * 3_600 * second

    func step(_ item: YAMLTree) throws(YAMLDiagnostic) -> Step {
        guard let entry = item.soleEntry else {
            throw item.diagnostic("a step is one mapping with one key, such as - check: {}")
        }
        if entry.key == "disrupt" {
            throw entry.diagnostic(
                "disrupt steps cannot be carried out: nothing here breaks a node on command; remove the step"
            )
        }
        guard let kind = StepKind(rawValue: entry.key) else {
            let hint = Suggestion.sentence(for: entry.key, among: ScenarioKeys.step.keys)
            throw entry.diagnostic("there is no step '\(entry.key)'\(hint)")
        }
        switch kind {
        case .check: return .check(try check(settings(entry, .check)))
        case .prove: return .prove(try prove(settings(entry, .prove)))
        case .load: return .load(try load(settings(entry, .load)))
        case .compare: return .compare(try compare(settings(entry, .compare)))
        case .doctor:
            _ = try settings(entry, .doctor)
            return .doctor(DoctorStep())
        case .wait:
            if entry.value.isNull { throw entry.diagnostic("'wait' needs a duration, such as 5s") }
            return .wait(WaitStep(durationNanoseconds: try entry.value.duration(in: 0...3_600 * Self.second)))
        }
    }

    /// The mapping of a step; nothing stands for an empty one.
    private func settings(_ entry: YAMLEntry, _ part: ScenarioKeys) throws(YAMLDiagnostic) -> YAMLMap {
        entry.value.isNull ? .empty(at: entry.value) : try entry.value.map(part)
    }

    private func check(_ map: YAMLMap) throws(YAMLDiagnostic) -> CheckStep {
        var tiers: [Int] = []
        for item in try map["tiers"]?.list() ?? [] {
            let tier = try item.integer(in: 0...3)
            guard !tiers.contains(tier) else { throw item.diagnostic("the tier \(tier) is given twice") }
            tiers.append(tier)
        }
        return CheckStep(
            target: try target(map, "target", role: .cache),
            sections: try map.strings("sections"),
            ids: try map.strings("ids"),
            tiers: tiers.isEmpty ? [0, 1, 2, 3] : tiers.sorted(),
            isStrict: try map.boolean("strict") ?? false
        )
    }

    private func prove(_ map: YAMLMap) throws(YAMLDiagnostic) -> ProveStep {
        var proofs: [ProofID] = []
        if let value = map["proofs"] {
            for item in try value.list() {
                let proof = try item.choice(of: ProofID.self)
                guard !proofs.contains(proof) else {
                    throw item.diagnostic("the proof \(proof.rawValue) is given twice")
                }
                proofs.append(proof)
            }
            guard !proofs.isEmpty else { throw value.diagnostic("'proofs' lists no proof") }
        }
        return ProveStep(
            target: try target(map, "target", role: .cache),
            proofs: proofs.isEmpty ? ProofID.allCases : proofs,
            misses: try map.integer("misses", in: 1...10_000) ?? 20,
            repeats: try map.integer("repeats", in: 1...100) ?? 3
        )
    }

    /// The target that a key names, or without the key the one target with that role.
    func target(_ map: YAMLMap, _ key: String, role: TargetRole?) throws(YAMLDiagnostic) -> String {
        if let value = map[key] {
            let name = try value.string()
            guard targets.contains(where: { $0.name == name }) else {
                let hint = Suggestion.sentence(for: name, among: targets.map(\.name))
                throw value.diagnostic("there is no target '\(name)'\(hint)")
            }
            return name
        }
        guard let role else { throw map.tree.diagnostic("'\(key)' is missing here") }
        let candidates = targets.filter { $0.role == role }
        guard let target = candidates.first, candidates.count == 1 else {
            let problem = candidates.isEmpty ? "no target has" : "more than one target has"
            throw map.tree.diagnostic("'\(key)' is missing here, and \(problem) the role \(role.rawValue)")
        }
        return target.name
    }

    func workload(_ map: YAMLMap) throws(YAMLDiagnostic) -> String {
        guard let value = map["workload"] else { return WorkloadPlan.kubernetes.name }
        let name = try value.string()
        guard workloads.contains(where: { $0.name == name }) else {
            let hint = Suggestion.sentence(for: name, among: workloads.map(\.name))
            throw value.diagnostic("there is no workload '\(name)'\(hint)")
        }
        return name
    }
}
