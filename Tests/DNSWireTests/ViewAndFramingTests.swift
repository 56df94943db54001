import DNSWire
import Testing

@Suite("Views and framing")
struct ViewAndFramingTests {
    @Test("questions compare without regard to case, and to nothing else")
    func sameQuestion() throws {
        let query = try Message.query(id: 1, name: DNSName("WWW.example.com"), type: .a).encode()
        let same = try Message.query(id: 2, name: DNSName("www.EXAMPLE.com"), type: .a).encode()
        let otherType = try Message.query(id: 1, name: DNSName("www.example.com"), type: .aaaa).encode()
        let otherName = try Message.query(id: 1, name: DNSName("wwx.example.com"), type: .a).encode()
        func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool { QuestionView.isSame(left.span, right.span) }
        #expect(isSame(query, same))
        #expect(!isSame(query, otherType))
        #expect(!isSame(query, otherName))
        let end = QuestionView.end(of: query.span)
        #expect(end == query.count)
        for count in 0..<query.count {
            #expect(!isSame(query, Array(query[..<count])))
        }
    }

    @Test("a stream cut anywhere gives the same messages")
    func deframing() throws {
        let messages: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 300), [9]]
        let stream = messages.compactMap(TCPFrame.wrap).flatMap { $0 }
        for cut in 1...17 {
            var deframer = TCPDeframer()
            var result: [[UInt8]] = []
            for start in stride(from: 0, to: stream.count, by: cut) {
                deframer.feed(Array(stream[start..<min(start + cut, stream.count)]).span)
                while let message = deframer.next() { result.append(message) }
            }
            #expect(result == messages)
            #expect(deframer.pendingByteCount == 0)
        }
        #expect(TCPFrame.wrap(Array(repeating: 0, count: 65536)) == nil)
    }

    /// An answer with an alias: every name behind the question is compressed.
    private static let compressed = hex(
        """
        0001 8180 0001 0002 0000 0000
        01 61 02 6262 00 0005 0001                      # 12: a.bb. CNAME IN
        c00c 0005 0001 0000001e 0004 01 63 c00e         # 22: a.bb. CNAME c.bb., its name at 34
        c022 000f 0001 0000001e 0006 000a 01 64 c022    # 38: c.bb. MX 10 d.c.bb., its name at 52
        """
    )

    private func read(_ message: [UInt8]) -> NamePointers? { NamePointers(message.span) }

    @Test("pointers are found where names are, and judged by where they lead")
    func pointers() throws {
        let healthy = try #require(read(Self.compressed))
        #expect(healthy.all.map(\.name) == [22, 34, 38, 52])
        #expect(healthy.all.map(\.place) == [22, 36, 38, 54])
        #expect(healthy.all.map(\.target) == [12, 14, 34, 34])
        #expect(healthy.leadBackward && healthy.leadToNames)
        // Offset of a pointer's second octet, what it becomes, and what is still true.
        let changes: [(Int, UInt8, backward: Bool, toNames: Bool)] = [
            (23, 13, true, false),  // into a label
            (23, 2, true, false),  // into the header
            (23, 34, false, true),  // to a name further on
            (23, 22, false, true),  // to itself
            (55, 52, false, true),  // to the start of the name that it ends
            (55, 50, true, false),  // into record data that is no name
            (55, 17, true, true),  // to the root that ends the question's name
            (55, 22, true, true),  // to a name that is nothing but a pointer
        ]
        for (offset, value, backward, toNames) in changes {
            var message = Self.compressed
            message[offset] = value
            let pointers = try #require(read(message))
            #expect(pointers.leadBackward == backward && pointers.leadToNames == toNames, "\(offset): \(value)")
        }
    }

    @Test("a message that ends within a name or a record has no pointers to speak of")
    func cutPointers() throws {
        for count in 0..<Self.compressed.count { #expect(read(Array(Self.compressed[..<count])) == nil) }
        let plain = try #require(read(Message.query(id: 1, name: .root, type: .ns).encode()))
        #expect(plain.all.isEmpty && plain.leadBackward && plain.leadToNames)
        // Labels of the kinds 01 and 10 are not defined.
        var odd = Self.compressed
        odd[12] = 0x41
        #expect(read(odd) == nil)
    }

    @Test("the builder writes what no encoder would")
    func builder() throws {
        var builder = WireBuilder()
        builder.header(MessageHeader(id: 5, flags: .query, questionCount: 65535))
        builder.pointer(to: 12)
        builder.typeAndClass(.a)
        builder.patch(u16: 6, at: 0)
        #expect(builder.bytes == hex("0006 0100 ffff 0000 0000 0000 c00c 0001 0001"))
        #expect(throws: DecodeError.self) { try Message(decoding: builder.bytes) }
    }
}
