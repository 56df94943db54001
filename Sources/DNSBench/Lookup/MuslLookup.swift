/// A lookup as musl does it: __res_msend_rc of src/network/res_msend.c for each name of name_from_dns_search in
/// src/network/lookup_name.c.
///
/// One unconnected UDP socket a name (slot 0) carries both queries to all servers at once; the first good answer to
/// each counts. A truncated answer is fetched over TCP from the server that gave it (slots 1 and 2, since 1.2.4).
struct MuslLookup: BitwiseCopyable {
    private enum Reply: BitwiseCopyable {
        case awaited
        case awaitedOverTCP
        case got(LookupAnswer)
    }

    private let path: LookupPath
    private(set) var step: UInt8 = 0
    private(set) var deadline = Int64.max
    private var begun: Int64 = 0
    private var roundBegun: Int64 = 0
    /// SERVFAILs of this round that are still answered by asking again.
    private var forgiven: UInt8 = 0
    private var isOpen: UInt8 = 0
    private var replies: [2 of Reply] = .init(repeating: .awaited)

    init(_ path: LookupPath) { self.path = path }

    mutating func begin(now: Int64, rules: ResolverRules, actions: inout LookupActions) {
        guard path.count > 0 else { return finish(.notFound, &actions) }
        beginStep(now: now, rules: rules, actions: &actions)
    }

    mutating func handle(_ event: LookupEvent, now: Int64, rules: ResolverRules, actions: inout LookupActions) {
        switch event {
        case .answered(let socket, let family, let server, let answer):
            if socket == 0 {
                takeDatagram(family, answer, server: server, rules: rules, actions: &actions)
            } else {
                takeFromStream(family, answer, rules: rules, actions: &actions)
            }
            if isComplete { endStep(now: now, rules: rules, actions: &actions) }
        case .failed(let socket, let reason):
            guard isOpen >> socket & 1 != 0 else { return }
            if socket > 0 {
                endStep(now: now, rules: rules, actions: &actions)
            } else if reason == .impossible {
                close(&actions)
                finish(.failed, &actions)  // EAI_SYSTEM
            }
        case .elapsed:
            if now &- begun >= rules.timeout &- MuslLookup.slack(rules) {
                endStep(now: now, rules: rules, actions: &actions)
            } else if now &- roundBegun >= interval(rules) {
                ask(now: now, rules: rules, actions: &actions)
            }
        }
    }

    /// The time between two rounds, in whole milliseconds as musl counts.
    private func interval(_ rules: ResolverRules) -> Int64 {
        let millisecond = max(1, rules.second / 1_000)
        return rules.timeout / millisecond / Int64(rules.attempts) &* millisecond
    }

    /// What three rounds of 1,666 ms lack of 5 s, poll(2) makes up for: it may sleep a thousandth longer than asked
    /// (select_estimate_accuracy of fs/select.c), so that no fourth round is begun.
    private static func slack(_ rules: ResolverRules) -> Int64 { rules.timeout / 1_000 }

    private mutating func beginStep(now: Int64, rules: ResolverRules, actions: inout LookupActions) {
        begun = now
        replies = .init(repeating: .awaited)
        actions.append(.open(socket: 0, server: 0))
        isOpen = 1
        ask(now: now, rules: rules, actions: &actions)
    }

    /// Sends what is not answered yet to all servers.
    private mutating func ask(now: Int64, rules: ResolverRules, actions: inout LookupActions) {
        let isFirstRound = now == begun
        for family in LookupFamily.allCases {
            guard case .awaited = replies[family.index] else { continue }
            for server in 0..<rules.serverCount {
                let cause: LookupSend.Cause = isFirstRound ? (server == 0 ? .first : .copy) : .again
                actions.append(.send(LookupSend(family: family, step: step, socket: 0, server: server, cause: cause)))
            }
        }
        roundBegun = now
        forgiven = 4
        deadline = min(roundBegun &+ interval(rules), begun &+ rules.timeout)
    }

    private mutating func takeDatagram(
        _ family: LookupFamily,
        _ answer: LookupAnswer,
        server: UInt8,
        rules: ResolverRules,
        actions: inout LookupActions
    ) {
        guard case .awaited = replies[family.index] else { return }
        switch answer.rcode {
        case LookupAnswer.noError, LookupAnswer.nameError: break
        case LookupAnswer.serverFailure:
            guard forgiven > 0 else { return }
            forgiven -= 1
            actions.append(.send(LookupSend(family: family, step: step, socket: 0, server: server, cause: .again)))
            return
        default: return  // a refusal is as good as silence
        }
        guard answer.marks.contains(.truncated) else {
            replies[family.index] = .got(answer)
            return
        }
        replies[family.index] = .awaitedOverTCP
        let socket = 1 + family.rawValue
        isOpen |= 1 << socket
        actions.append(.connect(socket: socket, server: server))
        actions.append(.send(LookupSend(family: family, step: step, socket: socket, server: server, cause: .truncated)))
    }

    private mutating func takeFromStream(
        _ family: LookupFamily,
        _ answer: LookupAnswer,
        rules: ResolverRules,
        actions: inout LookupActions
    ) {
        guard case .awaitedOverTCP = replies[family.index] else { return }
        replies[family.index] = .got(answer)
        let socket = 1 + family.rawValue
        isOpen &= ~(1 << socket)
        actions.append(.close(socket: socket))
    }

    /// Whether nothing more is waited for: both answers are there, or one over TCP was of no use.
    private var isComplete: Bool {
        var isAll = true
        for index in 0..<2 {
            guard case .got(let answer) = replies[index] else {
                isAll = false
                continue
            }
            if answer.rcode != LookupAnswer.noError && answer.rcode != LookupAnswer.nameError { return true }
        }
        return isAll
    }

    /// The end of name_from_dns: only a name that does not exist lets the search go on.
    private mutating func endStep(now: Int64, rules: ResolverRules, actions: inout LookupActions) {
        close(&actions)
        var isFound = false
        for index in 0..<2 {
            guard case .got(let answer) = replies[index] else { return finish(.failed, &actions) }  // EAI_AGAIN
            switch answer.rcode {
            case LookupAnswer.noError: isFound = isFound || answer.marks.contains(.hasAddress)
            case LookupAnswer.nameError:
                guard step + 1 < path.count else { return finish(.notFound, &actions) }
                step += 1
                return beginStep(now: now, rules: rules, actions: &actions)
            default: return finish(.failed, &actions)
            }
        }
        finish(isFound ? .found : .notFound, &actions)  // EAI_NODATA ends the search, too
    }

    private mutating func close(_ actions: inout LookupActions) {
        for socket in 0..<UInt8(3) where isOpen >> socket & 1 != 0 { actions.append(.close(socket: socket)) }
        isOpen = 0
    }

    private mutating func finish(_ outcome: LookupOutcome, _ actions: inout LookupActions) {
        deadline = .max
        actions.append(.done(outcome))
    }
}
