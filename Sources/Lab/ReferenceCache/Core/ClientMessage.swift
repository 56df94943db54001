/// What a client's octets turned out to be.
enum ClientMessage {
    /// Nothing is sent: too short, or a response.
    case ignored
    /// Refused as a message, before any zone is looked at.
    case refused(MessageError)
    /// A well-formed header and nothing to answer.
    case withoutQuestion(MessageError)
    /// A query for the zones.
    case query(ClientQuery)
}

/// The ingredients of an answer that refuses a message.
struct MessageError: Sendable, Equatable {
    var id: UInt16
    /// The complete second 16 bits of the answer's header.
    var flags: UInt16
    /// The question in wire form, or nothing.
    var question: [UInt8]
}

extension ClientMessage {
    /// Reads `octets` by `rules`.
    init(
        _ octets: [UInt8],
        transport: QueryTransport,
        isIPv6: Bool = false,
        now: Int64,
        rules: AcceptanceRules
    ) {
        let cut = transport == .udp && octets.count > rules.datagramLimit
        let message = cut ? Array(octets.prefix(rules.datagramLimit)) : octets
        guard message.count >= 12 else {
            let isAnswered = rules.answersShortMessages && message.count >= 2
            let id = isAnswered ? UInt16(message[0]) << 8 | UInt16(message[1]) : 0
            self = isAnswered ? .refused(Refusal(id: id, flags: 0, rules: rules).formatError()) : .ignored
            return
        }
        var header: [UInt16] = []
        header.reserveCapacity(6)
        for index in 0..<6 { header.append(UInt16(message[index * 2]) << 8 | UInt16(message[index * 2 + 1])) }
        let (id, flags) = (header[0], header[1])
        let refusal = Refusal(id: id, flags: flags, rules: rules)
        if (flags & 0x8000 != 0 && !rules.answersResponses) || (flags & 0x0100 == 0 && !rules.answersWithoutRD) {
            self = .ignored
            return
        }
        if flags & 0x0040 != 0, rules.refusesZ {
            self = .refused(refusal.formatError())
            return
        }
        let opcode = flags >> 11 & 0xF
        let isServed = opcode == 0 || (opcode == 4 && rules.servesNotify)
        if !isServed, rules.unknownOpcode == .notImplemented {
            self = .refused(refusal.notImplemented)
            return
        }
        switch header[2] {
        case 1: break
        case 0:
            self = rules.noQuestion == .silence ? .ignored : .refused(refusal.formatError())
            return
        default:
            guard [.answerFirst, .answerFirstUnread].contains(rules.severalQuestions) else {
                self = .refused(refusal.formatError())
                return
            }
        }
        guard header[3] <= 1, header[4] <= 1, header[5] <= rules.additionalLimit else {
            self = .refused(refusal.formatError())
            return
        }
        if message.count == 12 {
            guard rules.answersMissingQuestion else {
                self = .ignored
                return
            }
            self =
                rules.servfailsMissingQuestion
                ? .withoutQuestion(refusal.serverFailure) : .refused(refusal.formatError())
            return
        }
        guard rules.answersPointers || !Self.hasPointer(message) else {
            self = .ignored
            return
        }
        self = Self.read(message, header: header, transport, isIPv6, now, rules, refusal)
    }

    /// Whether the question's name has a compression pointer.
    private static func hasPointer(_ message: [UInt8]) -> Bool {
        var position = 12
        while position < message.count, message[position] != 0, message[position] < 0xC0 {
            position += Int(message[position]) + 1
        }
        return position < message.count && message[position] >= 0xC0
    }

    private static func read(
        _ message: [UInt8],
        header: [UInt16],
        _ transport: QueryTransport,
        _ isIPv6: Bool,
        _ now: Int64,
        _ rules: AcceptanceRules,
        _ refusal: Refusal
    ) -> ClientMessage {
        var question: [UInt8] = []
        do throws(MessageReader.Malformed) {
            var reader = MessageReader(message, offset: 12, rules: rules)
            let name = try reader.name(pointersAllowed: rules.followsAnyPointer)
            let toleratesEnd = rules.toleratesMissingRecords || name.isMalformed
            let type = reader.isAtEnd && toleratesEnd ? 0 : try reader.u16()
            let qclass = reader.isAtEnd && toleratesEnd ? 0 : try reader.u16()
            question = name.wire + type.octets + qclass.octets
            let afterQuestion = reader.offset
            var query = ClientQuery(
                id: header[0],
                flags: header[1],
                name: name.wire,
                foldedName: WireName.lowercased(name.wire),
                type: type,
                qclass: qclass,
                opt: nil,
                isMalformed: name.isMalformed,
                records: [],
                counts: [1, 0, 0, 0],
                transport: transport,
                isIPv6: isIPv6,
                arrivedAt: now
            )
            if header[2] > 1, rules.severalQuestions == .answerFirstUnread { return .query(query) }
            for _ in 1..<max(header[2], 1) {
                _ = try reader.name(pointersAllowed: true)
                _ = try reader.take(4)
            }
            if header[2] > 1 { return .query(query) }
            for section in 3...5 {
                for _ in 0..<header[section] where !(reader.isAtEnd && rules.toleratesMissingRecords) {
                    let start = reader
                    let opt: (record: ClientOPT, isAtRoot: Bool)?
                    do throws(MessageReader.Malformed) {
                        opt = try reader.record()
                    } catch {
                        guard rules.acceptsPartialRecords else { throw error }
                        query.records = message[afterQuestion..<start.offset]
                        return .query(query)
                    }
                    query.counts[section - 2] += 1
                    guard section == 5 || rules.takesAnyOPT, let opt else { continue }
                    if query.opt != nil || !opt.isAtRoot {
                        guard rules.answersOddOPT else { return .ignored }
                        guard rules.toleratesOddOPT else { throw MessageReader.Malformed() }
                    }
                    guard rules.answersOptions || opt.record.options.isEmpty else { return .ignored }
                    guard rules.accepts(opt.record) else { throw MessageReader.Malformed() }
                    query.opt = opt.record
                }
            }
            query.records = message[afterQuestion..<reader.offset]
            return reader.isAtEnd || rules.answersTrailingOctets ? .query(query) : .ignored
        } catch {
            return .refused(refusal.formatError(question: question))
        }
    }

    /// Builds the answers to a message that is refused (SetRcodeFormatError and SetRcode of miekg/dns).
    private struct Refusal {
        let id: UInt16
        let flags: UInt16
        let rules: AcceptanceRules

        /// RD and what else of the query's flags the rules echo.
        private var kept: UInt16 { flags & rules.refusalFlags }

        func formatError(question: [UInt8] = []) -> MessageError {
            MessageError(id: id, flags: 0x8000 | kept | 1, question: question)
        }

        var notImplemented: MessageError {
            MessageError(id: id, flags: 0x8000 | flags & 0x7800 | kept | 4, question: [])
        }

        var serverFailure: MessageError {
            MessageError(id: id, flags: 0x8000 | flags & 0x7800 | flags & 0x0110 | 2, question: [])
        }
    }
}

extension MessageReader {
    /// Reads one record and hands back its content when it is an OPT.
    fileprivate mutating func record() throws(Malformed) -> (record: ClientOPT, isAtRoot: Bool)? {
        let owner = try name(pointersAllowed: true)
        let type = try u16()
        let payloadSize = try u16()
        let ttl = try u32()
        let length = Int(try u16())
        let end = offset + length
        guard end <= octets.count else { throw Malformed() }
        guard type == 41 else {
            _ = try take(length)
            return nil
        }
        var opt = ClientOPT(
            payloadSize: payloadSize,
            version: UInt8(truncatingIfNeeded: ttl >> 16),
            flags: UInt16(truncatingIfNeeded: ttl),
            options: []
        )
        while offset < end {
            let code = try u16()
            let count = Int(try u16())
            guard offset + count <= end else { throw Malformed() }
            opt.options.append(ClientOPT.Option(code: code, data: try take(count)))
        }
        guard offset == end else { throw Malformed() }
        return (opt, owner.wire.count == 1)
    }
}

extension AcceptanceRules {
    /// Whether a query may come with `opt`.
    fileprivate func accepts(_ opt: ClientOPT) -> Bool {
        if refusesOptions, !opt.options.isEmpty { return false }
        return !refusesOPTFlags || opt.flags & 0x7FFF == 0
    }
}
