package import Measure

/// One run in the history: what later runs are held against, in a line.
package struct HistoryEntry: Codable, Sendable, Equatable {
    /// When the run began.
    package var started: Timestamp
    /// SHA-256 of its scenario.
    package var scenarioSHA256: String
    /// The fingerprint of its machine.
    package var fingerprint: String
    /// The commit of the program that ran.
    package var commit: String
    /// Its seed.
    package var seed: UInt64
    /// What it said.
    package var verdict: RunVerdict
    /// Its figures by name, such as `cache.p99`: nanoseconds, fractions, answers a second.
    package var figures: [String: Double]

    /// The figures that a history keeps.
    package static let metrics: [ComparisonMetric] = [.p50, .p99, .loss, .achievedQPS]

    /// The line of a run; nil for one that belongs to no scenario, did not end, or measured nothing.
    package init?(_ document: ResultDocument) {
        guard document.status == .complete, let scenario = document.scenario else { return nil }
        started = document.started
        scenarioSHA256 = scenario.sha256
        fingerprint = document.environment.fingerprint
        commit = document.tool.commit
        seed = document.seed
        verdict = document.verdict
        figures = [:]
        for target in TargetFigures.all(in: document) {
            for metric in Self.metrics {
                figures["\(target.target).\(metric.rawValue)"] = target.value(of: metric)
            }
        }
        if figures.isEmpty { return nil }
    }

    enum CodingKeys: String, CodingKey {
        case started, fingerprint, commit, seed, verdict, figures
        case scenarioSHA256 = "scenario_sha256"
    }
}
