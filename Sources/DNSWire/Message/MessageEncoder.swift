/// Appends one message to a buffer, with name compression on request.
struct MessageEncoder {
    private(set) var bytes: [UInt8] = []
    private let compress: Bool
    /// Offsets below 0x4000 at which a name was written; case counts, so that no owner's case is lost.
    private var offsets: [ArraySlice<UInt8>: Int] = [:]

    init(compress: Bool) {
        self.compress = compress
        bytes.reserveCapacity(512)
    }

    mutating func header(_ header: MessageHeader) {
        u16(header.id)
        u16(header.flags.rawValue)
        u16(header.questionCount)
        u16(header.answerCount)
        u16(header.authorityCount)
        u16(header.additionalCount)
    }

    mutating func question(_ question: Question) {
        name(question.name, mayCompress: true)
        u16(question.type.rawValue)
        u16(question.class.rawValue)
    }

    mutating func record(_ record: ResourceRecord) throws(EncodeError) {
        name(record.name, mayCompress: true)
        u16(record.type.rawValue)
        u16(record.class.rawValue)
        u32(record.ttl)
        let lengthAt = bytes.count
        u16(0)
        try data(record.data, type: record.type)
        try patchLength(at: lengthAt, type: record.type)
    }

    mutating func opt(_ edns: EDNS) throws(EncodeError) {
        bytes.append(0)
        u16(RecordType.opt.rawValue)
        u16(edns.udpPayloadSize)
        u32(UInt32(edns.extendedRCode) << 24 | UInt32(edns.version) << 16 | UInt32(edns.flags))
        let lengthAt = bytes.count
        u16(0)
        for option in edns.options {
            guard let length = UInt16(exactly: option.data.count) else { throw .dataTooLong(.opt) }
            u16(option.code)
            u16(length)
            bytes += option.data
        }
        try patchLength(at: lengthAt, type: .opt)
    }

    /// Cuts the buffer back to `count` octets and forgets the names behind it.
    mutating func rewind(to count: Int) {
        bytes.removeSubrange(count...)
        offsets = offsets.filter { $0.value < count }
    }

    /// Overwrites the header, whose place is always the start.
    mutating func replaceHeader(_ header: MessageHeader) {
        var front = MessageEncoder(compress: false)
        front.header(header)
        bytes.replaceSubrange(0..<MessageHeader.size, with: front.bytes)
    }

    private mutating func data(_ data: RData, type: RecordType) throws(EncodeError) {
        switch data {
        case .a(let address), .aaaa(let address): bytes += address.bytes
        // Names may be compressed only in the types of RFC 1035 (RFC 3597 section 4).
        case .ns(let value), .cname(let value), .ptr(let value): name(value, mayCompress: true)
        case .soa(let soa):
            name(soa.mname, mayCompress: true)
            name(soa.rname, mayCompress: true)
            for value in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] { u32(value) }
        case .mx(let preference, let exchange):
            u16(preference)
            name(exchange, mayCompress: true)
        case .txt(let strings):
            for string in strings { try characterString(string, type: type) }
        case .srv(let priority, let weight, let port, let target):
            u16(priority)
            u16(weight)
            u16(port)
            name(target, mayCompress: false)
        case .hinfo(let cpu, let os):
            try characterString(cpu, type: type)
            try characterString(os, type: type)
        case .opaque(let octets): bytes += octets
        }
    }

    private mutating func characterString(_ octets: [UInt8], type: RecordType) throws(EncodeError) {
        guard let length = UInt8(exactly: octets.count) else { throw .dataTooLong(type) }
        bytes.append(length)
        bytes += octets
    }

    private mutating func name(_ name: DNSName, mayCompress: Bool) {
        guard compress else {
            bytes += name.wire
            return
        }
        var index = 0
        while name.wire[index] != 0 {
            let suffix = name.wire[index...]
            if mayCompress, let target = offsets[suffix] {
                u16(0xC000 | UInt16(target))
                return
            }
            if bytes.count < 0x4000 { offsets[suffix] = bytes.count }
            let end = index + 1 + Int(name.wire[index])
            bytes += name.wire[index..<end]
            index = end
        }
        bytes.append(0)
    }

    private mutating func patchLength(at index: Int, type: RecordType) throws(EncodeError) {
        guard let length = UInt16(exactly: bytes.count - index - 2) else { throw .dataTooLong(type) }
        bytes[index] = UInt8(length >> 8)
        bytes[index + 1] = UInt8(truncatingIfNeeded: length)
    }

    private mutating func u16(_ value: UInt16) {
        bytes.append(UInt8(value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    private mutating func u32(_ value: UInt32) {
        u16(UInt16(value >> 16))
        u16(UInt16(truncatingIfNeeded: value))
    }
}

extension Message {
    /// Encodes the message; the OPT record goes last in the additional section.
    ///
    /// - Parameters:
    ///   - maximumSize: the most octets that the result may have.
    ///   - compress: whether names are compressed (RFC 1035 section 4.1.4).
    package func encode(maximumSize: Int = 65535, compress: Bool = true) throws(EncodeError) -> [UInt8] {
        var encoder = MessageEncoder(compress: compress)
        encoder.header(try header())
        for question in questions { encoder.question(question) }
        for section in [answers, authorities, additionals] {
            for record in section { try encoder.record(record) }
        }
        if let edns { try encoder.opt(edns) }
        guard encoder.bytes.count <= maximumSize else { throw .tooLong(limit: maximumSize) }
        return encoder.bytes
    }

    /// Encodes what fits: records are left out from the end, the OPT record stays, and TC is set if an answer or
    /// authority record is missing (RFC 2181 section 9, RFC 6891 section 7).
    ///
    /// - Throws: ``EncodeError/tooLong(limit:)`` if not even the question and the OPT record fit.
    package func encodeTruncating(to maximumSize: Int) throws(EncodeError) -> [UInt8] {
        var reserved = MessageEncoder(compress: false)
        if let edns { try reserved.opt(edns) }
        let limit = maximumSize - reserved.bytes.count
        var encoder = MessageEncoder(compress: true)
        var header = try header()
        encoder.header(header)
        for question in questions { encoder.question(question) }
        guard encoder.bytes.count <= limit else { throw .tooLong(limit: maximumSize) }
        var kept: [UInt16] = [0, 0, 0]
        var isFull = false
        for (section, records) in [answers, authorities, additionals].enumerated() {
            for record in records where !isFull {
                let before = encoder.bytes.count
                try encoder.record(record)
                if encoder.bytes.count > limit {
                    encoder.rewind(to: before)
                    isFull = true
                    header.flags.isTruncated = header.flags.isTruncated || section < 2
                } else {
                    kept[section] += 1
                }
            }
        }
        header.answerCount = kept[0]
        header.authorityCount = kept[1]
        header.additionalCount = kept[2] + (edns == nil ? 0 : 1)
        encoder.replaceHeader(header)
        return encoder.bytes + reserved.bytes
    }

    private func header() throws(EncodeError) -> MessageHeader {
        let counts = [questions.count, answers.count, authorities.count, additionals.count + (edns == nil ? 0 : 1)]
        let fields = counts.compactMap(UInt16.init(exactly:))
        guard fields.count == 4 else { throw .tooManyRecords }
        return MessageHeader(
            id: id,
            flags: flags,
            questionCount: fields[0],
            answerCount: fields[1],
            authorityCount: fields[2],
            additionalCount: fields[3]
        )
    }
}
