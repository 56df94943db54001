import DNSWire

/// An upstream's answer, decoded once and ready to be kept or relayed.
struct UpstreamAnswer: Sendable {
    /// What the cache makes of an answer (plugin/pkg/response/typify.go).
    enum Kind: Sendable, Equatable {
        case success
        case nxDomain
        case nodata
        /// NODATA or NXDOMAIN without the SOA that RFC 2308 asks for, or a referral; kept as a success for 5 s or not.
        case bare
        case serverFailure
        /// Never kept: other rcodes, transfers, NOTIFY.
        case other
    }

    /// What is done to the records of an answer that is read.
    enum Spoiling: Sendable { case none, reversed, otherClass }

    var flags: UInt16
    var rcode: UInt16
    /// The question as the upstream echoed it, in wire form; empty when it echoed none.
    var question: [UInt8]
    var questionCount: Int
    var body: AnswerBody
    var kind: Kind
    /// The least TTL of all records; nil without records.
    var leastTTL: UInt32?
    /// The lesser of TTL and MINIMUM of the SOA in the authority section.
    var negativeTTL: UInt32?
    /// MINIMUM of that record.
    var soaMinimum: UInt32?
    /// The answer ends in an alias whose target has no records, and no SOA says that it has none.
    var endsInAlias = false
    /// The OPT record told more about an error (RFC 8914).
    var hasExtendedError = false

    /// TC was set.
    var isTruncated: Bool { flags & 0x0200 != 0 }
}

extension UpstreamAnswer {
    /// Reads an upstream's message, behind whose end octets may be `trailing`.
    ///
    /// - Throws: `DecodeError` when it is malformed, `EncodeError` when it cannot be written again.
    init(decoding octets: [UInt8], trailing: Bool = true, spoiling: Spoiling = .none) throws {
        var message = try Message(decoding: octets, ignoringTrailingBytes: trailing)
        switch spoiling {
        case .none: break
        case .reversed: message.answers.reverse()
        case .otherClass:
            func other(_ record: ResourceRecord) -> ResourceRecord {
                ResourceRecord(name: record.name, type: record.type, class: .ch, ttl: record.ttl, data: record.data)
            }
            message.answers = message.answers.map(other)
            message.additionals = message.additionals.map(other)
        }
        rcode = message.rcode.rawValue
        hasExtendedError = message.edns?.options.contains { $0.code == 15 } ?? false
        message.edns = nil
        questionCount = message.questions.count
        let records = message.answers + message.authorities + message.additionals
        leastTTL = records.map(\.ttl).min()
        negativeTTL = nil
        for record in message.authorities {
            guard case .soa(let soa) = record.data else { continue }
            negativeTTL = min(record.ttl, soa.minimum)
            soaMinimum = soa.minimum
        }
        let asksForAlias = [.cname, .any].contains(message.questions.first?.type)
        endsInAlias =
            !asksForAlias && negativeTTL == nil && !message.answers.isEmpty
            && message.answers.allSatisfy { $0.type == .cname }
        kind = Self.kind(of: message, rcode: rcode)
        let counts = [message.answers.count, message.authorities.count, message.additionals.count]
        let plain = try message.encode(maximumSize: 1 << 20, compress: false)
        flags = UInt16(plain[2]) << 8 | UInt16(plain[3])
        var reader = UncompressedReader(plain, offset: 12)
        reader.skipQuestions(questionCount)
        question = Array(plain[12..<reader.offset])
        let start = reader.offset
        let places = reader.records(records.count, from: start)
        body = AnswerBody(
            octets: Array(plain[start...]),
            counts: counts.map { UInt16(truncatingIfNeeded: $0) },
            records: places
        )
    }

    /// Reads an upstream's message as the rules say.
    ///
    /// - Throws: `DecodeError` when it is malformed, `EncodeError` when it cannot be written again.
    init(decoding octets: [UInt8], rules: ForwardingRules) throws {
        do {
            try self.init(decoding: octets, trailing: rules.acceptsTrailingOctets, spoiling: rules.spoiling)
        } catch let error as DecodeError {
            guard rules.toleratesMissingRecords, let honest = Self.withTrueCounts(octets) else { throw error }
            self = honest
        }
    }

    /// The message with as many records as it has, when it ends behind the last of them and its counts are a little high.
    private static func withTrueCounts(_ octets: [UInt8]) -> UpstreamAnswer? {
        guard octets.count > 12 else { return nil }
        var octets = octets
        for _ in 0..<8 {
            // What is missing is missing at the end: additional, authority, answer.
            guard let low = [11, 9, 7].first(where: { octets[$0] > 0 }) else { return nil }
            octets[low] -= 1
            if let answer = try? UpstreamAnswer(decoding: octets, trailing: false) { return answer }
        }
        return nil
    }

    private static func kind(of message: Message, rcode: UInt16) -> Kind {
        let opcode = message.flags.opcode
        guard opcode != .update, opcode != .notify else { return .other }
        if let type = message.questions.first?.type.rawValue, type == 251 || type == 252 { return .other }
        if rcode == 0, !message.answers.isEmpty { return .success }
        let hasSOA = message.authorities.contains { $0.type == .soa }
        switch rcode {
        case 0: return hasSOA ? .nodata : .bare
        case 3: return hasSOA ? .nxDomain : .other
        case 2, 4: return .serverFailure
        default: return .other
        }
    }
}

/// Walks the records of a message without compression that our own encoder wrote.
private struct UncompressedReader {
    let octets: [UInt8]
    private(set) var offset: Int

    init(_ octets: [UInt8], offset: Int) {
        self.octets = octets
        self.offset = offset
    }

    private mutating func skipName() {
        while offset < octets.count, octets[offset] != 0 { offset += Int(octets[offset]) + 1 }
        offset += 1
    }

    mutating func skipQuestions(_ count: Int) {
        for _ in 0..<count {
            skipName()
            offset += 4
        }
    }

    mutating func records(_ count: Int, from start: Int) -> [AnswerBody.RecordPlace] {
        var places: [AnswerBody.RecordPlace] = []
        for _ in 0..<count {
            skipName()
            let type = UInt16(octets[offset]) << 8 | UInt16(octets[offset + 1])
            let length = Int(octets[offset + 8]) << 8 | Int(octets[offset + 9])
            places.append(
                AnswerBody.RecordPlace(
                    type: type,
                    ttlOffset: offset + 4 - start,
                    dataOffset: offset + 10 - start,
                    dataCount: length
                )
            )
            offset += 10 + length
        }
        return places
    }
}

extension UpstreamAnswer {
    /// Whether the answer is to `query`: a response with one question of the same name and type (request.Match), and
    /// where the rules say so of the same class.
    func echoes(_ query: ClientQuery, rules: ForwardingRules) -> Bool {
        guard rules.checksQuestion else { return true }
        guard !rules.checksClass || question.suffix(2).elementsEqual(query.question.suffix(2)) else { return false }
        guard questionCount == 1, flags & 0x8000 != 0, question.count > 4 else { return false }
        let name = WireName.lowercased(Array(question.dropLast(4)))
        return name == query.foldedName && question.dropLast(2).suffix(2).elementsEqual(query.type.octets)
    }

    /// What is told of a datagram that ends before its records do: its question, TC and nothing else.
    ///
    /// The client then asks over TCP (`shouldTruncateResponse` of plugin/pkg/proxy/connect.go).
    static func cutShort(_ octets: [UInt8], rules: AcceptanceRules) -> UpstreamAnswer? {
        guard octets.count > 12, octets[4] == 0, octets[5] == 1 else { return nil }
        var reader = MessageReader(octets, offset: 12, rules: rules)
        guard let name = try? reader.name(pointersAllowed: false), let rest = try? reader.take(4) else { return nil }
        let flags = UInt16(octets[2]) << 8 | UInt16(octets[3])
        return UpstreamAnswer(
            flags: flags | 0x0200,
            rcode: flags & 0xF,
            question: name.wire + rest,
            questionCount: 1,
            body: .empty,
            kind: .other,
            leastTTL: nil,
            negativeTTL: nil
        )
    }

    /// A failure of our own, in the form in which it is kept.
    static func localFailure(_ query: ClientQuery) -> UpstreamAnswer {
        UpstreamAnswer(
            flags: 0x8000,
            rcode: 2,
            question: query.question,
            questionCount: 1,
            body: .empty,
            kind: .serverFailure,
            leastTTL: nil,
            negativeTTL: nil
        )
    }
}
