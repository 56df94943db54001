extension CacheDefect {
    /// The part of the cache in which a defect bites.
    enum Area: String {
        case acceptance, answer, cache, routing, upstream, transport, operations
    }

    /// One line for people: what a cache with this defect does.
    package var summary: String { entry.summary }

    /// The part of the cache in which the defect bites, for listings.
    package var area: String { entry.area.rawValue }

    private var entry: (area: Area, summary: String) {
        switch self {
        // The ten that the main scenario must name.
        case .upstreamUDP:
            (.upstream, "ignores force_tcp: upstream queries follow the client's transport in every zone")
        case .ttlUncapped: (.cache, "keeps the upstream TTL of positive answers instead of the Corefile's success cap")
        case .noNegativeCache: (.cache, "never caches NXDOMAIN or NODATA")
        case .noCache: (.cache, "never caches anything: every query goes upstream")
        case .ttlFrozen: (.cache, "answers hits with the TTL that was stored, not with what is left of it")
        case .answersNXDomainWithNoError: (.answer, "turns NXDOMAIN into NOERROR in the answer to the client")
        case .dropsTCP: (.transport, "closes a client's TCP connection at its first query, without an answer")
        case .healthDown: (.operations, "has no listener at the health address")
        case .losesOnePercent: (.transport, "loses one UDP answer in a hundred, chosen at random from the seed")
        case .slow50ms: (.transport, "holds each answer back for 50 ms")
        case .slow25Percent:
            (.transport, "takes a quarter longer over each answer than --service-time says; 250 µs longer without it")
        // Header and message acceptance.
        case .idChanged: (.answer, "answers with another message ID than the query's")
        case .qrClear: (.answer, "answers with QR=0")
        case .rdCleared: (.answer, "answers with RD=0 whatever the client asked")
        case .raClear: (.answer, "answers with RA=0 where it would be 1")
        case .zSet: (.answer, "answers with the reserved header bit set")
        case .questionDropped: (.answer, "answers without the question section")
        case .answersResponses: (.acceptance, "answers a message that has QR=1")
        case .qdcount0Silent: (.acceptance, "does not answer a query without a question")
        case .qdcount2Answered: (.acceptance, "answers the first of two questions instead of FORMERR")
        case .opcodeAnswered: (.acceptance, "treats an unknown opcode as a query")
        case .aaOnMiss: (.answer, "answers misses with AA=1")
        case .rdSet: (.answer, "answers with RD=1 whatever the client asked")
        case .rd0Silent: (.acceptance, "does not answer a query with RD=0")
        case .zEchoed: (.answer, "copies the reserved header bit of the query into the answer")
        case .zRefused: (.acceptance, "answers a query that has the reserved header bit set with FORMERR")
        case .tcEchoed: (.answer, "copies TC of the query into the answer")
        case .shortAnswered: (.acceptance, "answers a datagram that is shorter than a header with FORMERR")
        case .missingQuestionSilent: (.acceptance, "does not answer a header that promises a question and ends there")
        case .qdcountIgnored:
            (.acceptance, "answers the first question whatever the question count says, and reads no other")
        case .opcodeCleared: (.answer, "answers with opcode 0 whatever the client asked")
        case .refusalEchoesBits:
            (.acceptance, "refuses a message with all header bits of the query, also AA and the reserved one")
        case .queryRecordsUsed: (.acceptance, "answers a query that brings answer records with these records")
        case .queryRecordsKept:
            (.acceptance, "keeps the answer records that a query brings and answers with them from then on")
        case .additional2Refused: (.acceptance, "answers a query with two additional records with FORMERR")
        case .partialRecordAccepted: (.acceptance, "passes over a record in which the message ends")
        case .trailingSilent: (.acceptance, "does not answer a query with octets behind its end")
        case .answersFromAnotherPort:
            (.transport, "answers AAAA queries over UDP from another port than the one that was asked")
        case .answersTwice: (.transport, "sends each UDP answer twice")
        // Names.
        case .caseFoldedEcho: (.answer, "echoes the question in lower case")
        case .caseSensitiveKey: (.cache, "keeps separate entries for names that differ in case only")
        case .longLabelsAccepted: (.acceptance, "accepts label lengths of 0x40 to 0xBF")
        case .ownerChanged: (.answer, "changes a letter in the owner names of the answer section")
        case .nameLimit254: (.acceptance, "answers a name of 255 octets with FORMERR")
        case .nameLimit256: (.acceptance, "accepts a name of 256 octets")
        case .pointersSilent: (.acceptance, "does not answer a query whose name has a compression pointer")
        case .pointerLoopsAccepted: (.acceptance, "takes a name whose pointer leads back to itself for a whole one")
        case .cutLabelsAccepted: (.acceptance, "takes a label that runs past the end of the message for a whole one")
        case .dotsSplitLabels: (.cache, "compares names by their text, so a dot within a label separates labels")
        case .labelOctetsMasked: (.answer, "echoes a question mark for each label octet that cannot be printed")
        case .rootRefused: (.answer, "answers a query for the root name with REFUSED")
        case .underscoreRefused: (.answer, "answers a query for a name with an underscore with REFUSED")
        // Classes and types.
        case .anySilent: (.acceptance, "does not answer a query of type ANY")
        case .anyServfail: (.answer, "answers a query of type ANY with SERVFAIL")
        case .recordClassChanged: (.upstream, "takes the records of an upstream answer for records of class CH")
        case .recordsReversed: (.upstream, "turns the order of an upstream answer's records around")
        case .ttlHalved: (.answer, "answers with half of each TTL")
        case .classSilent: (.acceptance, "does not answer a query of a class other than IN")
        case .classChanged: (.answer, "echoes class IN whatever the client asked")
        case .unknownTypeNotimp: (.answer, "answers a query of a type that has no name with NOTIMP")
        case .privateDataChanged: (.answer, "changes the last octet of records of a type for private use")
        case .httpsSilent: (.acceptance, "does not answer a query of type HTTPS")
        case .httpsServfail: (.answer, "answers a query of type HTTPS with SERVFAIL")
        case .metaTypeSilent: (.acceptance, "does not answer a query of type OPT")
        case .transferSilent: (.acceptance, "does not answer a query of type AXFR")
        case .transferAnswered: (.answer, "answers a query of type AXFR with NOERROR and no records")
        case .upstreamLeftoversTaken:
            (.upstream, "takes what an earlier answer has left on a TCP connection for the answer to the next query")
        // EDNS.
        case .optUnasked: (.answer, "sends an OPT record to a client that sent none")
        case .optMissing: (.answer, "sends no OPT record to a client that sent one")
        case .badversIgnored: (.acceptance, "answers an unknown EDNS version as if it were 0")
        case .doCleared: (.answer, "answers with DO=0 whatever the client asked")
        case .badversEchoesFlags: (.answer, "refuses an unknown EDNS version with all OPT flags of the query")
        case .badversEchoesOptions: (.answer, "refuses an unknown EDNS version with the options of the query")
        case .optionsRefused: (.acceptance, "answers a query that has EDNS options with FORMERR")
        case .optionsSilent: (.acceptance, "does not answer a query that has EDNS options")
        case .unknownOptionEchoed: (.answer, "copies options that nobody assigned into the answer")
        case .ecsEchoed: (.answer, "copies the client subnet option of the query into the answer")
        case .optFlagsSet: (.answer, "sets a reserved flag of OPT in each answer")
        case .optFlagsEchoed: (.answer, "copies the lower eight flags of the query's OPT into the answer")
        case .optFlagsRefused: (.acceptance, "answers a query that has a reserved flag of OPT set with FORMERR")
        case .optSizeChanged: (.answer, "states a UDP size that is 16 octets off")
        case .smallSizeObeyed: (.answer, "cuts answers to client sizes below 512 octets")
        case .longQueriesRefused: (.acceptance, "reads 511 octets of a datagram, so that a query of 512 is FORMERR")
        case .oddOPTSilent:
            (.acceptance, "does not answer a query with two OPT records or one that is not at the root")
        case .answerOPTUsed: (.acceptance, "takes an OPT record in the answer section of a query for its EDNS")
        case .upstreamOPTDoubled: (.upstream, "adds an OPT record of its own beside the client's to upstream queries")
        case .upstreamEDERefused: (.upstream, "counts an upstream answer with an extended error as a failed attempt")
        case .extendedRCodeLost: (.answer, "answers with the lower four bits of an extended rcode only")
        // Size and truncation.
        case .tcMissing: (.answer, "cuts a large UDP answer without setting TC")
        case .tcNotCut: (.answer, "sends a large UDP answer whole, beyond the client's size")
        case .tcpTruncated: (.answer, "cuts TCP answers to the size of a UDP answer")
        case .tcEarly: (.answer, "cuts an answer that exactly fills the client's size")
        case .cutUncompressed: (.answer, "empties a UDP answer that would fit only when it is compressed, with TC=1")
        case .truncatedKept: (.cache, "keeps answers that the upstream sent with TC=1")
        case .pointersForward: (.answer, "lets the first pointer of a compressed answer lead to a name behind it")
        case .pointersAstray: (.answer, "lets the pointers of a compressed answer lead into the middle of labels")
        // TCP from clients.
        case .tcpFirstQueryOnly: (.transport, "answers the first query of a TCP connection only")
        case .tcpSplitPrefixFails: (.transport, "closes a TCP connection whose length prefix comes in two segments")
        case .tcpReadTimeShort: (.transport, "closes a TCP connection whose first query is not there after 500 ms")
        case .tcpIdleTimeShort: (.transport, "closes a TCP connection 500 ms after an answer")
        case .tcpNeverClosed: (.transport, "never closes a TCP connection by itself")
        case .tcpHalfCloseEnds: (.transport, "closes a TCP connection as soon as the client ended its direction")
        case .tcpJamsOnShort: (.transport, "answers nothing more on a TCP connection after a frame without a message")
        case .tcpStallBlocks:
            (.transport, "serves no other TCP connection while one has begun a message and not ended it")
        case .tcpConnectionsLimited: (.transport, "closes each TCP connection beyond a hundred at once")
        case .tcpSplitFrame: (.transport, "sends the length prefix of a TCP answer in a segment of its own")
        case .tcpResetEndsAll: (.transport, "closes the TCP connections of all clients when one resets its own")
        // Cache.
        case .servesExpired: (.cache, "answers from an entry for 30 s after it expired, with TTL 0")
        case .denialUncapped:
            (.cache, "keeps the upstream TTL of negative answers instead of the Corefile's denial cap")
        case .nodataNotCached: (.cache, "never caches NODATA")
        case .servfailNotCached: (.cache, "never caches SERVFAIL")
        case .tcpSeparateCache: (.cache, "keeps separate entries for UDP and TCP clients")
        case .nodataAsNXDomain: (.answer, "turns NODATA into NXDOMAIN in the answer to the client")
        case .soaDropped: (.answer, "leaves the authority section out of negative answers")
        case .ttlFixed: (.cache, "gives every positive answer the success cap of its zone as TTL")
        case .recordTTLsKept: (.answer, "leaves each record of an answer the TTL that the upstream gave it")
        case .denialTTLFromMinimum:
            (.cache, "takes the TTL of negative answers from the MINIMUM of the SOA record alone")
        case .bareNXDomainKept: (.cache, "caches NXDOMAIN without SOA record")
        case .failureAsNodata: (.answer, "turns failures of the upstream into empty NOERROR answers")
        case .doSharedKey: (.cache, "keeps one entry for queries with DO=0 and DO=1")
        case .cdSharedKey: (.cache, "keeps one entry for queries with CD=0 and CD=1")
        case .cdCleared: (.answer, "answers with CD=0 whatever the client asked")
        case .adDropped: (.answer, "answers with AD=0 whatever the upstream said")
        case .adUnasked: (.answer, "tells AD to clients that did not ask for it")
        case .typeSharedKey: (.cache, "keeps one entry for all types of a name")
        case .cacheUnbounded: (.cache, "never evicts an entry, whatever the capacity")
        case .serveStaleIgnored: (.cache, "gives out nothing that expired, although the Corefile has serve_stale")
        case .reloadKeepsCache: (.cache, "keeps its entries through a reload of the configuration")
        case .upstreamRefetches:
            (.upstream, "fetches each cached name once more by itself, 10 s after it was asked for")
        case .prefetches:
            (.upstream, "fetches popular names before they expire, although the Corefile has no prefetch")
        // Zone routing.
        case .zoneCaseSensitive: (.routing, "finds the zone of a name by its octets, so upper case misses the zone")
        case .zoneSuffixByString:
            (.routing, "finds the zone of a name by its text, so xcluster.local is in cluster.local")
        case .reverseToExternal: (.routing, "sends in-addr.arpa and ip6.arpa to the upstream of the `.` zone")
        case .arpaToCluster: (.routing, "sends the rest of arpa to the cluster DNS")
        case .dsToRoot: (.routing, "sends DS questions about the cluster zone to the upstream of the `.` zone")
        // Upstream side.
        case .reverseUDP: (.upstream, "ignores force_tcp in in-addr.arpa and ip6.arpa only")
        case .dotZoneTCP: (.upstream, "uses TCP upstream in zones that should follow the client's transport")
        case .upstreamConnectionPerQuery: (.upstream, "opens a new upstream connection for each query")
        case .upstreamLeaksHits: (.upstream, "sends every hit upstream as well")
        case .upstreamWrongAddress:
            (.upstream, "sends a copy of each cluster-zone miss to the upstream of the `.` zone")
        case .upstreamIDReused: (.upstream, "uses the client's message ID upstream")
        case .upstreamNeverExpires: (.upstream, "never closes an idle upstream connection")
        case .upstreamExpiresEarly: (.upstream, "closes an upstream connection after one idle second")
        case .upstreamAsksTwice: (.upstream, "asks the upstream twice for each miss, on two connections")
        case .upstreamIDSequential: (.upstream, "counts up the message IDs that it uses upstream")
        case .upstreamIDNarrow: (.upstream, "uses message IDs of eight bits upstream")
        case .upstreamLowercased: (.upstream, "asks upstream in lower case")
        case .upstreamRDCleared: (.upstream, "asks upstream with RD=0")
        case .upstreamCDCleared: (.upstream, "asks upstream with CD=0")
        case .upstreamOPTAdded: (.upstream, "adds an OPT record to a query on its way upstream")
        case .upstreamSplitFrame: (.upstream, "sends length prefix and message upstream in two segments")
        case .upstreamResets: (.upstream, "ends its upstream connections by RST")
        case .upstreamClosedWaits:
            (.upstream, "waits a second before it replaces an idle connection that the upstream has closed")
        case .upstreamClosedFails:
            (.upstream, "answers SERVFAIL when the upstream has closed the idle connection that it took")
        case .loopUnprobed: (.upstream, "does not ask itself at its start whether it forwards to itself")
        // What faulty upstreams send.
        case .upstreamTrailingRefused:
            (.upstream, "counts an upstream answer with octets behind its end as a failed attempt")
        case .upstreamCountRefused:
            (.upstream, "counts an upstream answer with fewer records than its header says as a failed attempt")
        case .upstreamQuestionUnchecked: (.upstream, "relays an upstream answer to another question")
        case .upstreamIDUnchecked: (.upstream, "takes any upstream message for the answer, whatever its ID")
        case .upstreamImpatient: (.upstream, "waits 100 ms for an upstream answer before it asks again")
        case .upstreamShunned: (.upstream, "does not ask an upstream for 5 s after a failed attempt")
        case .upstreamOneAtATime: (.upstream, "sends a zone's misses upstream one after the other")
        // Answers of the cluster zone, metrics.
        case .k8sAnswersChanged: (.answer, "changes the addresses and SRV ports of services")
        case .k8sVersionChanged: (.answer, "changes the version that dns-version tells")
        case .metricsMissingFamily: (.operations, "leaves coredns_cache_requests_total out of the metrics page")
        case .panicsCounted: (.operations, "counts a panic for each query")
        case .hitsNotCounted: (.operations, "counts no cache hits")
        case .connectionMissesNotCounted: (.operations, "counts no new upstream connections")
        case .k8sAnswersEmptied: (.answer, "leaves all records out of answers about services")
        case .k8sReverseChanged: (.answer, "changes the names of PTR records")
        case .k8sAliasChanged: (.answer, "changes the targets of CNAME records of services")
        case .secondOfPortLost: (.transport, "reads only the first of the datagrams from one client port")
        // Health, metrics, lifecycle.
        case .healthAnyPath: (.operations, "answers OK on every path of the health address")
        case .healthEverywhere: (.operations, "serves the health page on every address of the node")
        case .tcpCountedAsUDP: (.operations, "counts queries over TCP as queries over UDP")
        case .buildInfoMissing: (.operations, "leaves coredns_build_info out of the metrics page")
        case .setupErrorsCounted: (.operations, "counts an error of its network set-up")
        case .reloadLosesQueries: (.operations, "sends no answers for 300 ms after a reload")
        case .reloadCountedFailed: (.operations, "counts each reload as a failed one")
        case .stopDropsQueries: (.operations, "ends at once on SIGTERM, whatever is unanswered")
        case .slowStart: (.operations, "opens its ports 6 s after its start only")
        case .listensOnLoopback: (.operations, "takes queries on 127.0.0.1 as well")
        case .interfaceMisnamed: (.operations, "gives its interface another name than nodelocaldns")
        case .rulesMissing: (.operations, "leaves its NOTRACK and ACCEPT rules out")
        case .podsAskCluster: (.operations, "leaves the pods' resolver file with the cluster DNS")
        }
    }
}
