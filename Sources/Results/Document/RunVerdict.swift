/// What a run, or its gates, say.
package enum RunVerdict: String, Codable, Sendable, CaseIterable {
    /// Evidence was sufficient and nothing failed.
    case pass
    /// A check, proof or gate failed.
    case fail
    /// The evidence does not suffice.
    case inconclusive
}
