/// The twelve octets at the start of a message, read without allocation (RFC 1035 section 4.1.1).
package struct MessageHeader: Hashable, Sendable {
    /// Octets of a header.
    package static let size = 12

    package var id: UInt16
    package var flags: HeaderFlags
    /// QDCOUNT.
    package var questionCount: UInt16
    /// ANCOUNT.
    package var answerCount: UInt16
    /// NSCOUNT.
    package var authorityCount: UInt16
    /// ARCOUNT.
    package var additionalCount: UInt16

    /// Makes a header; the counts need not fit any content.
    package init(
        id: UInt16,
        flags: HeaderFlags,
        questionCount: UInt16 = 0,
        answerCount: UInt16 = 0,
        authorityCount: UInt16 = 0,
        additionalCount: UInt16 = 0
    ) {
        self.id = id
        self.flags = flags
        self.questionCount = questionCount
        self.answerCount = answerCount
        self.authorityCount = authorityCount
        self.additionalCount = additionalCount
    }

    /// Reads the header, or gives nil for fewer than twelve octets.
    @inlinable package static func peek(_ bytes: Span<UInt8>) -> MessageHeader? {
        guard bytes.count >= 12 else { return nil }
        return MessageHeader(
            id: bytes.bigEndianUInt16(at: 0),
            flags: HeaderFlags(rawValue: bytes.bigEndianUInt16(at: 2)),
            questionCount: bytes.bigEndianUInt16(at: 4),
            answerCount: bytes.bigEndianUInt16(at: 6),
            authorityCount: bytes.bigEndianUInt16(at: 8),
            additionalCount: bytes.bigEndianUInt16(at: 10)
        )
    }
}

extension Span<UInt8> {
    /// Two octets in network byte order; the index is bounds-checked.
    @inlinable package func bigEndianUInt16(at index: Int) -> UInt16 {
        UInt16(self[index]) << 8 | UInt16(self[index + 1])
    }
}
