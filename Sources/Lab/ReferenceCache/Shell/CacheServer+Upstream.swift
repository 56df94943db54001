import DNSWire
import LinuxNet

extension CacheServer {
    /// Sends a miss upstream.
    func forward(_ miss: CacheCore.Miss, _ path: AnswerPath) {
        if rules.forwarding.coalesces, let exchange = joinable[CacheKey(miss.query, rules: rules.caching).value],
            exchange.engine === engine, exchange.miss.query.foldedName == miss.query.foldedName
        {
            exchange.joined.append((miss, path))
            return
        }
        start(miss, path, block: miss.block)
        if rules.forwarding.asksTwice {
            var again = miss
            again.isLeak = true
            start(again, .nowhere, block: miss.block)
        }
        if let stray = engine.core.blockForStrayCopy(of: miss) {
            var copy = miss
            copy.isLeak = true
            copy.upstreamTransport = .tcp
            start(copy, .nowhere, block: stray)
        }
    }

    private func start(_ miss: CacheCore.Miss, _ path: AnswerPath, block: Int) {
        guard let group = engine.groups[block], let first = group.upstreams.first else {
            answer(engine.core.failed(miss, now: Clock.monotonicNanoseconds()), path)
            return
        }
        if let limit = group.settings.maximumConcurrent, group.concurrent >= limit {
            control.ledger.record { $0.concurrentRejects += 1 }
            answer(engine.core.rejected(miss), path)
            return
        }
        if rules.forwarding.asksOneAtATime, group.concurrent > 0 {
            group.waiting.append { [self] in start(miss, path, block: block) }
            return
        }
        group.concurrent += 1
        let plan = ForwardPlan(
            order: group.order(random: &random),
            startedAt: Clock.monotonicNanoseconds(),
            rules: rules.forwarding
        )
        let exchange = Exchange(engine: engine, group: group, first: first, miss: miss, path: path, plan: plan)
        if rules.forwarding.coalesces, !miss.isLeak {
            joinable[CacheKey(miss.query, rules: rules.caching).value] = exchange
        }
        nextAttempt(exchange)
    }

    /// Answers the query of an exchange that has ended, and those that joined it; nil tells that no upstream answered.
    private func conclude(_ exchange: Exchange, _ upstream: UpstreamAnswer?, now: Int64) {
        guard !exchange.miss.isLeak else { return }
        let key = CacheKey(exchange.miss.query, rules: rules.caching).value
        if joinable[key] === exchange { joinable[key] = nil }
        for (miss, path) in [(exchange.miss, exchange.path)] + exchange.joined {
            if let upstream {
                answer(exchange.engine.core.answered(miss, by: upstream, now: now), path)
            } else {
                answer(exchange.engine.core.failed(miss, now: now), path)
            }
        }
        guard rules.forwarding.refetches else { return }
        var again = exchange.miss
        again.isLeak = true
        timers.insert(.refetch(again), at: now + 10_000_000_000)
    }

    /// One query of a group has its answer, or none; the next that waits is begun.
    private func ended(_ exchange: Exchange) {
        exchange.group.concurrent -= 1
        if !exchange.group.waiting.isEmpty { exchange.group.waiting.removeFirst()() }
    }

    /// Runs the attempts that are due now; those that they bring about wait for the next round.
    func runDue() {
        let exchanges = due
        due.removeAll(keepingCapacity: true)
        for exchange in exchanges { nextAttempt(exchange) }
    }

    /// Picks an upstream for the next attempt, or ends the query.
    func nextAttempt(_ exchange: Exchange) {
        let now = Clock.monotonicNanoseconds()
        let group = exchange.group
        switch exchange.plan.next(at: now, isDown: group.isDown, random: &random) {
        case .giveUp: giveUp(exchange, now: now)
        case .attempt(let index, _) where group.upstreams[index].shunnedUntil > now: giveUp(exchange, now: now)
        case .attempt(let index, let broken):
            if broken { control.ledger.record { $0.healthCheckBroken += 1 } }
            exchange.upstream = group.upstreams[index]
            connect(exchange, now: now)
        }
    }

    private func giveUp(_ exchange: Exchange, now: Int64) {
        ended(exchange)
        conclude(exchange, nil, now: now)
    }

    // MARK: One attempt

    /// Asks the upstream that was picked, on a pooled connection or a new one.
    func connect(_ exchange: Exchange, now: Int64) {
        exchange.attempt += 1
        exchange.attemptStartedAt = now
        let pools = exchange.transport == .udp ? rules.forwarding.poolsUDP : rules.forwarding.reusesConnections
        let key = Counters.ConnectionKey(upstream: exchange.upstream.label, transport: exchange.transport)
        if pools {
            let found = exchange.upstream.takeIdle(
                exchange.transport,
                now: now,
                expire: expireNanoseconds(exchange.group)
            )
            for socket in found.expired { discard(socket) }
            if let socket = found.socket {
                control.ledger.record { $0.connectionHits[key, default: 0] += 1 }
                exchange.socket = socket
                exchange.isPooled = true
                channels[socket.token] = .upstream(socket, .exchange(exchange))
                try? poll.modify(socket.fd, for: .readable, token: socket.token)
                send(exchange, on: socket, now: now)
                return
            }
        }
        if rules.forwarding.countsConnectionMisses {
            control.ledger.record { $0.connectionMisses[key, default: 0] += 1 }
        }
        exchange.isPooled = false
        do throws(NetError) {
            let socket = try UpstreamSocket(
                to: exchange.upstream.endpoint,
                transport: exchange.transport,
                token: newToken(),
                now: now
            )
            exchange.socket = socket
            socket.splitsFrames = rules.forwarding.splitsFrames
            if rules.forwarding.closesByReset { try socket.resetWhenClosed() }
            let isConnecting = exchange.transport == .tcp
            watch(
                socket.fd,
                .upstream(socket, .exchange(exchange)),
                for: isConnecting ? .writable : .readable,
                token: socket.token
            )
            if isConnecting {
                timers.insert(
                    .attempt(exchange, number: exchange.attempt),
                    at: now + min(exchange.upstream.dialTimeout.nanoseconds, rules.forwarding.dialLimitNanoseconds)
                )
            } else {
                send(exchange, on: socket, now: now)
            }
        } catch {
            attemptFailed(exchange, now: now)
        }
    }

    private func send(_ exchange: Exchange, on socket: UpstreamSocket, now: Int64) {
        var octets = exchange.miss.upstreamOctets
        exchange.sentID = rules.forwarding.reusesClientID ? exchange.miss.query.id : nextIdentifier()
        octets.replaceSubrange(0..<2, with: exchange.sentID.octets)
        do throws(NetError) {
            try socket.send(octets, keepingLeftovers: rules.forwarding.takesLeftovers)
        } catch {
            attemptFailed(exchange, now: now)
            return
        }
        exchange.attempt += 1
        timers.insert(
            .attempt(exchange, number: exchange.attempt),
            at: now + rules.forwarding.readTimeoutNanoseconds
        )
    }

    private func nextIdentifier() -> UInt16 {
        switch rules.forwarding.identifiers {
        case .random: return UInt16(truncatingIfNeeded: random.next())
        case .narrow: return UInt16(truncatingIfNeeded: random.next() & 0xFF)
        case .sequential:
            lastIdentifier &+= 1
            return lastIdentifier
        }
    }

    /// How long an idle connection of the group is kept.
    private func expireNanoseconds(_ group: UpstreamGroup) -> Int64 {
        rules.forwarding.expireNanoseconds ?? group.settings.expireNanoseconds
    }

    /// The socket of an exchange can be read, or its handshake has ended.
    func ready(_ socket: UpstreamSocket, _ exchange: Exchange) {
        let now = Clock.monotonicNanoseconds()
        do throws(NetError) {
            if case .connecting(let startedAt) = socket.state {
                exchange.upstream.dialTimeout.observe(now - startedAt)
                try socket.finishConnecting()
                try poll.modify(socket.fd, for: .readable, token: socket.token)
                send(exchange, on: socket, now: now)
                return
            }
            while exchange.socket === socket {
                switch try socket.receive() {
                case .nothing: return
                case .ended(let midMessage):
                    guard exchange.isPooled, !midMessage else {
                        attemptFailed(exchange, now: now)
                        return
                    }
                    // The peer closed while the connection was idle: the same upstream is dialled again at once.
                    discard(socket)
                    exchange.socket = nil
                    if rules.forwarding.failsOnClosedConnection {
                        exchange.group.concurrent -= 1
                        answer(exchange.engine.core.failed(exchange.miss, now: now), exchange.path)
                        return
                    }
                    if rules.forwarding.waitsAfterClosedConnection {
                        timers.insert(.connectLate(exchange), at: now + 1_000_000_000)
                        return
                    }
                    connect(exchange, now: now)
                case .message(let octets): received(octets, on: socket, exchange, now: now)
                }
            }
        } catch {
            attemptFailed(exchange, now: now)
        }
    }

    private func received(_ octets: [UInt8], on socket: UpstreamSocket, _ exchange: Exchange, now: Int64) {
        let isExpected =
            !rules.forwarding.checksID || octets.prefix(2).elementsEqual(exchange.sentID.octets)
        let upstream: UpstreamAnswer
        do {
            upstream = try UpstreamAnswer(decoding: octets, rules: rules.forwarding)
        } catch let error as DecodeError {
            guard case .truncated = error.reason, isExpected, exchange.transport == .udp,
                rules.forwarding.truncatesBrokenDatagrams,
                let cut = UpstreamAnswer.cutShort(octets, rules: rules.acceptance)
            else {
                attemptFailed(exchange, now: now)
                return
            }
            upstream = cut
        } catch {
            attemptFailed(exchange, now: now)
            return
        }
        guard isExpected || rules.forwarding.takesLeftovers else { return }
        guard rules.forwarding.mismatchIsFormatError || upstream.echoes(exchange.miss.query, rules: rules.forwarding),
            rules.forwarding.acceptsExtendedErrors || !upstream.hasExtendedError
        else {
            attemptFailed(exchange, now: now)
            return
        }
        let seconds = Double(now - exchange.attemptStartedAt) / 1e9
        let key = Counters.ExchangeKey(upstream: exchange.upstream.label, rcode: upstream.rcode)
        control.ledger.record { $0.exchanges[key, default: BucketCounts(.seconds)].observe(seconds) }
        giveBack(socket, exchange, now: now)
        if upstream.isTruncated, exchange.transport == .udp, exchange.group.settings.transport == .udp {
            exchange.transport = .tcp
            connect(exchange, now: now)
            return
        }
        ended(exchange)
        conclude(exchange, upstream, now: now)
    }

    private func giveBack(_ socket: UpstreamSocket, _ exchange: Exchange, now: Int64) {
        exchange.socket = nil
        let pools = socket.transport == .udp ? rules.forwarding.poolsUDP : rules.forwarding.reusesConnections
        guard pools, exchange.engine === engine else {
            discard(socket)
            return
        }
        socket.state = .idle
        socket.usedAt = now
        // Nobody reads an idle connection: that its peer has closed it shows at the next use.
        try? poll.modify(socket.fd, for: [], token: socket.token)
        channels[socket.token] = nil
        exchange.upstream.idle[socket.transport, default: []].append(socket)
    }

    /// An attempt has failed: its socket goes, health checks begin, and the plan says what is next.
    func attemptFailed(_ exchange: Exchange, now: Int64) {
        if let socket = exchange.socket {
            if case .connecting(let startedAt) = socket.state {
                exchange.upstream.dialTimeout.observe(now - startedAt)
            }
            discard(socket)
        }
        exchange.socket = nil
        exchange.attempt += 1
        if rules.forwarding.shunsFailedNanoseconds > 0 {
            exchange.upstream.shunnedUntil = now + rules.forwarding.shunsFailedNanoseconds
        }
        if exchange.group.settings.maximumFails != 0, exchange.engine === engine {
            startHealthChecks(of: exchange.upstream, exchange.group)
        }
        guard exchange.attempt > 50 else { return due.append(exchange) }
        // A storm, at the pace at which CoreDNS storms: 28,000 attempts in five seconds were measured on 1.13.
        timers.insert(.attemptAgain(exchange), at: now + 180_000)
    }

    /// Forgets a socket; the kernel closes it with the last reference.
    func discard(_ socket: UpstreamSocket) {
        channels[socket.token] = nil
        try? poll.remove(socket.fd)
    }

    /// Closes connections that have been idle too long.
    func sweep(_ group: UpstreamGroup, now: Int64) {
        guard engine.groups.contains(where: { $0 === group }) else { return }
        for upstream in group.upstreams {
            for socket in upstream.sweep(now: now, expire: expireNanoseconds(group)) { discard(socket) }
        }
        timers.insert(.sweep(group), at: now + min(10_000_000_000, expireNanoseconds(group)))
    }
}
