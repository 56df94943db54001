import DNSWire

extension CacheCore {
    func answer(
        from entry: CacheEntry,
        to query: ClientQuery,
        listener: Int,
        block: Int,
        zone: String,
        now: Int64
    ) -> Answer {
        var flags = query.replyFlags(rules.answers)
        if rules.answers.hitsAreAuthoritative { flags |= 0x0400 }
        if entry.recursionAvailable { flags |= 0x0080 }
        if entry.authenticData, query.dnssecOK || query.authenticData || !rules.answers.masksAD { flags |= 0x0020 }
        let frozen = !rules.caching.countsDown || blocks[block].configuration.cache?.keepsTTL == true
        let left = entry.remainingTTL(at: now)
        let ttl = frozen ? entry.originalTTL : left > 0 ? UInt32(clamping: left) : rules.caching.staleTTL
        return finish(
            AnswerParts(flags: flags, rcode: entry.rcode, question: query.question, body: entry.body, ttl: ttl),
            kind: entry.kind,
            to: query,
            listener: listener,
            block: block,
            zone: zone
        )
    }

    /// Applies what the rules change in content, then writes and accounts for the answer.
    func finish(
        _ whole: AnswerParts,
        kind: UpstreamAnswer.Kind,
        to query: ClientQuery,
        listener: Int,
        block: Int,
        zone: String
    ) -> Answer {
        var parts = whole
        let negative = kind == .nxDomain || kind == .nodata
        if rules.answers.nxDomainAsNoError, parts.rcode == 3 { parts.rcode = 0 }
        if rules.answers.nodataAsNXDomain, kind == .nodata { parts.rcode = 3 }
        if rules.answers.hidesFailures, ![0, 3].contains(parts.rcode) { parts.rcode = 0 }
        if rules.answers.keepsRecordTTLs { parts.body.records = [] }
        if rules.answers.dropsNegativeAuthority, negative { parts.body = parts.body.withoutAuthority }
        if rules.answers.changesClusterAddresses, isService(query.foldedName, block: block) {
            parts.body = parts.body.changingData(ofTypes: [1, 28, 33])
        }
        if rules.answers.changesOwners { parts.body = parts.body.changingOwners }
        if rules.answers.changesPrivateData {
            parts.body = parts.body.changingData(ofTypes: Set(65_280...65_534))
        }
        if isService(query.foldedName, block: block) {
            if rules.answers.emptiesServices { parts.body = .empty }
            if rules.answers.changesAliases { parts.body = parts.body.changingData(ofTypes: [5]) }
        }
        if rules.answers.changesReverseNames { parts.body = parts.body.changingData(ofTypes: [12]) }
        if rules.answers.changesClusterText, query.foldedName.starts(with: Self.versionLabel) {
            parts.body = parts.body.changingData(ofTypes: [16])
        }
        let size = 12 + parts.question.count + parts.body.octets.count
        return Answer(
            octets: writer.octets(parts, to: query),
            report: report(query, listener: listener, zone: zone, rcode: parts.rcode, plugin: "cache", size: size)
        )
    }

    func local(_ query: ClientQuery, rcode: UInt16, report: QueryReport) -> Answer {
        let parts = AnswerParts(
            flags: query.replyFlags(rules.answers),
            rcode: rcode,
            question: query.question,
            body: .empty,
            ttl: 0
        )
        return Answer(octets: writer.octets(parts, to: query), report: report)
    }

    /// What becomes of a query that the rules do not let a zone serve; nil for one that is served.
    func refusal(of query: ClientQuery) -> AnswerRules.Refusal? {
        if query.qclass != 1, !rules.answers.servesOtherClasses { return .silence }
        if let refusal = rules.answers.refusedTypes[query.type] { return refusal }
        if let refusal = rules.answers.unknownTypes,
            RecordType(rawValue: query.type).description.hasPrefix("TYPE")
        {
            return refusal
        }
        if rules.answers.refusesRoot, query.name == [0] { return .rcode(5) }
        if rules.answers.refusesUnderscores, query.name.contains(UInt8(ascii: "_")) { return .rcode(5) }
        return nil
    }

    func report(
        _ query: ClientQuery,
        listener: Int,
        zone: String,
        rcode: UInt16,
        plugin: String,
        size: Int
    ) -> QueryReport {
        QueryReport(
            server: serverLabels[listener],
            zone: zone,
            transport: query.transport,
            isIPv6: query.isIPv6,
            type: query.type,
            dnssecOK: query.dnssecOK,
            requestSize: query.size,
            responseSize: size,
            rcode: rcode,
            plugin: plugin,
            arrivedAt: query.arrivedAt
        )
    }

    /// Whether a name is that of a service or below it: under `svc` of one of the block's zones.
    private func isService(_ name: [UInt8], block: Int) -> Bool {
        isClusterBlock(block)
            && blocks[block].zones.contains { WireName.isSubdomain(name, of: [3] + Array("svc".utf8) + $0) }
    }

    /// A block of the cluster's own names: neither the root nor a reverse zone.
    func isClusterBlock(_ block: Int) -> Bool {
        blocks[block].zones.contains { $0.suffix(Self.clusterSuffix.count).elementsEqual(Self.clusterSuffix) }
    }
}
