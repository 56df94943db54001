/// A condition that a run must meet.
package struct Gate: Sendable, Hashable {
    /// The text as the scenario has it; it also names the gate in results.
    package let expression: String
    /// Why the gate is there, or nil.
    package let reason: String?
    /// Line of the scenario, from 1.
    package let line: Int
    let condition: GateExpression

    /// The metrics that it reads, each once, in the order of the text.
    package var metrics: [String] {
        var names: [String] = []
        for metric in condition.metrics where !names.contains(metric.name) { names.append(metric.name) }
        return names
    }

    /// Every metric that a gate may name, given the names of targets; `check.ID` and `TARGET.rcode.NAME` come besides.
    package static func metricNames(targets: [String]) -> [String] { GateMetricCatalogue(targets: targets).names }

    /// Reads a gate on its own, for a command line that names gates and targets.
    package static func parse(
        _ text: String,
        targets: [String],
        reason: String? = nil
    ) throws(GateSyntaxError) -> Gate {
        let condition = try GateParser.parse(text, catalogue: GateMetricCatalogue(targets: targets))
        return Gate(expression: text, reason: reason, line: 0, condition: condition)
    }
}

/// What became of a gate.
package struct GateOutcome: Sendable, Hashable {
    /// How a gate can end.
    package enum Verdict: String, Sendable, Hashable {
        /// The condition holds.
        case pass
        /// The condition does not hold.
        case fail
        /// A figure is missing or of the wrong sort; never a pass.
        case inconclusive
    }

    /// How it ended.
    package let verdict: Verdict
    /// The figures that were read, such as `cache.p99 = 1.2ms, cluster.p99 = 3.4ms`.
    package let actual: String
    /// Metrics without a usable value.
    package let missing: [String]
}
