import DNSWire
import Testing

@testable import Doctor

@Suite("Hostile text")
struct HostileTextTests {
    private static let snippets = [
        ProcSnippets.udp, ProcSnippets.tcp, ProcSnippets.udp6, ProcSnippets.fibTrie, ProcSnippets.interfaces6,
        ProcSnippets.snmp, ProcSnippets.netstat, ProcSnippets.snmp6, ProcSnippets.conntrack,
        ProcSnippets.virtualServices, ProcSnippets.virtualConnections, ProcSnippets.softnet,
        ProcSnippets.conntrackStatistics,
    ]

    private static var tables: [any ProcTable] {
        [
            SocketTable(.udp, ports: [53]), SocketTable(.tcp, ports: [53]), LocalAddressTable(), CounterTable(),
            ConntrackTable(
                destination: Endpoint(address: .v4(0xA9FE_140A), port: 53),
                cluster: Endpoint(address: .v4(0x0A60_000A), port: 53)
            ), IPVSTable(port: 53),
            IPVSConnectionTable(port: 53), SoftnetTable(), ConntrackStatistics(),
        ]
    }

    /// Gives bytes to every kind of table; the claim is that none of them traps.
    private func feed(_ bytes: [UInt8]) {
        for var table in Self.tables {
            var cutter = LineCutter()
            cutter.feed(bytes[...]) { table.add(line: $0) }
            cutter.finish { table.add(line: $0) }
        }
    }

    @Test("every snippet may end at every byte", .timeLimit(.minutes(1)))
    func truncation() {
        for snippet in Self.snippets {
            let bytes = Array(snippet.utf8)
            for end in stride(from: 0, to: bytes.count, by: 3) { feed(Array(bytes[..<end])) }
        }
    }

    @Test("any byte of a snippet may be any other", .timeLimit(.minutes(1)))
    func mutation() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let alphabet: [UInt8] = [0, 9, 10, 13, 32, 45, 47, 48, 57, 58, 61, 65, 70, 91, 93, 103, 127, 255]
        for snippet in Self.snippets {
            for _ in 0..<150 {
                var bytes = Array(snippet.utf8)
                for _ in 0...next(6) { bytes[next(bytes.count)] = alphabet[next(alphabet.count)] }
                feed(bytes)
            }
        }
    }

    @Test(
        "a line that makes no sense is counted and adds nothing",
        arguments: [
            "537: 0A14FEA9 00000000:0000 07 0:0 0:0 0 0 0 1", "537: 0A14FEA9:10035 00000000:0000 07 0:0 0:0 0 0 0 1",
            "537: 0A14FEAG:0035 00000000:0000 07 0:0 0:0 0 0 0 1", "x", "537 0A14FEA9:0035 0:0 07 0:0 0:0 0 0 0 1",
            "537: 0A14FEA9:0035 00000000:0000 107 0:0 0:0 0 0 0 1",
            "537: 0A14FEA9:0035 00000000:0000 07 0:0 0:0 0 0 0 99999999999999999999",
            "537: 0A14FEA9:0035 00000000:0000 07 0:0 0:0 0 0 0 -1",
        ]
    )
    func malformedSocketLine(_ line: String) {
        var table = SocketTable(.udp, ports: [53])
        table.add(text: line)
        #expect(table.malformedLines == 1)
        #expect(table.rows.isEmpty)
    }

    @Test("lines are the same wherever the pieces are cut")
    func piecewise() {
        let bytes = Array("one\n\ntwo three\nlast".utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var lines: [String] = []
                var cutter = LineCutter()
                for piece in [bytes[..<first], bytes[first..<second], bytes[second...]] {
                    cutter.feed(piece) { lines.append(String(decoding: $0, as: UTF8.self)) }
                }
                cutter.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
                #expect(lines == ["one", "", "two three", "last"])
            }
        }
    }

    @Test("a line without end is dropped and counted, and what follows is read")
    func overlongLine() {
        var cutter = LineCutter()
        var lines: [Int] = []
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000)
        for _ in 0..<50 { cutter.feed(piece[...]) { lines.append($0.count) } }
        cutter.feed(Array("\nab\n".utf8)[...]) { lines.append($0.count) }
        cutter.finish { lines.append($0.count) }
        #expect(lines == [2])
        #expect(cutter.overlongLines == 1)
    }
}
