/// Reads one message from a span; every read is bounds-checked and every error carries its offset.
struct MessageDecoder: ~Copyable {
    private(set) var offset = 0

    /// Decodes a whole message as ``Message/decode(_:ignoringTrailingBytes:)`` promises.
    mutating func message(_ bytes: Span<UInt8>, ignoringTrailingBytes: Bool) throws(DecodeError) -> Message {
        guard let header = MessageHeader.peek(bytes) else { throw failure(.truncated(.header), at: bytes.count) }
        offset = MessageHeader.size
        var message = Message(id: header.id, flags: header.flags)
        for _ in 0..<header.questionCount {
            message.questions.append(try question(bytes))
        }
        for _ in 0..<header.answerCount {
            message.answers.append(try record(bytes))
        }
        for _ in 0..<header.authorityCount {
            message.authorities.append(try record(bytes))
        }
        for _ in 0..<header.additionalCount {
            let start = offset
            let name = try name(bytes)
            guard try u16(bytes, at: offset, .recordHeader) == RecordType.opt.rawValue else {
                message.additionals.append(try record(bytes, owner: name))
                continue
            }
            guard message.edns == nil else { throw failure(.secondOPT, at: start) }
            guard name.isRoot else { throw failure(.namedOPT, at: start) }
            message.edns = try opt(bytes)
        }
        if offset < bytes.count, !ignoringTrailingBytes {
            throw failure(.trailingBytes(bytes.count - offset), at: offset)
        }
        return message
    }

    /// Reads a possibly compressed name and leaves the offset behind its first pointer or root label.
    ///
    /// Every pointer must go below the place where the name, or the part reached by the previous pointer, began, and
    /// what it reaches must end before that place; so a loop cannot be written and the work is bounded by the message
    /// (RFC 1035 section 4.1.4, RFC 9267 section 2).
    mutating func name(_ bytes: Span<UInt8>) throws(DecodeError) -> DNSName {
        var wire: [UInt8] = []
        var position = offset
        var lowest = offset
        var limit = bytes.count
        var resume: Int?
        while true {
            guard position < limit else { throw overrun(limit, bytes.count) }
            let length = bytes[position]
            switch length >> 6 {
            case 0:
                guard length > 0 else {
                    wire.append(0)
                    offset = resume ?? position + 1
                    return DNSName(uncheckedWire: wire)
                }
                let end = position + 1 + Int(length)
                guard end <= limit else { throw overrun(limit, bytes.count) }
                guard wire.count + Int(length) + 2 <= DNSName.maximumWireLength else {
                    throw failure(.nameTooLong, at: position)
                }
                for index in position..<end { wire.append(bytes[index]) }
                position = end
            case 3:
                guard position + 1 < limit else { throw overrun(limit, bytes.count) }
                let target = Int(length & 0x3F) << 8 | Int(bytes[position + 1])
                guard target < lowest else { throw failure(.pointerNotBackwards(target: target), at: position) }
                if resume == nil { resume = position + 2 }
                limit = lowest
                lowest = target
                position = target
            default:
                throw failure(.reservedLabelType(length), at: position)
            }
        }
    }

    private mutating func question(_ bytes: Span<UInt8>) throws(DecodeError) -> Question {
        let name = try name(bytes)
        let type = RecordType(rawValue: try u16(bytes, at: offset, .question))
        let `class` = RecordClass(rawValue: try u16(bytes, at: offset + 2, .question))
        offset += 4
        return Question(name: name, type: type, class: `class`)
    }

    private mutating func record(_ bytes: Span<UInt8>) throws(DecodeError) -> ResourceRecord {
        let start = offset
        let owner = try name(bytes)
        guard try u16(bytes, at: offset, .recordHeader) != RecordType.opt.rawValue else {
            throw failure(.misplacedOPT, at: start)
        }
        return try record(bytes, owner: owner)
    }

    private mutating func record(_ bytes: Span<UInt8>, owner: DNSName) throws(DecodeError) -> ResourceRecord {
        let type = RecordType(rawValue: try u16(bytes, at: offset, .recordHeader))
        let `class` = RecordClass(rawValue: try u16(bytes, at: offset + 2, .recordHeader))
        let ttl = try u32(bytes, at: offset + 4, .recordHeader)
        let end = try dataEnd(bytes)
        let data = try self.data(bytes, type: type, class: `class`, end: end)
        offset = end
        return ResourceRecord(name: owner, type: type, class: `class`, ttl: ttl, data: data)
    }

    private mutating func opt(_ bytes: Span<UInt8>) throws(DecodeError) -> EDNS {
        let ttl = try u32(bytes, at: offset + 4, .recordHeader)
        var edns = EDNS(
            udpPayloadSize: try u16(bytes, at: offset + 2, .recordHeader),
            extendedRCode: UInt8(ttl >> 24),
            version: UInt8(truncatingIfNeeded: ttl >> 16),
            flags: UInt16(truncatingIfNeeded: ttl)
        )
        let end = try dataEnd(bytes)
        while offset < end {
            guard offset + 4 <= end else { throw failure(.badOption, at: offset) }
            let code = try u16(bytes, at: offset, .recordData)
            let length = Int(try u16(bytes, at: offset + 2, .recordData))
            guard offset + 4 + length <= end else { throw failure(.badOption, at: offset) }
            edns.options.append(EDNSOption(code: code, data: copy(bytes, (offset + 4)..<(offset + 4 + length))))
            offset += 4 + length
        }
        return edns
    }

    /// Reads RDLENGTH at the offset plus 8, moves to RDATA and gives its end.
    private mutating func dataEnd(_ bytes: Span<UInt8>) throws(DecodeError) -> Int {
        let length = Int(try u16(bytes, at: offset + 8, .recordHeader))
        offset += 10
        guard offset + length <= bytes.count else { throw failure(.truncated(.recordData), at: bytes.count) }
        return offset + length
    }

    private mutating func data(
        _ bytes: Span<UInt8>,
        type: RecordType,
        class: RecordClass,
        end: Int
    ) throws(DecodeError) -> RData {
        let start = offset
        let wrongLength = failure(.badDataLength(type: type, length: end - start), at: start)
        let result: RData
        switch (type, `class`) {
        case (.a, .in):
            guard end - start == 4, let address = IPAddress(bytes: copy(bytes, start..<end)) else { throw wrongLength }
            return .a(address)
        case (.aaaa, .in):
            guard end - start == 16, let address = IPAddress(bytes: copy(bytes, start..<end)) else { throw wrongLength }
            return .aaaa(address)
        case (.ns, _): result = .ns(try name(bytes))
        case (.cname, _): result = .cname(try name(bytes))
        case (.ptr, _): result = .ptr(try name(bytes))
        case (.soa, _): result = .soa(try soa(bytes))
        case (.mx, _):
            let preference = try u16(bytes, at: offset, .recordData)
            offset += 2
            result = .mx(preference: preference, exchange: try name(bytes))
        case (.txt, _):
            var strings: [[UInt8]] = []
            while offset < end { strings.append(try characterString(bytes, end: end, wrongLength)) }
            guard !strings.isEmpty else { throw failure(.emptyText, at: start) }
            return .txt(strings)
        case (.srv, .in):
            let priority = try u16(bytes, at: offset, .recordData)
            let weight = try u16(bytes, at: offset + 2, .recordData)
            let port = try u16(bytes, at: offset + 4, .recordData)
            offset += 6
            result = .srv(priority: priority, weight: weight, port: port, target: try name(bytes))
        case (.hinfo, _):
            let cpu = try characterString(bytes, end: end, wrongLength)
            result = .hinfo(cpu: cpu, os: try characterString(bytes, end: end, wrongLength))
        default:
            return .opaque(copy(bytes, start..<end))
        }
        guard offset == end else { throw wrongLength }
        return result
    }

    private mutating func soa(_ bytes: Span<UInt8>) throws(DecodeError) -> SOA {
        let mname = try name(bytes)
        let rname = try name(bytes)
        let start = offset
        offset += 20
        return SOA(
            mname: mname,
            rname: rname,
            serial: try u32(bytes, at: start, .recordData),
            refresh: try u32(bytes, at: start + 4, .recordData),
            retry: try u32(bytes, at: start + 8, .recordData),
            expire: try u32(bytes, at: start + 12, .recordData),
            minimum: try u32(bytes, at: start + 16, .recordData)
        )
    }

    private mutating func characterString(
        _ bytes: Span<UInt8>,
        end: Int,
        _ wrongLength: DecodeError
    ) throws(DecodeError) -> [UInt8] {
        guard offset < end else { throw wrongLength }
        let stop = offset + 1 + Int(bytes[offset])
        guard stop <= end else { throw wrongLength }
        defer { offset = stop }
        return copy(bytes, (offset + 1)..<stop)
    }

    private func u16(_ bytes: Span<UInt8>, at index: Int, _ field: DecodeError.Field) throws(DecodeError) -> UInt16 {
        guard index + 2 <= bytes.count else { throw failure(.truncated(field), at: bytes.count) }
        return bytes.bigEndianUInt16(at: index)
    }

    private func u32(_ bytes: Span<UInt8>, at index: Int, _ field: DecodeError.Field) throws(DecodeError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw failure(.truncated(field), at: bytes.count) }
        return UInt32(bytes.bigEndianUInt16(at: index)) << 16 | UInt32(bytes.bigEndianUInt16(at: index + 2))
    }

    private func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            for index in range { buffer[index - range.lowerBound] = bytes[index] }
            count = range.count
        }
    }

    private func overrun(_ limit: Int, _ count: Int) -> DecodeError {
        failure(limit == count ? .truncated(.name) : .overlappingName, at: limit)
    }

    private func failure(_ reason: DecodeError.Reason, at offset: Int) -> DecodeError {
        DecodeError(offset: offset, reason: reason)
    }
}

extension Message {
    /// Decodes one message.
    ///
    /// Refused: names above 255 octets, pointers that do not go backwards, reserved label types, counts that announce
    /// more than there is, RDATA of the wrong length, an OPT record that is doubled, misplaced or owned by a name.
    /// Octets behind the last record are refused unless `ignoringTrailingBytes` is set, as servers differ on them.
    package static func decode(
        _ bytes: Span<UInt8>,
        ignoringTrailingBytes: Bool = false
    ) throws(DecodeError) -> Message {
        var decoder = MessageDecoder()
        return try decoder.message(bytes, ignoringTrailingBytes: ignoringTrailingBytes)
    }

    /// Decodes one message from an array; see ``decode(_:ignoringTrailingBytes:)``.
    package init(decoding bytes: [UInt8], ignoringTrailingBytes: Bool = false) throws(DecodeError) {
        self = try Message.decode(bytes.span, ignoringTrailingBytes: ignoringTrailingBytes)
    }
}
