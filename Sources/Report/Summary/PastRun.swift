package import Results

/// An earlier run, as much of it as a history shows.
package struct PastRun: Sendable, Equatable {
    /// One figure of one target.
    struct Figure: Hashable, Sendable {
        enum Kind: String, CaseIterable, Sendable {
            case p50, p99, loss
        }

        let target: String
        let kind: Kind
    }

    let started: Timestamp
    let verdict: RunVerdict
    /// The scenario's digest; nil when there was none.
    let scenario: String?
    let fingerprint: String
    /// Latencies in nanoseconds, loss as a fraction.
    let figures: [Figure: Double]

    /// Takes from a document what a history shows.
    package init(_ document: ResultDocument) {
        self.init(RunSummary(document))
    }

    init(_ summary: RunSummary) {
        let document = summary.document
        started = document.started
        verdict = document.verdict
        scenario = document.scenario?.sha256
        fingerprint = document.environment.fingerprint
        var figures: [Figure: Double] = [:]
        // The phase with most answers speaks for its target.
        for row in summary.latencies.sorted(by: { $0.counters.answered < $1.counters.answered }) {
            figures[Figure(target: row.target, kind: .p50)] = row.value(percentile: 50).map(Double.init)
            figures[Figure(target: row.target, kind: .p99)] = row.value(percentile: 99).map(Double.init)
            figures[Figure(target: row.target, kind: .loss)] = row.lossFraction
        }
        self.figures = figures
    }
}

extension ResultStore.Run {
    /// The earlier runs of the same scenario in the same store, oldest first.
    ///
    /// What cannot be read is left out: a damaged old result is no reason to withhold a new one.
    ///
    /// - Parameter limit: The most that are read, the latest ones.
    package func history(limit: Int = 20) -> [PastRun] {
        guard let slash = folder.lastIndex(of: "/") else { return [] }
        let store = ResultStore(folder: String(folder[..<slash]))
        let name = Self.scenario(of: folder)
        let earlier = ((try? store.runs()) ?? []).filter { $0 != self && Self.scenario(of: $0.folder) == name }
        return earlier.suffix(limit).compactMap { (try? ResultDocument.read($0.resultPath)).map(PastRun.init) }
    }

    /// The scenario in a folder's name, which begins with the time of the run.
    private static func scenario(of folder: String) -> Substring {
        folder[(folder.lastIndex(of: "/") ?? folder.startIndex)...].drop { $0 != "-" }
    }
}
