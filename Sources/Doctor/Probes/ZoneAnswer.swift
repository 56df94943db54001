package import DNSWire

/// What came of one query of the doctor.
package struct ZoneAnswer: Sendable, Hashable {
    /// What a query ended in.
    package enum Outcome: Sendable, Hashable {
        /// An answer to this very question came.
        case answered(RCode, nanoseconds: Int64, attempts: Int)
        /// Nothing came in time.
        case silent(attempts: Int)
        /// The network refused, or what came was no answer; the text says what.
        case failed(String)
    }

    /// What was asked.
    package let question: ZoneQuestion
    /// What came of it.
    package let outcome: Outcome

    /// The rcode, or nil without an answer.
    package var rcode: RCode? {
        if case .answered(let rcode, _, _) = outcome { rcode } else { nil }
    }
}

extension ZoneAnswer: CustomStringConvertible {
    /// `cluster.local. NOERROR in 0.4 ms`.
    package var description: String { "\(question.zone) \(outcomeText)" }

    private var outcomeText: String {
        switch outcome {
        case .answered(let rcode, let nanoseconds, let attempts):
            "\(rcode) in \(Self.milliseconds(nanoseconds))\(attempts > 1 ? " at attempt \(attempts)" : "")"
        case .silent(let attempts): attempts > 1 ? "no answer to \(attempts) queries" : "no answer"
        case .failed(let reason): reason
        }
    }

    /// `0.4 ms`.
    static func milliseconds(_ nanoseconds: Int64) -> String {
        let tenths = (nanoseconds + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}
