import DNSWire
import Testing

@testable import Capture

@Suite("The active control")
struct ActiveControlTests {
    private static func zones() throws -> [ProofZone] {
        try ["cluster.local", "in-addr.arpa", "ip6.arpa", "."].map { name in
            ProofZone(
                name: try DNSName(name),
                upstream: .tcp,
                upstreamAddresses: [],
                denialTTLCap: name == "cluster.local" ? 5 : 30
            )
        }
    }

    @Test(
        "Every name is fresh, lies in its zone by longest match, and is repeated",
        arguments: [
            ActiveControl.Upstream.scripted, .real,
        ]
    )
    func names(upstream: ActiveControl.Upstream) throws {
        let zones = try Self.zones()
        let control = try ActiveControl.plan(zones: zones, nonce: "x1y2", upstream: upstream, misses: 20, repeats: 3)
        #expect(control.stimuli.count == 80)
        #expect(control.freshNames.count == 80)
        let tallies = ZoneTallies(zones: zones, requirements: ProofRequirements())
        for stimulus in control.stimuli {
            var question = QuestionState()
            let wire = stimulus.name.wire
            tallies.place(&question, name: wire.span.bytes)
            try #require(question.zone >= 0)
            #expect(zones[Int(question.zone)].name == stimulus.zone)
            #expect(stimulus.sendAtNanoseconds.count >= 4)
            #expect(stimulus.sendAtNanoseconds == stimulus.sendAtNanoseconds.sorted())
            #expect(stimulus.name.description.hasPrefix("nx1y2-"))
        }
        #expect(control.durationNanoseconds < 10_000_000_000)
    }

    @Test("A plan carried out on a healthy cache proves both claims for every zone")
    func carriedOut() throws {
        let zones = try Self.zones().map { zone in
            var zone = zone
            zone.upstreamAddresses = [Wire.endpoint.address]
            return zone
        }
        let control = try ActiveControl.plan(zones: zones, nonce: "q", upstream: .scripted)
        var requirements = ProofRequirements()
        requirements.freshNames = control.freshNames
        var wire = Wire()
        let start = wire.now
        var stored: [DNSName: Int64] = [:]
        let events = control.stimuli
            .flatMap { stimulus in stimulus.sendAtNanoseconds.map { (at: $0, stimulus: stimulus) } }
            .sorted { $0.at < $1.at }
        for (at, stimulus) in events {
            let lag = start + at - wire.now
            if lag > 0 { wire.wait(milliseconds: lag / 1_000_000) }
            let zone = try #require(zones.first { $0.name == stimulus.zone })
            let isShort = stimulus.name.description.contains("ttl-6.")
            let ttl: Int64 = stimulus.kind == .denial ? Int64(zone.denialTTLCap) : isShort ? 6 : 30
            let age = (wire.now - (stored[stimulus.name] ?? 0)) / 1_000_000_000
            let isHit = stored[stimulus.name] != nil && age < ttl
            try wire.ask(
                stimulus.name.description,
                ttl: UInt32(isHit ? ttl - age : ttl),
                path: isHit ? .hit : .overTCP,
                denial: stimulus.kind == .denial
            )
            if !isHit { stored[stimulus.name] = wire.now }
        }
        let observation = wire.finish().observation(zones: zones, requirements: requirements)
        let proofs = observation.forceTCP + observation.cache
        #expect(proofs.count == 8)
        for proof in proofs { #expect(proof.verdict == .proven, "\(proof.id): \(proof.reason)") }
    }
}
