/// A claim about the cache, judged by captured frames.
package struct ProofRecord: Codable, Sendable, Equatable {
    /// What the frames say.
    package enum Verdict: String, Codable, Sendable, CaseIterable {
        /// They show that the claim holds.
        case proven
        /// They show that it does not.
        case violated
        /// They do not suffice.
        case inconclusive
        /// No frame could show it here.
        case unprovable
    }

    /// The id, such as `force-tcp`.
    package var id: String
    /// What the frames say.
    package var verdict: Verdict
    /// Why, in a sentence.
    package var reason: String
    /// The frames, or the first of them.
    package var evidence: [EvidenceRecord]
    /// How many frames the verdict rests on; more than `evidence` holds when that was cut.
    package var evidenceCount: UInt64?

    /// Creates a proof; without `evidenceCount` the evidence is complete.
    package init(
        id: String,
        verdict: Verdict,
        reason: String,
        evidence: [EvidenceRecord],
        evidenceCount: UInt64? = nil
    ) {
        self.id = id
        self.verdict = verdict
        self.reason = reason
        self.evidence = evidence
        self.evidenceCount = evidenceCount ?? UInt64(evidence.count)
    }

    enum CodingKeys: String, CodingKey {
        case id, verdict, reason, evidence
        case evidenceCount = "evidence_count"
    }
}
