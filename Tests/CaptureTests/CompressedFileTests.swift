import Glibc
import LinuxNet
import Testing

@testable import Capture

@Suite("Compressed captures and pipes", .timeLimit(.minutes(2)))
struct CompressedFileTests {
    private static let options = CaptureOptions(limits: StreamTests.smallLimits)

    private static func read(_ bytes: [UInt8]) throws -> CaptureResult {
        try ScratchFolder.reading(bytes) { try CaptureFile.read(path: $0, options: options) }
    }

    @Test("What gzip(1) compressed reads as the original, in one member or in several")
    func likeGzip() throws {
        let folder = try ScratchFolder()
        let plain = PacketBuilder.pcap(try SampleFrames.queries(400), nanoseconds: true)
        try folder.write(plain)
        try folder.run(
            "gzip -c capture > one.gz; { head -c 7 capture | gzip -1c; tail -c +8 capture | gzip -9c; } > two.gz"
        )
        let original = try CaptureFile.read(path: folder.file("capture"))
        for name in ["one.gz", "two.gz"] {
            let result = try CaptureFile.read(path: folder.file(name))
            #expect(result.damage == nil && result.report == original.report)
            #expect(result.records.map(\.summary) == original.records.map(\.summary))
        }
    }

    @Test("Members of any size in a row, empty ones too, and zeros at the end", arguments: [1, 3, 100, 65_535])
    func members(size: Int) throws {
        let plain = PacketBuilder.pcap(try SampleFrames.queries(4))
        var bytes = GzipBuilder.member([])
        for start in stride(from: 0, to: plain.count, by: size) {
            bytes += GzipBuilder.member(Array(plain[start..<min(start + size, plain.count)]), block: 50)
            bytes += GzipBuilder.member([])
        }
        let result = try Self.read(bytes + [UInt8](repeating: 0, count: 512))
        #expect(result.damage == nil)
        #expect(result.records.count == 4)
    }

    @Test("Truncated compression keeps the whole records and tells the offset of the uncompressed data")
    func truncation() throws {
        let frames = try SampleFrames.queries(3)
        let plain = PacketBuilder.pcap(frames)
        var starts = [24]
        for frame in frames { starts.append((starts.last ?? 0) + 16 + frame.octets.count) }
        let bytes = GzipBuilder.member(plain)
        // The content begins after a header of 10 octets and a block header of 5.
        for length in (15 + 24)..<bytes.count {
            let result = try Self.read(Array(bytes[0..<length]))
            let whole = starts.lastIndex { $0 <= length - 15 } ?? 0
            #expect(result.records.count == whole)
            let damage = try #require(result.damage)
            #expect(damage.offset == UInt64(starts[whole]))
            #expect(damage.reason.contains("ends in the middle") && damage.reason.contains("uncompressed"))
            #expect(result.report.losses.fileIsDamaged && result.report.isBalanced)
        }
    }

    @Test("A wrong checksum, and octets behind the end that are no gzip data, are damage behind the last record")
    func wrongEnd() throws {
        let plain = PacketBuilder.pcap(try SampleFrames.queries(2))
        var bytes = GzipBuilder.member(plain)
        let trailing = try Self.read(bytes + Array("trailer".utf8))
        bytes[bytes.count - 6] ^= 1
        let checksum = try Self.read(bytes)
        for result in [trailing, checksum] {
            #expect(result.records.count == 2)
            #expect(result.damage?.offset == UInt64(plain.count))
        }
        #expect(checksum.damage?.reason.contains("damaged: incorrect data check") == true)
        #expect(trailing.damage?.reason.contains("no gzip data") == true)
    }

    @Test("Damage of the capture itself inside sound compression tells the offset of the uncompressed data")
    func innerDamage() throws {
        let plain = PacketBuilder.pcap(try SampleFrames.queries(1)) + [UInt8](repeating: 0xFF, count: 16)
        let result = try Self.read(GzipBuilder.member(plain))
        #expect(result.damage?.offset == UInt64(plain.count - 16))
        #expect(result.damage?.description.contains("the offset is that of the uncompressed data") == true)
    }

    @Test("Compression of something else, and compressions that are not read, are refused in one sentence")
    func refusals() throws {
        for bytes in [
            GzipBuilder.member(Array("hello world".utf8)), GzipBuilder.member([]), [0x1F, 0x8B],
            [0x1F, 0x8B, 8, 0, 0], [0x1F, 0x8B, 9, 0, 0, 0, 0, 0, 0, 0, 0], [0x28, 0xB5, 0x2F, 0xFD, 0],
            Array("BZh91AY&SY".utf8), [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], [0x04, 0x22, 0x4D, 0x18, 0x60],
        ] {
            let error = #expect(throws: CaptureError.self) { try Self.read(bytes) }
            #expect(error?.description.hasSuffix(".") == true)
        }
        #expect(throws: CaptureError.cannotOpen(path: "/tmp", reason: "it cannot be read further: Is a directory")) {
            try CaptureFile.read(path: "/tmp")
        }
    }

    @Test("A small file that inflates to a large one goes through a small window")
    func boundedWindow() throws {
        let folder = try ScratchFolder()
        let frames = [(time: Int64(1_000_000_000), octets: [UInt8](repeating: 0, count: 200_000))]
        let plain = PacketBuilder.pcap(frames)
        try folder.write(Array(plain[..<24]), to: "head")
        try folder.write(Array(plain[24...]), to: "record")
        try folder.run("{ cat head; for i in $(seq 320); do cat record; done; } | gzip -9c > bomb.gz")
        #expect(try folder.read("bomb.gz").count < 1 << 20)
        var window = try FileWindow(path: folder.file("bomb.gz"))
        var reader = try CaptureFileReader(window: &window, path: "bomb.gz")
        var counter = FrameCounter()
        #expect(reader.readAll(from: &window, into: &counter) == nil)
        #expect(counter.frames == 320 && counter.octets == 64_000_000)
        #expect(window.storage.count <= 1 << 20)
    }

    @Test("A pipe is read as it is written, plain and compressed", arguments: [false, true])
    func pipe(isCompressed: Bool) throws {
        let folder = try ScratchFolder()
        let plain = PacketBuilder.pcap(try SampleFrames.queries(50))
        let bytes = isCompressed ? GzipBuilder.member(plain, block: 100) : plain
        let path = folder.file("pipe")
        defer { withExtendedLifetime(folder) {} }
        try #require(mkfifo(path, 0o600) == 0)
        let writer = try Threads.start(name: "pipe-writer") {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            defer { close(descriptor) }
            for start in stride(from: 0, to: bytes.count, by: 97) {
                let piece = Array(bytes[start..<min(start + 97, bytes.count)])
                _ = write(descriptor, piece, piece.count)
            }
        }
        let result = try CaptureFile.read(path: path)
        writer.join()
        #expect(result.damage == nil)
        #expect(result.records.count == 50)
    }

    @Test("The program reads standard input as `-`, plain and compressed, from a pipe", arguments: [false, true])
    func standardInput(isCompressed: Bool) throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let plain = PacketBuilder.pcap(try SampleFrames.queries(20))
        try folder.write(isCompressed ? GzipBuilder.member(plain) : plain)
        let output = try folder.run("cat capture | '\(ScratchFolder.program)' capture read - --json")
        #expect(output.contains("\"packets\" : 20"))
    }
}
