/// The second 16-bit word of the header (RFC 1035 section 4.1.1, AD and CD of RFC 4035 section 3.2).
///
///       0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
///     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
///     |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
///     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
package struct HeaderFlags: RawRepresentable, Hashable, Sendable {
    /// All sixteen bits in host byte order.
    package var rawValue: UInt16
    /// Wraps the sixteen bits.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// QR, AA, TC and the opcode clear, RD set: an ordinary query of a stub resolver.
    package static let query = HeaderFlags(rawValue: 0x0100)

    /// QR: this message is a response.
    package var isResponse: Bool {
        get { self[15] }
        set { self[15] = newValue }
    }
    /// OPCODE: the kind of query.
    package var opcode: Opcode {
        get { Opcode(rawValue: UInt8(rawValue >> 11 & 15)) }
        set { rawValue = rawValue & 0x87FF | UInt16(newValue.rawValue) << 11 }
    }
    /// AA: the answer is authoritative.
    package var isAuthoritative: Bool {
        get { self[10] }
        set { self[10] = newValue }
    }
    /// TC: the message was truncated.
    package var isTruncated: Bool {
        get { self[9] }
        set { self[9] = newValue }
    }
    /// RD: recursion is desired.
    package var recursionDesired: Bool {
        get { self[8] }
        set { self[8] = newValue }
    }
    /// RA: recursion is available.
    package var recursionAvailable: Bool {
        get { self[7] }
        set { self[7] = newValue }
    }
    /// Z: reserved, must be zero.
    package var z: Bool {
        get { self[6] }
        set { self[6] = newValue }
    }
    /// AD: authentic data.
    package var authenticData: Bool {
        get { self[5] }
        set { self[5] = newValue }
    }
    /// CD: checking disabled.
    package var checkingDisabled: Bool {
        get { self[4] }
        set { self[4] = newValue }
    }
    /// RCODE: the low four bits of the response code.
    package var rcode: UInt8 {
        get { UInt8(rawValue & 15) }
        set { rawValue = rawValue & 0xFFF0 | UInt16(newValue & 15) }
    }

    private subscript(bit: UInt16) -> Bool {
        get { rawValue >> bit & 1 == 1 }
        set { rawValue = newValue ? rawValue | 1 << bit : rawValue & ~(1 << bit) }
    }
}
