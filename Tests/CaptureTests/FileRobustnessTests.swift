import DNSWire
import Foundation
import Testing

@testable import Capture

/// Damaged files of every format that is read, made here.
@Suite("Damaged files", .timeLimit(.minutes(5)))
struct FileRobustnessTests {
    /// A file that the builders made.
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
    }

    private static let options: CaptureOptions = {
        var options = CaptureOptions(roles: Wire.roles)
        options.limits = StreamTests.smallLimits
        return options
    }()
    /// Changed files for each sample.
    private static let mutations = 500
    /// `NLDNS_TEST_SEED`, or 1.
    private static let seed = ProcessInfo.processInfo.environment["NLDNS_TEST_SEED"].flatMap(UInt64.init) ?? 1

    /// pcap and pcapng in both byte orders, plain and compressed.
    static let samples: [Sample] = {
        var plain: [Sample] = []
        guard let frames = try? frames() else { return [] }
        for bigEndian in [false, true] {
            let order = bigEndian ? "big-endian" : "little-endian"
            for nanoseconds in [false, true] {
                let bytes = PacketBuilder.pcap(frames, bigEndian: bigEndian, nanoseconds: nanoseconds)
                plain.append(Sample(testDescription: "pcap \(order) \(nanoseconds ? "ns" : "µs")", bytes: bytes))
            }
            plain.append(Sample(testDescription: "pcapng \(order)", bytes: pcapng(frames, bigEndian: bigEndian)))
        }
        let compressed = plain.map { sample in
            let middle = sample.bytes.count / 2
            let bytes = GzipBuilder.member(Array(sample.bytes[..<middle]), block: 100)
            let rest = GzipBuilder.member(Array(sample.bytes[middle...]))
            return Sample(testDescription: sample.testDescription + " in gzip", bytes: bytes + rest)
        }
        return plain + compressed
    }()

    /// A query and its response over UDP, and both over TCP.
    private static func frames() throws -> [(time: Int64, octets: [UInt8])] {
        let name = try DNSName("a.example")
        let client = Wire.pod
        let server = Wire.cache
        let query = try Wire.query(name, id: 1)
        let response = try Wire.response(name, id: 1, ttl: 30)
        func udp(_ message: [UInt8], _ source: Endpoint, _ target: Endpoint) -> [UInt8] {
            let datagram = PacketBuilder.udp(message, from: source, to: target)
            return PacketBuilder.ethernet(PacketBuilder.ipv4(datagram, from: source, to: target, ipProtocol: 17))
        }
        func tcp(_ message: [UInt8], _ source: Endpoint, _ target: Endpoint) -> [UInt8] {
            let framed = PacketBuilder.big(UInt16(message.count)) + message
            let segment = PacketBuilder.tcp(framed, from: source, to: target, sequence: 1)
            return PacketBuilder.ethernet(PacketBuilder.ipv4(segment, from: source, to: target, ipProtocol: 6))
        }
        let octets = [
            udp(query, client, server), udp(response, server, client), tcp(query, client, server),
            tcp(response, server, client),
        ]
        return octets.enumerated().map { (SampleFrames.firstTime + Int64($0.offset) * 1_000_000, $0.element) }
    }

    /// Every block that is read, in two sections of different byte order.
    private static func pcapng(_ frames: [(time: Int64, octets: [UInt8])], bigEndian: Bool) -> [UInt8] {
        var file = PcapNGBuilder(bigEndian: bigEndian)
        file.section()
        file.interface(snapshot: 65_535, name: "eth0", offset: 1)
        file.interface(link: 101, name: "tun0", resolution: 9)
        let ticks = UInt64(frames[0].time)
        let drops = PcapNGBuilder.Option(code: 4, value: file.field(UInt64(2)))
        file.packet(interface: 0, ticks: ticks / 1_000, octets: frames[0].octets, options: [drops])
        file.packet(interface: 1, ticks: ticks + 50_000_000, octets: Array(frames[1].octets[14...]))
        file.simplePacket(frames[2].octets)
        file.statistics(interface: 0, interfaceDrops: 1, systemDrops: 2)
        file.unknown()
        var content = PcapNGBuilder(bigEndian: !bigEndian)
        content.interface(resolution: 0x80 | 20)
        content.obsoletePacket(drops: 1, ticks: 1_700_000_001 << 20, octets: frames[3].octets)
        var second = PcapNGBuilder(bigEndian: !bigEndian)
        second.section(length: Int64(content.bytes.count))
        return file.bytes + second.bytes + content.bytes
    }

    /// Reads a file twice, as frames and as messages; nil when it is refused.
    private static func read(_ path: String, _ what: @autoclosure () -> String) throws -> FrameCounter? {
        var counter = FrameCounter()
        do throws(CaptureError) {
            var window = try FileWindow(path: path)
            var reader = try CaptureFileReader(window: &window, path: path)
            let damage = reader.readAll(from: &window, into: &counter)
            let result = try CaptureFile.read(path: path, options: options)
            #expect(window.storage.count <= 1 << 20, "\(what())")
            #expect(result.damage == damage && (damage?.offset ?? 0) <= window.offset, "\(what())")
            #expect(result.files[0].remarks == reader.remarks, "\(what())")
            #expect(result.report.isBalanced, "\(what()): \(result.report.accounting)")
            #expect(result.report.packets == UInt64(counter.frames), "\(what())")
            #expect(result.report.losses.fileIsDamaged == (damage != nil), "\(what())")
            #expect(result.ledger.isBalanced, "\(what())")
        } catch {
            #expect(error.description.hasSuffix("."), "\(what())")
            return nil
        }
        return counter
    }

    @Test("Whole samples have no damage and four frames", arguments: samples)
    func whole(sample: Sample) throws {
        let result = try ScratchFolder.reading(sample.bytes) { path in
            try CaptureFile.read(path: path, options: Self.options)
        }
        #expect(result.damage == nil)
        #expect(result.report.packets == 4)
        #expect(result.report.messages.messages == 4)
    }

    @Test("Cut at every octet, a file is refused, or gives the first frames of the whole", arguments: samples)
    func truncations(sample: Sample) throws {
        let folder = try ScratchFolder()
        let whole = try #require(try Self.read(try folder.write(sample.bytes), "whole"))
        for length in 0..<sample.bytes.count {
            let path = try folder.write(Array(sample.bytes[..<length]))
            guard let cut = try Self.read(path, "length \(length)") else { continue }
            #expect(whole.likeTshark.starts(with: cut.likeTshark), "length \(length)")
        }
    }

    @Test("Random octets changed, added and left out: no crash, and each frame in one class", arguments: samples)
    func mutated(sample: Sample) throws {
        print("damaged files: \(sample.testDescription) with NLDNS_TEST_SEED=\(Self.seed)")
        let folder = try ScratchFolder()
        var random = SplitMix(state: Self.seed)
        for round in 0..<Self.mutations {
            let bytes = Self.mutation(of: sample.bytes, &random)
            _ = try Self.read(try folder.write(bytes), "seed \(Self.seed) round \(round): \(bytes)")
        }
    }

    /// One to eight places changed; what damages lengths and counts most comes often.
    private static func mutation(of original: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = original
        for _ in 0..<(1 + random.next() % 8) {
            let place = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 8 {
            case 0: bytes[place] = 0
            case 1: bytes[place] = 0xFF
            case 2: bytes[place] ^= 1 << UInt8(random.next() % 8)
            case 3: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            case 4 where bytes.count > 8: bytes.removeSubrange(place..<min(place + 4, bytes.count))
            case 5:
                let end = min(place + 1 + Int(random.next() % 64), bytes.count)
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            case 6:
                for offset in place..<min(place + 8, bytes.count) { bytes[offset] = 0xFF }
            default: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            }
        }
        return bytes
    }
}
