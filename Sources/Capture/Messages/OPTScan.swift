/// What the OPT record of a message says, read in place without allocation (RFC 6891 section 6.1.2).
struct OPTScan {
    /// Codes that are kept.
    private static let codeRoom = 8

    /// OPT records in the message, at most 255; the fields are those of the last.
    var count: UInt8 = 0
    /// Octets of UDP payload that the sender takes.
    var payloadSize: UInt16 = 0
    /// High eight bits of the response code.
    var extendedCode: UInt8 = 0
    var version: UInt8 = 0
    /// DO and the fifteen reserved bits.
    var flags: UInt16 = 0
    /// Options whose codes are kept.
    private(set) var codeCount: UInt8 = 0
    private var firstCodes: UInt64 = 0
    private var laterCodes: UInt64 = 0

    /// Takes the record whose type field stands at `fields` and that stops before `end`.
    mutating func read(_ message: RawSpan, fields: Int, end: Int) {
        count = count == .max ? .max : count + 1
        payloadSize = message.uint16(fields + 2)
        // RFC 6891 section 6.1.3: the TTL field is extended rcode, version and flags.
        extendedCode = message.octet(fields + 4)
        version = message.octet(fields + 5)
        flags = message.uint16(fields + 6)
        var offset = fields + 10
        while offset + 4 <= end, Int(codeCount) < Self.codeRoom {
            keep(message.uint16(offset))
            offset += 4 + Int(message.uint16(offset + 2))
        }
    }

    /// Codes of the first eight options, in the order of the message.
    var codes: [UInt16] {
        (0..<Int(codeCount)).map { index in
            let word = index < 4 ? firstCodes : laterCodes
            return UInt16(truncatingIfNeeded: word >> UInt64(index % 4 * 16))
        }
    }

    private mutating func keep(_ code: UInt16) {
        let place = UInt64(codeCount % 4 * 16)
        if codeCount < 4 { firstCodes |= UInt64(code) << place } else { laterCodes |= UInt64(code) << place }
        codeCount += 1
    }
}
