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
