internal import DNSWire
internal import NodeLocal

/// Reads a scenario's tree into a plan and gathers every fault on the way.
struct PlanReader {
    private let file: String
    private var diagnostics = Diagnostics()

    /// The version of the format that this program reads.
    static let formatVersion = 1

    /// The plan in a text, or all that is wrong with it.
    static func plan(in text: [UInt8], file: String) throws(ScenarioError) -> Plan {
        var reader = PlanReader(file: file)
        let plan = reader.read(text)
        guard let plan, reader.diagnostics.found.isEmpty else { throw .invalid(reader.diagnostics.sorted) }
        return plan
    }

    private init(file: String) { self.file = file }

    private mutating func read(_ text: [UInt8]) -> Plan? {
        guard let decoded = String(validating: text, as: UTF8.self) else {
            diagnostics.add(YAMLDiagnostic(file: file, line: 1, column: 1, message: "the file is not UTF-8 text"))
            return nil
        }
        guard let root = diagnostics.collect({ () throws(YAMLDiagnostic) in try YAMLTree.parse(decoded, file: file) }),
            let map = diagnostics.collect({ () throws(YAMLDiagnostic) in try root.map() })
        else { return nil }
        refuseUnknownKeys(map)
        let version = diagnostics.collect { () throws(YAMLDiagnostic) -> Int in
            let value = try map.required("version")
            let version = try value.integer()
            guard version == Self.formatVersion else {
                throw value.diagnostic("this program reads scenarios of version \(Self.formatVersion) alone")
            }
            return version
        }
        let id = diagnostics.collect { () throws(YAMLDiagnostic) in try map.required("id").identifier("id") }
        let title = diagnostics.collect { () throws(YAMLDiagnostic) in try map.required("title").nonEmptyString() }
        let summary = diagnostics.collect { () throws(YAMLDiagnostic) in try map.string("description") }
        let targets = readTargets(map)
        let expectations = readExpectations(map)
        let workloads = readWorkloads(map)
        // What refers to a faulty part would only repeat its fault, so it is read once that part is sound.
        guard diagnostics.found.isEmpty || !(targets.isEmpty || hasFaults(in: "targets", "workloads", of: map)) else {
            return nil
        }
        let steps = readSteps(map, targets: targets, workloads: workloads)
        let areStepsSound = !hasFaults(in: "steps", of: map)
        let gates = readGates(map, targets: targets, steps: areStepsSound && !steps.isEmpty ? steps : nil)
        guard version != nil, let id, let title, let summary, let expectations else { return nil }
        return Plan(
            file: file,
            text: text,
            id: id,
            title: title,
            summary: summary,
            targets: targets,
            expectations: expectations,
            workloads: workloads,
            steps: steps,
            gates: gates
        )
    }

    /// True when a fault was found inside the value of one of these keys.
    private func hasFaults(in keys: String..., of map: YAMLMap) -> Bool {
        let lines = map.entries.map(\.keyLine) + [Int.max]
        return map.entries.enumerated().contains { index, entry in
            keys.contains(entry.key)
                && diagnostics.found.contains {
                    entry.keyLine <= $0.line && $0.line < max(lines[index + 1], entry.keyLine + 1)
                }
        }
    }

    private mutating func refuseUnknownKeys(_ map: YAMLMap) {
        let known = ScenarioKeys.scenario.keys
        for entry in map.entries where !known.contains(entry.key) {
            diagnostics.add(
                entry.diagnostic(
                    "unknown key '\(entry.key)' in a scenario\(Suggestion.sentence(for: entry.key, among: known))"
                )
            )
        }
    }

    private mutating func readTargets(_ map: YAMLMap) -> [Target] {
        var targets: [Target] = []
        let entries = diagnostics.collect { () throws(YAMLDiagnostic) in
            let value = try map.required("targets")
            let entries = try value.map().entries
            guard !entries.isEmpty else { throw value.diagnostic("a scenario needs at least one target") }
            return entries
        }
        for entry in entries ?? [] {
            let target = diagnostics.collect { () throws(YAMLDiagnostic) in try Self.target(entry) }
            if let target { targets.append(target) }
        }
        return targets
    }

    private static func target(_ entry: YAMLEntry) throws(YAMLDiagnostic) -> Target {
        let reserved = [
            "check", "checks", "proof", "comparison", "upstream", "capture", "ledger", "doctor", "and", "or",
        ]
        guard YAMLTree.isIdentifier(entry.key), !reserved.contains(entry.key) else {
            throw entry.diagnostic("'\(entry.key)' cannot name a target; gates could not speak of it")
        }
        let map = try entry.value.map(.target)
        let address = try map.required("address")
        let text = try address.string()
        guard let endpoint = Endpoint(text, defaultPort: 53) else {
            throw address.diagnostic("'\(text)' is no address; write one such as 169.254.20.10:53")
        }
        return Target(
            name: entry.key,
            endpoint: endpoint,
            role: try map.required("role").choice(of: TargetRole.self)
        )
    }

    private mutating func readExpectations(_ map: YAMLMap) -> ExpectationSource? {
        diagnostics.collect { () throws(YAMLDiagnostic) in
            guard let value = map["expect"] else { return ExpectationSource(corefile: .live, profile: nil) }
            let expect = try value.map(.expect)
            let corefile: ExpectationSource.CorefileSource
            switch try expect["corefile"]?.nonEmptyString() {
            case nil, "live": corefile = .live
            case "seed": corefile = .seed
            case let path?: corefile = .file(path: ScenarioPath.resolve(path, besides: file))
            }
            var profile: String?
            if let value = expect["profile"] {
                let id = try value.string()
                guard id == "auto" || CoreDNSProfile.named(id) != nil else {
                    let known = CoreDNSProfile.all.map(\.id) + ["auto"]
                    throw value.diagnostic("there is no profile '\(id)'\(Suggestion.sentence(for: id, among: known))")
                }
                profile = id == "auto" ? nil : id
            }
            return ExpectationSource(corefile: corefile, profile: profile)
        }
    }

    private mutating func readWorkloads(_ map: YAMLMap) -> [WorkloadPlan] {
        guard let value = map["workloads"] else { return [.kubernetes] }
        var workloads: [WorkloadPlan] = []
        let entries = diagnostics.collect { () throws(YAMLDiagnostic) in try value.map().entries }
        for entry in entries ?? [] {
            let workload = diagnostics.collect { () throws(YAMLDiagnostic) in
                try WorkloadReader.workload(entry, file: file)
            }
            if let workload { workloads.append(workload) }
        }
        if !workloads.contains(where: { $0.name == WorkloadPlan.kubernetes.name }) { workloads.append(.kubernetes) }
        return workloads
    }

    private mutating func readSteps(_ map: YAMLMap, targets: [Target], workloads: [WorkloadPlan]) -> [Step] {
        var steps: [Step] = []
        let items = diagnostics.collect { () throws(YAMLDiagnostic) in
            let value = try map.required("steps")
            let items = try value.list()
            guard !items.isEmpty else { throw value.diagnostic("a scenario needs at least one step") }
            return items
        }
        let reader = StepReader(targets: targets, workloads: workloads, file: file)
        for item in items ?? [] {
            let step = diagnostics.collect { () throws(YAMLDiagnostic) in try reader.step(item) }
            if let step { steps.append(step) }
        }
        return steps
    }

    private mutating func readGates(_ map: YAMLMap, targets: [Target], steps: [Step]?) -> [Gate] {
        guard let value = map["gates"] else { return [] }
        var gates: [Gate] = []
        let items = diagnostics.collect { () throws(YAMLDiagnostic) in try value.list() }
        let reader = GateReader(targets: targets, steps: steps)
        for item in items ?? [] {
            let gate = diagnostics.collect { () throws(YAMLDiagnostic) in try reader.gate(item) }
            guard let gate else { continue }
            if gates.contains(where: { $0.expression == gate.expression }) {
                diagnostics.add(item.diagnostic("the gate '\(gate.expression)' is given twice"))
            } else {
                gates.append(gate)
            }
        }
        return gates
    }
}
