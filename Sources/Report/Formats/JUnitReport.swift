import Measure
package import Results

/// The result as JUnit XML: one test case a check, proof, gate and compared metric.
///
/// The dialect is the one that GitLab and Jenkins both read: the class name names the suite, a case has at most one of
/// failure, error or skipped, the message is repeated in the body, and inconclusive is skipped with a message.
package enum JUnitReport {
    private enum Outcome {
        case passed
        case failed(message: String, body: String)
        case error(message: String, body: String)
        case skipped(message: String)
    }

    private struct Case {
        let suite: String
        let name: String
        let seconds: Double
        let outcome: Outcome
    }

    /// Renders a document.
    package static func render(_ document: ResultDocument) -> String {
        let cases = checks(document) + proofs(document) + gates(document) + metrics(document)
        var suites: [(name: String, cases: [Case])] = []
        for item in cases {
            if let place = suites.firstIndex(where: { $0.name == item.suite }) {
                suites[place].cases.append(item)
            } else {
                suites.append((item.suite, [item]))
            }
        }
        // Attributes of the whole are left out: Ant's schema knows none, and no reader asks for one.
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        let run = escape(document.scenario?.id ?? document.tool.name)
        for (number, suite) in suites.enumerated() {
            text +=
                "  <testsuite name=\"\(escape(suite.name))\" id=\"\(number)\" package=\"\(run)\" \(counts(suite.cases))"
                + " timestamp=\"\(document.started.description.prefix(19))\" hostname=\"localhost\">\n"
            text += properties(document)
            for item in suite.cases { text += element(item) }
            text += "    <system-out></system-out>\n    <system-err></system-err>\n  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    // MARK: Cases

    private static func checks(_ document: ResultDocument) -> [Case] {
        (document.checks ?? []).map { check in
            let body = lines(
                [
                    ("expected", check.expected), ("actual", check.actual), ("remedy", check.remediation),
                    ("requirement", check.requirement), ("source", check.source),
                ] + check.evidence.prefix(8).map { ("evidence", ($0.place.map { "frame \($0) " } ?? "") + $0.words) }
            )
            let message = "expected \(check.expected), got \(check.actual)"
            let outcome: Outcome =
                switch check.status {
                case .pass, .known: .passed
                case .fail: .failed(message: message, body: body)
                case .fixed: .failed(message: "a known deviation was not seen: \(check.actual)", body: body)
                case .error: .error(message: check.actual, body: body)
                case .skip: .skipped(message: check.actual)
                case .inconclusive: .skipped(message: "inconclusive: \(check.actual)")
                }
            return Case(
                suite: "checks.\(check.section)",
                name: "\(check.id) \(check.title)",
                seconds: Double(check.durationNanoseconds) / 1e9,
                outcome: outcome
            )
        }
    }

    private static func proofs(_ document: ResultDocument) -> [Case] {
        (document.capture?.proofs ?? []).map { proof in
            let body = lines(
                [("actual", proof.reason)]
                    + proof.evidence.prefix(8).map { item in
                        ("evidence", (item.place.map { "frame \($0) " } ?? "") + item.words)
                    }
            )
            let outcome: Outcome =
                switch proof.verdict {
                case .proven: .passed
                case .violated: .failed(message: proof.reason, body: body)
                case .inconclusive, .unprovable: .skipped(message: "\(proof.verdict.rawValue): \(proof.reason)")
                }
            return Case(suite: "proofs", name: proof.id, seconds: 0, outcome: outcome)
        }
    }

    private static func gates(_ document: ResultDocument) -> [Case] {
        (document.gate?.outcomes ?? []).map { gate in
            let message = "measured \(gate.actual), allowed \(gate.limit)"
            let outcome: Outcome =
                switch gate.verdict {
                case .pass: .passed
                case .fail:
                    .failed(
                        message: message,
                        body: lines([
                            ("measured", gate.actual), ("allowed", gate.limit), ("remedy", gate.remediation ?? ""),
                        ])
                    )
                case .waived: .skipped(message: "waived: \(message)")
                case .inconclusive, .incomparable: .skipped(message: "\(gate.verdict.rawValue): \(message)")
                }
            return Case(suite: "gates", name: gate.expression, seconds: 0, outcome: outcome)
        }
    }

    private static func metrics(_ document: ResultDocument) -> [Case] {
        (document.comparison?.metrics ?? []).map { metric in
            let message =
                "\(metric.metric.display(metric.a)) became \(metric.metric.display(metric.b)), \(Quantity.ratio(metric.ratio))"
            let outcome: Outcome =
                switch metric.verdict {
                case .improved, .equivalent: .passed
                case .regressed where metric.isGated == false && document.comparison?.verdict != nil:
                    .skipped(message: "regressed, and not gated: \(message)")
                case .regressed: .failed(message: message, body: message)
                case .inconclusive, .incomparable: .skipped(message: "\(metric.verdict.rawValue): \(message)")
                }
            return Case(suite: "comparison", name: metric.metric.displayName, seconds: 0, outcome: outcome)
        }
    }

    // MARK: XML

    private static func element(_ item: Case) -> String {
        let head =
            "    <testcase classname=\"\(escape(item.suite))\" name=\"\(escape(item.name))\" time=\"\(Quantity.fixed(max(0, item.seconds), 3))\""
        return switch item.outcome {
        case .passed: head + "/>\n"
        case .failed(let message, let body): head + ">" + detail("failure", message, body) + "</testcase>\n"
        case .error(let message, let body): head + ">" + detail("error", message, body) + "</testcase>\n"
        case .skipped(let message): head + "><skipped message=\"\(escape(message))\"/></testcase>\n"
        }
    }

    private static func detail(_ name: String, _ message: String, _ body: String) -> String {
        "<\(name) message=\"\(escape(message))\" type=\"\(name)\">\(escape(message))\n\(body)</\(name)>"
    }

    private static func counts(_ cases: [Case]) -> String {
        var failures = 0
        var errors = 0
        var skipped = 0
        for item in cases {
            switch item.outcome {
            case .passed: break
            case .failed: failures += 1
            case .error: errors += 1
            case .skipped: skipped += 1
            }
        }
        let seconds = cases.map { max(0, $0.seconds) }.reduce(0, +)
        return "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
            + " time=\"\(Quantity.fixed(seconds, 3))\""
    }

    private static func properties(_ document: ResultDocument) -> String {
        let facts = [
            ("seed", String(document.seed)), ("verdict", document.verdict.rawValue),
            ("status", document.status.rawValue),
            ("version", document.tool.version), ("commit", document.tool.commit),
            ("fingerprint", document.environment.fingerprint),
        ]
        let lines = facts.map { "      <property name=\"\($0)\" value=\"\(escape($1))\"/>\n" }
        return "    <properties>\n\(lines.joined())    </properties>\n"
    }

    private static func lines(_ fields: [(String, String)]) -> String {
        fields.filter { !$0.1.isEmpty }.map { "\($0): \(escape($1))" }.joined(separator: "\n") + "\n"
    }

    /// Cleaning has taken every character that XML 1.0 forbids.
    private static func escape(_ text: String) -> String {
        DisplayText.escapeMarkup(DisplayText.clean(text, limit: 2_000))
    }
}
