/// The outcome of one check.
package struct CheckRecord: Codable, Sendable, Equatable {
    /// What a check found.
    package enum Status: String, Codable, Sendable, CaseIterable {
        /// As required.
        case pass
        /// Not as required.
        case fail
        /// A deviation that the version's profile expects, and it was seen.
        case known
        /// A deviation that the profile expects, and it was not seen.
        case fixed
        /// Not run, with the reason in `actual`.
        case skip
        /// Run, but the evidence does not suffice.
        case inconclusive
        /// The check itself could not run.
        case error
    }

    /// The id, such as `HDR-01`.
    package var id: String
    /// The section of the catalogue.
    package var section: String
    /// What it asks, in a line.
    package var title: String
    /// How bad a failure is.
    package var severity: String
    /// What it found.
    package var status: Status
    /// Words to select by.
    package var tags: [String]
    /// The requirement, quoted or in a sentence.
    package var requirement: String
    /// Where the requirement stands.
    package var source: String
    /// What was expected.
    package var expected: String
    /// What was found; for `skip` and `error`, why.
    package var actual: String
    /// What to do about a failure.
    package var remediation: String
    /// What was observed.
    package var evidence: [EvidenceRecord]
    /// How long it took, in nanoseconds.
    package var durationNanoseconds: Int64

    /// Creates an outcome.
    package init(
        id: String,
        section: String,
        title: String,
        severity: String,
        status: Status,
        tags: [String] = [],
        requirement: String,
        source: String,
        expected: String,
        actual: String,
        remediation: String,
        evidence: [EvidenceRecord] = [],
        durationNanoseconds: Int64
    ) {
        self.id = id
        self.section = section
        self.title = title
        self.severity = severity
        self.status = status
        self.tags = tags
        self.requirement = requirement
        self.source = source
        self.expected = expected
        self.actual = actual
        self.remediation = remediation
        self.evidence = evidence
        self.durationNanoseconds = durationNanoseconds
    }

    enum CodingKeys: String, CodingKey {
        case id, section, title, severity, status, tags, requirement, source, expected, actual, remediation, evidence
        case durationNanoseconds = "duration_ns"
    }
}
