package import Results
package import Scenario

/// The gates that a result carries within it.
package enum ScenarioGates {
    /// The gates of the scenario that a result is of, besides those of the command line.
    ///
    /// - Parameters:
    ///   - document: The result; its resolved scenario names the gates.
    ///   - path: The result's path, for the sentence of a failure.
    ///   - more: Expressions from the command line.
    /// - Throws: 65 where the result's own gates cannot be read, 64 for one of the command line.
    package static func read(
        _ document: ResultDocument,
        path: String,
        adding more: [String] = []
    ) throws(Failure) -> [Gate] {
        let targets = document.targets.map(\.name)
        var gates: [Gate] = []
        for (expression, reason) in written(document) {
            do {
                gates.append(try Gate.parse(expression, targets: targets, reason: reason))
            } catch {
                throw Failure(.badInput, "\(path): gate \"\(expression.prefix(200))\": \(error.message)")
            }
        }
        for expression in more where !gates.contains(where: { $0.expression == expression }) {
            do {
                gates.append(try Gate.parse(expression, targets: targets))
            } catch {
                throw Failure(.usage, "--gate \"\(expression.prefix(200))\": \(error.message)")
            }
        }
        if let constant = gates.first(where: \.metrics.isEmpty) {
            throw Failure(.badInput, "gate \"\(constant.expression)\" reads no metric, so no run can change it")
        }
        return gates
    }

    /// The expressions of the resolved scenario, else of the gates that were judged when the run ended.
    private static func written(_ document: ResultDocument) -> [(expression: String, reason: String?)] {
        if case .object(let scenario)? = document.scenario?.resolved, case .array(let gates)? = scenario["gates"] {
            return gates.compactMap { gate in
                guard case .object(let members) = gate, case .string(let expression)? = members["expression"] else {
                    return nil
                }
                if case .string(let reason)? = members["reason"] { return (expression, reason) }
                return (expression, nil)
            }
        }
        let judged = (document.gate?.outcomes ?? []).filter { $0.kind == nil }
        return judged.map { ($0.expression, $0.remediation) }
    }

    /// What became of each gate.
    package static func outcomes(_ gates: [Gate], _ facts: [String: GateValue]) -> [GateRecord.Outcome] {
        gates.map { gate in
            let outcome = gate.evaluate(facts)
            return GateRecord.Outcome(
                expression: gate.expression,
                verdict: GateRecord.Outcome.Verdict(rawValue: outcome.verdict.rawValue) ?? .inconclusive,
                actual: outcome.missing.isEmpty
                    ? outcome.actual : "\(outcome.missing.joined(separator: ", ")) was not measured",
                limit: gate.expression,
                remediation: gate.reason
            )
        }
    }
}
