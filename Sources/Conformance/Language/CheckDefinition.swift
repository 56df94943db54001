/// How much a failed check weighs.
package enum CheckSeverity: String, Sendable, Hashable, CaseIterable {
    case critical, error, warning, notice, info
}

/// What a check needs around the target, from safest to most demanding.
package enum CheckTier: Int, Sendable, Hashable, CaseIterable {
    /// Plain queries; safe on any live node.
    case liveNode = 0
    /// Needs the metrics page or the health address.
    case metrics = 1
    /// Needs a passive capture of the upstream side.
    case capture = 2
    /// Needs an upstream that follows scripted names.
    case lab = 3
}

/// A part of the context without which a check is skipped.
package enum CheckNeed: String, Sendable, Hashable, CaseIterable {
    case capture, scripted, metrics, health, cluster
    /// A lab around the target that can be stopped, changed and begun again.
    case lab
}

/// Where a requirement comes from.
package struct CheckReference: Sendable, Hashable, CustomStringConvertible {
    /// How strongly the source asks.
    package enum Level: String, Sendable, Hashable, CaseIterable {
        case must = "MUST"
        case should = "SHOULD"
        case may = "MAY"
    }

    /// `RFC 1035`, `Kubernetes DNS specification 1.1`, or a project's file.
    package let source: String
    /// The section inside the source, nil when the source has none.
    package let section: String?
    /// Nil where the source does not speak in levels.
    package let level: Level?

    package var description: String {
        var text = source
        if let section { text += " section \(section)" }
        if let level { text += " (\(level.rawValue))" }
        return text
    }
}

/// A deviation from the requirement that versions of a product are known to have.
package struct ProfileDeviation: Sendable, Hashable {
    package let condition: VersionCondition
    /// Tags that must be seen; one that is not seen makes the check `fixed`.
    package let known: [String]
    /// Tags that may be seen, depending on what stands upstream; their absence means nothing.
    package let tolerated: [String]
    /// The file or issue of the product that explains the deviation.
    package let source: String
}

/// A defect of the reference cache that must make a check fail.
package struct CheckMutant: Sendable, Hashable {
    /// The defect's public name, such as `ttl-frozen`.
    package let defect: String
    /// Tags that must fail under the defect.
    package let must: [String]
    /// Tags that must not fail under it.
    package let forbid: [String]
    package let line: Int
}

/// One assertion: it holds when every statement of one alternative holds.
package struct CheckAssertion: Sendable {
    /// The name under which outcomes, profiles and mutants speak of the assertion.
    package let tag: String
    /// Alternatives in the order of the file, each a conjunction; `assert` gives one, `anyOf` several.
    package let alternatives: [[Statement]]
    /// The assertion applies only where this holds.
    package let condition: Statement?
    /// A vacuity guard: when it does not hold the check is inconclusive rather than failed.
    package let isGuard: Bool
    /// A failure is believed only after the check failed again alone.
    package let isTiming: Bool
    /// The expectation as a sentence for readers; nil to show the statement itself.
    package let sentence: String?
    package let line: Int
}

/// A variable of a check; its template may use earlier variables.
package struct CheckVariable: Sendable, Hashable {
    package let name: String
    package let template: String
}

/// One check as its file declares it.
package struct CheckDefinition: Sendable {
    package let id: String
    /// The section of the file that holds the check, such as `HDR`.
    package let section: String
    package let title: String
    package let severity: CheckSeverity
    package let tier: CheckTier
    package let references: [CheckReference]
    /// What the sources ask, in one or two sentences.
    package let requirement: String
    /// What somebody can do about a failure.
    package let remediation: String
    package let needs: Set<CheckNeed>
    /// Runs while no other check runs.
    package let isExclusive: Bool
    /// Runs alone after all others: statements about the whole run, and what may leave its mark on the server.
    package let isLast: Bool
    /// The check is an error when it takes longer.
    package let deadlineNanoseconds: Int64
    package let variables: [CheckVariable]
    package let steps: [CheckStep]
    package let assertions: [CheckAssertion]
    package let profiles: [ProfileDeviation]
    package let mutants: [CheckMutant]
    package let file: String
    package let line: Int

    /// The first reference, or all of them joined, as a report shows the source.
    package var source: String { references.map(\.description).joined(separator: "; ") }
}
