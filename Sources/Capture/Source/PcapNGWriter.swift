/// Writes frames as pcapng with nanoseconds and comments; the file appears under its name when it is complete.
struct PcapNGWriter: ~Copyable {
    private struct Interface: Hashable {
        let link: LinkType
        let name: String?
    }

    private static let nameLimit = 255
    private static let commentLimit = 8_000
    private static let headerLimit = 60_000
    private var file: AtomicFile
    private var interfaces: [Interface: UInt32] = [:]

    /// Makes the file and writes its section header.
    init(path: String, application: String, comment: String) throws(CaptureError) {
        file = try AtomicFile(path: path)
        // Byte order magic, version 1.0, length unknown; opt_comment and shb_userappl.
        let header = Self.field(UInt32(0x1A2B_3C4D)) + [1, 0, 0, 0] + Self.field(UInt64.max)
        let texts = Self.text(1, comment, limit: Self.headerLimit) + Self.text(4, application, limit: Self.nameLimit)
        block(0x0A0D_0D0A, header + texts + Self.endOfOptions)
    }

    /// Writes one frame; a failure is kept for `finish`.
    ///
    /// - Parameters:
    ///   - frame: The captured octets, from the link header on.
    ///   - originalLength: Octets that the frame had on the wire.
    ///   - link: Link type of the frame.
    ///   - interfaceName: Name of the interface; each pair of a link type and a name is described once.
    ///   - time: Nanoseconds since the Unix epoch.
    ///   - comments: What is to be said of the frame, in any number of comments.
    mutating func write(
        _ frame: [UInt8],
        originalLength: Int,
        link: LinkType,
        interfaceName: String?,
        at time: Int64,
        comments: [String]
    ) {
        let index = interface(Interface(link: link, name: interfaceName))
        let ticks = UInt64(bitPattern: time)
        var body = Self.field(index)
        body += Self.field(UInt32(truncatingIfNeeded: ticks >> 32)) + Self.field(UInt32(truncatingIfNeeded: ticks))
        body += Self.field(UInt32(frame.count))
        body += Self.field(UInt32(clamping: max(originalLength, frame.count)))
        body += Self.padded(frame)
        for comment in comments { body += Self.text(1, comment, limit: Self.commentLimit) }
        block(6, body + (comments.isEmpty ? [] : Self.endOfOptions))
    }

    /// Completes the file.
    mutating func finish() throws(CaptureError) {
        try file.finish()
    }

    // if_name and an if_tsresol of nanoseconds; no snapshot length, as the frames can be of any.
    private mutating func interface(_ interface: Interface) -> UInt32 {
        if let known = interfaces[interface] { return known }
        let index = UInt32(interfaces.count)
        interfaces[interface] = index
        var body = Self.field(UInt16(interface.link.rawValue)) + [0, 0] + Self.field(UInt32(0))
        if let name = interface.name { body += Self.text(2, name, limit: Self.nameLimit) }
        block(1, body + Self.option(9, [9]) + Self.endOfOptions)
        return index
    }

    private mutating func block(_ type: UInt32, _ body: [UInt8]) {
        let length = Self.field(UInt32(12 + body.count))
        file.append(Self.field(type) + length)
        file.append(body)
        file.append(length)
    }

    private static let endOfOptions: [UInt8] = [0, 0, 0, 0]

    // A text that is too long ends between two characters.
    private static func text(_ code: UInt16, _ text: String, limit: Int) -> [UInt8] {
        var octets = Array(text.utf8.prefix(limit + 1))
        if octets.count > limit {
            var end = limit
            while end > 0, octets[end] & 0xC0 == 0x80 { end -= 1 }
            octets.removeSubrange(end...)
        }
        return option(code, octets)
    }

    private static func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
        field(code) + field(UInt16(value.count)) + padded(value)
    }

    private static func padded(_ octets: [UInt8]) -> [UInt8] {
        octets + [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
    }

    private static func field<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
