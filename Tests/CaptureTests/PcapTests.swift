import Testing

@testable import Capture

@Suite("Classic pcap", .timeLimit(.minutes(2)))
struct PcapTests {
    private static let options = CaptureOptions(limits: StreamTests.smallLimits)

    private static func examine(_ bytes: [UInt8]) throws -> (result: CaptureResult, remarks: FileRemarks) {
        let result = try ScratchFolder.reading(bytes) { try CaptureFile.read(path: $0, options: options) }
        return (result, try #require(result.files.first).remarks)
    }

    /// The file with the 32-bit integer at an offset of another value, in its own byte order.
    private static func setting(_ bytes: [UInt8], at offset: Int, to value: UInt32, bigEndian: Bool) -> [UInt8] {
        let field = bigEndian ? PacketBuilder.big(value) : PacketBuilder.big(value).reversed()
        return Array(bytes[..<offset]) + field + Array(bytes[(offset + 4)...])
    }

    @Test("The modified format is refused, with what to do", arguments: [false, true])
    func modified(bigEndian: Bool) throws {
        let plain = PacketBuilder.pcap(try SampleFrames.queries(2), bigEndian: bigEndian)
        let file = Self.setting(plain, at: 0, to: 0xA1B2_CD34, bigEndian: bigEndian)
        for bytes in [file, Array(file[..<4])] {
            let error = #expect(throws: CaptureError.self) { try Self.examine(bytes) }
            let text = error?.description ?? ""
            #expect(text.contains("modified format") && text.hasSuffix("(editcap -F pcap)."))
        }
    }

    @Test("The length of a frame check sequence beside the link type is no part of it", arguments: [false, true])
    func frameCheckSequence(bigEndian: Bool) throws {
        // Ethernet with four octets of FCS: 2 units of 16 bits, and the bit that says so.
        let frames = try SampleFrames.queries(3).map { (time: $0.time, octets: $0.octets + [1, 2, 3, 4]) }
        let file = PacketBuilder.pcap(frames, link: 0x2400_0001, bigEndian: bigEndian)
        let (result, remarks) = try Self.examine(file)
        #expect(result.damage == nil && remarks.isEmpty)
        #expect(result.records.map(\.id) == [0, 1, 2])
        let reserved = PacketBuilder.pcap(frames, link: 0x0001_0001, bigEndian: bigEndian)
        #expect(throws: CaptureError.unsupportedLinkType(0x0001_0001)) { try Self.examine(reserved) }
    }

    @Test("A frame longer than its original or than the snapshot length is read and counted", arguments: [false, true])
    func contradictoryLengths(bigEndian: Bool) throws {
        let plain = PacketBuilder.pcap(try SampleFrames.queries(2), bigEndian: bigEndian)
        let overlong = Self.setting(plain, at: 24 + 12, to: 10, bigEndian: bigEndian)
        let (result, remarks) = try Self.examine(overlong)
        #expect(result.damage == nil && result.records.count == 2)
        #expect(remarks.description == "1 frame captured longer than the original")
        let short = Self.setting(plain, at: 16, to: 40, bigEndian: bigEndian)
        let (all, odd) = try Self.examine(short)
        #expect(all.damage == nil && all.records.count == 2)
        #expect(odd.description == "2 frames longer than the snapshot length")
        #expect(try Self.examine(Self.setting(plain, at: 16, to: 0, bigEndian: bigEndian)).remarks.isEmpty)
    }

    @Test("Before version 2.4 the two lengths may stand in the wrong order; other versions than 2 are refused")
    func versions() throws {
        let frames = try SampleFrames.queries(1)
        var file = PacketBuilder.pcap(frames)
        file = Self.setting(file, at: 4, to: 2 | 3 << 16, bigEndian: false)
        file = Self.setting(file, at: 24 + 8, to: 1_500, bigEndian: false)
        file = Self.setting(file, at: 24 + 12, to: UInt32(frames[0].octets.count), bigEndian: false)
        let (result, remarks) = try Self.examine(file)
        #expect(result.damage == nil && result.records.count == 1 && remarks.isEmpty)
        let error = #expect(throws: CaptureError.self) {
            try Self.examine(Self.setting(file, at: 4, to: 3 | 1 << 16, bigEndian: false))
        }
        #expect(error?.description.hasSuffix("is pcap of version 3.1, which is not supported.") == true)
    }

    @Test("A record longer than the file, or than any frame, is damage at its offset", arguments: [false, true])
    func longRecords(bigEndian: Bool) throws {
        let frames = try SampleFrames.queries(2)
        let plain = PacketBuilder.pcap(frames, bigEndian: bigEndian)
        let second = 24 + 16 + frames[0].octets.count
        let count = frames[1].octets.count
        for (length, reason) in [
            (262_144, "the last record lacks \(262_144 - count) of 262144 octets"),
            (262_145, "a record claims 262145 octets"), (.max, "a record claims 4294967295 octets"),
        ] as [(UInt32, String)] {
            let file = Self.setting(plain, at: second + 8, to: length, bigEndian: bigEndian)
            let (result, _) = try Self.examine(file)
            #expect(result.damage == CaptureDamage(offset: UInt64(second), reason: reason))
            #expect(result.records.count == 1)
        }
        // A snapshot length that is longer allows longer frames, and what is not there takes no memory.
        var file = Self.setting(plain, at: 16, to: .max, bigEndian: bigEndian)
        file = Self.setting(file, at: second + 8, to: 16 << 20, bigEndian: bigEndian)
        try ScratchFolder.reading(file) { path in
            var window = try FileWindow(path: path)
            var reader = try CaptureFileReader(window: &window, path: path)
            var counter = FrameCounter()
            let damage = reader.readAll(from: &window, into: &counter)
            #expect(damage?.reason == "the last record lacks \((16 << 20) - count) of \(16 << 20) octets")
            #expect(window.storage.count <= 1 << 20)
        }
    }

    @Test("A frame that was cut is written with the length that it had on the wire")
    func writtenLengths() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.file("written.pcap")
        var writer = try PcapWriter(path: path, link: 1, snapshotLength: 64)
        let octets = [UInt8](repeating: 7, count: 64)
        for length in [64, 1_514] as [UInt32] {
            octets.withUnsafeBytes { writer.write($0, originalLength: length, seconds: 1_700_000_000, nanoseconds: 5) }
        }
        try writer.finish()
        var window = try FileWindow(path: path)
        var reader = try CaptureFileReader(window: &window, path: path)
        var counter = FrameCounter()
        #expect(reader.readAll(from: &window, into: &counter) == nil)
        #expect(counter.lengths == [64, 64] && counter.originalLengths == [64, 1_514])
        #expect(reader.remarks.isEmpty)
    }

    @Test(
        "Times and lengths of every frame are those of tshark",
        .enabled(if: ScratchFolder.hasTool("tshark"), "tshark is not installed"),
        arguments: [false, true],
        [false, true]
    )
    func likeTshark(bigEndian: Bool, nanoseconds: Bool) throws {
        let plain = PacketBuilder.pcap(try SampleFrames.queries(5), bigEndian: bigEndian, nanoseconds: nanoseconds)
        let file = Self.setting(plain, at: 24 + 12, to: 10, bigEndian: bigEndian)
        let folder = try ScratchFolder()
        let path = try folder.write(file)
        let output = try folder.run("tshark -r capture -T fields -e frame.time_epoch -e frame.cap_len")
        var window = try FileWindow(path: path)
        var reader = try CaptureFileReader(window: &window, path: path)
        var counter = FrameCounter()
        #expect(reader.readAll(from: &window, into: &counter) == nil)
        #expect(output.split(separator: "\n").map(String.init) == counter.likeTshark)
    }
}
