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
}
