/// Builds messages octet by octet, broken ones included: no count, length or pointer is checked.
///
/// Checks use it for what an encoder must never send: counts that lie, labels that run past the end, pointer loops.
package struct WireBuilder: Sendable {
    /// What was appended so far.
    package private(set) var bytes: [UInt8] = []

    /// Starts empty.
    package init() {}

    /// Appends a header whose counts need not fit any content.
    package mutating func header(_ header: MessageHeader) {
        for value in [
            header.id, header.flags.rawValue, header.questionCount, header.answerCount, header.authorityCount,
            header.additionalCount,
        ] { u16(value) }
    }

    /// Appends one octet.
    package mutating func u8(_ value: UInt8) { bytes.append(value) }

    /// Appends 16 bits in network byte order.
    package mutating func u16(_ value: UInt16) {
        bytes.append(UInt8(value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends 32 bits in network byte order.
    package mutating func u32(_ value: UInt32) {
        u16(UInt16(value >> 16))
        u16(UInt16(truncatingIfNeeded: value))
    }

    /// Appends octets as they are.
    package mutating func raw(_ octets: [UInt8]) { bytes += octets }

    /// Appends an uncompressed name.
    package mutating func name(_ name: DNSName) { bytes += name.wire }

    /// Appends a length octet of the caller's choice and the label's octets.
    package mutating func label(length: UInt8, _ octets: [UInt8]) {
        bytes.append(length)
        bytes += octets
    }

    /// Appends a compression pointer to any offset of 14 bits.
    package mutating func pointer(to offset: Int) { u16(0xC000 | UInt16(truncatingIfNeeded: offset & 0x3FFF)) }

    /// Appends type and class behind a name, as in a question.
    package mutating func typeAndClass(_ type: RecordType, _ class: RecordClass = .in) {
        u16(type.rawValue)
        u16(`class`.rawValue)
    }

    /// Appends a record with an RDLENGTH that may lie.
    package mutating func record(
        owner: DNSName,
        type: RecordType,
        class: RecordClass = .in,
        ttl: UInt32,
        data: [UInt8],
        announcedLength: UInt16? = nil
    ) {
        name(owner)
        typeAndClass(type, `class`)
        u32(ttl)
        u16(announcedLength ?? UInt16(truncatingIfNeeded: data.count))
        raw(data)
    }

    /// Overwrites 16 bits at an offset; outside the buffer nothing happens.
    package mutating func patch(u16 value: UInt16, at offset: Int) {
        guard offset >= 0, offset + 2 <= bytes.count else { return }
        bytes[offset] = UInt8(value >> 8)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
    }
}
