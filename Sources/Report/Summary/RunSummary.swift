package import Measure
package import Results

/// What every report says of a run, in the words that all of them use; strings are cleaned, not yet escaped.
package struct RunSummary: Sendable {
    /// The document.
    package let document: ResultDocument
    /// What went wrong, worst first.
    package let failures: [FailureSummary]
    /// Latency by target and phase.
    package let latencies: [LatencyRow]

    /// Draws a summary; a histogram that cannot be read leaves the figures that the document states.
    package init(_ document: ResultDocument) {
        self.document = document
        failures = FailureSummary.all(in: document)
        latencies = LatencyRow.all(in: document)
    }

    /// The first reason, or what follows from the verdict alone.
    package var headline: String {
        if let first = document.reasons?.first, !first.isEmpty { return DisplayText.clean(first) }
        switch document.verdict {
        case .pass: return "Nothing failed."
        case .fail: return failures.isEmpty ? "The run failed." : "\(failures[0].title) failed."
        case .inconclusive: return "The evidence does not suffice for a verdict."
        }
    }

    /// The reasons after the first.
    package var furtherReasons: [String] {
        (document.reasons ?? []).dropFirst().map { DisplayText.clean($0) }
    }

    /// What limits the verdict: an interrupted or invalid run; nil when complete.
    package var statusSentence: String? {
        switch document.status {
        case .complete: nil
        case .aborted: "The run was interrupted: what follows was measured before."
        case .invalid: "The generator fell behind or dropped packets: the figures are not those of the target."
        }
    }

    /// What the comparison could have seen, in a sentence; nil without one.
    package var detectableSentence: String? {
        let metrics = document.comparison?.metrics ?? []
        let parts = metrics.compactMap { metric -> String? in
            guard let detectable = metric.detectable, [.p50, .p99, .loss].contains(metric.metric) else { return nil }
            return metric.metric == .loss
                ? "a loss of \(Quantity.percent(detectable))"
                : "a change of \(Quantity.percent(detectable)) at \(metric.metric.displayName)"
        }
        guard !parts.isEmpty else { return nil }
        return "This run could have seen \(Self.list(parts))."
    }

    /// How many checks have each status, in the order in which people ask for them.
    package var checkCounts: [(status: CheckRecord.Status, count: Int)] {
        CheckRecord.Status.allCases.compactMap { status in
            let count = (document.checks ?? []).count { $0.status == status }
            return count == 0 ? nil : (status, count)
        }
    }

    /// The checks in one line: `6 pass, 1 known, 1 skip`.
    package var checkSentence: String {
        checkCounts.map { "\($0.count) \($0.status.rawValue)" }.joined(separator: ", ")
    }

    /// How long it took, in nanoseconds.
    package var durationNanoseconds: Int64 {
        let (difference, overflow) = document.ended.realtimeNanoseconds.subtractingReportingOverflow(
            document.started.realtimeNanoseconds
        )
        return overflow ? 0 : max(0, difference)
    }

    /// The scenario's id, or the tool's name when there was none.
    package var name: String {
        DisplayText.clean(document.scenario?.id ?? document.tool.name, limit: 80)
    }

    /// The targets in one line.
    package var targetSentence: String {
        document.targets.map { target in
            let address = target.address.contains(":") ? "[\(target.address)]" : target.address
            return
                "\(DisplayText.clean(target.name, limit: 60)) \(DisplayText.clean(address, limit: 60)):\(target.port)"
        }.joined(separator: ", ")
    }

    /// The command line, quoted for a shell.
    package var commandLine: String? {
        document.command.map { words in
            words.map { word in
                let safe = word.utf8.allSatisfy { octet in
                    octet.isShellSafe
                }
                return safe && !word.isEmpty
                    ? word : "'" + DisplayText.clean(word).replacing("'", with: "'\\''") + "'"
            }.joined(separator: " ")
        }
    }

    private static func list(_ parts: [String]) -> String {
        guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension UInt8 {
    /// Whether a POSIX shell takes this octet for itself outside quotes.
    fileprivate var isShellSafe: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-_./:=,@%+".utf8.contains(self)
        }
    }
}

extension ComparisonMetric {
    /// The metric in plain words' reach: `p99.9`, `loss`, `answers/s`.
    package var displayName: String {
        switch self {
        case .p50: "p50"
        case .p90: "p90"
        case .p99: "p99"
        case .p99_9: "p99.9"
        case .loss: "loss"
        case .achievedQPS: "answers/s"
        }
    }

    /// A value of the metric with its unit.
    package func display(_ value: Double?) -> String {
        guard let value else { return "–" }
        return switch self {
        case .p50, .p90, .p99, .p99_9: Quantity.duration(value)
        case .loss: Quantity.percent(value)
        case .achievedQPS: Quantity.rate(value)
        }
    }
}
