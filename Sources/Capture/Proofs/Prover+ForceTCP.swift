import DNSWire

extension Prover {
    private struct Tally {
        /// UDP queries, and UDP responses to none that was seen, for questions that clients asked.
        var udp: [Int] = []
        /// The same for questions that no client asked.
        var strangers: [Int] = []
        var clientQueries = 0
        var tcpMisses: [Int] = []
        var upstreamTCP = 0
        var healthChecks = 0
        var loopProbes = 0
        var unseenFresh: [Int] = []

        mutating func addUDP(_ index: Int, isAsked: Bool) {
            if isAsked { udp.append(index) } else { strangers.append(index) }
        }
    }

    /// Whether each zone that asks for it goes upstream over TCP only.
    ///
    /// One UDP query for what a client asked is a violation whatever else was lost; one that no client caused may be
    /// another program's and leaves it inconclusive. Nothing lost, enough misses seen over TCP and no UDP
    /// is proof. Excluded and counted are the loop plugin's probes and, before CoreDNS 1.9.0, health checks.
    ///
    /// - Parameter zones: All zones of the Corefile, for the longest match; those with `.tcp` are judged.
    package static func forceTCP(
        zones: [ProofZone],
        observation: Observation,
        requirements: ProofRequirements = ProofRequirements()
    ) -> [Proof] {
        let tallies = tally(zones: zones, observation: observation, requirements: requirements)
        return zip(zones, tallies).compactMap { zone, tally in
            guard zone.upstream == .tcp else { return nil }
            return judge(zone, tally, observation: observation, requirements: requirements)
        }
    }

    /// Upstream queries over UDP that clients' questions to zones with `force_tcp` caused; 0 on a sound cache.
    package static func forcedQueriesOverUDP(zones: [ProofZone], observation: Observation) -> UInt64 {
        let tallies = tally(zones: zones, observation: observation, requirements: ProofRequirements())
        return zip(zones, tallies).reduce(0) { sum, pair in
            pair.0.upstream == .tcp ? sum + UInt64(pair.1.udp.count) : sum
        }
    }

    private static func tally(
        zones: [ProofZone],
        observation: Observation,
        requirements: ProofRequirements
    ) -> [Tally] {
        var finder = ZoneFinder(zones)
        var tallies = [Tally](repeating: Tally(), count: zones.count)
        let records = observation.records
        let orphans = Set(observation.join.orphans)
        let asked = Set(records.lazy.filter { $0.side == .client && !$0.isResponse }.map(\.questionHash))
        // An unknown release may be an old one.
        let excusesHealthChecks = requirements.coreDNS.map { $0 < .healthChecksOverTCP } ?? true
        for index in records.indices where records[index].side == .upstream && records[index].questionCount > 0 {
            let record = records[index]
            guard let zone = finder.position(of: record.qname) else { continue }
            let isAsked = asked.contains(record.questionHash)
            if record.isResponse {
                if record.transport == .udp, record.probe == nil, record.isUnsolicited {
                    tallies[zone].addUDP(index, isAsked: isAsked)
                }
                continue
            }
            switch record.probe {
            case .loopProbe:
                tallies[zone].loopProbes += 1
                continue
            case .healthCheck where orphans.contains(index):
                tallies[zone].healthChecks += 1
                if excusesHealthChecks || record.transport == .tcp { continue }
            default: break
            }
            if record.transport == .udp {
                tallies[zone].addUDP(index, isAsked: isAsked)
            } else {
                tallies[zone].upstreamTCP += 1
            }
        }
        for exchange in observation.join.exchanges {
            guard let zone = finder.position(of: records[exchange.query].qname) else { continue }
            tallies[zone].clientQueries += 1
            switch exchange.outcome {
            case .miss, .earlyMiss:
                let addresses = zones[zone].upstreamAddresses
                let witness = exchange.upstream.first {
                    records[$0].transport == .tcp && addresses.contains(records[$0].destination.address)
                }
                if let witness { tallies[zone].tcpMisses.append(witness) }
            case .warmHit:
                if !exchange.fillWasSeen, requirements.freshNames.contains(records[exchange.query].qname) {
                    tallies[zone].unseenFresh.append(exchange.query)
                }
            default: break
            }
        }
        return tallies
    }

    private static func judge(
        _ zone: ProofZone,
        _ tally: Tally,
        observation: Observation,
        requirements: ProofRequirements
    ) -> Proof {
        let id = "force-tcp:\(zone.name)"
        let records = observation.records
        func evidence(_ indexes: [Int], _ note: String) -> [Evidence] {
            indexes.prefix(requirements.evidenceLimit).map { Evidence(records[$0], note: note) }
        }
        let excluded =
            tally.healthChecks + tally.loopProbes == 0
            ? "" : " Excluded: \(tally.healthChecks) health checks, \(tally.loopProbes) loop probes."
        // Where no client is in sight at all, every query from the node is taken for the cache's.
        let udp = tally.clientQueries == 0 ? tally.udp + tally.strangers : tally.udp
        if !udp.isEmpty {
            return Proof(
                id: id,
                verdict: .violated,
                reason: "\(udp.count) upstream messages over UDP, \(tally.upstreamTCP) queries over TCP.\(excluded)",
                evidence: evidence(udp, "UDP although the zone has force_tcp")
            )
        }
        if !tally.strangers.isEmpty {
            return Proof(
                id: id,
                verdict: .inconclusive,
                reason: "\(tally.strangers.count) upstream messages over UDP for questions that no client asked: "
                    + "another program on this node may have sent them.",
                evidence: evidence(tally.strangers, "UDP, but nobody asked the cache for it")
            )
        }
        if zone.upstreamAddresses.isEmpty {
            return Proof(
                id: id,
                verdict: .unprovable,
                reason: "The upstream's addresses on the wire are not known, so no UDP seen means nothing."
            )
        }
        if !observation.losses.isEmpty {
            return Proof(
                id: id,
                verdict: .inconclusive,
                reason: "No UDP was seen, but not everything was: \(observation.losses)."
            )
        }
        if !tally.unseenFresh.isEmpty {
            return Proof(
                id: id,
                verdict: .inconclusive,
                reason: "\(tally.unseenFresh.count) fresh names were answered without an upstream query in sight.",
                evidence: evidence(tally.unseenFresh, "a fresh name, answered from out of sight")
            )
        }
        let misses = tally.tcpMisses.count
        if misses < requirements.minimumMisses {
            return Proof(
                id: id,
                verdict: .inconclusive,
                reason:
                    "Only \(misses) misses went upstream over TCP; \(requirements.minimumMisses) are needed.\(excluded)",
                evidence: evidence(tally.tcpMisses, "")
            )
        }
        let queries = tally.upstreamTCP
        return Proof(
            id: id,
            verdict: .proven,
            reason: "\(misses) misses caused \(queries) upstream queries, all over TCP, none over UDP.\(excluded)",
            evidence: evidence(tally.tcpMisses, "")
        )
    }
}
