import DNSWire
import Testing

@testable import Capture

@Suite("Memory of TCP streams", .timeLimit(.minutes(2)))
struct StreamRoomTests {
    private static let server = Endpoint(address: .v4(0x0A00_0002), port: 53)

    /// A table with what it gives its messages to.
    private struct Streams: ~Copyable {
        var table: TCPTable
        var sink: MessageSink
        private var sequences: [UInt32]
        private var time: Int64 = 1_700_000_000_000_000_000

        init(connections: Int) {
            let seed = HashSeed.random()
            table = TCPTable(capacity: CaptureLimits().connections, seed: seed)
            sink = MessageSink(options: CaptureOptions(), seed: seed)
            sequences = [UInt32](repeating: 100, count: connections)
        }

        /// A client sends octets, after as many that the capture lacks.
        mutating func send(_ octets: [UInt8], on connection: Int, after missing: Int = 0, flags: TCPFlags = [.ack]) {
            var decoded = DecodedFrame()
            decoded.kind = .tcp
            decoded.source = .v4(0x0A01_0000 + UInt32(connection))
            decoded.sourcePort = 41_000
            decoded.destination = StreamRoomTests.server.address
            decoded.destinationPort = StreamRoomTests.server.port
            decoded.sequence = sequences[connection] &+ UInt32(missing)
            decoded.tcpFlags = flags
            time += 1_000
            table.accept(decoded, payload: octets.span.bytes, frame: 1, time: time, sink: &sink)
            sequences[connection] &+= UInt32(missing + octets.count) + (flags.contains(.syn) ? 1 : 0)
        }
    }

    private static let filler = [UInt8](repeating: 0, count: 1_400)

    @Test("4,096 large messages of which a part is missing stay within the room of all; framing survives")
    func halfSent() throws {
        let count = CaptureLimits().connections
        let query = try Wire.query(try DNSName("a.example.com"), id: 7)
        var streams = Streams(connections: count)
        for connection in 0..<count {
            streams.send([], on: connection, flags: [.syn])
            streams.send(PacketBuilder.big(UInt16(60_000)), on: connection)
        }
        for _ in 0..<20 {
            for connection in 0..<count {
                streams.send(Self.filler, on: connection)
                guard streams.table.room > TCPTable.roomLimit else { continue }
                Issue.record("\(streams.table.room) octets")
                return
            }
        }
        #expect(streams.table.counters.evictedMessages > 3_000 && streams.table.counters.evictions == 0)
        // The rest of a dropped message passes, and the one behind it is found.
        var rest = 60_000 - 20 * 1_400
        while rest > 0 {
            streams.send([UInt8](repeating: 0, count: min(rest, 1_400)), on: 9)
            rest -= 1_400
        }
        let before = streams.table.counters.messages
        streams.send(PacketBuilder.big(UInt16(query.count)) + query, on: 9)
        #expect(streams.table.counters.messages == before + 1 && streams.table.counters.incomplete >= 1)
        streams.table.finish(sink: &streams.sink)
        #expect(streams.table.room == 0 && streams.table.counters.gaps == 0)
    }

    @Test("Segments that wait for one before them share the room; those that were given up are gaps")
    func outOfOrder() throws {
        let count = 512
        var streams = Streams(connections: count)
        for connection in 0..<count { streams.send([], on: connection, flags: [.syn]) }
        for round in 0..<60 {
            for connection in 0..<count {
                streams.send(Self.filler, on: connection, after: round == 0 ? 10 : 0)
                guard streams.table.room > TCPTable.roomLimit else { continue }
                Issue.record("\(streams.table.room) octets")
                return
            }
        }
        #expect(streams.table.counters.gaps > 0 && streams.table.counters.evictions == 0)
    }

    @Test("Of the beginnings and ends of connections the latest are kept, as many as wanted", arguments: [0, 1, 5])
    func events(limit: Int) throws {
        var events = ConnectionEvents()
        events.limit = limit
        for time in 1...9 as ClosedRange<Int64> {
            events.append(
                ConnectionEvent(
                    kind: .opened,
                    frame: FrameNumber(UInt64(time)),
                    realtimeNanoseconds: time,
                    client: Self.server,
                    server: Self.server
                )
            )
        }
        #expect(events.since(1).map(\.realtimeNanoseconds) == (1...9).suffix(limit).map(Int64.init))
        #expect(events.overwrittenUntil == 9 - Int64(limit))
    }

    @Test("What was evicted is a loss, and said in words")
    func losses() {
        var losses = CaptureLosses()
        losses.evictedMessages = 2
        #expect(!losses.isEmpty && losses.description == "2 messages in TCP evicted half-sent")
        #expect(losses.since(losses).isEmpty)
    }
}
