import Measure
package import Results

/// One thing that went wrong, with what somebody needs who has to mend it.
package struct FailureSummary: Sendable, Equatable {
    /// What kind of thing it is.
    package enum Kind: String, Sendable {
        /// A check of the catalogue.
        case check
        /// A proof by captured frames.
        case proof
        /// A gate of the scenario.
        case gate
        /// A metric of the comparison.
        case comparison
        /// A load whose figures may not be believed.
        case load
    }

    /// What kind of thing it is.
    package let kind: Kind
    /// Its id.
    package let id: String
    /// What it asks, in a line.
    package let title: String
    /// The word of its status.
    package let status: String
    /// What was expected.
    package let expected: String
    /// What was found.
    package let actual: String
    /// What to do; of a gate, what its author says that it is for.
    package let remedy: String
    /// The requirement and its source; empty when there is none.
    package let source: String
    /// What was observed; the first few.
    package let evidence: [String]
    /// What is required, in the words of the check; empty where there is no check.
    package var requirement = ""

    /// What the remedy is called.
    package var remedyLabel: String { kind == .gate ? "why" : "remedy" }

    /// No report shows more evidence for one failure.
    static let maximumEvidence = 8

    /// Everything that went wrong: proofs, gates, checks, comparison, then loads that do not count.
    package static func all(in document: ResultDocument) -> [FailureSummary] {
        var failures: [FailureSummary] = []
        failures += (document.capture?.proofs ?? []).filter { $0.verdict == .violated }.map(proof)
        failures += (document.gate?.outcomes ?? []).filter { $0.verdict == .fail }.map(gate)
        if document.gate?.outcomes == nil {
            failures += (document.gate?.failed ?? []).map { id in
                gate(.init(expression: id, verdict: .fail, actual: "it does not hold", limit: id))
            }
        }
        failures += (document.checks ?? []).filter { $0.status == .fail }.map(check)
        failures += (document.checks ?? []).filter { $0.status == .error }.map(check)
        if document.verdict == .fail, failures.isEmpty {
            failures += (document.checks ?? []).filter { $0.status == .fixed }.map(check)
        }
        // A metric that got worse fails a run only through a gate; where the run failed, it belongs to the story.
        if document.verdict == .fail {
            let isSelf = document.comparison?.design?.isSelf == true
            let isGated = document.comparison?.verdict != nil
            failures += (document.comparison?.metrics ?? [])
                .filter { $0.verdict == .regressed || (isSelf && $0.verdict == .improved) }
                .filter { !isGated || $0.isGated == true }
                .map { comparison($0, document.comparison) }
        }
        failures += doubts(document)
        failures += (document.load ?? []).compactMap(load)
        return failures
    }

    /// What kept a run from a verdict; a run that has one is not burdened with it.
    private static func doubts(_ document: ResultDocument) -> [FailureSummary] {
        guard document.verdict == .inconclusive else { return [] }
        let proofs = document.capture?.proofs ?? []
        let open = proofs.filter { $0.verdict == .inconclusive || $0.verdict == .unprovable }
        return open.map(proof)
            + (document.gate?.outcomes ?? []).filter { [.inconclusive, .incomparable].contains($0.verdict) }.map(gate)
            + (document.checks ?? []).filter { $0.status == .inconclusive }.map(check)
    }

    private static func proof(_ proof: ProofRecord) -> FailureSummary {
        FailureSummary(
            kind: .proof,
            id: DisplayText.clean(proof.id, limit: 80),
            title: "Proof \(DisplayText.clean(proof.id, limit: 80))",
            status: proof.verdict.rawValue,
            expected: "proven",
            actual: DisplayText.clean(proof.reason),
            remedy: proofRemedy(proof.id),
            source: "",
            evidence: lines(proof.evidence)
        )
    }

    private static func proofRemedy(_ id: String) -> String {
        switch id {
        case "force-tcp":
            "See that every zone's forward block has force_tcp, and that the running Corefile is the one that you read."
        case "cache":
            "See that every zone has a cache block, and what its success and denial lines allow."
        default: "Look at the frames below with a packet analyser."
        }
    }

    private static func gate(_ gate: GateRecord.Outcome) -> FailureSummary {
        FailureSummary(
            kind: .gate,
            id: DisplayText.clean(gate.id, limit: 200),
            title: "Gate \(DisplayText.clean(gate.expression, limit: 200))",
            status: gate.verdict.rawValue,
            expected: gate.limit == gate.expression ? "that it holds" : DisplayText.clean(gate.limit),
            actual: DisplayText.clean(gate.actual),
            remedy: DisplayText.clean(gate.remediation ?? ""),
            source: "",
            evidence: []
        )
    }

    private static func check(_ check: CheckRecord) -> FailureSummary {
        FailureSummary(
            kind: .check,
            id: DisplayText.clean(check.id, limit: 80),
            title: DisplayText.clean(check.title),
            status: check.status.rawValue,
            expected: DisplayText.clean(check.expected),
            actual: DisplayText.clean(check.actual),
            remedy: DisplayText.clean(check.remediation),
            source: DisplayText.clean(check.source),
            evidence: lines(check.evidence),
            requirement: DisplayText.clean(check.requirement)
        )
    }

    private static func comparison(_ metric: MetricRecord, _ comparison: ComparisonRecord?) -> FailureSummary {
        let a = DisplayText.clean(comparison?.a ?? "A", limit: 60)
        let b = DisplayText.clean(comparison?.b ?? "B", limit: 60)
        let name = metric.metric.displayName
        let isSelf = comparison?.design?.isSelf == true
        return FailureSummary(
            kind: .comparison,
            id: metric.metric.rawValue,
            title: isSelf ? "\(name) of one server differs from itself" : "\(name) of \(b) is worse than of \(a)",
            status: metric.verdict.rawValue,
            expected: "no worse than \(metric.metric.display(metric.a)) of \(a) by \(metric.displayMargin)",
            actual: "\(metric.metric.display(metric.b)), \(Quantity.ratio(metric.ratio)) of \(a)"
                + " (\(comparison?.intervalName ?? "interval") \(metric.displayInterval))",
            remedy: isSelf
                ? "Keep the A/A run, so that nldns ab takes a wider margin, or quieten the machine."
                : "Compare both percentile charts, and look at the misses of the cache.",
            source: "",
            evidence: []
        )
    }

    private static func load(_ load: LoadRecord) -> FailureSummary? {
        guard let reason = load.invalidReason else { return nil }
        let target = DisplayText.clean(load.target, limit: 60)
        return FailureSummary(
            kind: .load,
            id: target,
            title: "Load on \(target) (\(DisplayText.clean(load.phase, limit: 60)))",
            status: "invalid",
            expected: "a generator that keeps up",
            actual: DisplayText.clean(reason),
            remedy: "Lower the rate, give the generator more processors, or close what else runs on this machine.",
            source: "",
            evidence: []
        )
    }

    static func lines(_ evidence: [EvidenceRecord], limit: Int = maximumEvidence) -> [String] {
        evidence.prefix(limit).map { item in
            let frame = item.place.map { "frame \($0) " } ?? ""
            return frame + item.words
        }
    }
}
