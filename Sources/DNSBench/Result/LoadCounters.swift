/// What became of the queries of a run, and what came in besides.
package struct LoadCounters: Sendable, Hashable {
    /// Queries that the plan called for.
    package var scheduled: UInt64 = 0
    /// Queries that the kernel took; each once, however often it was sent again.
    package var sent: UInt64 = 0
    /// Queries whose answer came in time, with their question.
    package var answered: UInt64 = 0
    /// Queries that were sent and not answered in time.
    package var timedOut: UInt64 = 0
    /// Queries that were due and never sent: no free message id or connection, or the run ended.
    package var unsent: UInt64 = 0
    /// Queries that the kernel refused to send.
    package var sendErrors: UInt64 = 0
    /// Queries in flight when the run was stopped.
    package var interrupted: UInt64 = 0

    /// Messages that answer no query in flight: a foreign or repeated id, or another question.
    package var mismatched: UInt64 = 0
    /// Messages that are no DNS response: too short, or with the QR bit clear.
    package var malformed: UInt64 = 0
    /// Answers to queries that had timed out.
    package var late: UInt64 = 0

    /// Errors that ICMP brought back ("connection refused"); their queries end as timed out.
    package var refusals: UInt64 = 0
    /// Other errors that ICMP brought back, such as "host unreachable".
    package var unreachables: UInt64 = 0
    /// UDP: queries asked again over TCP because their answer was truncated.
    package var retriedOverTCP: UInt64 = 0
    /// Answers that were held against what is expected of them.
    package var checked: UInt64 = 0
    /// Answers with sections that cannot be read.
    package var faultyStructure: UInt64 = 0
    /// Answers with another rcode than expected.
    package var faultyRCode: UInt64 = 0
    /// Answers with a TTL outside the expected range.
    package var faultyTTL: UInt64 = 0
    /// Answers with other records than expected.
    package var faultyRecords: UInt64 = 0
    /// Answers with a foreign client cookie, or a cookie of a length that none has.
    package var faultyCookie: UInt64 = 0
    /// TCP: queries sent again because their connection ended before their answer.
    package var resent: UInt64 = 0
    /// TCP: connections that were begun.
    package var connectionAttempts: UInt64 = 0
    /// TCP: connections that could not be made.
    package var connectionFailures: UInt64 = 0
    /// TCP: connections that the server ended.
    package var connectionsClosed: UInt64 = 0
    /// Answers with the TC bit.
    package var truncatedAnswers: UInt64 = 0
    /// Answers whose latency was left out because real time jumped.
    package var unclocked: UInt64 = 0

    /// No query yet.
    package init() {}

    /// Whether every scheduled query ended in exactly one class, and every one sent in one of those that follow.
    package var addUp: Bool {
        scheduled == answered + timedOut + unsent + sendErrors + interrupted
            && sent == answered + timedOut + interrupted
    }

    /// Answers with any fault.
    package var faulty: UInt64 { faultyStructure + faultyRCode + faultyTTL + faultyRecords + faultyCookie }

    /// Counts one fault.
    mutating func count(_ fault: AnswerFault) {
        switch fault {
        case .structure: faultyStructure &+= 1
        case .rcode: faultyRCode &+= 1
        case .ttl: faultyTTL &+= 1
        case .records: faultyRecords &+= 1
        case .cookie: faultyCookie &+= 1
        }
    }

    /// Adds the counters of another lane.
    package mutating func add(_ other: LoadCounters) {
        scheduled += other.scheduled
        sent += other.sent
        answered += other.answered
        timedOut += other.timedOut
        unsent += other.unsent
        sendErrors += other.sendErrors
        interrupted += other.interrupted
        mismatched += other.mismatched
        malformed += other.malformed
        late += other.late
        refusals += other.refusals
        unreachables += other.unreachables
        retriedOverTCP += other.retriedOverTCP
        checked += other.checked
        faultyStructure += other.faultyStructure
        faultyRCode += other.faultyRCode
        faultyTTL += other.faultyTTL
        faultyRecords += other.faultyRecords
        faultyCookie += other.faultyCookie
        resent += other.resent
        connectionAttempts += other.connectionAttempts
        connectionFailures += other.connectionFailures
        connectionsClosed += other.connectionsClosed
        truncatedAnswers += other.truncatedAnswers
        unclocked += other.unclocked
    }
}
