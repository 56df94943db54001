import NodeLocal

extension CacheRules {
    /// Changes the one rule that `defect` names.
    mutating func apply(_ defect: CacheDefect) {
        switch defect {
        // The ten that the main scenario must name.
        case .upstreamUDP: forwarding.ignoresForceTCP = true
        case .ttlUncapped: caching.capsSuccess = false
        case .noNegativeCache:
            caching.keepsNXDomain = false
            caching.keepsNodata = false
        case .noCache: caching.keepsAnything = false
        case .ttlFrozen: caching.countsDown = false
        case .answersNXDomainWithNoError: answers.nxDomainAsNoError = true
        case .dropsTCP: service.closesTCPAtFirstQuery = true
        case .healthDown: service.listensForHealth = false
        case .losesOnePercent: service.losesOneIn = 100
        case .slow50ms: service.delayNanoseconds = 50_000_000
        case .slow25Percent: service.addsQuarter = true
        // Header and message acceptance.
        case .idChanged: answers.addsToID = 1
        case .qrClear: answers.isResponse = false
        case .rdCleared: answers.clearsRD = true
        case .raClear: answers.clearsRA = true
        case .zSet: answers.setsZ = true
        case .questionDropped: answers.dropsQuestion = true
        case .answersResponses: acceptance.answersResponses = true
        case .qdcount0Silent: acceptance.noQuestion = .silence
        case .qdcount2Answered: acceptance.severalQuestions = .answerFirst
        case .opcodeAnswered: acceptance.unknownOpcode = .answerAsQuery
        case .aaOnMiss: answers.missesAreAuthoritative = true
        case .rdSet: answers.setsRD = true
        case .rd0Silent: acceptance.answersWithoutRD = false
        case .zEchoed: answers.echoedFlags |= 0x0040
        case .zRefused: acceptance.refusesZ = true
        case .tcEchoed: answers.echoedFlags |= 0x0200
        case .shortAnswered: acceptance.answersShortMessages = true
        case .missingQuestionSilent: acceptance.answersMissingQuestion = false
        case .qdcountIgnored: acceptance.severalQuestions = .answerFirstUnread
        case .opcodeCleared: answers.clearsOpcode = true
        case .refusalEchoesBits: acceptance.refusalFlags = 0x07F0
        case .queryRecordsUsed: answers.usesQueryRecords = true
        case .queryRecordsKept:
            answers.usesQueryRecords = true
            caching.keepsQueryRecords = true
        case .additional2Refused: acceptance.additionalLimit = 1
        case .partialRecordAccepted: acceptance.acceptsPartialRecords = true
        case .trailingSilent: acceptance.answersTrailingOctets = false
        case .answersFromAnotherPort: service.answersFromAnotherPort = true
        case .answersTwice: service.answersTwice = true
        // Names.
        case .caseFoldedEcho: answers.foldsCase = true
        case .caseSensitiveKey: caching.keyKeepsCase = true
        case .longLabelsAccepted: acceptance.acceptsLongLabels = true
        case .ownerChanged: answers.changesOwners = true
        case .nameLimit254: acceptance.nameLimit = 254
        case .nameLimit256: acceptance.nameLimit = 256
        case .pointersSilent: acceptance.answersPointers = false
        case .pointerLoopsAccepted: acceptance.acceptsPointerLoops = true
        case .cutLabelsAccepted: acceptance.acceptsCutLabels = true
        case .dotsSplitLabels: caching.comparesText = true
        case .labelOctetsMasked: answers.masksOddOctets = true
        case .rootRefused: answers.refusesRoot = true
        case .underscoreRefused: answers.refusesUnderscores = true
        // Classes and types.
        case .anySilent: answers.refusedTypes[255] = .silence
        case .anyServfail: answers.refusedTypes[255] = .rcode(2)
        case .recordClassChanged: forwarding.spoiling = .otherClass
        case .recordsReversed: forwarding.spoiling = .reversed
        case .ttlHalved: answers.halvesTTL = true
        case .classSilent: answers.servesOtherClasses = false
        case .classChanged: answers.echoesClassIN = true
        case .unknownTypeNotimp: answers.unknownTypes = .rcode(4)
        case .privateDataChanged: answers.changesPrivateData = true
        case .httpsSilent: answers.refusedTypes[65] = .silence
        case .httpsServfail: answers.refusedTypes[65] = .rcode(2)
        case .metaTypeSilent: answers.refusedTypes[41] = .silence
        case .transferSilent: answers.refusedTypes[252] = .silence
        case .transferAnswered: answers.refusedTypes[252] = .rcode(0)
        case .upstreamLeftoversTaken: forwarding.takesLeftovers = true
        // EDNS.
        case .optUnasked: answers.opt = .always
        case .optMissing: answers.opt = .never
        case .badversIgnored: acceptance.checksEDNSVersion = false
        case .doCleared: answers.optFlagMask &= 0x7FFF
        case .badversEchoesFlags: answers.badVersionEchoesFlags = true
        case .badversEchoesOptions: answers.badVersionEchoesOptions = true
        case .optionsRefused: acceptance.refusesOptions = true
        case .optionsSilent: acceptance.answersOptions = false
        case .unknownOptionEchoed: answers.echoesUnknownOptions = true
        case .ecsEchoed: answers.echoesClientSubnet = true
        case .optFlagsSet: answers.addedOPTFlags = 0x0040
        case .optFlagsEchoed: answers.optFlagMask |= 0x00FF
        case .optFlagsRefused: acceptance.refusesOPTFlags = true
        case .optSizeChanged: answers.changesPayloadSize = true
        case .smallSizeObeyed: answers.obeysSmallSize = true
        case .longQueriesRefused: acceptance.datagramLimit = 511
        case .oddOPTSilent: acceptance.answersOddOPT = false
        case .answerOPTUsed: acceptance.takesAnyOPT = true
        case .upstreamOPTDoubled: forwarding.doublesOPT = true
        case .upstreamEDERefused: forwarding.acceptsExtendedErrors = false
        case .extendedRCodeLost: answers.keepsExtendedRCode = false
        // Size and truncation.
        case .tcMissing: answers.oversize = .cutOnly
        case .tcNotCut: answers.oversize = .sendWhole
        case .tcpTruncated: answers.cutsTCP = true
        case .tcEarly: answers.spareOctets = 1
        case .cutUncompressed: answers.triesCompression = false
        case .truncatedKept: caching.keepsTruncated = true
        case .pointersForward: answers.pointers = .forward
        case .pointersAstray: answers.pointers = .astray
        // TCP from clients.
        case .tcpFirstQueryOnly: service.answersFirstTCPQueryOnly = true
        case .tcpSplitPrefixFails: service.needsWholePrefix = true
        case .tcpReadTimeShort: service.firstReadNanoseconds = 500_000_000
        case .tcpIdleTimeShort: service.idleNanoseconds = 500_000_000
        case .tcpNeverClosed: service.closesIdleTCP = false
        case .tcpHalfCloseEnds: service.closesAtHalfClose = true
        case .tcpJamsOnShort: service.jamsOnSilence = true
        case .tcpStallBlocks: service.waitsForBegunMessages = true
        case .tcpConnectionsLimited: service.connectionLimit = 100
        case .tcpSplitFrame: service.splitsFrames = true
        case .tcpResetEndsAll: service.closesAllAtReset = true
        // Cache.
        case .servesExpired: caching.staleSeconds = 30
        case .denialUncapped: caching.capsDenial = false
        case .nodataNotCached: caching.keepsNodata = false
        case .servfailNotCached: caching.keepsServerFailure = false
        case .tcpSeparateCache: caching.keyHasTransport = true
        case .nodataAsNXDomain: answers.nodataAsNXDomain = true
        case .soaDropped: answers.dropsNegativeAuthority = true
        case .ttlFixed: caching.fixesTTL = true
        case .recordTTLsKept: answers.keepsRecordTTLs = true
        case .denialTTLFromMinimum: caching.usesSOAMinimumOnly = true
        case .bareNXDomainKept: caching.keepsBareNXDomain = true
        case .failureAsNodata: answers.hidesFailures = true
        case .doSharedKey: caching.keyHasDO = false
        case .cdSharedKey: caching.keyHasCD = false
        case .cdCleared: answers.clearsCD = true
        case .adDropped: answers.clearsAD = true
        case .adUnasked: answers.masksAD = false
        case .typeSharedKey: caching.keyHasType = false
        case .cacheUnbounded: caching.evicts = false
        case .serveStaleIgnored: caching.obeysServeStale = false
        case .reloadKeepsCache: caching.survivesReload = true
        case .upstreamRefetches: forwarding.refetches = true
        case .prefetches:
            caching.prefetch = CacheSettings.Prefetch(amount: 2, gapNanoseconds: 60_000_000_000, percentage: 10)
        // Zone routing.
        case .zoneCaseSensitive: routing.ignoresCase = false
        case .zoneSuffixByString: routing.byLabel = false
        case .reverseToExternal: routing.reverseToRoot = true
        case .arpaToCluster: routing.arpaToCluster = true
        case .dsToRoot: routing.dsToRoot = true
        // Upstream side.
        case .reverseUDP: forwarding.ignoresForceTCPInReverse = true
        case .dotZoneTCP: forwarding.forcesTCPEverywhere = true
        case .upstreamConnectionPerQuery: forwarding.reusesConnections = false
        case .upstreamLeaksHits: forwarding.leaksHits = true
        case .upstreamWrongAddress: forwarding.copiesToRootUpstream = true
        case .upstreamIDReused: forwarding.reusesClientID = true
        case .upstreamNeverExpires: forwarding.expireNanoseconds = .max
        case .upstreamExpiresEarly: forwarding.expireNanoseconds = 1_000_000_000
        case .upstreamAsksTwice: forwarding.asksTwice = true
        case .upstreamIDSequential: forwarding.identifiers = .sequential
        case .upstreamIDNarrow: forwarding.identifiers = .narrow
        case .upstreamLowercased: forwarding.foldsCase = true
        case .upstreamRDCleared: forwarding.clearedFlags |= 0x0100
        case .upstreamCDCleared: forwarding.clearedFlags |= 0x0010
        case .upstreamOPTAdded: forwarding.addsOPT = true
        case .upstreamSplitFrame: forwarding.splitsFrames = true
        case .upstreamResets: forwarding.closesByReset = true
        case .upstreamClosedWaits: forwarding.waitsAfterClosedConnection = true
        case .upstreamClosedFails: forwarding.failsOnClosedConnection = true
        case .loopUnprobed: forwarding.probesLoops = false
        // What faulty upstreams send.
        case .upstreamTrailingRefused: forwarding.acceptsTrailingOctets = false
        case .upstreamCountRefused: forwarding.toleratesMissingRecords = false
        case .upstreamQuestionUnchecked: forwarding.checksQuestion = false
        case .upstreamIDUnchecked: forwarding.checksID = false
        case .upstreamImpatient: forwarding.readTimeoutNanoseconds = 100_000_000
        case .upstreamShunned: forwarding.shunsFailedNanoseconds = 5_000_000_000
        case .upstreamOneAtATime: forwarding.asksOneAtATime = true
        // Answers of the cluster zone, metrics.
        case .k8sAnswersChanged: answers.changesClusterAddresses = true
        case .k8sVersionChanged: answers.changesClusterText = true
        case .metricsMissingFamily: service.omitsCacheRequests = true
        case .panicsCounted: service.countsPanics = true
        case .hitsNotCounted: caching.countsHits = false
        case .connectionMissesNotCounted: forwarding.countsConnectionMisses = false
        case .k8sAnswersEmptied: answers.emptiesServices = true
        case .k8sReverseChanged: answers.changesReverseNames = true
        case .k8sAliasChanged: answers.changesAliases = true
        case .secondOfPortLost: service.readsPortsOnce = true
        // Health, metrics, lifecycle.
        case .healthAnyPath: service.answersAnyPath = true
        case .healthEverywhere: service.listensForHealthEverywhere = true
        case .tcpCountedAsUDP: service.countsTCPAsUDP = true
        case .buildInfoMissing: service.omitsBuildInfo = true
        case .setupErrorsCounted: service.countsSetupErrors = true
        case .reloadLosesQueries: service.deafAfterReloadNanoseconds = 300_000_000
        case .reloadCountedFailed: service.countsReloadsFailed = true
        case .stopDropsQueries: service.answersBeforeEnd = false
        case .slowStart: service.startDelayNanoseconds = 6_000_000_000
        case .listensOnLoopback: service.listensOnLoopback = true
        // The lab sets the node up in place of the cache, with these faults.
        case .interfaceMisnamed, .rulesMissing, .podsAskCluster: break
        }
    }
}
