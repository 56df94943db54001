/// Builds gzip members (RFC 1952) of stored blocks, so that every octet of the content stands in the file as it is.
enum GzipBuilder {
    /// One member that holds `content`.
    static func member(_ content: [UInt8], block: Int = 65_535) -> [UInt8] {
        var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        var start = 0
        repeat {
            let end = min(start + block, content.count)
            let length = UInt16(end - start)
            member += [end == content.count ? 1 : 0] + little(length) + little(~length) + content[start..<end]
            start = end
        } while start < content.count
        return member + little(crc32(content)) + little(UInt32(truncatingIfNeeded: content.count))
    }

    /// The checksum of gzip, bit by bit.
    private static func crc32(_ octets: [UInt8]) -> UInt32 {
        ~octets.reduce(UInt32.max) { crc, octet in
            (0..<8).reduce(crc ^ UInt32(octet)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }

    private static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        PacketBuilder.big(value).reversed()
    }
}
