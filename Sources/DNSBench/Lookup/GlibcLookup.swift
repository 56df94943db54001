/// A lookup as the GNU C library does it.
///
/// The search is __res_context_search of resolv/res_query.c; see `GlibcLookup+Datagrams.swift` and
/// `GlibcLookup+Stream.swift` for send_dg and send_vc of resolv/res_send.c. Each name on the way gets new sockets: one
/// for UDP a server (slots 0 … 2), which lives until the name is done, and one for TCP (slot 3).
struct GlibcLookup: BitwiseCopyable {
    /// How A and AAAA share a socket; it only ever gets more careful within a lookup.
    enum Mode: UInt8, BitwiseCopyable {
        /// Back to back.
        case together
        /// AAAA after the answer to A (`single-request`, RES_F_SNGLKUP).
        case oneByOne
        /// The same, from another socket (`single-request-reopen`, RES_F_SNGLKUPREOP).
        case reopened
    }

    /// What a name came to: h_errno.
    enum Failure: UInt8, BitwiseCopyable {
        /// HOST_NOT_FOUND.
        case nameError
        /// NO_DATA.
        case noData
        /// TRY_AGAIN.
        case tryAgain
        /// NO_RECOVERY.
        case noRecovery
    }

    static let streamSocket: UInt8 = 3

    let path: LookupPath
    var step: UInt8 = 0
    var deadline = Int64.max

    // The search.
    private var asIsFailure: Failure?
    private var sawNoData = false
    private var sawServerFailure = false

    // One name: __res_context_send.
    /// Rounds over the servers that are done.
    var round: UInt8 = 0
    /// Servers of this round that are done.
    var shift: UInt8 = 0
    /// The first server, because of `rotate`.
    private var offset: UInt8 = 0
    /// Whether TCP is used from here on (v_circuit).
    var isOverTCP = false
    /// Whether any server said anything (gotsomewhere).
    var heardSomething = false
    /// Whether the last failure over TCP was a refusal (terrno).
    var wasRefusedOverTCP = false
    /// The first answer's rcode, as it stays in the caller's buffer.
    var bufferedRcode: UInt8 = 0
    var openSockets: UInt8 = 0
    var asked: LookupFamilies = []

    // One server: send_dg or send_vc.
    var mode: Mode
    var received: LookupFamilies = []
    /// The answer in the first buffer; `nil` stands for a length of 0.
    var first: LookupAnswer?
    /// The answer in the second buffer.
    var second: LookupAnswer?
    /// Whether the connection was reset once already.
    var wasReset = false
    /// Answers that came on a socket that was not looked at: server × 2 + type.
    var early: [6 of LookupAnswer?] = .init(repeating: nil)

    init(_ path: LookupPath, rules: ResolverRules) {
        self.path = path
        mode =
            rules.has(.singleRequestReopen) ? .reopened : rules.has(.singleRequest) ? .oneByOne : .together
    }

    /// The server that is being asked.
    func server(_ rules: ResolverRules) -> UInt8 { (shift + offset) % rules.serverCount }

    mutating func begin(
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        guard path.count > 0 else { return actions.append(.done(.notFound)) }
        beginStep(now: now, rules: rules, process: &process, actions: &actions)
    }

    mutating func handle(
        _ event: LookupEvent,
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        let verdict: Verdict =
            switch event {
            case .answered(let socket, let family, _, let answer):
                if socket == GlibcLookup.streamSocket {
                    takeFromStream(family, answer, rules: rules)
                } else {
                    takeDatagram(family, answer, socket: socket, now: now, rules: rules, actions: &actions)
                }
            case .failed(let socket, let reason):
                fail(socket, reason, now: now, rules: rules, actions: &actions)
            case .elapsed:
                isOverTCP ? .abandoned : elapse(now: now, rules: rules, actions: &actions)
            }
        conclude(verdict, now: now, rules: rules, process: &process, actions: &actions)
    }

    /// What an event means for the server that is being asked.
    enum Verdict: BitwiseCopyable {
        /// More is to come.
        case waits
        /// Its answers are there.
        case answered
        /// The next server, please; sockets stay open or not as the caller left them.
        case nextServer
        /// The same server over TCP.
        case overTCP
        /// Where the resolver would wait for ever.
        case abandoned
    }

    private mutating func conclude(
        _ verdict: Verdict,
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        var verdict = verdict
        // A server's early answers can settle the matter as soon as it is asked again, so this may take several turns.
        while true {
            switch verdict {
            case .waits: return
            case .answered:
                closeAll(&actions)
                return judge(now: now, rules: rules, process: &process, actions: &actions)
            case .abandoned:
                closeAll(&actions)
                return finish(.failed, &actions)
            case .overTCP:
                closeAll(&actions)
                isOverTCP = true
                verdict = ask(cause: .truncated, now: now, rules: rules, actions: &actions)
            case .nextServer:
                shift += 1
                if shift == rules.serverCount {
                    shift = 0
                    round += 1
                }
                guard round < rules.attempts else {
                    closeAll(&actions)
                    let isRefused = isOverTCP ? wasRefusedOverTCP : !heardSomething
                    return endStep(
                        .tryAgain,
                        isRefused: isRefused,
                        now: now,
                        rules: rules,
                        process: &process,
                        actions: &actions
                    )
                }
                let cause: LookupSend.Cause = rules.serverCount > 1 ? .otherServer : .again
                verdict = ask(cause: cause, now: now, rules: rules, actions: &actions)
            }
        }
    }

    private mutating func beginStep(
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        guard !path.isTooLong(step) else {
            // __res_context_mkquery fails, and with it the query that was never sent.
            return endStep(
                .noRecovery,
                isRefused: false,
                now: now,
                rules: rules,
                process: &process,
                actions: &actions
            )
        }
        round = 0
        shift = 0
        offset = process.nextOffset(rules)
        isOverTCP = rules.has(.useVC)
        heardSomething = false
        wasRefusedOverTCP = false
        bufferedRcode = LookupAnswer.noError
        asked = []
        early = .init(repeating: nil)
        let verdict = ask(cause: .first, now: now, rules: rules, actions: &actions)
        conclude(verdict, now: now, rules: rules, process: &process, actions: &actions)
    }

    /// Asks the present server; the verdict is `waits` unless early answers of it are enough.
    private mutating func ask(
        cause: LookupSend.Cause,
        now: Int64,
        rules: ResolverRules,
        actions: inout LookupActions
    ) -> Verdict {
        first = nil
        second = nil
        received = []
        wasReset = false
        if isOverTCP {
            // At most one attempt a server over TCP: `try = statp->retry`.
            round = rules.attempts - 1
            connect(cause: cause, now: now, rules: rules, actions: &actions)
            return .waits
        }
        return askByDatagram(cause: cause, now: now, rules: rules, actions: &actions)
    }

    /// What the answers say of this name: the end of __res_context_query.
    private mutating func judge(
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        guard let one = first ?? second else { return }
        let two = second ?? one
        if one.isPositive || two.isPositive {
            let isFound = one.marks.union(two.marks).contains(.hasAddress)
            return finish(isFound ? .found : .notFound, &actions)
        }
        let failure: Failure =
            switch one.rcode == LookupAnswer.noError ? two.rcode : one.rcode {
            case LookupAnswer.noError: .noData
            case LookupAnswer.nameError: .nameError
            case LookupAnswer.serverFailure: .tryAgain
            default: .noRecovery
            }
        endStep(failure, isRefused: false, now: now, rules: rules, process: &process, actions: &actions)
    }

    /// Goes on with the search after a name that was not found.
    private mutating func endStep(
        _ failure: Failure,
        isRefused: Bool,
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        let isAsIs = step == path.asIs
        var goesOn = true
        if isAsIs {
            if path.isRooted || step > 0 || path.count == 1 { return give(up: failure, &actions) }
            asIsFailure = failure
        } else {
            if isRefused { return finish(.failed, &actions) }
            switch failure {
            case .noData: sawNoData = true
            case .nameError: break
            case .tryAgain where bufferedRcode == LookupAnswer.serverFailure: sawServerFailure = true
            case .tryAgain, .noRecovery: goesOn = false
            }
        }
        let last = path.count - 1
        if goesOn && step < last {
            step += 1
        } else if !goesOn && path.asIs == last && path.asIs > 0 {
            step = last
        } else {
            return give(up: failure, &actions)
        }
        beginStep(now: now, rules: rules, process: &process, actions: &actions)
    }

    /// Ends the search with the failure that getaddrinfo reports.
    private mutating func give(up last: Failure, _ actions: inout LookupActions) {
        let failure = asIsFailure ?? (sawNoData ? .noData : sawServerFailure ? .tryAgain : last)
        finish(failure == .nameError || failure == .noData ? .notFound : .failed, &actions)
    }

    private mutating func finish(_ outcome: LookupOutcome, _ actions: inout LookupActions) {
        deadline = .max
        actions.append(.done(outcome))
    }

    /// __res_iclose.
    mutating func closeAll(_ actions: inout LookupActions) {
        for socket in 0..<UInt8(LookupMachine.sockets) where openSockets >> socket & 1 != 0 {
            actions.append(.close(socket: socket))
        }
        openSockets = 0
        early = .init(repeating: nil)
    }
}
