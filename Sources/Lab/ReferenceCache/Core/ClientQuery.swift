/// The OPT record of a client's query (RFC 6891 section 6.1.2).
struct ClientOPT: Sendable {
    /// One option as it came.
    struct Option: Sendable {
        var code: UInt16
        var data: ArraySlice<UInt8>
    }

    var payloadSize: UInt16
    var version: UInt8
    var flags: UInt16
    var options: [Option]

    /// The DO bit (RFC 3225).
    var dnssecOK: Bool { flags & 0x8000 != 0 }
}

/// A query that was accepted.
struct ClientQuery: Sendable {
    var id: UInt16
    /// The second 16 bits of the header as they came.
    var flags: UInt16
    /// The question's name as it came, uncompressed.
    var name: [UInt8]
    /// The same in lower case.
    var foldedName: [UInt8]
    var type: UInt16
    var qclass: UInt16
    var opt: ClientOPT?
    /// The name breaks the rules and was accepted all the same.
    var isMalformed: Bool
    /// The records behind the question as they came.
    var records: ArraySlice<UInt8>
    /// The four section counts as found, not as claimed.
    var counts: [UInt16]
    var transport: QueryTransport
    /// The client came over IPv6.
    var isIPv6: Bool
    /// When the message was read, in nanoseconds of the monotonic clock.
    var arrivedAt: Int64

    /// The four bits of the opcode.
    var opcode: UInt8 { UInt8(flags >> 11 & 0xF) }
    /// The DO bit of the OPT record.
    var dnssecOK: Bool { opt?.dnssecOK ?? false }
    /// The AD bit (RFC 6840 section 5.7).
    var authenticData: Bool { flags & 0x0020 != 0 }
    /// The CD bit.
    var checkingDisabled: Bool { flags & 0x0010 != 0 }

    /// Octets of the message with the question's name written out.
    var size: Int { 12 + name.count + 4 + records.count }

    /// The answer section of the query as it came, when the query has such records and no others.
    var broughtAnswer: AnswerBody? {
        guard counts[1] > 0, counts[2] == 0, counts[3] == 0 else { return nil }
        return AnswerBody(octets: Array(records), counts: [counts[1], 0, 0], records: [])
    }

    /// The question in wire form, with the name as it came.
    var question: [UInt8] { name + type.octets + qclass.octets }

    /// The largest answer that the client takes over this transport.
    var answerLimit: Int {
        transport == .tcp ? 65535 : max(512, Int(opt?.payloadSize ?? 512))
    }
}

extension UInt16 {
    /// The two octets in network order.
    var octets: [UInt8] { [UInt8(self >> 8), UInt8(truncatingIfNeeded: self)] }
}
