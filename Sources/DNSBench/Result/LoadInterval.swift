package import Measure

/// One entry of a run's series.
package struct LoadInterval: Sendable, Hashable {
    /// When it began, nanoseconds after the run's start.
    package let startNanoseconds: Int64
    /// How long it lasted; the last one may be shorter.
    package let durationNanoseconds: Int64
    /// Queries sent in it.
    package let sent: UInt64
    /// Answers that came in it.
    package let answered: UInt64
    /// Queries that were given up in it.
    package let timedOut: UInt64
    /// Response latency percentiles of its answers, nanoseconds; 0 without answers.
    package let p50: Int64
    /// The 90th percentile.
    package let p90: Int64
    /// The 99th percentile.
    package let p99: Int64
    /// The 99.9th percentile.
    package let p99_9: Int64
    /// The longest.
    package let max: Int64
    /// How its response latencies spread.
    package internal(set) var bands: LatencyBands?
    /// Its response latencies as HdrHistogram text.
    ///
    /// `nil` without answers, unless the plan keeps histograms, and where they were joined with those of the next entry
    /// that has a text, as a very long series does.
    package internal(set) var responseText: String?
    /// Its service latencies, likewise.
    package internal(set) var serviceText: String?
    /// Lookups that ended in it; `nil` in a load of single queries.
    package internal(set) var lookups: UInt64?
    /// Their latencies from the intended start as HdrHistogram text, likewise.
    package internal(set) var lookupResponseText: String?
    /// Their latencies from the actual start, likewise.
    package internal(set) var lookupServiceText: String?
}

/// How far a run has come.
package struct LoadProgress: Sendable, Hashable {
    /// Nanoseconds since the run's start.
    package let elapsedNanoseconds: Int64
    /// The run's planned length; `nil` when only the number of queries limits it.
    package let plannedNanoseconds: Int64?
    /// The planned number of queries; `nil` when only time limits the run.
    package let plannedQueries: UInt64?
    /// Queries sent so far.
    package let sent: UInt64
    /// Answers so far.
    package let answered: UInt64
    /// Queries given up so far.
    package let timedOut: UInt64
    /// The interval that has just ended.
    package let latest: LoadInterval
}
