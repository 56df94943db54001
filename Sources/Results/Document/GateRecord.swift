/// What the gates say: those of the scenario, the run's own comparison, and a baseline where one was given.
package struct GateRecord: Codable, Sendable, Equatable {
    /// What all gates say together.
    package enum Verdict: String, Codable, Sendable, CaseIterable {
        /// Each holds, or a waiver accepts that it does not.
        case pass
        /// At least one does not hold.
        case fail
        /// At least one cannot tell, and none fell.
        case inconclusive
        /// At least one compares what cannot be compared, and none fell.
        case incomparable
    }

    /// One gate, judged.
    package struct Outcome: Codable, Sendable, Equatable {
        /// Where a gate comes from.
        package enum Kind: String, Codable, Sendable, CaseIterable {
            /// The scenario's `gates`.
            case slo
            /// The paired comparison inside the result.
            case comparison
            /// A result of another moment that was promoted.
            case baseline
            /// The results before it; never closes a gate.
            case history
            /// The run itself: its status, checks, proofs and loads.
            case run
        }

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
            /// Its two sides are not of one kind: another scenario, another class of machine, no pair.
            case incomparable
        }

        /// The id, or the expression itself when it has none.
        package var id: String
        /// The expression, such as `cache.p99 <= 2ms`.
        package var expression: String
        /// Where it comes from; absent for `slo`.
        package var kind: Kind?
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
            kind: Kind? = nil,
            expression: String,
            verdict: Verdict,
            actual: String,
            limit: String,
            remediation: String? = nil
        ) {
            self.id = id ?? expression
            self.kind = kind
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

    /// The baseline that was compared with.
    package struct Baseline: Codable, Sendable, Equatable {
        /// The class of machine that it was measured on.
        package var environmentClass: String
        /// When it was measured.
        package var started: Timestamp
        /// Who made it the baseline, why, and when; absent for a plain result.
        package var promotion: PromotionRecord?

        /// Names the baseline that a document is.
        package init(_ document: ResultDocument) {
            environmentClass = document.environment.className
            started = document.started
            promotion = document.promotion
        }

        enum CodingKeys: String, CodingKey {
            case started, promotion
            case environmentClass = "environment_class"
        }
    }

    /// All gates together.
    package var verdict: Verdict
    /// The ids of the gates that do not hold.
    package var failed: [String]
    /// The waivers that were used.
    package var waived: [Waiver]
    /// Every gate.
    package var outcomes: [Outcome]?
    /// What closes nothing: history, and comparisons that cannot tell where that is tolerated.
    package var advice: [Outcome]?
    /// The baseline that was compared with; absent without one.
    package var baseline: Baseline?
    /// What the reader should know of the gates, such as a waiver that has expired.
    package var notes: [String]?

    /// Draws the verdict from every gate: one failure fails, else what cannot be compared or told counts.
    package init(outcomes: [Outcome], waived: [Waiver] = []) {
        failed = outcomes.filter { $0.verdict == .fail }.map(\.id)
        self.waived = waived
        self.outcomes = outcomes
        let verdicts = Set(outcomes.map(\.verdict))
        verdict =
            verdicts.contains(.fail)
            ? .fail
            : verdicts.contains(.incomparable)
                ? .incomparable : verdicts.contains(.inconclusive) ? .inconclusive : .pass
    }
}
