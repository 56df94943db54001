extension Gate {
    /// Judges the gate by the figures of a run.
    ///
    /// A figure that is missing, of another sort than the catalogue says, or not a finite number makes the part of the
    /// condition that needs it unknown; `and` and `or` then follow three-valued logic. Unknown is never a pass.
    package func evaluate(_ facts: [String: GateValue]) -> GateOutcome {
        var missing: [String] = []
        var shown: [String] = []
        for metric in condition.metrics {
            let value = Self.usable(facts[metric.name], for: metric)
            if value == nil, !missing.contains(metric.name) { missing.append(metric.name) }
            let text = "\(metric.name) = \(value.map(\.description) ?? "unknown")"
            if !shown.contains(text) { shown.append(text) }
        }
        let verdict: GateOutcome.Verdict
        switch Self.holds(condition, facts) {
        case true?: verdict = .pass
        case false?: verdict = .fail
        case nil: verdict = .inconclusive
        }
        return GateOutcome(verdict: verdict, actual: shown.joined(separator: ", "), missing: missing)
    }

    private static func usable(_ value: GateValue?, for metric: GateMetric) -> GateValue? {
        guard let value, value.type == metric.type else { return nil }
        if let number = value.number, !number.isFinite { return nil }
        return value
    }

    private static func holds(_ expression: GateExpression, _ facts: [String: GateValue]) -> Bool? {
        switch expression {
        case .both(let left, let right):
            let sides = [holds(left, facts), holds(right, facts)]
            if sides.contains(false) { return false }
            return sides.contains(nil) ? nil : true
        case .either(let left, let right):
            let sides = [holds(left, facts), holds(right, facts)]
            if sides.contains(true) { return true }
            return sides.contains(nil) ? nil : false
        case .comparison(let comparison, let left, let right):
            guard let left = value(left, facts), let right = value(right, facts) else { return nil }
            return compare(comparison, left, right)
        case .value, .metric, .arithmetic: return nil
        }
    }

    private static func compare(
        _ comparison: GateExpression.Comparison,
        _ left: GateValue,
        _ right: GateValue
    ) -> Bool? {
        if case .word(let left) = left, case .word(let right) = right {
            return comparison == .equal ? left == right : left != right
        }
        guard let left = left.number, let right = right.number else { return nil }
        return switch comparison {
        case .atMost: left <= right
        case .atLeast: left >= right
        case .less: left < right
        case .more: left > right
        case .equal: left == right
        case .unequal: left != right
        }
    }

    private static func value(_ expression: GateExpression, _ facts: [String: GateValue]) -> GateValue? {
        switch expression {
        case .value(let value): return value
        case .metric(let metric): return usable(facts[metric.name], for: metric)
        case .arithmetic(let operation, let left, let right):
            guard let left = value(left, facts), let right = value(right, facts),
                let type = GateParser.type(of: operation, left.type, right.type),
                let leftNumber = left.number, let rightNumber = right.number
            else { return nil }
            let number = reckon(operation, leftNumber, rightNumber)
            guard number.isFinite else { return nil }
            switch type {
            case .duration: return .duration(number)
            case .ratio: return .ratio(number)
            case .count: return .count(number)
            case .word: return nil
            }
        case .comparison, .both, .either: return nil
        }
    }

    private static func reckon(_ operation: GateExpression.Operation, _ left: Double, _ right: Double) -> Double {
        switch operation {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        case .minimum: min(left, right)
        case .maximum: max(left, right)
        }
    }
}
