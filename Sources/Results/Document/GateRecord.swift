/// What the gates of a scenario say.
package struct GateRecord: Codable, Sendable, Equatable {
    /// One gate, judged.
    package struct Outcome: Codable, Sendable, Equatable {
        /// What a gate says.
        package enum Verdict: String, Codable, Sendable, CaseIterable {
            /// It holds.
            case pass
            /// It does not.
            case fail
            /// It does not, and a waiver says why that is accepted.
            case waived
            /// What it asks for was not measured well enough.
            case inconclusive
        }

        /// The id, or the expression itself when it has none.
        package var id: String
        /// The expression, such as `cache.p99 <= 2ms`.
        package var expression: String
        /// What it says.
        package var verdict: Verdict
        /// What was measured, with unit.
        package var actual: String
        /// What was allowed, with unit.
        package var limit: String
        /// What to do about a failure.
        package var remediation: String?

        /// Creates an outcome; without an id the expression is the id.
        package init(
            id: String? = nil,
            expression: String,
            verdict: Verdict,
            actual: String,
            limit: String,
            remediation: String? = nil
        ) {
            self.id = id ?? expression
            self.expression = expression
            self.verdict = verdict
            self.actual = actual
            self.limit = limit
            self.remediation = remediation
        }
    }

    /// A failure that is accepted for a while.
    package struct Waiver: Codable, Sendable, Equatable {
        /// The gate, check or proof.
        package var id: String
        /// Why.
        package var reason: String
        /// The last day, as `YYYY-MM-DD`; a waiver that has expired counts no more.
        package var expires: String?
        /// Who accepted it.
        package var by: String?

        /// Creates a waiver.
        package init(id: String, reason: String, expires: String? = nil, by: String? = nil) {
            self.id = id
            self.reason = reason
            self.expires = expires
            self.by = by
        }
    }

    /// All gates together.
    package var verdict: RunVerdict
    /// The ids of the gates that do not hold.
    package var failed: [String]
    /// The waivers that were used.
    package var waived: [Waiver]
    /// Every gate.
    package var outcomes: [Outcome]?

    /// Draws the verdict from every gate: one failure fails, else one inconclusive gate is inconclusive.
    package init(outcomes: [Outcome], waived: [Waiver] = []) {
        failed = outcomes.filter { $0.verdict == .fail }.map(\.id)
        self.waived = waived
        self.outcomes = outcomes
        verdict =
            !failed.isEmpty ? .fail : outcomes.contains { $0.verdict == .inconclusive } ? .inconclusive : .pass
    }
}
