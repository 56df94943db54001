import NodeLocal

/// What the cache does at each point where caches differ: a profile's rules with at most one changed by each defect.
///
/// Sources for the `coredns-1.13` values are the files of coredns/coredns v1.13.1 and miekg/dns v1.1.68 named beside
/// each group.
struct CacheRules: Sendable {
    /// The profile the rules began from.
    let profile: CacheProfile
    var acceptance: AcceptanceRules
    var answers: AnswerRules
    var caching: CachingRules
    var routing: RoutingRules
    var forwarding: ForwardingRules
    var service: ServiceRules

    /// The rules of `profile` with `defects` applied.
    init(profile: CacheProfile = .coreDNS1_13, defects: Set<CacheDefect> = [], serviceNanoseconds: Int64 = 0) {
        self.profile = profile
        acceptance = AcceptanceRules(profile)
        answers = AnswerRules(profile)
        caching = CachingRules(profile)
        routing = RoutingRules(profile)
        forwarding = ForwardingRules(profile)
        service = ServiceRules(profile)
        service.delayNanoseconds = serviceNanoseconds
        for defect in defects { apply(defect) }
    }
}

/// Which messages of a client are answered, and which are refused how (miekg/dns acceptfunc.go, server.go, msg.go).
struct AcceptanceRules: Sendable {
    /// What becomes of a query that has not exactly one question.
    enum QuestionCountAction: Sendable { case formatError, silence, answerFirst, answerFirstUnread }
    /// What becomes of an opcode that the cache does not implement.
    enum OpcodeAction: Sendable { case notImplemented, answerAsQuery }

    /// Octets of a datagram that are read; the rest is lost and the message is cut (UDPSize of the server).
    var datagramLimit: Int
    var answersResponses = false
    var noQuestion = QuestionCountAction.formatError
    var severalQuestions = QuestionCountAction.formatError
    var unknownOpcode = OpcodeAction.notImplemented
    /// NOTIFY goes down the plugin chain like a query.
    var servesNotify: Bool
    /// Flags of the query that survive in a message-level error: RD, and in CoreDNS TC, RA, AD and CD.
    var refusalFlags: UInt16
    /// A section may hold fewer records than its count says, as long as no record is cut.
    var toleratesMissingRecords: Bool
    /// A question count of 1 with no octets after the header is SERVFAIL instead of FORMERR.
    var servfailsMissingQuestion: Bool
    /// A pointer in the question may lead anywhere that is not a loop.
    var followsAnyPointer: Bool
    /// More than one OPT, or an OPT that is not at the root, is no error.
    var toleratesOddOPT: Bool
    var acceptsLongLabels = false
    var acceptsPartialRecords = false
    /// Octets that a name may have at most.
    var nameLimit = 255
    /// A query with a compression pointer in its question is answered at all.
    var answersPointers = true
    /// A name that never ends is taken as far as it was followed.
    var acceptsPointerLoops = false
    /// A label that runs past the end of the message is taken as far as it goes.
    var acceptsCutLabels = false
    /// Records that the additional section may hold; 2 leaves room for OPT and TSIG.
    var additionalLimit: UInt16
    var answersShortMessages = false
    var answersMissingQuestion = true
    var answersTrailingOctets = true
    var answersWithoutRD = true
    var refusesZ = false
    var checksEDNSVersion = true
    /// More than one OPT, or one that is not at the root, gets an answer at all.
    var answersOddOPT = true
    /// An OPT record counts in whatever section it stands.
    var takesAnyOPT = false
    var refusesOptions = false
    var answersOptions = true
    var refusesOPTFlags = false

    init(_ profile: CacheProfile) {
        let strict = profile == .rfc
        datagramLimit = strict ? 65535 : 512
        servesNotify = !strict
        refusalFlags = strict ? 0x0100 : 0x03B0
        toleratesMissingRecords = !strict
        servfailsMissingQuestion = !strict
        followsAnyPointer = !strict
        toleratesOddOPT = !strict
        additionalLimit = strict ? .max : 2
    }
}

/// How an answer is put together (plugin/cache/item.go, request/request.go, request/edns0.go).
struct AnswerRules: Sendable {
    /// What becomes of an answer that is larger than its transport or client takes.
    enum Oversize: Sendable { case cutAndFlag, cutOnly, sendWhole }
    /// The OPT record of an answer.
    enum OPTPolicy: Sendable { case mirrorsQuery, always, never }
    /// What becomes of a query that no zone is asked for.
    enum Refusal: Sendable { case silence, rcode(UInt16) }
    /// Where compression pointers lead: to names before them, the first to one behind it, all into labels.
    enum Pointers: Sendable { case backward, forward, astray }

    /// AA=1 on each hit, "as some DNS clients discard the *entire* packet when it's non-authoritative".
    var hitsAreAuthoritative: Bool
    /// RA=1 in every answer; otherwise what the upstream said, and 0 on errors of our own.
    var alwaysRecursionAvailable: Bool
    /// The miss relays flags and question of the upstream as they came.
    var relaysUpstreamHeader: Bool
    var addsToID: UInt16 = 0
    var isResponse = true
    var clearsOpcode = false
    var clearsRD = false
    var setsRD = false
    /// Flags of the query that are copied into the answer beside those that belong there.
    var echoedFlags: UInt16 = 0
    /// AA=1 on each miss.
    var missesAreAuthoritative = false
    /// The answer section of a query is its answer.
    var usesQueryRecords = false
    var clearsRA = false
    var setsZ = false
    var dropsQuestion = false
    var foldsCase = false
    /// The question of an answer has class IN.
    var echoesClassIN = false
    /// Octets of the question's name that cannot be printed come back as question marks.
    var masksOddOctets = false
    /// Types that are not served.
    var refusedTypes: [UInt16: Refusal] = [:]
    /// What becomes of types without a name of their own; nil when they are served.
    var unknownTypes: Refusal?
    var servesOtherClasses = true
    var refusesRoot = false
    var refusesUnderscores = false
    var changesOwners = false
    var halvesTTL = false
    var changesPrivateData = false
    var opt = OPTPolicy.mirrorsQuery
    /// Flags of the query's OPT that come back.
    var optFlagMask: UInt16
    /// Size that our OPT states; nil repeats the client's.
    var ownPayloadSize: UInt16?
    /// NSID, EXPIRE, COOKIE, TCP-KEEPALIVE and PADDING of the query come back as they were.
    var echoesOptions: Bool
    var echoesUnknownOptions = false
    var echoesClientSubnet = false
    /// Flags that each OPT has beside those that come back.
    var addedOPTFlags: UInt16 = 0
    var changesPayloadSize = false
    /// A size below 512 is not taken for 512 (RFC 6891 section 6.2.3).
    var obeysSmallSize = false
    /// BADVERS says DO as version 0 would.
    var badVersionKeepsDO: Bool
    var badVersionEchoesFlags = false
    var badVersionEchoesOptions = false
    /// An rcode above 15 is SERVFAIL to a client without EDNS; otherwise such an answer cannot be written.
    var failsUnspeakableRCodes: Bool
    var keepsExtendedRCode = true
    var oversize = Oversize.cutAndFlag
    var cutsTCP = false
    /// Octets that a datagram has at most, whatever the client takes (DNS flag day 2020); nil leaves it to the client.
    var largestDatagram: Int?
    /// An answer that is too large is compressed before anything is cut from it.
    var triesCompression = true
    var pointers = Pointers.backward
    /// Octets that stay free below the client's size.
    var spareOctets = 0
    var nxDomainAsNoError = false
    var nodataAsNXDomain = false
    var dropsNegativeAuthority = false
    /// Each record goes out with the TTL that it came with.
    var keepsRecordTTLs = false
    /// A failure of or on the way to the upstream is told as NODATA.
    var hidesFailures = false
    var clearsCD = false
    var clearsAD = false
    /// AD is only told to clients that set DO or AD (RFC 6840 section 5.8).
    var masksAD = true
    var changesClusterAddresses = false
    var changesClusterText = false
    var emptiesServices = false
    var changesReverseNames = false
    var changesAliases = false

    init(_ profile: CacheProfile) {
        let strict = profile == .rfc
        hitsAreAuthoritative = !strict
        alwaysRecursionAvailable = strict
        relaysUpstreamHeader = !strict
        optFlagMask = strict ? 0x8000 : 0xFF00
        ownPayloadSize = strict ? 1232 : nil
        largestDatagram = strict ? 1232 : nil
        echoesOptions = !strict
        badVersionKeepsDO = strict
        failsUnspeakableRCodes = strict
    }
}

/// What is kept, under which key and for how long (plugin/cache/cache.go, plugin/pkg/dnsutil/ttl.go).
struct CachingRules: Sendable {
    /// Floor of every TTL, in seconds (MinimalDefaultTTL).
    var minimumTTL: UInt32
    /// A TTL with the top bit set counts as 0 (RFC 2181 section 8).
    var highTTLIsZero: Bool
    /// A negative TTL is the lesser of the SOA's TTL and its MINIMUM (RFC 2308 section 5).
    var usesSOAMinimum: Bool
    /// Negative answers without SOA are kept.
    var keepsNegativeWithoutSOA: Bool
    /// REFUSED, FORMERR and failures of our own are kept as SERVFAIL is (RFC 9520 section 2).
    var keepsOtherFailures: Bool
    /// AD of an answer is kept although the client that asked for it did not want to know (coredns#6642).
    var keepsAuthenticData: Bool
    /// NXDOMAIN for a name stands for all names below it (RFC 8020).
    var deniesBelow: Bool
    var keyHasClass: Bool
    var keyHasType = true
    var keyHasDO = true
    var keyHasCD = true
    var keepsBareNXDomain = false
    /// Positive answers get the cap as their TTL.
    var fixesTTL = false
    /// A negative TTL is the MINIMUM of the SOA, whatever the TTL of that record.
    var usesSOAMinimumOnly = false
    var evicts = true
    var keyHasTransport = false
    var keyKeepsCase = false
    /// Names are the same when their text is, whatever their labels.
    var comparesText = false
    var keepsAnything = true
    /// Answers with TC=1 are kept as others are.
    var keepsTruncated = false
    var keepsNXDomain = true
    var keepsNodata = true
    var keepsServerFailure = true
    /// The answer section of a query is kept as an upstream's would be.
    var keepsQueryRecords = false
    var capsSuccess = true
    var capsDenial = true
    var countsDown = true
    /// Seconds after its expiry for which an entry is still served.
    var staleSeconds: Int64 = 0
    /// The TTL of what is given out after its expiry (RFC 8767 section 4).
    var staleTTL: UInt32
    var obeysServeStale = true
    /// Popular entries are fetched early, whatever the Corefile says; nil goes by the Corefile.
    var prefetch: CacheSettings.Prefetch?
    var survivesReload = false
    var countsHits = true

    init(_ profile: CacheProfile) {
        let strict = profile == .rfc
        minimumTTL = strict ? 0 : 5
        highTTLIsZero = strict
        usesSOAMinimum = strict
        keepsNegativeWithoutSOA = !strict
        keepsOtherFailures = strict
        keepsAuthenticData = strict
        keyHasClass = strict
        staleTTL = strict ? 30 : 0
        deniesBelow = strict
    }
}

/// How the server block of a name is found (core/dnsserver/server.go).
struct RoutingRules: Sendable {
    var ignoresCase = true
    var byLabel = true
    var reverseToRoot = false
    var arpaToCluster = false
    var dsToRoot = false
    /// localhost is answered here, and names that mean nothing to the public DNS are denied here (RFC 6761).
    var answersSpecialNames: Bool

    init(_ profile: CacheProfile) {
        answersSpecialNames = profile == .rfc
    }
}

/// How a miss is sent upstream (plugin/forward, plugin/pkg/proxy).
struct ForwardingRules: Sendable {
    /// How message IDs are chosen.
    enum IdentifierChoice: Sendable { case random, sequential, narrow }

    var ignoresForceTCP = false
    var ignoresForceTCPInReverse = false
    var forcesTCPEverywhere = false
    var reusesConnections = true
    var leaksHits = false
    /// Each name is asked for again by itself after its answer.
    var refetches = false
    /// Queries that wait for the same answer share one upstream query.
    var coalesces: Bool
    var copiesToRootUpstream = false
    var reusesClientID = false
    /// How message IDs are chosen.
    var identifiers = IdentifierChoice.random
    /// Each miss is asked twice at once.
    var asksTwice = false
    var foldsCase = false
    /// Flags of the query that do not go upstream.
    var clearedFlags: UInt16 = 0
    /// A query without OPT gets one on its way upstream.
    var addsOPT = false
    /// The server blocks ask themselves whether they loop.
    var probesLoops = true
    /// Length prefix and message are two segments.
    var splitsFrames = false
    var closesByReset = false
    /// Time for which idle connections are kept, in place of what the Corefile says.
    var expireNanoseconds: Int64?
    /// A connection that the upstream closed while it was idle costs the client its answer.
    var failsOnClosedConnection = false
    /// Such a connection is replaced a second later.
    var waitsAfterClosedConnection = false
    var countsConnectionMisses = true
    /// Attempts for each upstream of a query; nil tries on until the deadline.
    var attemptsPerUpstream: Int?
    /// The options of the query's OPT go upstream as they came.
    var forwardsOptions: Bool
    /// A wrong question in an answer is told to the client as FORMERR, otherwise it counts as a failed attempt.
    var mismatchIsFormatError: Bool
    /// A datagram that ends within a record is told to the client as a truncated answer.
    var truncatesBrokenDatagrams: Bool
    /// An answer with another class than the question's is not an answer to it.
    var checksClass: Bool
    /// An answer to another question is no answer.
    var checksQuestion = true
    /// A message with another ID than the query's is passed over.
    var checksID = true
    /// The longest time for a connection attempt.
    var dialLimitNanoseconds: Int64
    /// How long an upstream that failed is not asked.
    var shunsFailedNanoseconds: Int64 = 0
    /// A query waits until the one before it in its server block has its answer.
    var asksOneAtATime = false
    /// An upstream answer may hold fewer records than its header counts, as long as it ends behind one (miekg/dns msg.go).
    var toleratesMissingRecords: Bool
    /// What is done to the records of an upstream answer before anything else.
    var spoiling = UpstreamAnswer.Spoiling.none
    /// An upstream answer may be followed by octets that belong to nothing.
    var acceptsTrailingOctets = true
    /// The query has an OPT record of the cache beside that of the client.
    var doublesOPT = false
    /// An upstream answer may carry an extended error (RFC 8914).
    var acceptsExtendedErrors = true
    /// A message that is left on a TCP connection is the answer to the next query, whatever its ID.
    var takesLeftovers = false
    /// Time for one attempt's answer.
    var readTimeoutNanoseconds: Int64
    /// Time for all attempts; looked at between attempts only.
    var deadlineNanoseconds: Int64 = 5_000_000_000
    /// UDP sockets are kept and used again, so that a zone's queries share a source port.
    var poolsUDP: Bool

    init(_ profile: CacheProfile) {
        let strict = profile == .rfc
        attemptsPerUpstream = strict ? 1 : nil
        forwardsOptions = !strict
        checksClass = strict
        dialLimitNanoseconds = strict ? 4_000_000_000 : 30_000_000_000
        toleratesMissingRecords = !strict
        mismatchIsFormatError = !strict
        truncatesBrokenDatagrams = !strict
        readTimeoutNanoseconds = strict ? 4_000_000_000 : 2_000_000_000
        poolsUDP = !strict
        coalesces = strict
    }
}

/// What the sockets and the pages around the cache do.
struct ServiceRules: Sendable {
    var closesTCPAtFirstQuery = false
    var answersFirstTCPQueryOnly = false
    var needsWholePrefix = false
    /// Time to read the first message of a connection (ReadTimeout of CoreDNS's server).
    var firstReadNanoseconds: Int64 = 3_000_000_000
    /// Time to read each later message (IdleTimeout).
    var idleNanoseconds: Int64 = 10_000_000_000
    var closesIdleTCP = true
    /// A connection is closed, whatever is unanswered, when the client ends its direction.
    var closesAtHalfClose = false
    /// A message that gets no answer holds up all that follow on its connection.
    var jamsOnSilence = false
    /// A connection that owes the rest of a message holds up all others.
    var waitsForBegunMessages = false
    /// Connections of clients that are kept at a time; nil for all.
    var connectionLimit: Int?
    /// Length prefix and answer are two segments.
    var splitsFrames = false
    /// A reset of one client ends the connections of all.
    var closesAllAtReset = false
    /// Answers to AAAA queries over UDP leave from a port of their own.
    var answersFromAnotherPort = false
    /// Queries of one connection are answered one after the other (miekg/dns server.go).
    var serializesTCP: Bool
    var losesOneIn: UInt64?
    var answersTwice = false
    /// Of datagrams from one client port only the first is read.
    var readsPortsOnce = false
    /// Time that each answer is held back.
    var delayNanoseconds: Int64 = 0
    /// Answers are held back for a quarter longer, or for 250 µs where they are not held back.
    var addsQuarter = false
    /// Time that each answer is held back, all told.
    var holdNanoseconds: Int64 {
        addsQuarter ? delayNanoseconds + (delayNanoseconds > 0 ? delayNanoseconds / 4 : 250_000) : delayNanoseconds
    }
    var listensForHealth = true
    var omitsCacheRequests = false
    var countsPanics = false
    /// Messages that are refused before any zone sees them are counted as requests.
    var countsRefusals: Bool
    var answersAnyPath = false
    var listensForHealthEverywhere = false
    var countsTCPAsUDP = false
    var omitsBuildInfo = false
    var countsSetupErrors = false
    var countsReloadsFailed = false
    /// Time after a reload in which answers are lost.
    var deafAfterReloadNanoseconds: Int64 = 0
    /// What is unanswered at the end is answered first.
    var answersBeforeEnd = true
    var startDelayNanoseconds: Int64 = 0
    var listensOnLoopback = false

    init(_ profile: CacheProfile) {
        serializesTCP = profile != .rfc
        countsRefusals = profile == .rfc
    }
}
