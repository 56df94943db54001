import DNSWire
import LinuxNet
import Testing

@testable import Doctor

@Suite("Rules of legacy iptables")
struct LegacyRuleTests {
    /// One entry of a table: addresses, protocol, matches, target.
    private static func entry(
        destination: IPAddress? = nil,
        transport: UInt16 = 0,
        destinationPort: UInt16? = nil,
        target: String,
        _ info: [UInt8]
    ) -> [UInt8] {
        var bytes = NetlinkBytes()
        bytes.append(UInt32(0))
        for octet in destination?.bytes ?? [0, 0, 0, 0] { bytes.append(octet) }
        bytes.append(UInt32(0))
        bytes.append(destination == nil ? UInt32(0) : UInt32.max)
        for _ in 0..<64 { bytes.append(UInt8(0)) }
        bytes.append(transport)
        bytes.append(UInt16(0))
        bytes.append(UInt32(0))
        var match = NetlinkBytes()
        if let destinationPort {
            match.append(UInt16(48))
            for octet in Array("tcp".utf8) + [UInt8](repeating: 0, count: 27) { match.append(octet) }
            for port in [0, UInt16.max, destinationPort, destinationPort] { match.append(port) }
            for _ in 0..<8 { match.append(UInt8(0)) }
        }
        let offset = 112 + match.bytes.count
        bytes.append(UInt16(offset))
        bytes.append(UInt16(offset + 32 + info.count))
        for _ in 0..<20 { bytes.append(UInt8(0)) }
        var end = NetlinkBytes()
        end.append(UInt16(32 + info.count))
        let name = Array(target.utf8)
        for octet in name + [UInt8](repeating: 0, count: 30 - name.count) { end.append(octet) }
        return bytes.bytes + match.bytes + end.bytes + info
    }

    private static func standard(_ verdict: Int32) -> [UInt8] {
        var bytes = NetlinkBytes()
        bytes.append(verdict)
        bytes.append(UInt32(0))
        return entry(target: "", bytes.bytes)
    }

    private static let cache = HealthyNode.cache.address
    private static let notrack = entry(
        destination: cache,
        transport: 6,
        destinationPort: 53,
        target: "CT",
        [1, 0, 0, 0, 0, 0, 0, 0]
    )
    private static let error = Array("user".utf8) + [UInt8](repeating: 0, count: 28)
    private static let accept = standard(-2)

    /// A base chain with a jump and a NOTRACK rule, its policy, and the chain of a user that accepts.
    private static let table: (blob: [UInt8], policy: Int) = {
        let header = entry(target: "ERROR", error)
        let jumpTo = Int32(accept.count + notrack.count + accept.count + header.count)
        let base = standard(jumpTo) + notrack
        let blob = base + accept + header + accept + entry(target: "ERROR", Array("ERROR".utf8) + [0, 0, 0])
        return (blob, base.count)
    }()

    private func decode(_ blob: [UInt8]) -> [PacketChain] {
        LegacyRulesDecoder.decode(
            blob[...],
            table: "raw",
            priority: -300,
            bases: [LegacyRulesDecoder.Base(hook: .prerouting, first: 0, policy: Self.table.policy)]
        )
    }

    @Test("base chains, the chains of users, jumps and NOTRACK are found")
    func chains() throws {
        let chains = decode(Self.table.blob)
        #expect(chains.map(\.name) == ["PREROUTING", "user"])
        let base = try #require(chains.first)
        #expect(base.rules.map(\.verdict) == [.jump("user"), .notrack])
        #expect(base.rules[1].isExactly(PacketFlow(transport: 6, destination: Self.cache, destinationPort: 53)))
        #expect(base.isBeforeTracking && !base.dropsByDefault)
        #expect(chains[1].rules.map(\.verdict) == [.accept])
    }

    @Test("a table may end at every octet, and any octet may be any other", .timeLimit(.minutes(1)))
    func hostile() {
        let blob = Self.table.blob
        for end in stride(from: 0, to: blob.count, by: 3) { _ = decode(Array(blob[..<end])) }
        for index in blob.indices {
            for value: UInt8 in [0, 1, 112, 255] {
                var mutated = blob
                mutated[index] = value
                _ = decode(mutated)
            }
        }
    }
}
