package import NodeLocal

/// What a rule found, and where.
package struct LintFinding: Sendable {
    /// The rule.
    package let rule: LintRule
    /// How bad it is here.
    package let severity: LintSeverity
    /// Where it stands.
    package let place: SourcePlace
    /// One sentence about this place.
    package let message: String
}
