/// What the proofs are judged on.
package struct Observation: Sendable {
    package let records: [MessageRecord]
    package let losses: CaptureLosses
    package let join: Join

    /// An observation out of the messages of a capture and what it is known to have missed.
    package init(records: [MessageRecord], losses: CaptureLosses) {
        self.records = records
        self.losses = losses
        join = Join(records)
    }

    /// All that a capture saw.
    package init(_ result: CaptureResult) {
        self.init(records: result.records, losses: result.report.losses)
    }
}
