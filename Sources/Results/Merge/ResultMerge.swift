import Measure

/// One result out of those of many nodes: histograms and counters are added, percentiles are read off the sum.
package enum ResultMerge {
    /// One node's result.
    package struct Input: Sendable {
        /// The node's name.
        package let name: String
        /// Its result.
        package let document: ResultDocument

        /// Names a result.
        package init(name: String, document: ResultDocument) {
            self.name = name
            self.document = document
        }
    }

    /// Adds the results up; those that are sums themselves count with all their nodes.
    package static func merge(_ inputs: [Input], command: [String]) throws(MergeError) -> ResultDocument {
        guard inputs.count > 1 else { throw .tooFew }
        var nodes: [FleetRecord.Node] = []
        for input in inputs {
            nodes += input.document.fleet?.nodes ?? [FleetRecord.Node(name: input.name, input.document)]
        }
        var names: Set<String> = []
        for node in nodes where !names.insert(node.name).inserted { throw .duplicateName(node.name) }
        let first = inputs[0]
        for other in inputs where other.document.scenario?.sha256 != first.document.scenario?.sha256 {
            throw .differentScenario(first: first.name, other: other.name)
        }
        let documents = inputs.map(\.document)
        var sum = ResultDocument(
            status: status(documents),
            verdict: .inconclusive,
            started: documents.map(\.started).min() ?? first.document.started,
            ended: documents.map(\.ended).max() ?? first.document.ended,
            seed: first.document.seed,
            tool: first.document.tool,
            environment: EnvironmentRecord(merging: documents.map(\.environment)),
            targets: targets(documents)
        )
        sum.command = command
        sum.scenario = first.document.scenario
        sum.load = loads(inputs)
        sum.checks = checks(inputs)
        sum.capture = capture(inputs)
        guard sum.load != nil || sum.checks != nil || sum.capture != nil else { throw .nothingToAdd }
        sum.fleet = FleetRecord(nodes: nodes)
        sum.notes = notes(inputs)
        (sum.verdict, sum.reasons) = VerdictRule.judge(sum, isStrict: false)
        return sum
    }

    /// The worst of all: a sum with a run that broke off is no whole one.
    private static func status(_ documents: [ResultDocument]) -> RunStatus {
        let all = Set(documents.map(\.status))
        return all.contains(.aborted) ? .aborted : all.contains(.invalid) ? .invalid : .complete
    }

    private static func targets(_ documents: [ResultDocument]) -> [TargetRecord] {
        var found: [TargetRecord] = []
        for target in documents.flatMap(\.targets) where !found.contains(where: { $0.name == target.name }) {
            found.append(target)
        }
        return found
    }

    private static func notes(_ inputs: [Input]) -> [String] {
        var notes = [
            "The sum of \(inputs.count) results. What cannot be added is left out: series, comparisons, searches, lookups, what the wire told, evidence of the capture, gates."
        ]
        for input in inputs {
            for load in input.document.load ?? [] {
                guard let reason = load.invalidReason else { continue }
                notes.append("\(input.name): the load on \(load.target) is left out, as it is invalid: \(reason)")
            }
            if input.document.status != .complete {
                notes.append("\(input.name): the run is \(input.document.status.rawValue).")
            }
        }
        return notes
    }
}

extension EnvironmentRecord {
    /// What machines have in common; where they differ, `mixed`, and a fingerprint that no single machine has.
    init(merging all: [EnvironmentRecord]) {
        func common<Value: Equatable>(_ path: KeyPath<EnvironmentRecord, Value>) -> Value? {
            let values = all.map { $0[keyPath: path] }
            return values.allSatisfy { $0 == values.first } ? values.first : nil
        }
        let prints = Set(all.map(\.fingerprint)).sorted()
        self.init(
            fingerprint: prints.count == 1
                ? prints[0] : SHA256.hexadecimal(of: Array(prints.joined(separator: "\n").utf8)),
            os: common(\.os) ?? nil,
            kernel: common(\.kernel) ?? "mixed",
            arch: common(\.arch) ?? "mixed",
            cpus: common(\.cpus) ?? all.map(\.cpus).min() ?? 1,
            cpusAllowed: common(\.cpusAllowed) ?? nil,
            cpuModel: common(\.cpuModel) ?? nil,
            cpuQuota: common(\.cpuQuota) ?? nil,
            memoryBytes: common(\.memoryBytes) ?? nil,
            governor: common(\.governor) ?? nil,
            clocksource: common(\.clocksource) ?? nil,
            virtualisation: common(\.virtualisation) ?? nil,
            container: common(\.container) ?? nil,
            swiftBuildMode: common(\.swiftBuildMode) ?? "debug"
        )
    }
}
