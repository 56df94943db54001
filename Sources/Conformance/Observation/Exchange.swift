package import DNSWire

/// One query and what came back.
package struct Exchange: Sendable {
    /// The octets sent, without a TCP length prefix.
    package let sent: [UInt8]
    /// The octets received, nil when no answer came.
    package let received: [UInt8]?
    /// The answer decoded, nil when there is none or it is malformed.
    package let message: Message?
    /// Why the answer could not be decoded.
    package let decodeError: DecodeError?
    package let transport: StepTransport
    package let server: Endpoint
    /// Where the answer came from; nil where the kernel lets no sender but the server through.
    package var source: Endpoint?
    /// How often the query was sent.
    package let tries: Int
    /// When the answered try was sent, CLOCK_MONOTONIC in nanoseconds.
    package let sentAt: Int64
    /// When the answer came, or when waiting ended.
    package let endedAt: Int64
    /// When the first try was sent, CLOCK_REALTIME in nanoseconds, to compare with a capture.
    package let sentAtRealtime: Int64
    /// When the answer came or waiting ended, CLOCK_REALTIME in nanoseconds.
    package let endedAtRealtime: Int64
    /// Why no answer came, in words, such as `connection refused`.
    package let failure: String?
    /// Datagrams that came after the answer while the step lingered, beyond one for each earlier try.
    package var furtherAnswers = 0

    package init(
        sent: [UInt8],
        received: [UInt8]?,
        transport: StepTransport,
        server: Endpoint,
        tries: Int,
        sentAt: Int64,
        endedAt: Int64,
        sentAtRealtime: Int64,
        endedAtRealtime: Int64,
        failure: String?
    ) {
        self.sent = sent
        self.received = received
        self.transport = transport
        self.server = server
        self.tries = tries
        self.sentAt = sentAt
        self.endedAt = endedAt
        self.sentAtRealtime = sentAtRealtime
        self.endedAtRealtime = endedAtRealtime
        self.failure = failure
        var decodeError: DecodeError?
        message = received.flatMap { octets in
            do throws(DecodeError) {
                return try Message(decoding: octets)
            } catch {
                decodeError = error
                return nil
            }
        }
        self.decodeError = decodeError
    }

    /// The header of the answer, also of one that cannot be decoded further.
    package var header: MessageHeader? { received.flatMap(Self.header) }

    /// The header of the query, nil for one shorter than a header.
    package var sentHeader: MessageHeader? { Self.header(sent) }

    /// The octets of the question section of a message with one plain question.
    package static func questionOctets(_ message: [UInt8]) -> [UInt8]? {
        guard let end = QuestionView.end(of: message.span) else { return nil }
        return Array(message[12..<end])
    }

    /// The first question of the query, nil when it has none or is broken on purpose.
    package var sentQuestion: Question? {
        guard let octets = Self.questionOctets(sent), octets.count > 4 else { return nil }
        var labels: [[UInt8]] = []
        var index = 0
        while octets[index] != 0 {
            let length = Int(octets[index])
            labels.append(Array(octets[index + 1...index + length]))
            index += length + 1
        }
        guard let name = try? DNSName(labels: labels) else { return nil }
        let type = UInt16(octets[index + 1]) << 8 | UInt16(octets[index + 2])
        let `class` = UInt16(octets[index + 3]) << 8 | UInt16(octets[index + 4])
        return Question(name: name, type: RecordType(rawValue: type), class: RecordClass(rawValue: `class`))
    }

    /// Why a value of the answer is missing, for the sentence in a report.
    package var reasonForAbsence: String {
        if let failure { return "no answer: \(failure)" }
        if let decodeError { return "the answer is malformed: \(decodeError)" }
        return received == nil ? "no answer" : "no such value in the answer"
    }

    private static func header(_ octets: [UInt8]) -> MessageHeader? { MessageHeader.peek(octets.span) }
}
