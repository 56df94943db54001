import DNSWire
import Glibc
import Testing

@testable import Capture

@Suite("Capture files")
struct CaptureFileTests {
    private static let options: CaptureOptions = CaptureOptions(limits: StreamTests.smallLimits)

    @Test("Both byte orders, microseconds and nanoseconds", arguments: [false, true], [false, true])
    func pcap(bigEndian: Bool, nanoseconds: Bool) throws {
        let file = PacketBuilder.pcap(try SampleFrames.queries(3), bigEndian: bigEndian, nanoseconds: nanoseconds)
        let result = try ScratchFolder.reading(file) { try CaptureFile.read(path: $0) }
        #expect(result.records.map(\.id) == [0, 1, 2])
        #expect(result.records.first?.realtimeNanoseconds == 1_700_000_000_123_456_000)
        #expect(result.damage == nil)
    }

    @Test("A file cut at any octet keeps what came before and tells the offset")
    func truncation() throws {
        let frames = try SampleFrames.queries(3)
        let file = PacketBuilder.pcap(frames)
        var starts = [24]
        for frame in frames { starts.append((starts.last ?? 0) + 16 + frame.octets.count) }
        for length in 24..<file.count {
            let result = try ScratchFolder.reading(Array(file[0..<length])) {
                try CaptureFile.read(path: $0, options: Self.options)
            }
            let whole = starts.lastIndex { $0 <= length } ?? 0
            #expect(result.records.count == whole)
            if starts.contains(length) {
                #expect(result.damage == nil)
            } else {
                #expect(result.damage?.offset == UInt64(starts[whole]))
                #expect(result.report.losses.fileIsDamaged)
            }
        }
    }

    @Test("Files that are no captures are refused in one sentence")
    func refusals() throws {
        #expect(throws: CaptureError.self) { try CaptureFile.read(path: "/nonexistent/file.pcap") }
        for bytes in [[], [1, 2], Array("hello world".utf8)] {
            let error = try ScratchFolder.reading(bytes) { path in
                #expect(throws: CaptureError.self) { try CaptureFile.read(path: path) }
            }
            #expect(error?.description.hasSuffix(".") == true)
        }
        let other = PacketBuilder.pcap(try SampleFrames.queries(1), link: 147)
        try ScratchFolder.reading(other) { path in
            #expect(throws: CaptureError.unsupportedLinkType(147)) { try CaptureFile.read(path: path) }
        }
    }
}
