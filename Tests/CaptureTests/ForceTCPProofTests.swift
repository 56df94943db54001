import DNSWire
import Testing

@testable import Capture

@Suite("The force-tcp proof")
struct ForceTCPProofTests {
    private static func zones() throws -> [ProofZone] {
        [
            ProofZone(
                name: try DNSName("cluster.local"),
                upstream: .tcp,
                upstreamAddresses: [Wire.endpoint.address]
            ),
            ProofZone(name: .root, upstream: .other, upstreamAddresses: [Wire.external.address], denialTTLCap: 30),
        ]
    }

    private static func prove(_ result: Tape, _ change: (inout ProofRequirements) -> Void = { _ in })
        throws -> Proof
    {
        #expect(result.report.isBalanced, "\(result.report.accounting)")
        var requirements = ProofRequirements()
        change(&requirements)
        let proofs = result.observation(zones: try zones(), requirements: requirements).forceTCP
        #expect(proofs.map(\.id) == ["force-tcp:cluster.local."])
        return try #require(proofs.first)
    }

    private static func misses(_ count: Int, on wire: inout Wire) throws {
        for number in 0..<count { try wire.ask("n\(number).cluster.local", ttl: 30, path: .overTCP) }
    }

    @Test("Misses over TCP alone prove it, with the frames")
    func proven() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        let proof = try Self.prove(wire.finish())
        #expect(proof.verdict == .proven, "\(proof.reason)")
        #expect(proof.evidence.count == 4)
        let text = try #require(proof.evidence.first).text
        #expect(text == "frame 3 TCP 172.18.0.2:50000 → 10.244.2.2:53 A n0.cluster.local.")
        #expect(proof.evidence.first?.timestamp.hasPrefix("2023-11-14T22:13:20.0001") == true)
    }

    @Test("One UDP query among many over TCP is a violation, even when packets were lost", arguments: [0, 7])
    func violated(drops: UInt64) throws {
        var wire = Wire()
        try Self.misses(50, on: &wire)
        try wire.ask("udp.cluster.local", ttl: 30, path: .overUDP)
        let proof = try Self.prove(wire.finish(kernelDrops: drops))
        #expect(proof.verdict == .violated)
        #expect(proof.evidence.count == 1)
        #expect(
            proof.evidence.first?.text.contains("UDP 172.18.0.2:50050 → 10.244.2.2:53 A udp.cluster.local.") == true
        )
    }

    @Test("Another zone's UDP is no violation")
    func otherZone() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        try wire.ask("www.example.com", ttl: 30, path: .overUDP, upstream: Wire.external)
        #expect(try Self.prove(wire.finish()).verdict == .proven)
    }

    @Test("A name that only ends in the same letters is in another zone")
    func labelWise() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        try wire.ask("x.notcluster.local", ttl: 30, path: .overUDP, upstream: Wire.external)
        #expect(try Self.prove(wire.finish()).verdict == .proven)
    }

    @Test("Packets dropped by the kernel leave it inconclusive")
    func drops() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        let proof = try Self.prove(wire.finish(kernelDrops: 3))
        #expect(proof.verdict == .inconclusive)
        #expect(proof.reason.contains("3 packets dropped by the kernel"))
    }

    @Test("Too few misses leave it inconclusive")
    func fewMisses() throws {
        var wire = Wire()
        try Self.misses(2, on: &wire)
        #expect(try Self.prove(wire.finish()).verdict == .inconclusive)
    }

    @Test("Messages that are not kept were looked at: they cost no proof")
    func unrecorded() throws {
        var limits = CaptureLimits()
        limits.records = 3
        var wire = Wire(limits: limits)
        try Self.misses(8, on: &wire)
        let tape = wire.finish()
        #expect(tape.records.count == 3)
        #expect(try Self.prove(tape).verdict == .proven)
    }

    @Test("Transactions for which there was no room leave it inconclusive")
    func evicted() throws {
        var limits = CaptureLimits()
        limits.openTransactions = 2
        var wire = Wire(limits: limits)
        try Self.misses(8, on: &wire)
        for id in 0..<3 as Range<UInt16> {
            let query = try Wire.query(try DNSName("x\(id).cluster.local"), id: 900 + id)
            wire.udp(query, from: Wire.pod, to: Wire.cache)
        }
        let tape = wire.finish()
        #expect(tape.report.transactions.evicted == 1)
        #expect(try Self.prove(tape).verdict == .inconclusive)
    }

    @Test("Without the endpoints' addresses nothing can be proven")
    func unprovable() throws {
        var roles = Wire.roles
        roles.endpoints = []
        var wire = Wire(roles: roles)
        try Self.misses(4, on: &wire)
        var zones = try Self.zones()
        zones[0].upstreamAddresses = []
        let proofs = wire.finish().observation(zones: zones).forceTCP
        #expect(proofs.map(\.verdict) == [.unprovable])
    }

    @Test("A fresh name whose first answer was lost between cache and client is not out of sight")
    func lostAnswer() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        try wire.ask("fresh.cluster.local", ttl: 30, path: .overTCP, isAnswerLost: true)
        wire.wait(milliseconds: 300)
        try wire.ask("fresh.cluster.local", ttl: 30, path: .hit)
        let fresh = try DNSName("fresh.cluster.local")
        #expect(try Self.prove(wire.finish()) { $0.freshNames = [fresh] }.verdict == .proven)
    }

    @Test("A fresh name answered from out of sight leaves it inconclusive")
    func outOfSight() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        try wire.ask("fresh.cluster.local", ttl: 30, path: .hit)
        let fresh = try DNSName("fresh.cluster.local")
        #expect(try Self.prove(wire.finish()) { $0.freshNames = [fresh] }.verdict == .inconclusive)
    }

    @Test(
        "UDP health checks excuse an old CoreDNS and an unknown one, not a new one",
        arguments: [
            (Optional(ReleaseNumber(1, 7)), ProofVerdict.proven), (nil, .proven), (ReleaseNumber(1, 13, 1), .violated),
        ]
    )
    func healthChecks(release: ReleaseNumber?, verdict: ProofVerdict) throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        wire.udp(try Wire.query(.root, id: 9, type: .ns), from: Wire.node, to: Wire.endpoint)
        let result = wire.finish()
        #expect(result.report.messages.healthChecks == 1)
        var zones = try Self.zones()
        zones[1].upstream = .tcp
        zones[1].upstreamAddresses = [Wire.endpoint.address]
        var requirements = ProofRequirements()
        requirements.coreDNS = release
        requirements.minimumMisses = 0
        let proofs = result.observation(zones: zones, requirements: requirements).forceTCP
        #expect(proofs.map(\.verdict) == [.proven, verdict])
        #expect(verdict == .violated || proofs[1].reason.contains("1 health checks"))
    }

    @Test("Loop probes are counted and excluded")
    func loopProbes() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        let name = try DNSName("12345.67890.cluster.local")
        wire.udp(try Wire.query(name, id: 9, type: .hinfo), from: Wire.node, to: Wire.endpoint)
        let proof = try Self.prove(wire.finish())
        #expect(proof.verdict == .proven)
        #expect(proof.reason.contains("1 loop probes"))
    }

    @Test("A pod that asks the cluster DNS IP by UDP is a bypass, and its translated copy no violation")
    func bypass() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        let name = try DNSName("svc.cluster.local")
        let query = try Wire.query(name, id: 77)
        wire.udp(query, from: Wire.pod, to: Wire.clusterDNS)
        wire.udp(query, from: Wire.node, to: Wire.endpoint)
        let response = try Wire.response(name, id: 77, ttl: 30)
        wire.wait(milliseconds: 400)
        wire.udp(response, from: Wire.endpoint, to: Wire.node)
        wire.udp(response, from: Wire.clusterDNS, to: Wire.pod)
        let result = wire.finish()
        #expect(result.report.messages.bypass == 4)
        #expect(try Self.prove(result).verdict == .proven)
        #expect(result.ledger.bypassQueries == 1)
    }

    @Test("A UDP response from upstream to a client's question violates it even when its query was missed")
    func responseOnly() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        let response = try Wire.response(try DNSName("n2.cluster.local"), id: 3, ttl: 30)
        wire.udp(response, from: Wire.endpoint, to: Wire.node)
        let result = wire.finish()
        #expect(result.report.transactions.unsolicited == 1)
        #expect(try Self.prove(result).verdict == .violated)
    }

    @Test("Another program on the node that asks the endpoints by UDP leaves it inconclusive, with its frames")
    func otherProgram() throws {
        var wire = Wire()
        try Self.misses(4, on: &wire)
        wire.udp(try Wire.query(try DNSName("other.cluster.local"), id: 3), from: Wire.node, to: Wire.endpoint)
        let result = wire.finish()
        let proof = try Self.prove(result)
        #expect(proof.verdict == .inconclusive)
        #expect(proof.evidence.count == 1)
        #expect(result.observation(zones: try Self.zones()).findings.forcedQueriesOverUDP == 0)
    }

    @Test("Where no client is in sight, as on the uplink alone, any UDP query from the node is a violation")
    func uplinkOnly() throws {
        var wire = Wire()
        wire.udp(try Wire.query(try DNSName("x.cluster.local"), id: 3), from: Wire.node, to: Wire.endpoint)
        #expect(try Self.prove(wire.finish()).verdict == .violated)
    }

    @Test("On lo a response shows other addresses than its query; id and question still pair them")
    func translatedOnLoopback() throws {
        var wire = Wire()
        for number in 0..<4 as Range<UInt16> {
            let name = try DNSName("n\(number).cluster.local")
            let own = Endpoint(address: Wire.clusterDNS.address, port: 50_000 + number)
            let node = Endpoint(address: Wire.node.address, port: 50_000 + number)
            wire.udp(try Wire.query(name, id: number), from: Wire.pod, to: Wire.cache)
            wire.tcp(try Wire.query(name, id: 100 + number), from: node, to: Wire.endpoint)
            wire.tcp(try Wire.response(name, id: 100 + number, ttl: 30), from: Wire.clusterDNS, to: own)
            wire.udp(try Wire.response(name, id: number, ttl: 30), from: Wire.cache, to: Wire.pod)
        }
        let result = wire.finish()
        #expect(result.report.transactions.matched == 8)
        #expect(result.report.transactions.unsolicited == 0)
        #expect(try Self.prove(result).verdict == .proven)
    }

    @Test("A resolver on the same machine is asked from its own address, and is upstream all the same")
    func sameMachine() throws {
        let resolver = Endpoint(address: Wire.external.address, port: 44_000)
        #expect(Wire.roles.side(client: resolver, server: Wire.external) == .upstream)
        #expect(Wire.roles.side(client: Wire.pod, server: Wire.external) == .foreign)
        #expect(Wire.roles.side(client: Wire.pod, server: Wire.clusterDNS) == .bypass)
        #expect(Wire.roles.side(client: Wire.cache, server: Wire.cache) == .client)
    }

    @Test("The worst zone decides the whole proof")
    func combined() {
        let proofs = [
            Proof(id: "a", verdict: .proven, reason: "Yes."), Proof(id: "b", verdict: .inconclusive, reason: "Drops."),
        ]
        let whole = Proof.combined(id: "force-tcp", proofs)
        #expect(whole.verdict == .inconclusive)
        #expect(whole.reason == "1 of 2 zones proven. b: Drops.")
        #expect(Proof.combined(id: "x", []).verdict == .unprovable)
    }
}
