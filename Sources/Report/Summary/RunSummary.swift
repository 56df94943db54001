import Measure
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
        if let first = document.reasons?.first, !first.isEmpty { return Self.sentence(first) }
        switch document.verdict {
        case .pass: return passSentence
        case .fail: return failures.isEmpty ? "The run failed." : "\(failures[0].title) failed."
        case .inconclusive: return "The evidence does not suffice for a verdict."
        }
    }

    /// The reasons after the first.
    package var furtherReasons: [String] {
        let reasons = (document.reasons ?? []).dropFirst()
        let hidden = reasons.count - Self.maximumReasons
        return reasons.prefix(Self.maximumReasons).map(Self.sentence) + (hidden > 0 ? ["\(hidden) more reasons."] : [])
    }

    /// More targets than these are counted.
    private static let maximumTargets = 8
    /// More reasons than these are a list, not an explanation.
    private static let maximumReasons = 6

    /// What a run that passed rests on, such as `45 checks, 2 proofs and 6 gates hold.`.
    private var passSentence: String {
        var parts: [String] = []
        func add(_ count: Int, _ name: String) {
            if count > 0 { parts.append("\(count) \(name)\(count == 1 ? "" : "s")") }
        }
        add((document.checks ?? []).count { $0.status == .pass || $0.status == .known }, "check")
        add((document.capture?.proofs ?? []).count { $0.verdict == .proven }, "proof")
        add((document.gate?.outcomes ?? []).count { $0.verdict == .pass }, "gate")
        if parts.isEmpty, let comparison = document.comparison, let verdict = comparison.verdict {
            let b = DisplayText.clean(comparison.b ?? "B", limit: 40)
            let a = DisplayText.clean(comparison.a ?? "A", limit: 40)
            return verdict == .improved ? "\(b) is better than \(a)." : "\(b) is no worse than \(a)."
        }
        guard !parts.isEmpty else { return "Nothing failed." }
        let verb = parts.count == 1 && parts[0].hasPrefix("1 ") ? "holds" : "hold"
        let comparison = document.comparison
        guard let comparison, let a = comparison.a, let b = comparison.b,
            let ratio = comparison.metrics.first(where: { $0.metric == .p99 })?.ratio
                ?? comparison.metrics.first(where: { $0.metric == .p50 })?.ratio
        else { return "\(Self.list(parts)) \(verb)." }
        let name = comparison.metrics.contains { $0.metric == .p99 && $0.ratio != nil } ? "p99" : "p50"
        return
            "\(Self.list(parts)) \(verb); \(name) of \(DisplayText.clean(b, limit: 40)) is \(Quantity.ratio(ratio)) that of "
            + "\(DisplayText.clean(a, limit: 40))."
    }

    /// A reason as a sentence of its own.
    private static func sentence(_ reason: String) -> String {
        let text = DisplayText.clean(reason)
        let whole = text.last.map { ".!?…".contains($0) } == false ? text + "." : text
        return whole.prefix(1).uppercased() + whole.dropFirst()
    }

    /// What the list of failures is called: after the verdict, since an open question is no failure.
    package var failureTitle: String {
        document.verdict == .fail ? "What failed" : "What could not be told"
    }

    /// What limits the verdict: an interrupted or invalid run; nil when complete.
    package var statusSentence: String? {
        switch document.status {
        case .complete: nil
        case .aborted: "The run did not reach its end: what follows was measured before."
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
        let hidden = document.targets.count - Self.maximumTargets
        let shown = document.targets.prefix(Self.maximumTargets).map { target in
            let address = target.address.contains(":") ? "[\(target.address)]" : target.address
            return
                "\(DisplayText.clean(target.name, limit: 60)) \(DisplayText.clean(address, limit: 60)):\(target.port)"
        }
        return (shown + (hidden > 0 ? ["and \(hidden) more"] : [])).joined(separator: ", ")
    }

    /// The command line that repeats the run, quoted for a shell; the seed is added where the run drew it itself.
    package var commandLine: String? {
        guard var words = document.command, !words.isEmpty else { return nil }
        let isSeeded = words.contains { $0 == "--seed" || $0.hasPrefix("--seed=") }
        if !isSeeded, words.count > 1, ["run", "check", "bench", "ab", "aa"].contains(words[1]) {
            words += ["--seed", String(document.seed)]
        }
        return words.map(Self.quoted).joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        guard word.isEmpty || !word.utf8.allSatisfy(\.isShellSafe) else { return word }
        return "'" + DisplayText.clean(word).replacing("'", with: "'\\''") + "'"
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
