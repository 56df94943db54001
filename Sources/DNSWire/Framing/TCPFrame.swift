/// The two-octet length prefix of DNS over TCP (RFC 1035 section 4.2.2, RFC 7766 section 8).
package enum TCPFrame {
    /// The longest message that the prefix can announce.
    package static let maximumMessageSize = 65535

    /// Puts the length in front; a message above 65,535 octets gives nil.
    package static func wrap(_ message: [UInt8]) -> [UInt8]? {
        guard let length = UInt16(exactly: message.count) else { return nil }
        return [UInt8(length >> 8), UInt8(truncatingIfNeeded: length)] + message
    }
}

/// Cuts a TCP byte stream into messages, whatever the segments' borders are.
package struct TCPDeframer: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    /// Starts at a message border.
    package init() {}

    /// Octets that wait for the rest of their message.
    package var pendingByteCount: Int { buffer.count - start }

    /// Adds what was read from the connection.
    package mutating func feed(_ bytes: Span<UInt8>) {
        if start > 0, start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        } else if start > 1 << 17 {
            buffer.removeSubrange(0..<start)
            start = 0
        }
        buffer.reserveCapacity(buffer.count + bytes.count)
        for index in bytes.indices { buffer.append(bytes[index]) }
    }

    /// The next whole message without its prefix, or nil until more is fed; an empty frame gives an empty message.
    package mutating func next() -> [UInt8]? {
        guard pendingByteCount >= 2 else { return nil }
        let length = Int(buffer[start]) << 8 | Int(buffer[start + 1])
        guard pendingByteCount >= 2 + length else { return nil }
        let message = Array(buffer[(start + 2)..<(start + 2 + length)])
        start += 2 + length
        return message
    }
}
