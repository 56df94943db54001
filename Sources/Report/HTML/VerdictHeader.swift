import Results

/// The banner: the verdict in a word, why, and what the run could have seen.
enum VerdictHeader {
    private struct View {
        let word: String
        let sign: String
        let look: String
        let name: String
        let headline: String
        let reasons: [String]
        let status: String?
        let detectable: String?
        let facts: [Fact]
    }

    private struct Fact {
        let label: String
        let value: String
    }

    static func make(_ summary: RunSummary) -> String {
        let document = summary.document
        let status = HTMLStatus(document.verdict.rawValue)
        var facts = [
            Fact(label: "Targets", value: summary.targetSentence),
            Fact(label: "Started", value: document.started.description),
            Fact(label: "Took", value: Quantity.elapsed(summary.durationNanoseconds)),
        ]
        if let checks = document.checks, !checks.isEmpty {
            facts.append(Fact(label: "Checks", value: summary.checkSentence))
        }
        let proofs = (document.capture?.proofs ?? []).prefix(12).map { proof in
            let count = Quantity.count(proof.evidenceCount ?? UInt64(proof.evidence.count), "piece")
            return "\(DisplayText.clean(proof.id, limit: 40)) \(proof.verdict.rawValue) (\(count) of evidence)"
        }
        if !proofs.isEmpty { facts.append(Fact(label: "Proofs", value: proofs.joined(separator: ", "))) }
        if let gate = document.gate {
            let outcomes = gate.outcomes ?? []
            let open = outcomes.count { $0.verdict == .inconclusive }
            let count = max(outcomes.count, gate.failed.count)
            let rest = open > 0 ? ", \(open) open" : ""
            facts.append(Fact(label: "Gates", value: "\(gate.failed.count) of \(count) failed\(rest)"))
        }
        let tool = document.tool
        facts.append(
            Fact(
                label: "Version",
                value: "\(DisplayText.clean(tool.version, limit: 60)) (\(DisplayText.clean(tool.commit, limit: 12)))"
            )
        )
        return template.render(
            View(
                word: document.verdict.rawValue,
                sign: status.sign,
                look: status.style,
                name: summary.name,
                headline: summary.headline,
                reasons: summary.furtherReasons,
                status: summary.statusSentence,
                detectable: summary.detectableSentence,
                facts: facts
            )
        )
    }

    static let template = HTMLTemplate(
        """
        <header class="verdict {{look}}">
        <p class="eyebrow">{{name}}</p>
        <h1><span aria-hidden="true">{{sign}}</span> {{word}}</h1>
        <p class="headline">{{headline}}</p>
        {{#reasons}}<p>{{.}}</p>{{/reasons}}
        {{#status}}<p><strong>{{status}}</strong></p>{{/status}}
        {{#detectable}}<p>{{detectable}}</p>{{/detectable}}
        <dl class="facts">{{#facts}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>{{/facts}}</dl>
        </header>
        """
    )
}
