internal import NodeLocal

/// Reads one gate and refuses one that no step could ever answer.
struct GateReader {
    let targets: [Target]
    /// The steps, or nil when some are faulty, so that nothing is missed for their sake.
    let steps: [Step]?

    func gate(_ item: YAMLTree) throws(YAMLDiagnostic) -> Gate {
        var expression = item
        var reason: String?
        if item.isMap {
            let map = try item.map(.gate)
            expression = try map.required("expression")
            reason = try map.string("reason")
        }
        let text = try expression.nonEmptyString()
        func fault(_ offset: Int, _ message: String) -> YAMLDiagnostic {
            let quote = if case .scalar(_, isQuoted: true) = expression.content { 1 } else { 0 }
            return YAMLDiagnostic(
                file: expression.file,
                line: expression.line,
                column: expression.column + quote + offset,
                message: message
            )
        }
        let condition: GateExpression
        do {
            condition = try GateParser.parse(text, catalogue: GateMetricCatalogue(targets: targets.map(\.name)))
        } catch {
            throw fault(error.offset, error.message)
        }
        guard !condition.metrics.isEmpty else { throw fault(0, "the gate reads no metric, so no run can change it") }
        for metric in condition.metrics {
            guard let lack = lack(of: metric.source) else { continue }
            throw fault(0, "no step gives \(metric.name): \(lack)")
        }
        return Gate(expression: text, reason: reason, line: expression.line, condition: condition)
    }

    /// What the scenario would need for a metric, or nil when it has it.
    private func lack(of source: GateMetricSource) -> String? {
        guard let steps else { return nil }
        switch source {
        case .traffic(let target):
            let isMeasured = steps.contains { step in
                switch step {
                case .load(let load): load.target == target
                case .compare(let compare): compare.a == target || compare.b == target
                case .check, .prove, .doctor, .wait: false
                }
            }
            return isMeasured ? nil : "it needs a load or compare step on '\(target)'"
        case .comparison: return steps.contains { $0.kind == .compare } ? nil : "it needs a compare step"
        case .checks: return steps.contains { $0.kind == .check } ? nil : "it needs a check step"
        case .doctor: return steps.contains { $0.kind == .doctor } ? nil : "it needs a doctor step"
        case .capture: return steps.contains { $0.kind == .prove } ? nil : "it needs a prove step, which captures"
        case .proof(let id):
            let isProven = steps.contains { step in
                if case .prove(let prove) = step { return prove.proofs.contains { $0.rawValue == id } }
                return false
            }
            return isProven ? nil : "it needs a prove step with the proof \(id)"
        }
    }
}
