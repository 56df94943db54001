/// A whole DNS message as values (RFC 1035 section 4.1); the OPT record stands apart in ``edns``.
package struct Message: Hashable, Sendable {
    /// The identifier that joins a response to its query.
    package var id: UInt16
    /// QR, opcode, flags and the low four bits of the rcode.
    package var flags: HeaderFlags
    package var questions: [Question]
    package var answers: [ResourceRecord]
    package var authorities: [ResourceRecord]
    /// The additional section without the OPT record.
    package var additionals: [ResourceRecord]
    /// The OPT record, if there is one (RFC 6891).
    package var edns: EDNS?

    /// Makes a message; sections that are left out are empty.
    package init(
        id: UInt16,
        flags: HeaderFlags = .query,
        questions: [Question] = [],
        answers: [ResourceRecord] = [],
        authorities: [ResourceRecord] = [],
        additionals: [ResourceRecord] = [],
        edns: EDNS? = nil
    ) {
        self.id = id
        self.flags = flags
        self.questions = questions
        self.answers = answers
        self.authorities = authorities
        self.additionals = additionals
        self.edns = edns
    }

    /// The response code of 12 bits; setting one above 15 needs ``edns`` and loses its upper bits without it.
    package var rcode: RCode {
        get { RCode(rawValue: UInt16(edns?.extendedRCode ?? 0) << 4 | UInt16(flags.rcode)) }
        set {
            flags.rcode = UInt8(newValue.rawValue & 15)
            edns?.extendedRCode = UInt8(newValue.rawValue >> 4)
        }
    }

    /// The ordinary query of a stub resolver: RD set, one question.
    package static func query(
        id: UInt16,
        name: DNSName,
        type: RecordType,
        edns: EDNS? = nil
    ) -> Message {
        Message(id: id, questions: [Question(name: name, type: type)], edns: edns)
    }

    /// An empty response to this message: same id, opcode, RD, CD and questions, QR set.
    package func emptyResponse(rcode: RCode) -> Message {
        var flags = HeaderFlags(rawValue: 0)
        flags.isResponse = true
        flags.opcode = self.flags.opcode
        flags.recursionDesired = self.flags.recursionDesired
        flags.checkingDisabled = self.flags.checkingDisabled
        var response = Message(id: id, flags: flags, questions: questions)
        response.rcode = rcode
        return response
    }
}

/// One entry of the question section (RFC 1035 section 4.1.2).
package struct Question: Hashable, Sendable, CustomStringConvertible {
    package var name: DNSName
    package var type: RecordType
    package var `class`: RecordClass

    /// Makes a question, of class IN unless said otherwise.
    package init(name: DNSName, type: RecordType, class: RecordClass = .in) {
        self.name = name
        self.type = type
        self.class = `class`
    }

    /// `name class type`, as dig prints it.
    package var description: String { "\(name) \(`class`) \(type)" }
}

/// One resource record (RFC 1035 section 4.1.3).
package struct ResourceRecord: Hashable, Sendable, CustomStringConvertible {
    package var name: DNSName
    package var type: RecordType
    package var `class`: RecordClass
    /// Seconds; the full 32 bits as they stood on the wire (RFC 2181 section 8 limits them to 31).
    package var ttl: UInt32
    package var data: RData

    /// Makes a record, of class IN unless said otherwise.
    package init(name: DNSName, type: RecordType, class: RecordClass = .in, ttl: UInt32, data: RData) {
        self.name = name
        self.type = type
        self.class = `class`
        self.ttl = ttl
        self.data = data
    }

    /// `name ttl class type data`, as dig prints it.
    package var description: String { "\(name) \(ttl) \(`class`) \(type) \(data)" }
}

/// The OPT pseudo-record (RFC 6891 section 6.1).
///
///     +------------+--------------+------------------------------+
///     | NAME       | domain name  | MUST be 0 (root domain)      |
///     | TYPE       | u_int16_t    | OPT (41)                     |
///     | CLASS      | u_int16_t    | requestor's UDP payload size |
///     | TTL        | u_int32_t    | extended RCODE, version, DO|Z |
///     | RDLEN      | u_int16_t    | length of all RDATA          |
///     | RDATA      | octet stream | {attribute,value} pairs      |
///     +------------+--------------+------------------------------+
package struct EDNS: Hashable, Sendable {
    /// The CLASS field: octets of UDP payload that the sender can take.
    package var udpPayloadSize: UInt16
    /// The upper eight bits of the response code.
    package var extendedRCode: UInt8
    /// 0 is the only version defined.
    package var version: UInt8
    /// DO and the fifteen reserved bits.
    package var flags: UInt16
    package var options: [EDNSOption]

    /// Makes an OPT record.
    package init(
        udpPayloadSize: UInt16 = 1232,
        extendedRCode: UInt8 = 0,
        version: UInt8 = 0,
        flags: UInt16 = 0,
        options: [EDNSOption] = []
    ) {
        self.udpPayloadSize = udpPayloadSize
        self.extendedRCode = extendedRCode
        self.version = version
        self.flags = flags
        self.options = options
    }

    /// DO: the sender takes DNSSEC records (RFC 3225).
    package var dnssecOK: Bool {
        get { flags & 0x8000 != 0 }
        set { flags = newValue ? flags | 0x8000 : flags & 0x7FFF }
    }
}

/// One option of an OPT record (RFC 6891 section 6.1.2).
package struct EDNSOption: Hashable, Sendable {
    package var code: UInt16
    package var data: [UInt8]

    /// Makes an option.
    package init(code: UInt16, data: [UInt8]) {
        self.code = code
        self.data = data
    }
}
