/// What a proof came to.
package enum ProofVerdict: String, Sendable, Hashable, CaseIterable {
    /// The claim holds, and the evidence is sufficient.
    case proven
    /// Frames show that the claim does not hold.
    case violated
    /// Something was lost, or too little was seen.
    case inconclusive
    /// What must be known to judge is not known.
    case unprovable

    /// Orders verdicts for a summary: the one that decides comes last.
    package var weight: Int {
        switch self {
        case .proven: 0
        case .unprovable: 1
        case .inconclusive: 2
        case .violated: 3
        }
    }
}

/// A frame that shows something.
package struct Evidence: Sendable, Hashable {
    /// Frame number in the capture, from 1.
    package var frame: UInt64
    /// Nanoseconds since the Unix epoch.
    package var realtimeNanoseconds: Int64
    /// What the frame is and what it shows, in one line.
    package var text: String

    package init(frame: UInt64, realtimeNanoseconds: Int64, text: String) {
        self.frame = frame
        self.realtimeNanoseconds = realtimeNanoseconds
        self.text = text
    }

    /// The record as evidence, with a note on what it shows.
    package init(_ record: MessageRecord, note: String = "") {
        self.init(
            frame: record.frame,
            realtimeNanoseconds: record.realtimeNanoseconds,
            text: note.isEmpty ? record.summary : record.summary + ": " + note
        )
    }

    /// The time in RFC 3339 form with nanoseconds, in UTC.
    package var timestamp: String { Timestamp.rfc3339(realtimeNanoseconds) }
}

/// A claim about the cache, judged on captured frames.
package struct Proof: Sendable, Hashable {
    /// `force-tcp` or `cache`, then a colon and the zone for a proof of one zone.
    package var id: String
    package var verdict: ProofVerdict
    /// One or two sentences with the counts that led to the verdict.
    package var reason: String
    /// The frames that show it; bounded, the reason has the whole counts.
    package var evidence: [Evidence]

    package init(id: String, verdict: ProofVerdict, reason: String, evidence: [Evidence] = []) {
        self.id = id
        self.verdict = verdict
        self.reason = reason
        self.evidence = evidence
    }

    /// One proof out of those of all zones: the worst verdict with the zones that have it.
    package static func combined(id: String, _ proofs: [Proof]) -> Proof {
        guard let worst = proofs.max(by: { $0.verdict.weight < $1.verdict.weight }) else {
            return Proof(id: id, verdict: .unprovable, reason: "No zone of the Corefile makes this claim.")
        }
        let deciding = proofs.filter { $0.verdict == worst.verdict }
        let count = proofs.filter { $0.verdict == .proven }.count
        let detail =
            worst.verdict == .proven ? "" : " " + deciding.map { "\($0.id): \($0.reason)" }.joined(separator: " ")
        return Proof(
            id: id,
            verdict: worst.verdict,
            reason: "\(count) of \(proofs.count) zones proven.\(detail)",
            evidence: deciding.flatMap(\.evidence)
        )
    }
}

/// Times in the text form of RFC 3339.
enum Timestamp {
    /// The time in UTC with nanoseconds.
    static func rfc3339(_ realtimeNanoseconds: Int64) -> String {
        let day: Int64 = 86_400
        var seconds = realtimeNanoseconds / 1_000_000_000
        var fraction = realtimeNanoseconds % 1_000_000_000
        if fraction < 0 {
            seconds -= 1
            fraction += 1_000_000_000
        }
        var days = seconds / day
        var rest = seconds % day
        if rest < 0 {
            days -= 1
            rest += day
        }
        // Days to a civil date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
        let time = "\(padded(rest / 3_600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
        return "\(date)T\(time).\(padded(fraction, 9))Z"
    }
}
