import Testing

@testable import DNSBench

@Suite("What a lookup reads of an answer")
struct LookupAnswerTests {
    /// Header, question `a. A IN`, CNAME `b.` by pointer, A 192.0.2.1 by pointer.
    private let message: [UInt8] = [
        0x12, 0x34, 0x85, 0x80, 0, 1, 0, 2, 0, 0, 0, 0,
        1, 0x61, 0, 0, 1, 0, 1,
        0xc0, 0x0c, 0, 5, 0, 1, 0, 0, 0, 30, 0, 3, 1, 0x62, 0,
        0xc0, 0x1f, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, 1,
    ]

    private func read(_ bytes: [UInt8], type: UInt16 = 1) -> LookupAnswer {
        bytes.withUnsafeBytes { LookupAnswer(message: $0, questionEnd: 19, type: type) }
    }

    @Test("An address behind an alias is found, an address of the other type is not")
    func address() {
        #expect(read(message).marks == [.authoritative, .recursive, .hasAnswer, .hasAddress])
        #expect(read(message, type: 28).marks == [.authoritative, .recursive, .hasAnswer])
    }

    @Test("A message cut anywhere behind its question holds no address, and does no harm")
    func truncation() {
        for length in 19..<message.count {
            #expect(!read(Array(message[..<length])).marks.contains(.hasAddress))
        }
    }

    @Test("Any octets may follow the question")
    func noise() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            var noisy = message
            for _ in 0..<6 {
                noisy[Int.random(in: 2..<noisy.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = read(noisy)
        }
    }
}
