package import Results
import Scenario

extension ResultVerification {
    /// Disagreements of a document's gates with the figures that they read; a gate that cannot be read is one as well.
    package static func gateFindings(in document: ResultDocument) -> [Finding] {
        guard let gate = document.gate, let outcomes = gate.outcomes else { return [] }
        let waived = Set(gate.waived.map(\.id))
        var accepted = document
        accepted.checks = document.checks?.map { check in
            var check = check
            if check.status == .fail, waived.contains("check.\(check.id)") { check.status = .known }
            return check
        }
        let facts = GateFacts.facts(accepted)
        let targets = document.targets.map(\.name)
        return outcomes.enumerated().filter { $0.element.kind == nil }.compactMap { index, outcome in
            check(outcome, facts, targets: targets, place: "gate.outcomes[\(index)] \(outcome.id)")
        }
    }

    private static func check(
        _ outcome: GateRecord.Outcome,
        _ facts: [String: GateValue],
        targets: [String],
        place: String
    ) -> Finding? {
        let gate: Gate
        do {
            gate = try Gate.parse(outcome.expression, targets: targets)
        } catch {
            return Finding(place: place, problem: "cannot be read: \(error.message)")
        }
        guard let again = ScenarioGates.outcomes([gate], facts).first else { return nil }
        guard again.actual == outcome.actual else {
            return Finding(place: place, problem: "says \"\(outcome.actual)\", the metrics say \"\(again.actual)\"")
        }
        let stated = outcome.verdict == .waived ? .fail : outcome.verdict
        guard again.verdict != stated else { return nil }
        return Finding(
            place: place,
            problem: "is \(outcome.verdict.rawValue), the metrics say \(again.verdict.rawValue): \(again.actual)"
        )
    }
}
