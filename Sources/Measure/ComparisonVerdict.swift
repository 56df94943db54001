/// What was found out about one metric.
package enum ComparisonVerdict: String, Sendable, CaseIterable, Codable {
    /// B is worse than A, by at least the margin.
    case regressed
    /// B is better than A, by at least the margin.
    case improved
    /// B is shown not to be worse than A by the margin.
    case equivalent
    /// The run could not tell.
    case inconclusive
    /// There is nothing to compare.
    case incomparable

    /// What single verdicts come to: the worst of them, where what nobody can tell is worse than what is equal; nil
    /// without any.
    package static func overall(_ verdicts: [ComparisonVerdict]) -> ComparisonVerdict? {
        let ranked: [ComparisonVerdict] = [.regressed, .incomparable, .inconclusive, .improved, .equivalent]
        return ranked.first { verdicts.contains($0) }
    }
}
