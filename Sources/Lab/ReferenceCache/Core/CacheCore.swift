import DNSWire

/// The policy of the reference cache: messages and time in, decisions out, no sockets and no clock.
///
/// Follows CoreDNS v1.13.1 (core/dnsserver, plugin/cache, plugin/forward) under the profile `coredns-1.13`.
struct CacheCore: ~Copyable {
    /// What becomes of a client's message.
    enum Decision {
        /// Nothing is sent.
        case silence
        /// This is sent.
        case answer(Answer)
        /// Upstream has to be asked first.
        case forward(Miss)
        /// This is sent, and upstream is asked although it need not be.
        case answerAndForward(Answer, Miss)
    }

    /// Octets for the client and what is counted once they have gone.
    struct Answer {
        /// Nil when the answer cannot be expressed to this client: nothing is sent then.
        var octets: [UInt8]?
        var report: QueryReport?
    }

    /// A query that waits for its upstream.
    struct Miss {
        var query: ClientQuery
        /// Index of the listener that it came in by.
        var listener: Int
        /// Index of its server block.
        var block: Int
        /// Index of its zone within the block.
        var zone: Int
        /// Octets to send upstream; the message ID is the sender's to choose.
        var upstreamOctets: [UInt8]
        /// Transport to the upstream.
        var upstreamTransport: QueryTransport
        /// The client does not wait for this exchange.
        var isLeak = false
    }

    /// One server block with its stores.
    struct BlockState {
        var configuration: CacheConfiguration.Block
        /// Lower-case wire names of the zones.
        var zones: [[UInt8]]
        var zoneTexts: [String]
        /// The `zones` label of the cache metrics.
        var zonesLabel: String
        var success: CacheStore
        var denial: CacheStore
        /// Name of the loop probe while it is being watched, in lower case.
        var loopName: [UInt8]?
        var loopSeen = 0
    }

    let rules: CacheRules
    let ledger: CacheLedger
    /// The `server` label of each listener.
    let serverLabels: [String]
    var blocks: [BlockState]
    private let routers: [ZoneRouter]
    let writer: AnswerWriter
    var random: SplitMix
    static let versionLabel: [UInt8] = [11] + Array("dns-version".utf8)
    static let clusterSuffix: [UInt8] = [5] + Array("local".utf8) + [0]

    /// A cache with empty stores for `configuration`.
    init(
        configuration: CacheConfiguration,
        rules: CacheRules = CacheRules(),
        ledger: CacheLedger = CacheLedger(),
        seed: UInt64 = 1
    ) {
        self.rules = rules
        self.ledger = ledger
        writer = AnswerWriter(rules: rules.answers)
        random = SplitMix(seed: seed)
        blocks = configuration.blocks.map { block in
            let texts = block.zones.map { $0.lowercased.description }
            return BlockState(
                configuration: block,
                zones: block.zones.map { $0.lowercased.wire },
                zoneTexts: texts,
                zonesLabel: texts.joined(separator: ","),
                success: CacheStore(capacity: block.cache?.successCapacity ?? 0),
                denial: CacheStore(capacity: block.cache?.denialCapacity ?? 0)
            )
        }
        let listeners = configuration.listeners
        serverLabels = listeners.map { "dns://\($0)" }
        routers = listeners.map { listener in
            ZoneRouter(
                configuration.blocks.enumerated().filter { $0.element.listen.contains(listener) }.map {
                    (index: $0.offset, zones: $0.element.zones.map { $0.lowercased.wire })
                },
                rules: rules.routing
            )
        }
    }

    /// Judges one message that came in by `listener`.
    mutating func receive(
        _ octets: [UInt8],
        transport: QueryTransport,
        isIPv6: Bool = false,
        listener: Int = 0,
        now: Int64
    ) -> Decision {
        if rules.service.countsPanics { ledger.record { $0.panics += 1 } }
        let message = ClientMessage(
            octets,
            transport: transport,
            isIPv6: isIPv6,
            now: now,
            rules: rules.acceptance
        )
        switch message {
        case .ignored: return .silence
        case .refused(let error):
            var answer = Answer(octets: writer.octets(error), report: nil)
            if rules.service.countsRefusals {
                answer.report = refusal(octets, transport, isIPv6, listener, size: answer.octets?.count ?? 0, now)
            }
            return .answer(answer)
        case .withoutQuestion(let error):
            let report = refusal(octets, transport, isIPv6, listener, size: 12, now)
            return .answer(Answer(octets: writer.octets(error), report: report))
        case .query(let query): return serve(query, listener: listener, now: now)
        }
    }

    /// What is counted of a message that no zone has seen.
    private func refusal(
        _ octets: [UInt8],
        _ transport: QueryTransport,
        _ isIPv6: Bool,
        _ listener: Int,
        size: Int,
        _ now: Int64
    ) -> QueryReport {
        QueryReport(
            server: serverLabels[listener],
            zone: "dropped",
            transport: transport,
            isIPv6: isIPv6,
            type: 0,
            dnssecOK: false,
            requestSize: octets.count,
            responseSize: size,
            rcode: 2,
            plugin: "",
            arrivedAt: now
        )
    }

    private mutating func serve(_ query: ClientQuery, listener: Int, now: Int64) -> Decision {
        if let opt = query.opt, opt.version != 0, rules.acceptance.checksEDNSVersion {
            let octets = writer.badVersion(query)
            let counted = report(query, listener: listener, zone: "dropped", rcode: 16, plugin: "", size: octets.count)
            return .answer(Answer(octets: octets, report: rules.service.countsRefusals ? counted : nil))
        }
        let found = routers[listener].match(name: query.name, foldedName: query.foldedName, type: query.type)
        guard let found else {
            let dropped = report(query, listener: listener, zone: "dropped", rcode: 5, plugin: "", size: 12)
            return .answer(local(query, rcode: 5, report: dropped))
        }
        let zone = blocks[found.block].zoneTexts[found.zone]
        switch refusal(of: query) {
        case .silence?: return .silence
        case .rcode(let rcode)?:
            let refused = report(query, listener: listener, zone: zone, rcode: rcode, plugin: "", size: 12)
            return .answer(local(query, rcode: rcode, report: refused))
        case nil: break
        }
        if query.isMalformed {
            let accepted = report(query, listener: listener, zone: zone, rcode: 0, plugin: "", size: 12)
            return .answer(local(query, rcode: 0, report: accepted))
        }
        if rules.answers.usesQueryRecords, let body = query.broughtAnswer {
            if rules.caching.keepsQueryRecords { keep(body, broughtBy: query, block: found.block, now: now) }
            let parts = AnswerParts(
                flags: query.replyFlags(rules.answers),
                rcode: 0,
                question: query.question,
                body: body,
                ttl: 0
            )
            return .answer(
                finish(parts, kind: .other, to: query, listener: listener, block: found.block, zone: zone)
            )
        }
        if rules.routing.answersSpecialNames, blocks[found.block].zones[found.zone] == [0],
            let special = specialAnswer(to: query)
        {
            let parts = AnswerParts(
                flags: query.replyFlags(rules.answers),
                rcode: special.rcode,
                question: query.question,
                body: special.body,
                ttl: 0
            )
            return .answer(finish(parts, kind: .other, to: query, listener: listener, block: found.block, zone: zone))
        }
        if let hit = lookUp(query, block: found.block, listener: listener, now: now) {
            let answer = answer(
                from: hit,
                to: query,
                listener: listener,
                block: found.block,
                zone: zone,
                now: now
            )
            let isStale = hit.remainingTTL(at: now) <= 0 && blocks[found.block].configuration.cache?.staleSeconds != nil
            let isDue = isPrefetched(hit, by: query, block: found.block, now: now)
            if isStale || isDue, let refresh = miss(query, listener: listener, at: found) {
                return .answerAndForward(answer, refresh)
            }
            guard rules.forwarding.leaksHits, var miss = miss(query, listener: listener, at: found) else {
                return .answer(answer)
            }
            miss.isLeak = true
            return .answerAndForward(answer, miss)
        }
        guard let miss = miss(query, listener: listener, at: found) else {
            let failed = report(query, listener: listener, zone: zone, rcode: 2, plugin: "", size: 12)
            return .answer(local(query, rcode: 2, report: failed))
        }
        noteLoopProbe(query, block: found.block)
        return .forward(miss)
    }

    /// The query on its way upstream, or nil in a block that forwards nothing.
    private func miss(_ query: ClientQuery, listener: Int, at found: ZoneRouter.Match) -> Miss? {
        guard let forward = blocks[found.block].configuration.forward else { return nil }
        return Miss(
            query: query,
            listener: listener,
            block: found.block,
            zone: found.zone,
            upstreamOctets: query.upstreamOctets(rules.forwarding),
            upstreamTransport: upstreamTransport(forward, block: found.block, client: query.transport)
        )
    }

    // MARK: Upstream

    private func upstreamTransport(
        _ forward: CacheConfiguration.Forward,
        block: Int,
        client: QueryTransport
    ) -> QueryTransport {
        if rules.forwarding.forcesTCPEverywhere { return .tcp }
        let isReverse = blocks[block].zones.contains { WireName.text($0).suffix(6).elementsEqual(".arpa.".utf8) }
        switch forward.transport {
        case .tcp where rules.forwarding.ignoresForceTCP: return client
        case .tcp where rules.forwarding.ignoresForceTCPInReverse && isReverse: return client
        case .tcp: return .tcp
        case .udp: return .udp
        case .mirrorsClient: return client
        }
    }

    /// Index of the server block whose upstream gets a copy of `miss`, which it should not.
    func blockForStrayCopy(of miss: borrowing Miss) -> Int? {
        guard rules.forwarding.copiesToRootUpstream, isClusterBlock(miss.block) else { return nil }
        return routers[miss.listener].root?.block
    }

    /// The answer to a query whose upstream answered; the answer is kept as the rules say.
    mutating func answered(_ miss: Miss, by upstream: UpstreamAnswer, now: Int64) -> Answer {
        let zone = blocks[miss.block].zoneTexts[miss.zone]
        guard upstream.echoes(miss.query, rules: rules.forwarding) else {
            let mismatch = report(
                miss.query,
                listener: miss.listener,
                zone: zone,
                rcode: 1,
                plugin: "cache",
                size: 12
            )
            return local(miss.query, rcode: 1, report: mismatch)
        }
        let ttl = self.ttl(of: upstream, block: miss.block)
        keep(upstream, for: miss, ttl: ttl, now: now)
        var flags = upstream.flags
        var question = upstream.question
        if !rules.answers.relaysUpstreamHeader {
            flags = miss.query.replyFlags(rules.answers) | upstream.flags & 0x0220
            question = miss.query.question
        }
        if rules.answers.missesAreAuthoritative { flags |= 0x0400 }
        if rules.answers.masksAD, !miss.query.dnssecOK, !miss.query.authenticData { flags &= ~0x0020 }
        return finish(
            AnswerParts(
                flags: flags,
                rcode: upstream.rcode,
                question: question,
                body: upstream.body,
                ttl: ttl
            ),
            kind: upstream.kind,
            to: miss.query,
            listener: miss.listener,
            block: miss.block,
            zone: zone
        )
    }

    /// The answer to a query for which no upstream answered in time.
    mutating func failed(_ miss: Miss, now: Int64) -> Answer {
        if rules.caching.keepsOtherFailures { keep(.localFailure(miss.query), for: miss, ttl: 5, now: now) }
        return refuse(miss, rcode: rules.answers.hidesFailures ? 0 : 2)
    }

    /// The answer to a query that was not sent upstream because too many are there already.
    func rejected(_ miss: Miss) -> Answer { refuse(miss, rcode: 5) }

    private func refuse(_ miss: Miss, rcode: UInt16) -> Answer {
        let zone = blocks[miss.block].zoneTexts[miss.zone]
        let failed = report(miss.query, listener: miss.listener, zone: zone, rcode: rcode, plugin: "", size: 12)
        return local(miss.query, rcode: rcode, report: failed)
    }

    // MARK: Loop detection

    /// Watches for `name` in the block until told otherwise; nil ends the watch (plugin/loop).
    mutating func watchLoop(_ name: [UInt8]?, block: Int) {
        blocks[block].loopName = name
        blocks[block].loopSeen = 0
    }

    /// Index of a block whose probe came back more than twice: its forwarding goes round in a circle.
    var loopingBlock: Int? { blocks.firstIndex { $0.loopSeen > 2 } }

    private mutating func noteLoopProbe(_ query: ClientQuery, block: Int) {
        guard query.type == 13, blocks[block].loopName == query.foldedName else { return }
        blocks[block].loopSeen += 1
    }
}

extension ClientQuery {
    /// The query as it goes upstream: as it came, with section counts made true.
    fileprivate func upstreamOctets(_ rules: ForwardingRules) -> [UInt8] {
        // QR and an opcode that was let through although it is not implemented do not survive.
        let kept: UInt16 = (opcode == 0 || opcode == 4 ? 0x7FFF : 0x07FF) & ~rules.clearedFlags
        let question = rules.foldsCase ? foldedName + type.octets + qclass.octets : question
        if rules.doublesOPT, opt != nil {
            var counts = counts
            counts[3] += 1
            let own = [0, 0, 41] + UInt16(1232).octets + [0, 0, 0, 0, 0, 0]
            return id.octets + (flags & kept).octets + counts.flatMap(\.octets) + question + records + own
        }
        if rules.addsOPT, opt == nil {
            let counts = counts.dropLast() + [counts[3] + 1]
            let added = [0, 0, 41] + UInt16(2048).octets + [0, 0, 0x80, 0, 0, 0]
            return id.octets + (flags & kept).octets + counts.flatMap(\.octets) + question + records + added
        }
        if rules.forwardsOptions {
            return id.octets + (flags & kept).octets + counts.flatMap(\.octets) + question + records
        }
        var octets = id.octets + (flags & kept).octets + [0, 1, 0, 0, 0, 0, 0, opt == nil ? 0 : 1] + question
        if let opt { octets += [0, 0, 41] + UInt16(1232).octets + [0, 0] + (opt.flags & 0x8000).octets + [0, 0] }
        return octets
    }
}
