/// send_dg of resolv/res_send.c.
extension GlibcLookup {
    /// How long a server is waited for: `timeout` doubles with the server's number and is shared out among them.
    static func patience(server: UInt8, rules: ResolverRules) -> Int64 {
        var seconds = rules.seconds << Int64(server)
        if server > 0 { seconds /= Int64(rules.serverCount) }
        return max(1, seconds) &* rules.second
    }

    mutating func askByDatagram(
        cause: LookupSend.Cause,
        now: Int64,
        rules: ResolverRules,
        actions: inout LookupActions
    ) -> Verdict {
        let server = server(rules)
        if openSockets >> server & 1 == 0 {
            actions.append(.open(socket: server, server: server))
            openSockets |= 1 << server
        }
        received = []
        deadline = now &+ GlibcLookup.patience(server: server, rules: rules)
        if mode == .together {
            for family in LookupFamily.allCases where rules.families.contains(family) {
                send(family, cause: cause, rules: rules, actions: &actions)
            }
        } else {
            send(.a, cause: cause, rules: rules, actions: &actions)
        }
        return takeEarly(server, now: now, rules: rules, actions: &actions)
    }

    private mutating func send(
        _ family: LookupFamily,
        cause: LookupSend.Cause,
        rules: ResolverRules,
        actions: inout LookupActions
    ) {
        let server = server(rules)
        let isFirst = !asked.contains(family)
        asked.insert(LookupFamilies(family))
        actions.append(
            .send(
                LookupSend(family: family, step: step, socket: server, server: server, cause: isFirst ? .first : cause)
            )
        )
    }

    /// Reads what waited in the socket's buffer while other servers were asked.
    private mutating func takeEarly(
        _ server: UInt8,
        now: Int64,
        rules: ResolverRules,
        actions: inout LookupActions
    ) -> Verdict {
        for family in LookupFamily.allCases {
            let place = Int(server) * 2 + family.index
            guard let answer = early[place] else { continue }
            early[place] = nil
            let verdict = takeDatagram(
                family,
                answer,
                socket: server,
                now: now,
                rules: rules,
                actions: &actions
            )
            if verdict != .waits { return verdict }
        }
        return .waits
    }

    mutating func takeDatagram(
        _ family: LookupFamily,
        _ answer: LookupAnswer,
        socket: UInt8,
        now: Int64,
        rules: ResolverRules,
        actions: inout LookupActions
    ) -> Verdict {
        guard !isOverTCP else { return .waits }
        guard socket == server(rules) else {
            early[Int(socket) * 2 + family.index] = answer
            return .waits
        }
        guard !received.contains(family), rules.families.contains(family) else { return .waits }
        heardSomething = true
        let isFirst = received.isEmpty
        if isFirst {
            first = answer
            bufferedRcode = answer.rcode
        } else {
            second = answer
        }
        if answer.isError || answer.isLame { return takeError(family, isFirst: isFirst, rules: rules, &actions) }
        if answer.marks.contains(.truncated) { return .overTCP }
        received.insert(LookupFamilies(family))
        if received == rules.families { return .answered }
        if mode != .together {
            if mode == .reopened { reopen(socket, &actions) }
            send(family.other, cause: .again, rules: rules, actions: &actions)
        }
        return .waits
    }

    /// One type's error does not spoil the other's answer, outside of `strict-error`.
    private mutating func takeError(
        _ family: LookupFamily,
        isFirst: Bool,
        rules: ResolverRules,
        _ actions: inout LookupActions
    ) -> Verdict {
        if !rules.has(.strictError) {
            if !isFirst {
                second = nil
                return first == nil ? .nextServer : .answered
            }
            if rules.families == .both && mode == .together {
                first = nil
                received.insert(LookupFamilies(family))
                return .waits
            }
        }
        closeAll(&actions)
        return .nextServer
    }

    /// The time of this server is up.
    mutating func elapse(now: Int64, rules: ResolverRules, actions: inout LookupActions) -> Verdict {
        let server = server(rules)
        guard first != nil, !received.isEmpty, rules.families == .both else {
            // The socket stays open: an answer that is late is read when this server's turn comes again.
            heardSomething = true
            return .nextServer
        }
        switch mode {
        case .together: mode = .oneByOne
        case .oneByOne:
            mode = .reopened
            closeAll(&actions)
        case .reopened:
            second = nil
            return .answered
        }
        precondition(server < rules.serverCount)
        return askByDatagram(cause: .again, now: now, rules: rules, actions: &actions)
    }

    private mutating func reopen(_ socket: UInt8, _ actions: inout LookupActions) {
        closeAll(&actions)
        actions.append(.open(socket: socket, server: socket))
        openSockets |= 1 << socket
    }
}

extension LookupAnswer {
    /// An rcode that says more of the server than of the name.
    var isError: Bool {
        rcode == LookupAnswer.serverFailure || rcode == LookupAnswer.notImplemented || rcode == LookupAnswer.refused
    }
}
