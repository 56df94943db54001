/// What became of every scheduled query, and what else came in.
///
/// `scheduled = answered + timed_out + unsent + send_errors + interrupted`; the last three counters are datagrams that
/// arrived besides.
package struct LoadCounters: Codable, Sendable, Equatable {
    /// Queries that were to be sent.
    package var scheduled: UInt64
    /// Queries handed to the kernel.
    package var sent: UInt64
    /// Queries with an answer in time.
    package var answered: UInt64
    /// Queries without one.
    package var timedOut: UInt64
    /// Queries that the generator never came to send.
    package var unsent: UInt64
    /// Queries that the kernel refused.
    package var sendErrors: UInt64
    /// Queries still waiting when the run was interrupted.
    package var interrupted: UInt64
    /// Datagrams with a known id and another question.
    package var mismatched: UInt64
    /// Datagrams that are no DNS message.
    package var malformed: UInt64
    /// Answers after the time-out.
    package var late: UInt64

    /// Creates the counters; all are 0 unless given.
    package init(
        scheduled: UInt64 = 0,
        sent: UInt64 = 0,
        answered: UInt64 = 0,
        timedOut: UInt64 = 0,
        unsent: UInt64 = 0,
        sendErrors: UInt64 = 0,
        interrupted: UInt64 = 0,
        mismatched: UInt64 = 0,
        malformed: UInt64 = 0,
        late: UInt64 = 0
    ) {
        self.scheduled = scheduled
        self.sent = sent
        self.answered = answered
        self.timedOut = timedOut
        self.unsent = unsent
        self.sendErrors = sendErrors
        self.interrupted = interrupted
        self.mismatched = mismatched
        self.malformed = malformed
        self.late = late
    }

    /// Adds the counters of another load; sums stop at the largest number instead of overflowing.
    package mutating func add(_ other: LoadCounters) {
        for counter in Self.all {
            let (sum, overflow) = self[keyPath: counter].addingReportingOverflow(other[keyPath: counter])
            self[keyPath: counter] = overflow ? .max : sum
        }
    }

    /// The sum of the classes that a scheduled query can end in; nil when it has no number.
    package var ends: UInt64? {
        [answered, timedOut, unsent, sendErrors, interrupted].reduce(UInt64?.some(0)) { sum, count in
            guard let sum else { return nil }
            let (next, overflow) = sum.addingReportingOverflow(count)
            return overflow ? nil : next
        }
    }

    private static var all: [WritableKeyPath<LoadCounters, UInt64>] {
        [
            \.scheduled, \.sent, \.answered, \.timedOut, \.unsent, \.sendErrors, \.interrupted, \.mismatched,
            \.malformed, \.late,
        ]
    }

    enum CodingKeys: String, CodingKey {
        case scheduled, sent, answered, unsent, interrupted, mismatched, malformed, late
        case timedOut = "timed_out"
        case sendErrors = "send_errors"
    }
}
