import DNSWire
import Testing

@testable import Capture

@Suite("Frames")
struct FrameTests {
    private static let client = Endpoint(address: .v4(0x0A00_0001), port: 41_000)
    private static let server = Endpoint(address: .v4(0x0A00_0002), port: 53)
    private static let client6 = Endpoint(address: .v6(0xFD00_0000_0000_0000, 1), port: 41_000)
    private static let server6 = Endpoint(address: .v6(0xFD00_0000_0000_0000, 2), port: 53)

    private static func query() throws -> [UInt8] {
        try Wire.query(try DNSName("www.example.com"), id: 5)
    }

    private static func packet(identification: UInt16 = 0) throws -> [UInt8] {
        let datagram = PacketBuilder.udp(try query(), from: client, to: server)
        return PacketBuilder.ipv4(
            datagram,
            from: client,
            to: server,
            ipProtocol: 17,
            identification: identification
        )
    }

    @Test("A query is found behind every link header")
    func linkTypes() throws {
        let packet = try Self.packet()
        let cases: [(LinkType, [UInt8])] = [
            (.ethernet, PacketBuilder.ethernet(packet)),
            (.ethernet, PacketBuilder.ethernet(packet, tags: [11])),
            (.ethernet, PacketBuilder.ethernet(packet, tags: [11, 12])),
            (.ethernet, PacketBuilder.ethernet(packet + [0, 0, 0, 0, 0])),
            (.null, [2, 0, 0, 0] + packet), (.loop, [0, 0, 0, 2] + packet),
            (.raw, packet), (.rawBSD, packet), (.ipv4, packet),
            (.linuxCooked, [0, 0, 0, 1, 0, 6] + [UInt8](repeating: 0, count: 8) + [8, 0] + packet),
            (.linuxCooked2, PacketBuilder.cooked2(packet, interface: 3)),
        ]
        for (link, frame) in cases {
            var wire = Wire()
            wire.frame(frame, link: link)
            let result = wire.finish()
            #expect(result.records.count == 1 && result.report.isBalanced, "\(link)")
            #expect(result.records.first?.source == Self.client && result.records.first?.destination == Self.server)
            #expect(result.records.first?.interfaceIndex == (link == .linuxCooked2 ? 3 : 0))
        }
    }

    @Test("IPv6 is read behind extension headers")
    func ipv6() throws {
        let datagram = PacketBuilder.udp(try Self.query(), from: Self.client6, to: Self.server6)
        // Hop-by-hop (RFC 8200 section 4.3): next header, length 0, a PadN option of six octets.
        let extended = [17, 0, 1, 4, 0, 0, 0, 0] + datagram
        for (next, payload) in [(UInt8(17), datagram), (0, extended), (60, extended), (43, extended)] {
            var wire = Wire()
            wire.frame(
                PacketBuilder.ethernet(
                    PacketBuilder.ipv6(payload, from: Self.client6, to: Self.server6, next: next),
                    type: 0x86DD
                )
            )
            let result = wire.finish()
            #expect(result.records.first?.source == Self.client6)
            #expect(result.report.isBalanced)
        }
    }

    @Test("Fragments in any order are put together; a missing one is a loss")
    func fragments() throws {
        let datagram = PacketBuilder.udp(try Self.query(), from: Self.client, to: Self.server)
        let cuts = [0..<16, 16..<32, 32..<datagram.count]
        func fragment(_ range: Range<Int>) -> [UInt8] {
            let more: UInt16 = range.upperBound < datagram.count ? 0x2000 : 0
            return PacketBuilder.ethernet(
                PacketBuilder.ipv4(
                    Array(datagram[range]),
                    from: Self.client,
                    to: Self.server,
                    ipProtocol: 17,
                    identification: 9,
                    fragment: more | UInt16(range.lowerBound / 8)
                )
            )
        }
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 1, 0]] {
            var wire = Wire()
            for index in order { wire.frame(fragment(cuts[index])) }
            let result = wire.finish()
            #expect(result.records.map(\.id) == [5], "\(order)")
            #expect(result.report.frames.fragments == UInt64(order.count - 1))
            #expect(result.report.isBalanced && result.report.losses.isEmpty)
        }
        var wire = Wire()
        wire.frame(fragment(cuts[0]))
        #expect(wire.finish().report.losses.incompleteDatagrams == 1)
        // Only the last fragment may end beside a border of eight octets.
        var odd = Wire()
        for range in [0..<13, 16..<datagram.count] { odd.frame(fragment(range)) }
        #expect(odd.finish().report.losses.incompleteDatagrams == 2)
    }

    @Test("Fragments at the end of large datagrams stay within their room; those that went are counted")
    func fragmentRoom() {
        var table = FragmentTable()
        var whole: [UInt8] = []
        let octets = [UInt8](repeating: 7, count: 96)
        for number in 0..<500 as Range<UInt32> {
            var decoded = DecodedFrame()
            decoded.kind = .fragment
            decoded.identification = number
            decoded.payloadEnd = octets.count
            decoded.fragmentOffset = 65_400
            decoded.moreFragments = true
            #expect(!table.add(decoded, in: octets.span.bytes, at: Int64(number), into: &whole))
            #expect(table.room <= FragmentTable.roomLimit)
        }
        #expect(table.pending == UInt64(FragmentTable.roomLimit / 65_496) && table.abandoned == 500 - table.pending)
    }

    @Test("One packet on two interfaces is one message; two packets on one interface are two")
    func duplicates() throws {
        var wire = Wire()
        for interface in [3, 4, 5] as [UInt32] {
            wire.frame(
                PacketBuilder.cooked2(try Self.packet(identification: 1), interface: interface),
                link: .linuxCooked2
            )
        }
        wire.frame(PacketBuilder.cooked2(try Self.packet(identification: 2), interface: 3), link: .linuxCooked2)
        wire.wait(milliseconds: 20)
        wire.frame(PacketBuilder.cooked2(try Self.packet(identification: 1), interface: 4), link: .linuxCooked2)
        let result = wire.finish()
        #expect(result.report.frames.duplicates == 2)
        #expect(result.report.messages.messages == 3)
        #expect(result.report.transactions.retransmitted == 2)
        #expect(result.report.isBalanced)
    }

    @Test("Damaged headers are counted, each frame once")
    func damage() throws {
        let packet = try Self.packet()
        var shortHeader = packet
        shortHeader[0] = 0x42
        var longTotal = packet
        longTotal[2] = 0
        longTotal[3] = 10
        var udpLength = packet
        udpLength[24] = 0xFF
        var wire = Wire()
        for bad in [shortHeader, longTotal, udpLength, Array(packet[0..<19]), Array(packet[0..<25])] {
            wire.frame(PacketBuilder.ethernet(bad))
        }
        wire.frame([1, 2, 3])
        wire.frame(PacketBuilder.ethernet([0, 1, 2, 3], type: 0x0806))
        wire.frame(PacketBuilder.ethernet(packet))
        let result = wire.finish()
        #expect(result.report.frames.malformed == 6)
        #expect(result.report.frames.notIP == 1)
        #expect(result.report.messages.messages == 1)
        #expect(result.report.isBalanced)
    }

    @Test("Octets at a DNS port that are no DNS are malformed messages, and pointers in the question are damage")
    func malformedMessages() throws {
        let query = try Self.query()
        var pointer = query
        pointer[12] = 0xC0
        var wire = Wire()
        for bad in [[], [1, 2, 3], Array(query[0..<20]), pointer] {
            wire.udp(bad, from: Self.client, to: Self.server)
        }
        let result = wire.finish()
        #expect(result.report.messages.malformed == 4)
        #expect(result.report.isBalanced)
    }
}
