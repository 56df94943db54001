/// A lookup as Go's own resolver does it: goLookupIPCNAMEOrder of src/net/dnsclient_unix.go.
///
/// A and AAAA are asked by two goroutines with a socket each (slots 0 and 1), each with its own walk over servers and
/// attempts (tryOneName); the next name comes when both have ended without an address, whatever the reason.
struct GoLookup: BitwiseCopyable {
    /// How one type of one name stands.
    private enum State: UInt8, BitwiseCopyable {
        case waiting
        case asking
        case addresses
        case noSuchHost
        case misbehaving

        var isOver: Bool { self != .waiting && self != .asking }
    }

    /// tryOneName.
    private struct Track: BitwiseCopyable {
        var state = State.waiting
        var offset: UInt8 = 0
        var shift: UInt8 = 0
        var round: UInt8 = 0
        var isOverTCP = false
        var isOpen = false
        var deadline = Int64.max
    }

    private let path: LookupPath
    private(set) var step: UInt8 = 0
    private var tracks: [2 of Track] = .init(repeating: Track())
    /// What is reported if nothing is found: the error of the name as it is, or else the first one.
    private var lastError: State?

    init(_ path: LookupPath) { self.path = path }

    var deadline: Int64 { min(tracks[0].deadline, tracks[1].deadline) }

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
        switch event {
        case .answered(let socket, let family, _, let answer):
            guard Int(socket) == family.index, tracks[family.index].isOpen else { return }
            take(family, answer, now: now, rules: rules, actions: &actions)
        case .failed(let socket, _):
            guard let family = LookupFamily(rawValue: socket), tracks[family.index].isOpen else { return }
            next(family, now: now, rules: rules, actions: &actions)
        case .elapsed:
            for family in LookupFamily.allCases where tracks[family.index].deadline <= now {
                next(family, now: now, rules: rules, actions: &actions)
            }
        }
        goOn(now: now, rules: rules, process: &process, actions: &actions)
    }

    private mutating func beginStep(
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        tracks = .init(repeating: Track())
        start(.a, now: now, rules: rules, process: &process, actions: &actions)
        if !rules.has(.singleRequest) { start(.aaaa, now: now, rules: rules, process: &process, actions: &actions) }
    }

    private mutating func start(
        _ family: LookupFamily,
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        // Each type counts for itself, so that with `rotate` A and AAAA go to different servers.
        tracks[family.index].offset = process.nextOffset(rules)
        tracks[family.index].state = .asking
        exchange(family, cause: .first, now: now, rules: rules, actions: &actions)
    }

    /// One attempt at one server.
    private mutating func exchange(
        _ family: LookupFamily,
        cause: LookupSend.Cause,
        now: Int64,
        rules: ResolverRules,
        actions: inout LookupActions
    ) {
        let track = tracks[family.index]
        let server = (track.shift + track.offset) % rules.serverCount
        let isOverTCP = rules.has(.useVC) || cause == .truncated
        let socket = family.rawValue
        actions.append(isOverTCP ? .connect(socket: socket, server: server) : .open(socket: socket, server: server))
        actions.append(.send(LookupSend(family: family, step: step, socket: socket, server: server, cause: cause)))
        tracks[family.index].isOverTCP = isOverTCP
        tracks[family.index].isOpen = true
        tracks[family.index].deadline = now &+ rules.timeout
    }

    private mutating func close(_ family: LookupFamily, _ actions: inout LookupActions) {
        guard tracks[family.index].isOpen else { return }
        tracks[family.index].isOpen = false
        tracks[family.index].deadline = .max
        actions.append(.close(socket: family.rawValue))
    }

    private mutating func take(
        _ family: LookupFamily,
        _ answer: LookupAnswer,
        now: Int64,
        rules: ResolverRules,
        actions: inout LookupActions
    ) {
        if answer.marks.contains(.truncated) && !tracks[family.index].isOverTCP {
            close(family, &actions)
            return exchange(family, cause: .truncated, now: now, rules: rules, actions: &actions)
        }
        if answer.rcode == LookupAnswer.nameError {
            close(family, &actions)
            end(family, .noSuchHost)
        } else if answer.rcode != LookupAnswer.noError || answer.isLame {
            next(family, now: now, rules: rules, actions: &actions)
        } else {
            close(family, &actions)
            end(family, answer.marks.contains(.hasAddress) ? .addresses : .noSuchHost)
        }
    }

    /// The next server, the next round, or the end of this type.
    private mutating func next(
        _ family: LookupFamily,
        now: Int64,
        rules: ResolverRules,
        actions: inout LookupActions
    ) {
        close(family, &actions)
        tracks[family.index].shift += 1
        if tracks[family.index].shift == rules.serverCount {
            tracks[family.index].shift = 0
            tracks[family.index].round += 1
        }
        guard tracks[family.index].round < rules.attempts else { return end(family, .misbehaving) }
        let cause: LookupSend.Cause = rules.serverCount > 1 ? .otherServer : .again
        exchange(family, cause: cause, now: now, rules: rules, actions: &actions)
    }

    private mutating func end(_ family: LookupFamily, _ state: State) {
        tracks[family.index].state = state
        if state != .addresses && (lastError == nil || step == path.asIs) { lastError = state }
    }

    /// Starts AAAA after A, the next name, or ends the lookup.
    private mutating func goOn(
        now: Int64,
        rules: ResolverRules,
        process: inout ResolverProcess,
        actions: inout LookupActions
    ) {
        guard tracks[0].state.isOver else { return }
        if tracks[1].state == .waiting {
            return start(.aaaa, now: now, rules: rules, process: &process, actions: &actions)
        }
        guard tracks[1].state.isOver else { return }
        if tracks[0].state == .addresses || tracks[1].state == .addresses {
            actions.append(.done(.found))
        } else if step + 1 < path.count {
            step += 1
            beginStep(now: now, rules: rules, process: &process, actions: &actions)
        } else {
            actions.append(.done(lastError == .misbehaving ? .failed : .notFound))
        }
    }
}
