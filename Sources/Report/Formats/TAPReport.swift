package import Results

/// The result as TAP 13, which harnesses for TAP 14 read as well: one test point a check, proof and gate.
///
/// A known deviation is `not ok` with the directive TODO, a failure that harnesses expect; one that was expected and not
/// seen is a plain failure, as is a check that could not run. What was skipped or stayed inconclusive is a SKIP that says
/// so. Each point that is not simply passed or skipped has a YAML block.
package enum TAPReport {
    private enum Outcome {
        case passed
        case failed
        case todo(String)
        case skipped(String)
    }

    private struct Point {
        var name: String
        var outcome: Outcome
        var fields: [(String, String)] = []
        var evidence: [String] = []
    }

    /// Renders a document.
    package static func render(_ document: ResultDocument) -> String {
        let points = checks(document) + proofs(document) + gates(document)
        var text = "TAP version 13\n"
        text += points.isEmpty ? "1..0 # SKIP nothing was checked\n" : "1..\(points.count)\n"
        for (index, point) in points.enumerated() { text += lines(point, number: index + 1) }
        return text
    }

    private static func checks(_ document: ResultDocument) -> [Point] {
        (document.checks ?? []).map { check in
            let outcome: Outcome =
                switch check.status {
                case .pass: .passed
                case .fail, .fixed, .error: .failed
                case .known: .todo("known deviation of this version")
                case .skip: .skipped(check.actual)
                case .inconclusive: .skipped("inconclusive: \(check.actual)")
                }
            let message =
                switch check.status {
                case .fixed: "a known deviation was not seen"
                case .error: "the check could not run"
                case .known: "a known deviation was seen"
                default: "the requirement is not met"
                }
            return Point(
                name: "\(check.id) \(check.title)",
                outcome: outcome,
                fields: [
                    ("message", message), ("severity", check.severity), ("status", check.status.rawValue),
                    ("tags", check.tags.joined(separator: " ")), ("requirement", check.requirement),
                    ("source", check.source), ("expected", check.expected), ("actual", check.actual),
                    ("remediation", check.remediation),
                ],
                evidence: FailureSummary.lines(check.evidence)
            )
        }
    }

    private static func proofs(_ document: ResultDocument) -> [Point] {
        (document.capture?.proofs ?? []).map { proof in
            let outcome: Outcome =
                switch proof.verdict {
                case .proven: .passed
                case .violated: .failed
                case .inconclusive, .unprovable: .skipped("\(proof.verdict.rawValue): \(proof.reason)")
                }
            return Point(
                name: "proof \(proof.id)",
                outcome: outcome,
                fields: [("message", "the proof is violated"), ("actual", proof.reason)],
                evidence: FailureSummary.lines(proof.evidence)
            )
        }
    }

    private static func gates(_ document: ResultDocument) -> [Point] {
        (document.gate?.outcomes ?? []).map { gate in
            let outcome: Outcome =
                switch gate.verdict {
                case .pass: .passed
                case .fail: .failed
                case .waived: .skipped("waived, measured \(gate.actual)")
                case .inconclusive, .incomparable: .skipped("\(gate.verdict.rawValue): \(gate.actual)")
                }
            return Point(
                name: "gate \(gate.expression)",
                outcome: outcome,
                fields: [
                    ("message", "the gate does not hold"), ("expected", gate.limit), ("actual", gate.actual),
                    ("remediation", gate.remediation ?? ""),
                ]
            )
        }
    }

    private static func lines(_ point: Point, number: Int) -> String {
        let name = "\(number) - \(escaped(point.name))"
        switch point.outcome {
        case .passed: return "ok \(name)\n"
        case .skipped(let reason): return "ok \(name) # SKIP \(escaped(reason))\n"
        case .failed: return "not ok \(name)\n" + block(point)
        case .todo(let reason): return "not ok \(name) # TODO \(escaped(reason))\n" + block(point)
        }
    }

    private static func block(_ point: Point) -> String {
        var lines = ["---"]
        for (key, value) in point.fields where !value.isEmpty { lines.append("\(key): \(YAMLText.quoted(value))") }
        // A block, as Perl's reader takes a list's quoted text with a colon for a mapping.
        if !point.evidence.isEmpty { lines.append("evidence: |") }
        lines += point.evidence.map { "  " + DisplayText.clean($0).drop { $0 == " " } } + ["..."]
        return lines.map { "  \($0)\n" }.joined()
    }

    /// A description in which no `#` begins a directive.
    private static func escaped(_ text: String) -> String {
        DisplayText.clean(text).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }
}

/// Text as YAML has it.
enum YAMLText {
    /// A scalar in double quotes, which every reader of YAML 1.1 and 1.2 takes for the same text.
    static func quoted(_ text: String) -> String {
        let plain = DisplayText.clean(text, limit: 2_000)
        return "\"" + plain.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
