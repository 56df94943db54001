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

    @Test("Evidence is a pcapng of the named frames with their remarks, and reads back")
    func evidence() throws {
        let file = PacketBuilder.pcap(try SampleFrames.queries(5), nanoseconds: true)
        let evidence = [
            Evidence(frame: 2, realtimeNanoseconds: 0, text: "first remark"),
            Evidence(frame: 4, realtimeNanoseconds: 0, text: "second remark"),
            Evidence(frame: 4, realtimeNanoseconds: 0, text: "third remark"),
        ]
        try ScratchFolder.reading(file) { source in
            let path = source + ".evidence"
            defer { unlink(path) }
            #expect(try EvidenceFile.write(evidence, from: source, to: path) == 2)
            let result = try CaptureFile.read(path: path)
            #expect(result.damage == nil)
            #expect(result.records.map(\.id) == [1, 3])
            #expect(result.records.first?.realtimeNanoseconds == 1_700_000_001_123_456_000)
        }
    }

    @Test("pcapng: two sections of different byte order, link types, resolutions and drops", arguments: [false, true])
    func pcapng(bigEndian: Bool) throws {
        let frame = try SampleFrames.queries(1)[0].octets
        let raw = Array(frame[14...])
        var file = PcapNGFixture(bigEndian: bigEndian)
        file.section()
        file.interface(link: 1, name: "eth0", resolution: nil)
        file.interface(link: 101, name: "tun0", resolution: 9)
        file.packet(interface: 0, ticks: 1_700_000_000_000_001, octets: frame)
        file.packet(interface: 1, ticks: 1_700_000_000_000_000_777, octets: raw + [])
        file.statistics(interface: 0, drops: 4)
        file.unknown()
        let order = !bigEndian
        var second = PcapNGFixture(bigEndian: order)
        second.section()
        second.interface(link: 228, name: "raw0", resolution: 0x80 | 10)
        second.packet(interface: 0, ticks: 1_700_000_001 << 10, octets: raw)
        let result = try ScratchFolder.reading(file.bytes + second.bytes) { try CaptureFile.read(path: $0) }
        #expect(result.damage == nil)
        #expect(
            result.records.map(\.realtimeNanoseconds) == [
                1_700_000_000_000_001_000, 1_700_000_001_000_000_000,
            ]
        )
        // The second interface saw the same packet 0.2 µs before: one message.
        #expect(result.report.frames.duplicates == 1)
        #expect(result.report.losses.kernelDrops == 4)
        #expect(result.interfaceNames == [1: "raw0"])
        for length in stride(from: 28, to: file.bytes.count, by: 1) {
            let cut = try ScratchFolder.reading(Array(file.bytes[0..<length])) {
                try CaptureFile.read(path: $0, options: Self.options)
            }
            #expect(cut.report.isBalanced && cut.records.count <= 2)
        }
    }
}

/// Writes pcapng blocks.
private struct PcapNGFixture {
    let bigEndian: Bool
    private(set) var bytes: [UInt8] = []

    init(bigEndian: Bool) {
        self.bigEndian = bigEndian
    }

    private func field<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        bigEndian ? PacketBuilder.big(value) : PacketBuilder.big(value).reversed()
    }

    private func padded(_ octets: [UInt8]) -> [UInt8] {
        octets + [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
    }

    private mutating func block(_ type: UInt32, _ body: [UInt8]) {
        let length = field(UInt32(12 + body.count))
        bytes += field(type) + length + body + length
    }

    mutating func section() {
        block(0x0A0D_0D0A, field(UInt32(0x1A2B_3C4D)) + field(UInt16(1)) + field(UInt16(0)) + field(UInt64.max))
    }

    mutating func interface(link: UInt16, name: String, resolution: UInt8?) {
        var body = field(link) + [0, 0] + field(UInt32(0))
        body += field(UInt16(2)) + field(UInt16(name.utf8.count)) + padded(Array(name.utf8))
        if let resolution { body += field(UInt16(9)) + field(UInt16(1)) + [resolution, 0, 0, 0] }
        block(1, body + [0, 0, 0, 0])
    }

    mutating func packet(interface: UInt32, ticks: UInt64, octets: [UInt8]) {
        let length = field(UInt32(octets.count))
        block(
            6,
            field(interface) + field(UInt32(ticks >> 32)) + field(UInt32(truncatingIfNeeded: ticks)) + length + length
                + padded(octets)
        )
    }

    mutating func statistics(interface: UInt32, drops: UInt64) {
        block(
            5,
            field(interface) + field(UInt64(0)) + field(UInt16(5)) + field(UInt16(8)) + field(drops) + [0, 0, 0, 0]
        )
    }

    mutating func unknown() {
        block(0x0BAD, [1, 2, 3, 4])
    }
}
