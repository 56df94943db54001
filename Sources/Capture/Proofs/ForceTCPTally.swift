import DNSWire

/// What one zone's messages say about the transport of its upstream queries.
struct ForceTCPTally: Sendable {
    private struct Stranger {
        var key: Key128
        var evidence: Evidence
    }

    let zone: ProofZone
    private let limit: Int
    private let excusesHealthChecks: Bool
    private let addresses: Set<IPAddress>
    var clientQueries: UInt64 = 0
    /// UDP queries, and UDP responses to none that was seen, for questions that clients asked.
    private(set) var udpCount: UInt64 = 0
    private var udp: [Evidence] = []
    /// The same for questions that no client asked.
    private var strangerCount: UInt64 = 0
    private var strangers: [Stranger] = []
    private var tcpMisses: UInt64 = 0
    private var witnesses: [Evidence] = []
    private var upstreamTCP: UInt64 = 0
    private var healthChecks: UInt64 = 0
    private var loopProbes: UInt64 = 0
    private var unseenFreshCount: UInt64 = 0
    private var unseenFresh: [Evidence] = []

    init(zone: ProofZone, requirements: ProofRequirements) {
        self.zone = zone
        limit = requirements.evidenceLimit
        // An unknown release may be an old one.
        excusesHealthChecks = requirements.coreDNS.map { $0 < .healthChecksOverTCP } ?? true
        addresses = Set(zone.upstreamAddresses)
    }

    mutating func upstreamQuery(_ message: Sighting, _ question: QuestionState, isJoined: Bool, name: RawSpan) {
        switch message.probe {
        case .loopProbe:
            loopProbes += 1
            return
        case .healthCheck where !isJoined:
            healthChecks += 1
            if excusesHealthChecks || message.transport == .tcp { return }
        default: break
        }
        guard message.transport == .tcp else { return addUDP(message, question, name: name) }
        upstreamTCP += 1
        if isJoined, witnesses.count < limit, addresses.contains(message.destination.address) {
            witnesses.append(Evidence(message, name: name))
        }
    }

    mutating func addUDP(_ message: Sighting, _ question: QuestionState, name: RawSpan) {
        if question.wasAsked {
            udpCount += 1
            if udp.count < limit {
                udp.append(Evidence(message, name: name, note: "UDP although the zone has force_tcp"))
            }
        } else {
            strangerCount += 1
            if strangers.count < limit {
                let evidence = Evidence(message, name: name, note: "UDP, but nobody asked the cache for it")
                strangers.append(Stranger(key: question.key, evidence: evidence))
            }
        }
    }

    /// A client asks a question for the first time: what went upstream for it a moment before was for clients.
    mutating func firstAsked(_ key: Key128) {
        guard strangerCount > 0 else { return }
        for stranger in strangers where stranger.key == key {
            var evidence = stranger.evidence
            evidence.text = evidence.text.replacing(
                "UDP, but nobody asked the cache for it",
                with: "UDP although the zone has force_tcp"
            )
            udp.append(evidence)
            udpCount += 1
            strangerCount -= 1
        }
        strangers.removeAll { $0.key == key }
    }

    mutating func close(_ exchange: Exchange, _ question: QuestionState, response: Sighting, name: RawSpan) {
        switch exchange.outcome {
        case .miss, .earlyMiss, .verified:
            if let upstream = exchange.upstream, upstream.transport == .tcp,
                addresses.contains(upstream.destination.address)
            {
                tcpMisses += 1
            }
        case .warmHit where question.isFresh && !exchange.fillWasSeen:
            unseenFreshCount += 1
            if unseenFresh.count < limit {
                let note = "a fresh name, answered from out of sight"
                unseenFresh.append(Evidence(response, name: name, note: note))
            }
        default: break
        }
    }

    /// Whether the zone went upstream over TCP only.
    func judge(losses: CaptureLosses, requirements: ProofRequirements) -> Proof {
        let excluded =
            healthChecks + loopProbes == 0
            ? "" : " Excluded: \(healthChecks) health checks, \(loopProbes) loop probes."
        func proof(_ verdict: ProofVerdict, _ reason: String, _ evidence: [Evidence] = []) -> Proof {
            Proof(
                id: "force-tcp:\(zone.name)",
                verdict: verdict,
                reason: reason,
                evidence: Array(evidence.prefix(requirements.evidenceLimit))
            )
        }
        // Where no client is in sight at all, every query from the node is taken for the cache's.
        let isAlone = clientQueries == 0
        let count = udpCount + (isAlone ? strangerCount : 0)
        if count > 0 {
            return proof(
                .violated,
                "\(count) upstream messages over UDP, \(upstreamTCP) queries over TCP.\(excluded)",
                udp + (isAlone ? strangers.map(\.evidence) : [])
            )
        }
        if strangerCount > 0 {
            return proof(
                .inconclusive,
                "\(strangerCount) upstream messages over UDP for questions that no client asked: "
                    + "another program on this node may have sent them.",
                strangers.map(\.evidence)
            )
        }
        if zone.upstreamAddresses.isEmpty {
            return proof(
                .unprovable,
                "The upstream's addresses on the wire are not known, so no UDP seen means nothing."
            )
        }
        if !losses.isEmpty { return proof(.inconclusive, "No UDP was seen, but not everything was: \(losses).") }
        if unseenFreshCount > 0 {
            return proof(
                .inconclusive,
                "\(unseenFreshCount) fresh names were answered without an upstream query in sight.",
                unseenFresh
            )
        }
        if tcpMisses < UInt64(requirements.minimumMisses) {
            return proof(
                .inconclusive,
                "Only \(tcpMisses) misses went upstream over TCP; \(requirements.minimumMisses) are needed.\(excluded)",
                witnesses
            )
        }
        return proof(
            .proven,
            "\(tcpMisses) misses caused \(upstreamTCP) upstream queries, all over TCP, none over UDP.\(excluded)",
            witnesses
        )
    }
}
