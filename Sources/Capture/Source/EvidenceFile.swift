/// Writes the frames that a proof rests on into a pcapng of their own, each with a comment, for Wireshark.
package enum EvidenceFile {
    /// Copies frames out of the capture file in which the evidence was found.
    ///
    /// - Parameters:
    ///   - evidence: Frame numbers and what they show; several remarks on one frame are all kept.
    ///   - source: The capture file that the frame numbers count in.
    ///   - path: The file to write; it appears under this name when it is complete.
    /// - Returns: How many frames were written.
    @discardableResult
    package static func write(_ evidence: [Evidence], from source: String, to path: String) throws(CaptureError) -> Int
    {
        var comments: [UInt64: [String]] = [:]
        for item in evidence where comments[item.frame]?.contains(item.text) != true {
            comments[item.frame, default: []].append(item.text)
        }
        var window = try FileWindow(path: source)
        var reader = try CaptureFileReader(window: &window, path: source)
        var collector = EvidenceCollector(comments: comments)
        _ = reader.readAll(from: &window, into: &collector, progress: nil)
        var file = try AtomicFile(path: path)
        file.append(collector.bytes)
        try file.finish()
        return collector.count
    }
}

/// Picks frames by number and lays them out as pcapng (draft-ietf-opsawg-pcapng).
private struct EvidenceCollector: FrameSink {
    private let comments: [UInt64: [String]]
    private var number: UInt64 = 0
    private var interfaces: [LinkType: UInt32] = [:]
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    init(comments: [UInt64: [String]]) {
        self.comments = comments
        // Section header: byte order magic, version 1.0, length unknown.
        block(0x0A0D_0D0A, Self.field(UInt32(0x1A2B_3C4D)) + [1, 0, 0, 0] + Self.field(UInt64.max))
    }

    mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32) {
        number += 1
        guard let link, let remarks = comments[number] else { return }
        let ticks = UInt64(bitPattern: time)
        let length = Self.field(UInt32(frame.byteCount))
        var octets: [UInt8] = []
        frame.append(0..<frame.byteCount, to: &octets)
        let remark = "frame \(number) of the capture\n" + remarks.joined(separator: "\n")
        let body =
            Self.field(interface(link)) + Self.field(UInt32(truncatingIfNeeded: ticks >> 32))
            + Self.field(UInt32(truncatingIfNeeded: ticks)) + length + length + Self.padded(octets)
            + Self.option(1, Array(remark.utf8.prefix(60_000))) + Self.option(0, [])
        block(6, body)
        count += 1
    }

    // One interface description for each link type, with nanoseconds.
    private mutating func interface(_ link: LinkType) -> UInt32 {
        if let known = interfaces[link] { return known }
        let index = UInt32(interfaces.count)
        interfaces[link] = index
        let body =
            Self.field(UInt16(link.rawValue)) + [0, 0] + Self.field(UInt32(262_144)) + Self.option(9, [9])
            + Self.option(0, [])
        block(1, body)
        return index
    }

    private mutating func block(_ type: UInt32, _ body: [UInt8]) {
        let length = Self.field(UInt32(12 + body.count))
        bytes += Self.field(type) + length + body + length
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
