/// How a check ended.
package enum CheckStatus: String, Sendable, Hashable, CaseIterable {
    case pass, fail
    /// A deviation that the profile expects, and it was seen.
    case known
    /// The profile expects a deviation, and it was not seen.
    case fixed
    case skip
    /// The observer lost packets, or the fault never fired.
    case inconclusive
    /// The check itself could not run as written.
    case error
}

/// One piece of evidence: an exchange or captured frames.
package struct CheckEvidence: Sendable, Hashable {
    /// What this is, in words.
    package var text: String
    /// Octets sent in hex, empty where none were.
    package var sentHex = ""
    /// Octets received in hex, empty where none were.
    package var receivedHex = ""
    /// Number of the frame in the capture.
    package var frame: Int?
    /// CLOCK_REALTIME in nanoseconds.
    package var realtimeNanoseconds: Int64?

    package init(text: String) {
        self.text = text
    }
}

/// The result of one check, as the result document shows it.
package struct CheckOutcome: Sendable, Hashable {
    package var id: String
    package var section: String
    package var title: String
    package var severity: CheckSeverity
    package var status: CheckStatus
    /// The assertions that decided the status.
    package var tags: [String] = []
    package var requirement: String
    package var source: String
    package var expected = ""
    package var actual = ""
    package var remediation: String
    package var evidence: [CheckEvidence] = []
    package var durationNanoseconds: Int64 = 0

    /// An outcome that nothing has decided yet.
    package init(_ check: CheckDefinition, status: CheckStatus) {
        id = check.id
        section = check.section
        title = check.title
        severity = check.severity
        self.status = status
        requirement = check.requirement
        source = check.source
        remediation = check.remediation
    }
}
