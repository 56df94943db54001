/// Builds what is sent over netlink, and reads the numbers in it; they are in the machine's byte order.
package struct NetlinkBytes: Sendable {
    /// What was put together so far.
    package private(set) var bytes: [UInt8] = []

    /// Nothing yet.
    package init() {}

    /// Appends a number in the machine's byte order.
    package mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number) { bytes += $0 }
    }

    /// Appends an attribute, padded to four octets.
    package mutating func append(attribute type: UInt16, _ value: [UInt8]) {
        append(UInt16(4 + value.count))
        append(type)
        bytes += value
        bytes += [UInt8](repeating: 0, count: -value.count & 3)
    }

    /// The 16-bit number at an offset; 0 beyond the end.
    package static func half(_ bytes: ArraySlice<UInt8>, at offset: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: number(bytes, at: offset, count: 2))
    }

    /// The 32-bit number at an offset; 0 beyond the end.
    package static func word(_ bytes: ArraySlice<UInt8>, at offset: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: number(bytes, at: offset, count: 4))
    }

    private static func number(_ bytes: ArraySlice<UInt8>, at offset: Int, count: Int) -> UInt64 {
        guard offset >= 0, offset + count <= bytes.count else { return 0 }
        let start = bytes.startIndex + offset
        let part = bytes[start..<(start + count)]
        #if _endian(little)
        return part.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        #else
        return part.reduce(0) { $0 << 8 | UInt64($1) }
        #endif
    }
}

/// The attributes in a netlink message, of which a broken one ends the sequence.
///
/// Length and type, two octets each, then the value, padded to four octets (linux/netlink.h, struct nlattr).
package struct NetlinkAttributes: Sequence, IteratorProtocol, Sendable {
    private var rest: ArraySlice<UInt8>

    /// The attributes in these octets.
    package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next attribute, without the bits that tell of nesting and byte order.
    package mutating func next() -> (type: UInt16, value: ArraySlice<UInt8>)? {
        guard rest.count >= 4 else { return nil }
        let length = Int(NetlinkBytes.half(rest, at: 0))
        guard length >= 4, length <= rest.count else { return nil }
        let type = NetlinkBytes.half(rest, at: 2) & 0x3FFF
        let value = rest[(rest.startIndex + 4)..<(rest.startIndex + length)]
        rest = rest.dropFirst((length + 3) & ~3)
        return (type, value)
    }

    /// The first attribute of a type.
    package subscript(type: UInt16) -> ArraySlice<UInt8>? { first { $0.type == type }?.value }
}
