import DNSWire
import Testing

@testable import Capture

@Suite("Faults on the wire")
struct FaultTests {
    private static let upstreamSocket = Endpoint(address: Wire.node.address, port: 51_000)

    private static func name(_ text: String) throws -> DNSName { try DNSName("\(text).cluster.local") }

    @Test("A healthy exchange, over UDP and TCP, shows no fault")
    func healthy() throws {
        var wire = Wire()
        for number in 0..<6 { try wire.ask("n\(number).cluster.local", ttl: 30, path: .overTCP) }
        try wire.ask("n1.cluster.local", ttl: 30, path: .hit)
        let tape = wire.finish()
        #expect(tape.findings.faults.seen == [], "\(tape.findings.faults.seen)")
        #expect(tape.findings.connections.queries == 6 && tape.findings.connections.opened == 6)
    }

    @Test("A query is lost when it had time for an answer, not when the capture ended right after it")
    func lost() throws {
        var wire = Wire()
        wire.udp(try Wire.query(try Self.name("old"), id: 1), from: Wire.pod, to: Wire.cache)
        wire.wait(milliseconds: 1_500)
        wire.udp(try Wire.query(try Self.name("young"), id: 2), from: Wire.pod, to: Wire.cache)
        let tape = wire.finish()
        #expect(tape.ledger.unanswered == 2)
        #expect(tape.findings.faults.count(.queryLost) == 1)
        #expect(tape.findings.faults.evidence(.queryLost).first?.text.contains("old.cluster.local.") == true)
    }

    @Test("An answer is lost when upstream gave one and the client got none", arguments: [Wire.Path.overTCP, .overUDP])
    func answerLost(path: Wire.Path) throws {
        var wire = Wire()
        try wire.ask("a.cluster.local", ttl: 30, path: path, isAnswerLost: true)
        wire.wait(milliseconds: 6_000)
        try wire.ask("later.cluster.local", ttl: 30, path: .overTCP)
        let faults = wire.finish().findings.faults
        #expect(faults.seen == [.answerLost] && faults.count(.answerLost) == 1, "\(faults.seen)")
        let evidence = try #require(faults.evidence(.answerLost).first)
        #expect(evidence.frame == 1 && evidence.text.contains("although upstream frame"), "\(evidence.text)")
    }

    @Test("Clients past the cache and servers beyond those that are kept apart are counted together")
    func beyondTheTables() throws {
        var wire = Wire()
        let name = try Self.name("x")
        for number in 0..<300 as Range<UInt32> {
            let pod = Endpoint(address: .v4(0x0AF4_1000 + number), port: 40_000)
            wire.udp(try Wire.query(name, id: UInt16(number)), from: pod, to: Wire.clusterDNS)
        }
        let bypass = wire.finish().findings.bypass
        #expect(bypass.clients.count == 256 && bypass.others == 44)
        var connections = UpstreamConnections()
        for number in 0..<300 as Range<UInt32> {
            let server = Endpoint(address: .v4(0x0AF4_2000 + number), port: 53)
            connections.add(ConnectionBook(), server: server, evidence: nil)
        }
        #expect(connections.servers.count == 256 && connections.beyondShares == 44)
    }

    @Test("Of A and AAAA from one port one is answered: the pair is half lost", arguments: [true, false])
    func pair(isFirstAnswered: Bool) throws {
        var wire = Wire()
        let name = try Self.name("pair")
        wire.udp(try Wire.query(name, id: 1, type: .a), from: Wire.pod, to: Wire.cache)
        wire.udp(try Wire.query(name, id: 2, type: .aaaa), from: Wire.pod, to: Wire.cache)
        wire.wait(milliseconds: 1)
        let type: RecordType = isFirstAnswered ? .a : .aaaa
        let answer = try Wire.response(name, id: isFirstAnswered ? 1 : 2, ttl: 30, type: type)
        wire.udp(answer, from: Wire.cache, to: Wire.pod)
        wire.wait(milliseconds: 6_000)
        try wire.ask("later.cluster.local", ttl: 30, path: .overTCP)
        let tape = wire.finish()
        #expect(tape.findings.faults.count(.pairHalfLost) == 1)
        #expect(tape.findings.faults.count(.queryLost) == 1)
    }

    @Test("A pair of which nothing is answered is two lost queries, and no race")
    func wholePairLost() throws {
        var wire = Wire()
        wire.udp(try Wire.query(try Self.name("pair"), id: 1, type: .a), from: Wire.pod, to: Wire.cache)
        wire.udp(try Wire.query(try Self.name("pair"), id: 2, type: .aaaa), from: Wire.pod, to: Wire.cache)
        wire.wait(milliseconds: 6_000)
        try wire.ask("later.cluster.local", ttl: 30, path: .overTCP)
        let faults = wire.finish().findings.faults
        #expect(faults.count(.queryLost) == 2 && faults.count(.pairHalfLost) == 0)
    }

    @Test("Refused, unanswered and repeated SYN are told apart")
    func dials() throws {
        var wire = Wire()
        func port(_ number: UInt16) -> Endpoint { Endpoint(address: Wire.node.address, port: number) }
        // Refused.
        wire.segment([], from: port(1), to: Wire.endpoint, sequence: 1, flags: [.syn])
        wire.segment([], from: Wire.endpoint, to: port(1), sequence: 0, acknowledgement: 2, flags: [.rst, .ack])
        // No answer, and once more after a second.
        wire.segment([], from: port(2), to: Wire.endpoint, sequence: 1, flags: [.syn])
        wire.wait(milliseconds: 1_000)
        wire.segment([], from: port(2), to: Wire.endpoint, sequence: 1, flags: [.syn])
        let tape = wire.finish()
        let connections = tape.findings.connections
        #expect(connections.refused == 1 && connections.unanswered == 1 && connections.repeatedSYN == 1)
        let faults = tape.findings.faults
        #expect(faults.seen == [.connectionRefused, .dialTimeout, .repeatedSYN], "\(faults.seen)")
    }

    @Test("Who closed a connection, and how often it was used, is known")
    func endings() throws {
        var wire = Wire()
        for (number, isCache) in [true, false, false].enumerated() {
            let own = Endpoint(address: Wire.node.address, port: 52_000 + UInt16(number))
            wire.tcp(try Wire.query(try Self.name("a\(number)"), id: 1), from: own, to: Wire.endpoint)
            let (from, to) = isCache ? (own, Wire.endpoint) : (Wire.endpoint, own)
            wire.segment([], from: from, to: to, sequence: 5_000, flags: [.fin, .ack])
            wire.segment([], from: to, to: from, sequence: 6_000, flags: [.fin, .ack])
        }
        let connections = wire.finish().findings.connections
        #expect(connections.closedByCache == 1 && connections.closedByServer == 2 && connections.singles == 3)
        #expect(connections.servers.first?.queries == 3 && connections.servers.first?.connections == 3)
    }

    @Test("A prefetch is no violation: what it brought is not held against what was stored before")
    func prefetch() throws {
        var wire = Wire()
        try wire.ask("p.cluster.local", ttl: 30, path: .overTCP)
        try wire.ask("no.cluster.local", ttl: 5, path: .overTCP, denial: true)
        wire.wait(milliseconds: 2_500)
        try wire.ask("p.cluster.local", ttl: 28, path: .hit)
        try wire.ask("no.cluster.local", ttl: 3, path: .hit, denial: true)
        wire.wait(milliseconds: 20_000)
        // The cache refreshes the entry by itself, and the next answer has a young TTL.
        let name = try Self.name("p")
        wire.tcp(try Wire.query(name, id: 77), from: Self.upstreamSocket, to: Wire.endpoint)
        wire.segment([], from: Wire.endpoint, to: Self.upstreamSocket, sequence: 499, flags: [.syn, .ack])
        let response = try Wire.response(name, id: 77, ttl: 300)
        wire.segment(
            PacketBuilder.big(UInt16(response.count)) + response,
            from: Wire.endpoint,
            to: Self.upstreamSocket,
            sequence: 500
        )
        wire.wait(milliseconds: 10)
        try wire.ask("p.cluster.local", ttl: 30, path: .hit)
        let tape = wire.finish()
        #expect(tape.ledger.prefetches == 1 && tape.ledger.orphans == 0, "\(tape.ledger)")
        let zone = ProofZone(
            name: try DNSName("cluster.local"),
            upstream: .tcp,
            upstreamAddresses: [Wire.endpoint.address]
        )
        let proof = try #require(tape.observation(zones: [zone]).cache.first)
        #expect(proof.verdict == .proven, "\(proof.reason)")
    }

    @Test("Misses side by side are a stampede and not early")
    func stampede() throws {
        var wire = Wire()
        let name = try Self.name("s")
        for id in 1...3 as ClosedRange<UInt16> {
            let pod = Endpoint(address: Wire.pod.address, port: 40_000 + id)
            wire.udp(try Wire.query(name, id: id), from: pod, to: Wire.cache)
        }
        for id in 1...3 as ClosedRange<UInt16> {
            let own = Endpoint(address: Wire.node.address, port: 53_000 + id)
            wire.tcp(try Wire.query(name, id: 100 + id), from: own, to: Wire.endpoint)
        }
        for id in 1...3 as ClosedRange<UInt16> {
            let own = Endpoint(address: Wire.node.address, port: 53_000 + id)
            let response = try Wire.response(name, id: 100 + id, ttl: 300)
            let framed = PacketBuilder.big(UInt16(response.count)) + response
            wire.segment([], from: Wire.endpoint, to: own, sequence: 499, flags: [.syn, .ack])
            wire.segment(framed, from: Wire.endpoint, to: own, sequence: 500)
        }
        for id in 1...3 as ClosedRange<UInt16> {
            let pod = Endpoint(address: Wire.pod.address, port: 40_000 + id)
            wire.udp(try Wire.response(name, id: id, ttl: 30), from: Wire.cache, to: pod)
        }
        let ledger = wire.finish().ledger
        #expect(ledger.misses == 3 && ledger.earlyMisses == 0 && ledger.concurrentMisses == 2, "\(ledger)")
        #expect(ledger.largestStampede == 3)
    }

    @Test(
        "An ICMP error is tied to the packet of DNS that it quotes, and to no other",
        arguments: [(53, 1), (5_353, 0)]
    )
    func unreachable(port: Int, count: Int) throws {
        var wire = Wire()
        let query = try Wire.query(try Self.name("x"), id: 1)
        let destination = Endpoint(address: Wire.endpoint.address, port: UInt16(port))
        let datagram = PacketBuilder.udp(query, from: Wire.node, to: destination)
        let quoted = PacketBuilder.ipv4(datagram, from: Wire.node, to: destination, ipProtocol: 17)
        let error: [UInt8] = [3, 1, 0, 0, 0, 0, 0, 0] + quoted.prefix(28)
        let router = Endpoint(address: .v4(0x0AF4_0001), port: 0)
        wire.frame(PacketBuilder.ethernet(PacketBuilder.ipv4(error, from: router, to: Wire.node, ipProtocol: 1)))
        let tape = wire.finish()
        #expect(tape.report.frames.icmp == 1)
        #expect(tape.findings.faults.count(.unreachable) == UInt64(count))
    }
}
