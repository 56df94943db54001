/// send_vc of resolv/res_send.c: both queries on one connection, and no time limit.
extension GlibcLookup {
    mutating func connect(
        cause: LookupSend.Cause,
        now: Int64,
        rules: ResolverRules,
        actions: inout LookupActions
    ) {
        let server = server(rules)
        let socket = GlibcLookup.streamSocket
        actions.append(.connect(socket: socket, server: server))
        openSockets |= 1 << socket
        for family in LookupFamily.allCases where rules.families.contains(family) {
            let isFirst = !asked.contains(family)
            asked.insert(LookupFamilies(family))
            actions.append(
                .send(
                    LookupSend(
                        family: family,
                        step: step,
                        socket: socket,
                        server: server,
                        cause: isFirst ? .first : cause
                    )
                )
            )
        }
        deadline = now &+ rules.patience
    }

    mutating func takeFromStream(_ family: LookupFamily, _ answer: LookupAnswer, rules: ResolverRules) -> Verdict {
        guard isOverTCP, !received.contains(family) else { return .waits }
        if received.isEmpty {
            first = answer
            bufferedRcode = answer.rcode
        } else {
            second = answer
        }
        received.insert(LookupFamilies(family))
        // Any rcode will do: what it means is for the search to say.
        return received == rules.families ? .answered : .waits
    }

    /// A socket is of no more use.
    mutating func fail(
        _ socket: UInt8,
        _ reason: LookupFailure,
        now: Int64,
        rules: ResolverRules,
        actions: inout LookupActions
    ) -> Verdict {
        guard openSockets >> socket & 1 != 0 else { return .waits }
        if socket == GlibcLookup.streamSocket {
            guard isOverTCP else { return .waits }
            closeAll(&actions)
            wasRefusedOverTCP = reason == .refused
            if reason == .reset && !wasReset {
                // One reset is forgiven: the server may have been restarted.
                wasReset = true
                received = []
                connect(cause: .again, now: now, rules: rules, actions: &actions)
                return .waits
            }
            return .nextServer
        }
        // An error on a socket that is not looked at is found out when its turn comes.
        guard !isOverTCP, socket == server(rules) else { return .waits }
        closeAll(&actions)
        return .nextServer
    }
}
