import DNSWire
import Testing

@testable import Capture

@Suite("TCP streams")
struct StreamTests {
    private static let client = Endpoint(address: .v4(0x0A00_0001), port: 41_000)
    private static let server = Endpoint(address: .v4(0x0A00_0002), port: 53)

    /// Length-prefixed queries of different sizes, one of them larger than a segment.
    private static func messages(_ count: Int) throws -> [[UInt8]] {
        try (0..<count).map { number in
            let label = String(repeating: "x", count: 1 + number * 7 % 50)
            return try Wire.query(try DNSName("\(label).n\(number).example.com"), id: UInt16(number))
        }
    }

    private static func stream(_ messages: [[UInt8]]) -> [UInt8] {
        messages.flatMap { PacketBuilder.big(UInt16($0.count)) + $0 }
    }

    private static func send(
        _ bytes: ArraySlice<UInt8>,
        of stream: [UInt8],
        on wire: inout Wire,
        initial: UInt32,
        flags: TCPFlags = [.ack]
    ) {
        wire.segment(
            Array(bytes),
            from: client,
            to: server,
            sequence: initial &+ 1 &+ UInt32(bytes.startIndex),
            flags: flags
        )
    }

    private static func acknowledge(_ octets: Int, on wire: inout Wire, initial: UInt32) {
        wire.segment(
            [],
            from: server,
            to: client,
            sequence: 900,
            acknowledgement: initial &+ 1 &+ UInt32(octets),
            flags: [.ack]
        )
    }

    private static func open(_ wire: inout Wire, initial: UInt32) {
        wire.segment([], from: client, to: server, sequence: initial, flags: [.syn])
    }

    private static func ids(_ result: Tape) -> [UInt16] {
        #expect(result.report.isBalanced, "\(result.report.accounting)")
        return result.records.map(\.id)
    }

    @Test("Every possible set of segment borders gives the same messages, in order, reversed and doubled")
    func everySetOfBorders() throws {
        // Fourteen octets, the shortest message with its length, have 8,192 sets of borders.
        let header: [UInt8] = [0, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let stream = PacketBuilder.big(UInt16(header.count)) + header
        let initial = UInt32.max - 5
        for borders in 0..<(1 << (stream.count - 1)) {
            var ranges: [Range<Int>] = []
            var start = 0
            for end in 1...stream.count where end == stream.count || borders & 1 << (end - 1) != 0 {
                ranges.append(start..<end)
                start = end
            }
            let order = [ranges, ranges.reversed(), ranges.flatMap { [$0, $0] }][borders % 3]
            var wire = Wire(limits: Self.smallLimits)
            Self.open(&wire, initial: initial)
            for range in order { Self.send(stream[range], of: stream, on: &wire, initial: initial) }
            let result = wire.finish()
            #expect(result.records.map(\.id) == [7], "borders \(String(borders, radix: 2))")
            #expect(result.report.losses.isEmpty && result.report.isBalanced)
        }
    }

    @Test("Every pair of cuts through a stream gives the same messages, across a wrap of the numbers")
    func everyPairOfCuts() throws {
        let messages = try Self.messages(3)
        let stream = Self.stream(messages)
        let initial = UInt32.max - 40
        for first in 1..<stream.count {
            for second in stride(from: first, to: stream.count, by: 3) {
                var wire = Wire(limits: Self.smallLimits)
                Self.open(&wire, initial: initial)
                for range in [0..<first, first..<second, second..<stream.count] where !range.isEmpty {
                    Self.send(stream[range], of: stream, on: &wire, initial: initial)
                }
                let result = wire.finish()
                #expect(result.records.map(\.id) == [0, 1, 2], "cuts \(first) \(second)")
                #expect(result.report.losses.isEmpty)
            }
        }
    }

    /// Tables as small as they go, so that many captures can be made in one test.
    static let smallLimits: CaptureLimits = {
        var limits = CaptureLimits()
        limits.records = 64
        limits.connections = 4
        return limits
    }()

    @Test("Random borders, order and duplicates give the same messages", arguments: 0..<40)
    func randomSegments(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let messages = try Self.messages(12)
        let stream = Self.stream(messages)
        let initial = UInt32(truncatingIfNeeded: random.next())
        var segments: [Range<Int>] = []
        var start = 0
        while start < stream.count {
            let end = min(stream.count, start + 1 + Int(random.next() % 90))
            segments.append(start..<end)
            // Overlap: some segments begin again before where the last one ended.
            start = random.next() % 4 == 0 ? max(0, end - Int(random.next() % 20)) : end
            if end == stream.count { break }
        }
        var shuffled: [Range<Int>] = []
        for segment in segments {
            shuffled.append(segment)
            if random.next() % 5 == 0 { shuffled.append(segment) }
        }
        for index in shuffled.indices {
            shuffled.swapAt(index, min(shuffled.count - 1, index + Int(random.next() % 4)))
        }
        var wire = Wire(limits: Self.smallLimits)
        Self.open(&wire, initial: initial)
        for range in shuffled { Self.send(stream[range], of: stream, on: &wire, initial: initial) }
        let result = wire.finish()
        #expect(Self.ids(result) == messages.indices.map { UInt16($0) }, "\(result.report.tcp)")
        #expect(result.report.losses.isEmpty)
    }

    @Test("A hole that the peer acknowledged is skipped at once and counted; what follows is found")
    func acknowledgedHole() throws {
        let messages = try Self.messages(6)
        let stream = Self.stream(messages)
        // The hole swallows the second message and half of the third.
        let second = messages[0].count + 2
        let hole = second..<(second + messages[1].count + 2 + 15)
        let after = second + messages[1].count + messages[2].count + 4
        var wire = Wire()
        Self.open(&wire, initial: 7)
        Self.send(stream[0..<second], of: stream, on: &wire, initial: 7)
        Self.acknowledge(after, on: &wire, initial: 7)
        Self.send(stream[hole.upperBound..<after], of: stream, on: &wire, initial: 7)
        Self.send(stream[after...], of: stream, on: &wire, initial: 7)
        let result = wire.finish()
        #expect(Self.ids(result) == [0, 3, 4, 5])
        #expect(result.report.tcp.gaps == 1)
        #expect(result.report.tcp.gapOctets == UInt64(hole.count))
        #expect(!result.report.losses.isEmpty)
    }

    @Test("A hole inside one message costs that message alone, for its end is known")
    func holeInsideMessage() throws {
        let messages = try Self.messages(4)
        let stream = Self.stream(messages)
        let start = messages[0].count + 2
        var wire = Wire()
        Self.open(&wire, initial: 7)
        Self.send(stream[0..<(start + 10)], of: stream, on: &wire, initial: 7)
        Self.acknowledge(stream.count, on: &wire, initial: 7)
        Self.send(stream[(start + 13)...], of: stream, on: &wire, initial: 7)
        let result = wire.finish()
        #expect(Self.ids(result) == [0, 2, 3])
        #expect(result.report.tcp.incomplete == 1)
        #expect(result.report.tcp.resynchronisations == 0)
    }

    @Test("A hole that nobody acknowledged is waited for, and filled by the late segment")
    func lateSegment() throws {
        let messages = try Self.messages(5)
        let stream = Self.stream(messages)
        var wire = Wire()
        Self.open(&wire, initial: 7)
        Self.send(stream[0..<30], of: stream, on: &wire, initial: 7)
        Self.send(stream[60...], of: stream, on: &wire, initial: 7)
        wire.wait(milliseconds: 200)
        Self.send(stream[30..<60], of: stream, on: &wire, initial: 7)
        let result = wire.finish()
        #expect(Self.ids(result) == [0, 1, 2, 3, 4])
        #expect(result.report.losses.isEmpty)
    }

    @Test("A stream joined in the middle is framed at the first message that begins a segment")
    func midStream() throws {
        let messages = try Self.messages(5)
        let stream = Self.stream(messages)
        let first = messages[0].count + 2
        var wire = Wire()
        Self.send(stream[10..<first], of: stream, on: &wire, initial: 7)
        Self.send(stream[first...], of: stream, on: &wire, initial: 7)
        let result = wire.finish()
        #expect(Self.ids(result) == [1, 2, 3, 4])
        #expect(result.report.tcp.joinedMidStream == 1)
        #expect(result.report.losses.isEmpty)
    }

    @Test("Payload on SYN, FIN and RST is read", arguments: [TCPFlags.fin.rawValue, TCPFlags.rst.rawValue])
    func payloadOnFlags(last: UInt8) throws {
        let messages = try Self.messages(3)
        let stream = Self.stream(messages)
        let first = messages[0].count + 2
        let second = first + messages[1].count + 2
        var wire = Wire()
        wire.segment(Array(stream[0..<first]), from: Self.client, to: Self.server, sequence: 7, flags: [.syn])
        Self.send(stream[first..<second], of: stream, on: &wire, initial: 7)
        Self.send(stream[second...], of: stream, on: &wire, initial: 7, flags: [.ack, TCPFlags(rawValue: last)])
        #expect(Self.ids(wire.finish()) == [0, 1, 2])
    }

    @Test("The same ports used again start a new connection")
    func reusedTuple() throws {
        let messages = try Self.messages(1)
        let stream = Self.stream(messages)
        var wire = Wire()
        for initial in [7, 5_000_000, 4_294_000_000] as [UInt32] {
            Self.open(&wire, initial: initial)
            Self.send(stream[...], of: stream, on: &wire, initial: initial)
            wire.wait(milliseconds: 6_000)
        }
        let result = wire.finish()
        #expect(result.records.count == 3)
        #expect(result.report.tcp.connections == 3)
    }

    @Test("Live connections pushed out of a full table are a loss; closed ones are not")
    func evictions() throws {
        let messages = try Self.messages(1)
        let stream = Self.stream(messages)
        for closes in [false, true] {
            var wire = Wire(limits: Self.smallLimits)
            for port in 0..<6 as Range<UInt16> {
                let client = Endpoint(address: Self.client.address, port: 50_000 + port)
                wire.segment([], from: client, to: Self.server, sequence: 7, flags: [.syn])
                wire.segment(stream, from: client, to: Self.server, sequence: 8, flags: closes ? [.ack, .rst] : [.ack])
            }
            let result = wire.finish()
            #expect(result.records.count == 6)
            #expect(result.report.losses.evictedConnections == (closes ? 0 : 2))
        }
    }

    @Test("A message in its exact, lower-case question, transport, size and TTL range")
    func recordFields() throws {
        let name = try DNSName("WWW.Example.COM")
        var wire = Wire()
        wire.tcp(try Wire.query(name, id: 0xBEEF, type: .aaaa), from: Wire.node, to: Wire.endpoint)
        let record = try #require(wire.finish().records.first)
        #expect(record.qname == name.lowercased && record.qtype == .aaaa && record.id == 0xBEEF)
        #expect(record.transport == .tcp && record.side == .upstream && !record.isResponse && record.ttlRange == nil)
        #expect(record.frame == 2 && record.lastFrame == 2)
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
