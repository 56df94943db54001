/// One thing that was looked at on the node, and what to make of it.
package struct Finding: Sendable, Hashable {
    /// What was looked at; its text is a stable name.
    package let id: FindingID
    /// The judgement.
    package let status: FindingStatus
    /// What was read, with numbers; for `skip` the reason why it could not be read.
    package let read: String
    /// What a healthy node shows.
    package let expected: String
    /// What it means when the node does not show that.
    package let meaning: String
    /// What to do then.
    package let remediation: String

    /// One line that says what was looked at.
    package var title: String { id.title }

    /// A finding whose texts are those of its id, except where they are given.
    init(
        _ id: FindingID,
        _ status: FindingStatus,
        read: String,
        expected: String? = nil,
        meaning: String? = nil,
        remediation: String? = nil
    ) {
        self.id = id
        self.status = status
        self.read = read
        self.expected = expected ?? id.expected
        self.meaning = meaning ?? id.meaning
        self.remediation = remediation ?? id.remediation
    }
}

/// The judgement of a finding.
package enum FindingStatus: String, Sendable, Hashable, CaseIterable {
    /// It was read, and it is as expected.
    case pass
    /// It was read, and it is not as expected.
    case fail
    /// It could not be read, or there is nothing to read; never a pass.
    case skip
    /// It was read, and what was read does not decide.
    case inconclusive
}
