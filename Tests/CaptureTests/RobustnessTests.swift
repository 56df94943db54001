import DNSWire
import Glibc
import Testing

@testable import Capture

/// Captures of every shape that the decoders know, small, made here.
@Suite("Damaged input")
struct RobustnessTests {
    private static let client = Endpoint(address: .v4(0x0A00_0001), port: 41_000)
    private static let server = Endpoint(address: .v4(0x0A00_0002), port: 53)

    /// One frame of each kind, with its link type.
    private static func corpus() throws -> [(link: LinkType, frames: [[UInt8]])] {
        let name = try DNSName("www.example.com")
        let query = try Wire.query(name, id: 1)
        let response = try Wire.response(name, id: 1, ttl: 30, denial: true)
        let udp = PacketBuilder.udp(query, from: client, to: server)
        let packet = PacketBuilder.ipv4(udp, from: client, to: server, ipProtocol: 17)
        let stream = PacketBuilder.big(UInt16(response.count)) + response
        let segments = [0..<10, 10..<30, 30..<stream.count].map { range in
            PacketBuilder.ethernet(
                PacketBuilder.ipv4(
                    PacketBuilder.tcp(
                        Array(stream[range]),
                        from: server,
                        to: client,
                        sequence: 100 + UInt32(range.lowerBound),
                        flags: range.lowerBound == 0 ? [.syn] : [.ack]
                    ),
                    from: server,
                    to: client,
                    ipProtocol: 6
                )
            )
        }
        let halves = [0..<16, 16..<udp.count].map { range in
            PacketBuilder.ipv4(
                Array(udp[range]),
                from: client,
                to: server,
                ipProtocol: 17,
                identification: 7,
                fragment: UInt16(range.lowerBound / 8) | (range.lowerBound == 0 ? 0x2000 : 0)
            )
        }
        let client6 = Endpoint(address: .v6(1, 2), port: 41_000)
        let server6 = Endpoint(address: .v6(3, 4), port: 53)
        let udp6 = PacketBuilder.udp(response, from: server6, to: client6)
        let packet6 = PacketBuilder.ipv6([17, 0, 1, 4, 0, 0, 0, 0] + udp6, from: server6, to: client6, next: 0)
        return [
            (.ethernet, [PacketBuilder.ethernet(packet, tags: [3])]),
            (.ethernet, segments),
            (.raw, halves),
            (.ethernet, [PacketBuilder.ethernet(packet6, type: 0x86DD)]),
            (.linuxCooked2, [2, 3].map { PacketBuilder.cooked2(packet, interface: $0) }),
            (.null, [[2, 0, 0, 0] + packet]),
        ]
    }

    private static func run(_ link: LinkType, _ frames: [[UInt8]], engine: inout CaptureEngine) {
        for frame in frames { engine.accept(frame.span.bytes, link: link, at: 1) }
        engine.finish()
    }

    private static func engine() -> CaptureEngine {
        var options = CaptureOptions(roles: Wire.roles)
        options.limits = StreamTests.smallLimits
        return CaptureEngine(options: options)
    }

    @Test("Every octet of every frame with other values: no crash, and each frame in one class")
    func mutations() throws {
        for (link, frames) in try Self.corpus() {
            for (number, frame) in frames.enumerated() {
                for offset in frame.indices {
                    for value in [0x00, 0x01, 0x3F, 0x7F, 0x80, 0xC0, 0xFF, frame[offset] ^ 0x01, frame[offset] ^ 0x20]
                    {
                        var changed = frames
                        changed[number][offset] = value
                        var engine = Self.engine()
                        Self.run(link, changed, engine: &engine)
                        #expect(engine.report.isBalanced, "\(link) frame \(number) offset \(offset) value \(value)")
                    }
                }
            }
        }
    }

    @Test("Every frame cut at every octet: no crash, and each frame in one class")
    func truncations() throws {
        for (link, frames) in try Self.corpus() {
            for (number, frame) in frames.enumerated() {
                for length in 0...frame.count {
                    var cut = frames
                    cut[number] = Array(frame[0..<length])
                    var engine = Self.engine()
                    Self.run(link, cut, engine: &engine)
                    #expect(engine.report.isBalanced, "\(link) frame \(number) length \(length)")
                }
            }
        }
    }

    @Test("Random octets as frames, segments and messages", arguments: 0..<8)
    func noise(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        var engine = Self.engine()
        let links: [LinkType] = [.ethernet, .linuxCooked, .linuxCooked2, .raw, .null, .ipv6]
        var sequence: UInt32 = 1
        for round in 0..<2_000 {
            let noise = (0..<Int(random.next() % 120)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            engine.accept(noise.span.bytes, link: links[round % links.count], at: Int64(round))
            let tcp = PacketBuilder.tcp(
                noise,
                from: Self.client,
                to: Self.server,
                sequence: sequence,
                acknowledgement: UInt32(truncatingIfNeeded: random.next()),
                flags: TCPFlags(rawValue: UInt8(truncatingIfNeeded: random.next() & 0x17))
            )
            sequence &+= UInt32(random.next() % 200)
            let packet = PacketBuilder.ipv4(tcp, from: Self.client, to: Self.server, ipProtocol: 6)
            engine.accept(packet.span.bytes, link: .raw, at: Int64(round) * 1_000_000)
        }
        engine.finish()
        #expect(engine.report.isBalanced, "\(engine.report.accounting)")
    }

    @Test("Lower case of eight octets at once is that of each octet")
    func lowercaseWords() {
        for octet in 0...255 as ClosedRange<UInt64> {
            for shift in stride(from: 0, to: 64, by: 8) as StrideTo<UInt64> {
                let others: UInt64 = 0x41FF_5B40_7A5A_6180 & ~(0xFF << shift)
                let word = MessageScan.lowercase(others | octet << shift)
                for place in stride(from: 0, to: 64, by: 8) as StrideTo<UInt64> {
                    let before = UInt8(truncatingIfNeeded: (others | octet << shift) >> place)
                    #expect(UInt8(truncatingIfNeeded: word >> place) == MessageScan.lowercase(before))
                }
            }
        }
    }

    @Test("A message scan agrees with the decoder of DNSWire on header, question and TTLs of mutated messages")
    func scanAgreesWithDecoder() throws {
        let original = try Wire.response(try DNSName("www.Example.com"), id: 0x1234, ttl: 77, denial: true)
        for offset in original.indices {
            for bit in 0..<8 as Range<UInt8> {
                var bytes = original
                bytes[offset] ^= 1 << bit
                guard let decoded = try? Message(decoding: bytes) else { continue }
                let read = MessageScan.read(bytes.span.bytes)
                let scan = try #require(read, "offset \(offset) bit \(bit)")
                #expect(scan.id == decoded.id && scan.isResponse == decoded.flags.isResponse)
                #expect(scan.type == decoded.questions.first?.type.rawValue ?? 0)
                #expect(scan.recordsAreWhole)
                let records = decoded.answers + decoded.authorities + decoded.additionals
                #expect(scan.lowestTTL == records.map(\.ttl).min() ?? .max)
                #expect(scan.rcode == decoded.rcode.rawValue)
            }
        }
    }

    @Test("The scan keeps what OPT says, and the codes of eight options")
    func scanOfOPT() throws {
        for count in [0, 1, 5, 11] {
            let options = (0..<count).map {
                EDNSOption(code: UInt16(3 + $0 * 6_000), data: Array(repeating: 0, count: $0))
            }
            let query = Message.query(
                id: 1,
                name: try DNSName("example.com"),
                type: .a,
                edns: EDNS(udpPayloadSize: 1_400, extendedRCode: 2, version: 1, flags: 0x8001, options: options)
            )
            let bytes = try query.encode()
            let scan = MessageScan.read(bytes.span.bytes)
            let opt = try #require(scan).opt
            #expect(opt.count == 1 && opt.payloadSize == 1_400 && opt.extendedCode == 2 && opt.version == 1)
            #expect(opt.flags == 0x8001 && opt.codes == options.prefix(8).map(\.code))
        }
    }

    @Test(
        "Sample captures with random octets changed",
        .enabled(if: SampleCaptures.arePresent, "\(SampleCaptures.comment)")
    )
    func mutatedSamples() throws {
        var random = SplitMix(state: 1)
        let path = "/tmp/nldns-capture-mutation-\(getpid()).pcap"
        defer { unlink(path) }
        for name in ["dnso1tcp-midmiss", "do1t-nosyn-1nolen", "dnsotcp-many1pkt", "sll2", "icmp", "edns"] {
            let original = try SampleCaptures.bytes(name)
            for _ in 0..<60 {
                var bytes = original
                for _ in 0..<(1 + random.next() % 12) {
                    bytes[24 + Int(random.next() % UInt64(bytes.count - 24))] = UInt8(truncatingIfNeeded: random.next())
                }
                try SampleCaptures.write(bytes, to: path)
                let result = try CaptureFile.read(path: path)
                #expect(result.report.isBalanced, "\(result.report.accounting)")
                #expect(result.ledger.isBalanced)
            }
        }
    }
}
