import DNSBench
import DNSWire
import Foundation
import Measure
import Testing

@testable import Harness

@Suite("Replaying a capture")
struct CaptureReplayTests {
    /// A pcap of raw IPv4 packets (link type 101) with one UDP message each.
    private static func pcap(_ messages: [(microseconds: UInt32, payload: [UInt8], isQuery: Bool)]) -> [UInt8] {
        func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var file = little(0xa1b2_c3d4) + [2, 0, 4, 0] + little(0) + little(0) + little(65_535) + little(101)
        for message in messages {
            let total = 28 + message.payload.count
            let ports: [UInt8] = message.isQuery ? [0x9c, 0x40, 0, 53] : [0, 53, 0x9c, 0x40]
            let ends: [UInt8] = message.isQuery ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1]
            let packet =
                [0x45, 0, UInt8(total >> 8), UInt8(total & 255), 0, 0, 0x40, 0, 64, 17, 0, 0] + ends + ports
                + [UInt8((total - 20) >> 8), UInt8((total - 20) & 255), 0, 0] + message.payload
            file += little(1_700_000_000) + little(message.microseconds) + little(UInt32(packet.count))
            file += little(UInt32(packet.count)) + packet
        }
        return file
    }

    private func replay(_ bytes: [UInt8], speed: Double = 1) throws -> CaptureReplay {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-\(UUID().uuidString).pcap").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try CaptureReplay(path: path, speed: speed)
    }

    @Test("Queries keep their order, flags and gaps, at the speed asked for; answers are left out")
    func queries() throws {
        var first = try Message.query(id: 7, name: try DNSName("a.example"), type: .a).encode()
        first[3] |= 0x10  // CD
        var answer = first
        answer[2] |= 0x80
        let second = try Message.query(id: 8, name: try DNSName("b.example"), type: .aaaa).encode()
        let file = Self.pcap([(100, first, true), (900, answer, false), (5_100, second, true)])
        let found = try replay(file, speed: 2)
        #expect(found.timeline.count == 2 && found.timeline[0] == 0 && found.timeline[1] == 2_500_000)
        #expect(found.workload.queryCount == 2)
        let sent = try Message(decoding: found.workload.message(0))
        #expect(sent.questions.first?.name == (try DNSName("a.example")) && found.workload.message(0)[3] & 0x10 != 0)
        #expect(try Message(decoding: found.workload.message(1)).questions.first?.type == .aaaa)
    }

    @Test("A capture without a query, or cut in the middle, is refused")
    func bad() throws {
        let none = #expect(throws: Failure.self) { try replay(Self.pcap([])) }
        #expect(none?.message.contains("holds no DNS query") == true && none?.status == .badInput)
        let query = try Message.query(id: 7, name: try DNSName("a.example"), type: .a).encode()
        let cut = #expect(throws: Failure.self) { try replay(Array(Self.pcap([(0, query, true)]).dropLast(5))) }
        #expect(cut?.status == .badInput)
    }
}
