/// What a proof came to.
package enum ProofVerdict: String, Sendable, Hashable, CaseIterable {
    /// The claim holds, and the evidence is sufficient.
    case proven
    /// Frames show that the claim does not hold.
    case violated
    /// Something was lost, or too little was seen.
    case inconclusive
    /// What must be known to judge is not known.
    case unprovable

    /// Orders verdicts for a summary: the one that decides comes last.
    package var weight: Int {
        switch self {
        case .proven: 0
        case .unprovable: 1
        case .inconclusive: 2
        case .violated: 3
        }
    }
}

/// A claim about the cache, judged on captured frames.
package struct Proof: Sendable, Hashable {
    /// `force-tcp` or `cache`, then a colon and the zone for a proof of one zone.
    package var id: String
    package var verdict: ProofVerdict
    /// One or two sentences with the counts that led to the verdict.
    package var reason: String
    /// The frames that show it; bounded, the reason has the whole counts.
    package var evidence: [Evidence]

    package init(id: String, verdict: ProofVerdict, reason: String, evidence: [Evidence] = []) {
        self.id = id
        self.verdict = verdict
        self.reason = reason
        self.evidence = evidence
    }

    /// One proof out of those of all zones: the worst verdict with the zones that have it.
    package static func combined(id: String, _ proofs: [Proof]) -> Proof {
        guard let worst = proofs.max(by: { $0.verdict.weight < $1.verdict.weight }) else {
            return Proof(id: id, verdict: .unprovable, reason: "No zone of the Corefile makes this claim.")
        }
        let deciding = proofs.filter { $0.verdict == worst.verdict }
        let count = proofs.filter { $0.verdict == .proven }.count
        let detail =
            worst.verdict == .proven ? "" : " " + deciding.map { "\($0.id): \($0.reason)" }.joined(separator: " ")
        return Proof(
            id: id,
            verdict: worst.verdict,
            reason: "\(count) of \(proofs.count) zones proven.\(detail)",
            evidence: deciding.flatMap(\.evidence)
        )
    }
}
