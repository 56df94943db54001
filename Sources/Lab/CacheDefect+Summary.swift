extension CacheDefect {
    /// One line for people: what a cache with this defect does.
    package var summary: String {
        switch self {
        case .upstreamUDP: "ignores force_tcp: upstream queries follow the client's transport in every zone"
        case .ttlUncapped: "keeps the upstream TTL of positive answers instead of the Corefile's success cap"
        case .noNegativeCache: "never caches NXDOMAIN or NODATA"
        case .noCache: "never caches anything: every query goes upstream"
        case .ttlFrozen: "answers hits with the TTL that was stored, not with what is left of it"
        case .answersNXDomainWithNoError: "turns NXDOMAIN into NOERROR in the answer to the client"
        case .dropsTCP: "closes a client's TCP connection at its first query, without an answer"
        case .healthDown: "has no listener at the health address"
        case .losesOnePercent: "loses one UDP answer in a hundred, chosen at random from the seed"
        case .slow50ms: "holds each answer back for 50 ms"
        case .idChanged: "answers with another message ID than the query's"
        case .qrClear: "answers with QR=0"
        case .rdCleared: "answers with RD=0 whatever the client asked"
        case .raClear: "answers with RA=0 where it would be 1"
        case .zSet: "answers with the reserved header bit set"
        case .questionDropped: "answers without the question section"
        case .answersResponses: "answers a message that has QR=1"
        case .qdcount0Silent: "does not answer a query without a question"
        case .qdcount2Answered: "answers the first of two questions instead of FORMERR"
        case .opcodeAnswered: "treats an unknown opcode as a query"
        case .aaOnMiss: "answers misses with AA=1"
        case .rdSet: "answers with RD=1 whatever the client asked"
        case .rd0Silent: "does not answer a query with RD=0"
        case .zEchoed: "copies the reserved header bit of the query into the answer"
        case .zRefused: "answers a query that has the reserved header bit set with FORMERR"
        case .tcEchoed: "copies TC of the query into the answer"
        case .shortAnswered: "answers a datagram that is shorter than a header with FORMERR"
        case .missingQuestionSilent: "does not answer a header that promises a question and ends there"
        case .qdcountIgnored: "answers the first question whatever the question count says, and reads no other"
        case .opcodeCleared: "answers with opcode 0 whatever the client asked"
        case .refusalEchoesBits: "refuses a message with all header bits of the query, also AA and the reserved one"
        case .queryRecordsUsed: "answers a query that brings answer records with these records"
        case .queryRecordsKept: "keeps the answer records that a query brings and answers with them from then on"
        case .additional2Refused: "answers a query with two additional records with FORMERR"
        case .partialRecordAccepted: "passes over a record in which the message ends"
        case .trailingSilent: "does not answer a query with octets behind its end"
        case .caseFoldedEcho: "echoes the question in lower case"
        case .caseSensitiveKey: "keeps separate entries for names that differ in case only"
        case .longLabelsAccepted: "accepts label lengths of 0x40 to 0xBF"
        case .optUnasked: "sends an OPT record to a client that sent none"
        case .optMissing: "sends no OPT record to a client that sent one"
        case .badversIgnored: "answers an unknown EDNS version as if it were 0"
        case .doCleared: "answers with DO=0 whatever the client asked"
        case .tcMissing: "cuts a large UDP answer without setting TC"
        case .tcNotCut: "sends a large UDP answer whole, beyond the client's size"
        case .tcpTruncated: "cuts TCP answers to the size of a UDP answer"
        case .tcpFirstQueryOnly: "answers the first query of a TCP connection only"
        case .tcpSplitPrefixFails: "closes a TCP connection whose length prefix comes in two segments"
        case .servesExpired: "answers from an entry for 30 s after it expired, with TTL 0"
        case .denialUncapped: "keeps the upstream TTL of negative answers instead of the Corefile's denial cap"
        case .nodataNotCached: "never caches NODATA"
        case .servfailNotCached: "never caches SERVFAIL"
        case .tcpSeparateCache: "keeps separate entries for UDP and TCP clients"
        case .nodataAsNXDomain: "turns NODATA into NXDOMAIN in the answer to the client"
        case .soaDropped: "leaves the authority section out of negative answers"
        case .zoneCaseSensitive: "finds the zone of a name by its octets, so upper case misses the zone"
        case .zoneSuffixByString: "finds the zone of a name by its text, so xcluster.local is in cluster.local"
        case .reverseToExternal: "sends in-addr.arpa and ip6.arpa to the upstream of the `.` zone"
        case .arpaToCluster: "sends the rest of arpa to the cluster DNS"
        case .reverseUDP: "ignores force_tcp in in-addr.arpa and ip6.arpa only"
        case .dotZoneTCP: "uses TCP upstream in zones that should follow the client's transport"
        case .upstreamConnectionPerQuery: "opens a new upstream connection for each query"
        case .upstreamLeaksHits: "sends every hit upstream as well"
        case .upstreamWrongAddress: "sends a copy of each cluster-zone miss to the upstream of the `.` zone"
        case .upstreamIDReused: "uses the client's message ID upstream"
        case .k8sAnswersChanged: "changes the addresses and SRV ports of services"
        case .k8sVersionChanged: "changes the version that dns-version tells"
        case .metricsMissingFamily: "leaves coredns_cache_requests_total out of the metrics page"
        case .panicsCounted: "counts a panic for each query"
        case .hitsNotCounted: "counts no cache hits"
        }
    }

    /// The part of the cache in which the defect bites, for listings.
    package var area: String {
        switch self {
        case .noCache, .noNegativeCache, .ttlUncapped, .ttlFrozen, .servesExpired, .denialUncapped, .nodataNotCached,
            .servfailNotCached, .tcpSeparateCache, .caseSensitiveKey:
            "cache"
        case .upstreamUDP, .reverseUDP, .dotZoneTCP, .upstreamConnectionPerQuery, .upstreamLeaksHits,
            .upstreamWrongAddress, .upstreamIDReused:
            "upstream"
        case .zoneCaseSensitive, .zoneSuffixByString, .reverseToExternal, .arpaToCluster:
            "routing"
        case .answersResponses, .qdcount0Silent, .qdcount2Answered, .opcodeAnswered, .longLabelsAccepted,
            .badversIgnored, .rd0Silent, .zRefused, .shortAnswered, .missingQuestionSilent, .qdcountIgnored,
            .refusalEchoesBits, .queryRecordsUsed, .queryRecordsKept, .additional2Refused, .partialRecordAccepted,
            .trailingSilent:
            "acceptance"
        case .dropsTCP, .tcpFirstQueryOnly, .tcpSplitPrefixFails, .losesOnePercent, .slow50ms:
            "transport"
        case .healthDown, .metricsMissingFamily, .panicsCounted, .hitsNotCounted:
            "operations"
        case .answersNXDomainWithNoError, .idChanged, .qrClear, .rdCleared, .raClear, .zSet, .questionDropped,
            .caseFoldedEcho, .optUnasked, .optMissing, .doCleared, .tcMissing, .tcNotCut, .tcpTruncated,
            .nodataAsNXDomain, .soaDropped, .aaOnMiss, .rdSet, .zEchoed, .tcEchoed, .opcodeCleared, .k8sAnswersChanged,
            .k8sVersionChanged:
            "answer"
        }
    }
}
