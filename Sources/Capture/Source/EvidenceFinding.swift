/// Something that was found, with the frames that show it.
package struct EvidenceFinding: Sendable {
    /// What was found, in a few words; the comment of each frame begins with it.
    package var title: String
    /// Why, in a sentence; it stands once, in the comment of the file.
    package var reason: String
    /// Frames and what each of them shows.
    package var evidence: [Evidence]

    package init(title: String, reason: String, evidence: [Evidence]) {
        self.title = title
        self.reason = reason
        self.evidence = evidence
    }

    /// A proof as a finding.
    package init(_ proof: Proof) {
        self.init(title: "\(proof.id) \(proof.verdict.rawValue)", reason: proof.reason, evidence: proof.evidence)
    }
}
