/// A named fault that the reference cache can be told to have.
///
/// Each defect changes exactly one behaviour of a healthy cache, so that a check, proof or gate can be shown to fall
/// for that reason alone. The raw value is the name that `--defect` takes.
package enum CacheDefect: String, CaseIterable, Sendable, Hashable {
    // The ten that the main scenario must name.
    case upstreamUDP = "upstream-udp"
    case ttlUncapped = "ttl-uncapped"
    case noNegativeCache = "no-negative-cache"
    case noCache = "no-cache"
    case ttlFrozen = "ttl-frozen"
    case answersNXDomainWithNoError = "answers-nxdomain-with-noerror"
    case dropsTCP = "drops-tcp"
    case healthDown = "health-down"
    case losesOnePercent = "loses-1-percent"
    case slow50ms = "slow-50ms"

    // Header and message acceptance.
    case idChanged = "id-changed"
    case qrClear = "qr-clear"
    case rdCleared = "rd-cleared"
    case raClear = "ra-clear"
    case zSet = "z-set"
    case questionDropped = "question-dropped"
    case answersResponses = "answers-responses"
    case qdcount0Silent = "qdcount-0-silent"
    case qdcount2Answered = "qdcount-2-answered"
    case opcodeAnswered = "opcode-answered"
    case aaOnMiss = "aa-on-miss"
    case rdSet = "rd-set"
    case rd0Silent = "rd-0-silent"
    case zEchoed = "z-echoed"
    case zRefused = "z-refused"
    case tcEchoed = "tc-echoed"
    case shortAnswered = "short-answered"
    case missingQuestionSilent = "missing-question-silent"
    case qdcountIgnored = "qdcount-ignored"
    case opcodeCleared = "opcode-cleared"
    case refusalEchoesBits = "refusal-echoes-bits"
    case queryRecordsUsed = "query-records-used"
    case queryRecordsKept = "query-records-kept"
    case additional2Refused = "additional-2-refused"
    case partialRecordAccepted = "partial-record-accepted"
    case trailingSilent = "trailing-silent"
    case answersFromAnotherPort = "answers-from-another-port"

    // Names.
    case caseFoldedEcho = "case-folded-echo"
    case caseSensitiveKey = "case-sensitive-key"
    case longLabelsAccepted = "long-labels-accepted"
    case ownerChanged = "owner-changed"
    case nameLimit254 = "name-limit-254"
    case nameLimit256 = "name-limit-256"
    case pointersSilent = "pointers-silent"
    case pointerLoopsAccepted = "pointer-loops-accepted"
    case cutLabelsAccepted = "cut-labels-accepted"
    case dotsSplitLabels = "dots-split-labels"
    case labelOctetsMasked = "label-octets-masked"
    case rootRefused = "root-refused"
    case underscoreRefused = "underscore-refused"

    // Classes and types.
    case anySilent = "any-silent"
    case anyServfail = "any-servfail"
    case classSilent = "class-silent"
    case classChanged = "class-changed"
    case unknownTypeNotimp = "unknown-type-notimp"
    case privateDataChanged = "private-data-changed"
    case httpsSilent = "https-silent"
    case httpsServfail = "https-servfail"
    case metaTypeSilent = "meta-type-silent"
    case transferSilent = "transfer-silent"
    case transferAnswered = "transfer-answered"
    case upstreamLeftoversTaken = "upstream-leftovers-taken"

    // EDNS.
    case optUnasked = "opt-unasked"
    case optMissing = "opt-missing"
    case badversIgnored = "badvers-ignored"
    case doCleared = "do-cleared"
    case badversEchoesFlags = "badvers-echoes-flags"
    case badversEchoesOptions = "badvers-echoes-options"
    case optionsRefused = "options-refused"
    case optionsSilent = "options-silent"
    case unknownOptionEchoed = "unknown-option-echoed"
    case ecsEchoed = "ecs-echoed"
    case optFlagsSet = "opt-flags-set"
    case optFlagsEchoed = "opt-flags-echoed"
    case optFlagsRefused = "opt-flags-refused"
    case optSizeChanged = "opt-size-changed"
    case smallSizeObeyed = "small-size-obeyed"
    case longQueriesRefused = "long-queries-refused"
    case oddOPTSilent = "odd-opt-silent"
    case answerOPTUsed = "answer-opt-used"
    case upstreamOPTDoubled = "upstream-opt-doubled"
    case upstreamEDERefused = "upstream-ede-refused"
    case extendedRCodeLost = "extended-rcode-lost"

    // Size and truncation.
    case tcMissing = "tc-missing"
    case tcNotCut = "tc-not-cut"
    case tcpTruncated = "tcp-truncated"

    // TCP from clients.
    case tcpFirstQueryOnly = "tcp-first-query-only"
    case tcpSplitPrefixFails = "tcp-split-prefix-fails"

    // Cache.
    case servesExpired = "serves-expired"
    case denialUncapped = "denial-uncapped"
    case nodataNotCached = "nodata-not-cached"
    case servfailNotCached = "servfail-not-cached"
    case tcpSeparateCache = "tcp-separate-cache"
    case nodataAsNXDomain = "nodata-as-nxdomain"
    case soaDropped = "soa-dropped"

    // Zone routing.
    case zoneCaseSensitive = "zone-case-sensitive"
    case zoneSuffixByString = "zone-suffix-by-string"
    case reverseToExternal = "reverse-to-external"
    case arpaToCluster = "arpa-to-cluster"

    // Upstream side.
    case reverseUDP = "reverse-udp"
    case dotZoneTCP = "dot-zone-tcp"
    case upstreamConnectionPerQuery = "upstream-connection-per-query"
    case upstreamLeaksHits = "upstream-leaks-hits"
    case upstreamWrongAddress = "upstream-wrong-address"
    case upstreamIDReused = "upstream-id-reused"

    // What faulty upstreams send.
    case upstreamTrailingRefused = "upstream-trailing-refused"

    // Answers of the cluster zone, metrics.
    case k8sAnswersChanged = "k8s-answers-changed"
    case k8sVersionChanged = "k8s-version-changed"
    case metricsMissingFamily = "metrics-missing-family"
    case panicsCounted = "panics-counted"
    case hitsNotCounted = "hits-not-counted"

    // Health, metrics, lifecycle.
    case healthAnyPath = "health-any-path"
    case healthEverywhere = "health-everywhere"
    case tcpCountedAsUDP = "tcp-counted-as-udp"
    case buildInfoMissing = "build-info-missing"
    case setupErrorsCounted = "setup-errors-counted"
    case reloadLosesQueries = "reload-loses-queries"
    case reloadCountedFailed = "reload-counted-failed"
    case stopDropsQueries = "stop-drops-queries"
    case slowStart = "slow-start"
    case listensOnLoopback = "listens-on-loopback"
    case interfaceMisnamed = "interface-misnamed"
    case rulesMissing = "rules-missing"
    case podsAskCluster = "pods-ask-cluster"
}
