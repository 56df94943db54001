import DNSWire
import Testing

/// Hex text with blanks and `#` comments to octets.
func hex(_ text: String) -> [UInt8] {
    let digits = text.split(separator: "\n").flatMap { $0.prefix { $0 != "#" } }.filter { !$0.isWhitespace }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
}

@Suite("Messages on the wire")
struct MessageTests {
    static let answer = hex(
        """
        1234 8580                       # id, QR AA RD RA
        0001 0001 0001 0001             # counts
        01 61 02 6578 00 0001 0001      # a.ex. A IN
        c00c 0001 0001 0000001e 0004 0a600001   # pointer to a.ex., TTL 30
        c00e 0006 0001 00000005 001a c00e 0168c00e 00000001 00001c20 00000708 00015180 0000001e # SOA, too short below
        00 0029 04d0 01 00 8000 0000    # OPT 1232, extended rcode 1, DO
        """
    )

    @Test("an annotated answer decodes field by field")
    func decodesAnswer() throws {
        var bytes = Self.answer
        // RDLENGTH of the SOA: pointer 2, label 2 and pointer 2, five times 4.
        bytes[49] = 0x1a
        let message = try Message(decoding: bytes)
        #expect(message.id == 0x1234)
        #expect(message.flags.isResponse && message.flags.isAuthoritative && message.flags.recursionAvailable)
        #expect(message.rcode == .badVers)
        #expect(message.questions == [Question(name: try DNSName("a.ex"), type: .a)])
        #expect(message.answers.first?.data == .a(.v4(0x0A60_0001)))
        #expect(message.answers.first?.ttl == 30)
        guard case .soa(let soa) = message.authorities.first?.data else {
            Issue.record("no SOA")
            return
        }
        #expect(soa.rname.description == "h.ex.")
        #expect(soa.minimum == 30)
        #expect(message.edns?.udpPayloadSize == 1232)
        #expect(message.edns?.dnssecOK == true)
        #expect(message.additionals.isEmpty)
    }

    static func sample() throws -> Message {
        let name = try DNSName("web.default.svc.cluster.local")
        var message = Message(id: 7, questions: [Question(name: name, type: .any)])
        message.flags.isResponse = true
        let soa = SOA(mname: name, rname: name, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5)
        let data: [(RecordType, RData)] = [
            (.a, .a(.v4(1))), (.aaaa, .aaaa(.v6(1, 2))), (.ns, .ns(name)), (.cname, .cname(name)), (.ptr, .ptr(name)),
            (.soa, .soa(soa)), (.mx, .mx(preference: 10, exchange: name)), (.txt, .txt([[1, 2], [], [34]])),
            (.srv, .srv(priority: 1, weight: 2, port: 53, target: name)), (.hinfo, .hinfo(cpu: [65], os: [])),
            (RecordType(rawValue: 65280), .opaque([0, 255])), (RecordType(rawValue: 257), .opaque([])),
        ]
        message.answers = data.map { ResourceRecord(name: name, type: $0, ttl: 30, data: $1) }
        message.additionals = [ResourceRecord(name: .root, type: .a, class: .ch, ttl: 0, data: .opaque([1]))]
        message.edns = EDNS(udpPayloadSize: 4096, flags: 0x8000, options: [EDNSOption(code: 10, data: [1, 2, 3])])
        return message
    }

    @Test("every record type round-trips, compressed and not", arguments: [true, false])
    func roundTrip(compress: Bool) throws {
        let message = try Self.sample()
        let bytes = try message.encode(compress: compress)
        #expect(try Message(decoding: bytes) == message)
    }

    @Test("no pointer is written into SRV data (RFC 3597 4), and compression keeps each owner's case")
    func compression() throws {
        let name = try DNSName("AbC.example")
        var message = Message(id: 1, questions: [Question(name: name, type: .srv)])
        let srv = RData.srv(priority: 0, weight: 0, port: 1, target: name)
        message.answers = [ResourceRecord(name: name.lowercased, type: .srv, ttl: 1, data: srv)]
        let bytes = try message.encode()
        // "abc" is written again because its case differs; only "example." is shared.
        #expect(bytes.count == 12 + 17 + (4 + 2) + 10 + 6 + 13)
        #expect(try Message(decoding: bytes) == message)
    }

    @Test("every truncation of a message is refused at an offset inside it, and nothing traps")
    func truncation() throws {
        let bytes = try Self.sample().encode()
        for count in 0..<bytes.count {
            #expect(throws: DecodeError.self) { try Message(decoding: Array(bytes[..<count])) }
            do throws(DecodeError) { _ = try Message(decoding: Array(bytes[..<count])) } catch {
                #expect(error.offset <= count)
            }
        }
    }

    @Test("every change of one octet decodes or is refused, and what decodes encodes again")
    func mutation() throws {
        let bytes = try Self.sample().encode()
        for index in bytes.indices {
            for value in [0, 1, 0x3F, 0x40, 0x80, 0xC0, 0xFF, bytes[index] ^ 1, bytes[index] &+ 1] as [UInt8] {
                var mutant = bytes
                mutant[index] = value
                guard let message = try? Message(decoding: mutant) else { continue }
                #expect(try Message(decoding: message.encode()) == message)
            }
        }
    }

    @Test(
        "broken messages name their fault and its offset",
        arguments: [
            ("0001 0100 0001 0000 0000 0000 c00c 0001 0001", 12, DecodeError.Reason.pointerNotBackwards(target: 12)),
            ("0001 0100 0001 0000 0000 0000 c020 0001 0001", 12, .pointerNotBackwards(target: 32)),
            ("0001 0100 0001 0000 0000 0000 41 61 00 0001 0001", 12, .reservedLabelType(0x41)),
            ("0001 0100 0001 0000 0000 0000 81 61 00 0001 0001", 12, .reservedLabelType(0x81)),
            ("0001 0100 0001 0000 0000 0000 05 61", 14, .truncated(.name)),
            ("0001 0100 0001 0000 0000 0000 00 0001", 15, .truncated(.question)),
            ("0001 0100 0000 0000 0000 0000 ffff", 12, .trailingBytes(2)),
            (
                "0001 8000 0000 0001 0000 0000 00 0001 0001 00000000 0003 010203", 23,
                .badDataLength(type: .a, length: 3)
            ),
            ("0001 8000 0000 0001 0000 0000 00 0029 0200 00000000 0000", 12, .misplacedOPT),
            ("0001 8000 0000 0000 0000 0002 00 0029 0200 00000000 0000 00 0029 0200 00000000 0000", 23, .secondOPT),
            ("0001 8000 0000 0000 0000 0001 0161 00 0029 0200 00000000 0000", 12, .namedOPT),
            ("0001 8000 0000 0000 0000 0001 00 0029 0200 00000000 0005 000a 0008 01", 23, .badOption),
            ("0001 8000 0000 0001 0000 0000 00 0010 0001 00000000 0000", 23, .emptyText),
            (
                "0001 8000 0000 0001 0000 0000 00 0010 0001 00000000 0002 0561", 23,
                .badDataLength(type: .txt, length: 2)
            ),
        ]
    )
    func broken(text: String, offset: Int, reason: DecodeError.Reason) {
        #expect(throws: DecodeError.self) { try Message(decoding: hex(text)) }
        do throws(DecodeError) { _ = try Message(decoding: hex(text)) } catch {
            #expect(error.offset == offset)
            #expect(error.reason == reason)
        }
    }

    @Test("trailing octets pass when they are to be ignored")
    func trailing() throws {
        let bytes = hex("0001 0100 0000 0000 0000 0000 ffff")
        #expect(try Message(decoding: bytes, ignoringTrailingBytes: true).id == 1)
    }

    @Test("truncation keeps the question and the OPT record, sets TC and stays within the limit")
    func truncates() throws {
        var message = Message.query(id: 9, name: try DNSName("x.script.example.com"), type: .a, edns: EDNS())
        message.answers = (0..<100).map {
            ResourceRecord(name: message.questions[0].name, type: .a, ttl: 30, data: .a(.v4(UInt32($0))))
        }
        for limit in [100, 512, 1232] {
            let cut = try Message(decoding: message.encodeTruncating(to: limit))
            #expect(cut.flags.isTruncated)
            #expect(cut.edns == message.edns)
            #expect(cut.answers == Array(message.answers.prefix(cut.answers.count)))
            #expect(try cut.encode().count <= limit && cut.encode().count > limit - 16)
        }
        #expect(try !Message(decoding: message.encodeTruncating(to: 4096)).flags.isTruncated)
        #expect(throws: EncodeError.tooLong(limit: 40)) { try message.encodeTruncating(to: 40) }
        #expect(throws: EncodeError.tooLong(limit: 512)) { try message.encode(maximumSize: 512) }
    }

    @Test("data that exceeds its length field is refused")
    func dataTooLong() throws {
        var message = Message(id: 1)
        message.answers = [
            ResourceRecord(name: .root, type: .txt, ttl: 0, data: .txt([Array(repeating: 0, count: 256)]))
        ]
        #expect(throws: EncodeError.dataTooLong(.txt)) { try message.encode() }
        message.answers = [
            ResourceRecord(name: .root, type: .a, ttl: 0, data: .opaque(Array(repeating: 0, count: 65536)))
        ]
        #expect(throws: EncodeError.dataTooLong(.a)) { try message.encode() }
    }

    @Test("each header bit reads and writes at its place")
    func headerBits() {
        var flags = HeaderFlags(rawValue: 0)
        flags.isResponse = true
        flags.opcode = .update
        flags.isAuthoritative = true
        flags.z = true
        flags.rcode = 9
        #expect(flags.rawValue == 0xAC49)
        flags.isTruncated = true
        flags.recursionDesired = true
        flags.recursionAvailable = true
        flags.authenticData = true
        flags.checkingDisabled = true
        #expect(flags.rawValue == 0xAFF9)
        flags.opcode = .query
        flags.isResponse = false
        #expect(flags.rawValue == 0x07F9)
    }
}
