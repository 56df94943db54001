import DNSWire

/// What is counted for each zone of the Corefile while messages come.
struct ZoneTallies: Sendable {
    let zones: [ProofZone]
    let requirements: ProofRequirements
    private let zoneNames: [[UInt8]]
    private(set) var ledgers: [Ledger]
    private(set) var forceTCP: [ForceTCPTally]
    private(set) var cache: [CacheTally]

    init(zones: [ProofZone], requirements: ProofRequirements) {
        self.zones = zones
        self.requirements = requirements
        zoneNames = zones.map(\.name.lowercased.wire)
        ledgers = zones.map { _ in Ledger() }
        forceTCP = zones.map { ForceTCPTally(zone: $0, requirements: requirements) }
        cache = zones.map { CacheTally(zone: $0, limit: requirements.evidenceLimit) }
    }

    /// Finds the zone of a new question: the longest match, label by label, as CoreDNS does.
    func place(_ question: inout QuestionState, name: RawSpan) {
        guard !zoneNames.isEmpty else { return }
        var offset = 0
        search: while offset < name.byteCount {
            for (index, zone) in zoneNames.enumerated() where zone.count == name.byteCount - offset {
                if name.hasName(zone, at: offset) {
                    question.zone = Int16(index)
                    break search
                }
            }
            offset += 1 + Int(name.octet(offset))
        }
        if !requirements.freshNames.isEmpty {
            question.isFresh = requirements.freshNames.contains(DNSName(lowercasingWire: name))
        }
    }

    /// A client asks a question for the first time.
    mutating func firstAsked(_ question: QuestionState) {
        guard question.zone >= 0 else { return }
        forceTCP[Int(question.zone)].firstAsked(question.key)
        cache[Int(question.zone)].questions += 1
    }

    /// A client asks.
    mutating func asked(_ question: QuestionState) {
        guard question.zone >= 0 else { return }
        ledgers[Int(question.zone)].clientQueries += 1
        ledgers[Int(question.zone)].waiting += 1
        forceTCP[Int(question.zone)].clientQueries += 1
    }

    /// The cache asks upstream; `isJoined` when a client's query explains it.
    mutating func upstreamQuery(_ message: Sighting, _ question: QuestionState, isJoined: Bool, name: RawSpan) {
        guard question.zone >= 0 else { return }
        ledgers[Int(question.zone)].countUpstream(message.transport)
        forceTCP[Int(question.zone)].upstreamQuery(message, question, isJoined: isJoined, name: name)
    }

    /// An upstream query turned out to be for no client.
    mutating func unjoined(_ field: WritableKeyPath<Ledger, UInt64>, _ question: QuestionState) {
        guard question.zone >= 0 else { return }
        ledgers[Int(question.zone)][keyPath: field] += 1
    }

    /// The zone that answers for a question.
    func zone(of question: QuestionState) -> ProofZone? { question.zone < 0 ? nil : zones[Int(question.zone)] }

    /// An upstream response over UDP to no query that was seen.
    mutating func strayResponse(_ message: Sighting, _ question: QuestionState, name: RawSpan) {
        guard question.zone >= 0 else { return }
        forceTCP[Int(question.zone)].addUDP(message, question, name: name)
    }

    /// A client's query is answered.
    mutating func close(_ exchange: Exchange, _ question: QuestionState, response: Sighting, name: RawSpan) {
        guard question.zone >= 0 else { return }
        let zone = Int(question.zone)
        ledgers[zone].count(exchange)
        forceTCP[zone].close(exchange, question, response: response, name: name)
        cache[zone].close(exchange, response: response, name: name)
    }

    /// A client's query is given up.
    mutating func unanswered(_ exchange: Exchange, _ question: QuestionState) {
        guard question.zone >= 0 else { return }
        ledgers[Int(question.zone)].count(exchange)
        cache[Int(question.zone)].queries += 1
    }
}
