/// A failure of a gate that somebody accepts until a day.
package struct Waiver: Sendable, Hashable {
    /// The gate: its expression, a metric that it reads, `comparison.METRIC`, `baseline.TARGET.METRIC`, `check.ID` or
    /// `proof.ID`.
    package let id: String
    /// Why the failure is accepted.
    package let reason: String
    /// Who accepts it.
    package let owner: String
    /// The last day on which it counts, in UTC, as `YYYY-MM-DD`.
    package let expires: String
    /// The id of the only scenario that it is about, or nil for every one.
    package let scenario: String?
    /// The file, and where in it the id stands, from 1.
    let place: (file: String, line: Int, column: Int)

    /// Whether its last day is over on `day`, given as `YYYY-MM-DD`.
    package func isExpired(on day: String) -> Bool { expires < day }

    package static func == (first: Waiver, second: Waiver) -> Bool {
        first.id == second.id && first.scenario == second.scenario && first.expires == second.expires
            && first.reason == second.reason && first.owner == second.owner
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(expires)
    }
}
