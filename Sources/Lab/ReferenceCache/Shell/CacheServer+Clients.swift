import DNSWire
import LinuxNet

extension CacheServer {
    /// Takes what has come in by UDP, in batches, until nothing is left or others have waited long enough.
    func receiveDatagrams(_ listener: UDPListener, index: Int) {
        for _ in 0..<8 {
            let count = listener.incoming.receiveResult(max: listener.incoming.slots, on: listener.socket.fd)
            guard count > 0 else { return }
            for slot in 0..<count {
                let octets = Array(listener.incoming.slot(slot).prefix(listener.incoming.receivedLength(slot)))
                let source = listener.incoming.received(slot).source
                if rules.service.readsPortsOnce {
                    if source == lastClient { continue }
                    lastClient = source
                }
                let decision = engine.core.receive(
                    octets,
                    transport: .udp,
                    isIPv6: source.address.family == .ipv6,
                    listener: index,
                    now: Clock.monotonicNanoseconds()
                )
                carryOut(decision, .udp(listener, source))
            }
            guard count == listener.incoming.slots else { return }
        }
    }

    /// Does what the core decided.
    func carryOut(_ decision: CacheCore.Decision, _ path: AnswerPath) {
        switch decision {
        case .silence:
            if case .tcp(let client) = path, !rules.service.jamsOnSilence { client.pending -= 1 }
        case .answer(let answer): self.answer(answer, path)
        case .forward(let miss): forward(miss, path)
        case .answerAndForward(let answer, let miss):
            self.answer(answer, path)
            forward(miss, .nowhere)
        }
    }

    /// Takes new connections.
    func accept(_ acceptor: TCPAcceptor, index: Int) {
        for _ in 0..<64 {
            let accepted: TCPStream?
            do throws(NetError) { accepted = try acceptor.listener.accept(timeoutNanoseconds: 0) } catch { return }
            guard let stream = accepted else { return }
            if let limit = rules.service.connectionLimit, clients.count >= limit { continue }
            try? stream.setNoDelay()
            let client = TCPClient(stream, endpoint: acceptor.endpoint, listener: index, token: newToken())
            watch(client.stream.fd, .client(client), for: .readable, token: client.token)
            expectMessage(client)
        }
    }

    /// Sets the deadline by which the next whole message must be there.
    private func expectMessage(_ client: TCPClient) {
        let time = client.queries == 0 ? rules.service.firstReadNanoseconds : rules.service.idleNanoseconds
        let deadline = Clock.monotonicNanoseconds() + time
        // A timer that comes before the deadline moves itself; one that comes after it is too late.
        let needsTimer = !client.hasTimer || deadline < client.deadline
        client.deadline = deadline
        guard needsTimer else { return }
        client.hasTimer = true
        timers.insert(.reading(client.token), at: client.deadline)
    }

    /// The deadline of a connection may have come: closes it unless it was moved.
    func deadlinePassed(_ token: UInt64, now: Int64) {
        guard case .client(let client)? = channels[token] else { return }
        guard client.pending == 0, client.outgoing.isEmpty, now >= client.deadline, rules.service.closesIdleTCP else {
            timers.insert(.reading(token), at: max(client.deadline, now + 100_000_000))
            return
        }
        close(client)
    }

    /// A client's connection can be read or written.
    func ready(_ client: TCPClient, _ readiness: Readiness) {
        guard !client.isClosed else { return }
        if readiness.contains(.writable) { flush(client) }
        if readiness.contains(.failed), client.hasEnded { close(client) }
        guard readiness.contains(.readable) || readiness.contains(.failed), !client.isClosed else { return }
        let wasWithinMessage = client.isWithinMessage
        var buffer = [UInt8](repeating: 0, count: 16_384)
        do throws(NetError) {
            while !client.hasEnded, client.incoming.count < 1 << 20 {
                guard let count = try client.stream.receive(into: &buffer, timeoutNanoseconds: 0) else { break }
                if count == 0 { client.hasEnded = true }
                client.incoming += buffer[..<count]
            }
        } catch {
            if rules.service.closesAllAtReset { for other in clients { close(other) } }
            close(client)
            return
        }
        if rules.service.needsWholePrefix, client.incoming.count == 1 {
            close(client)
            return
        }
        if client.hasEnded, rules.service.closesAtHalfClose {
            close(client)
            return
        }
        serve(client)
        if wasWithinMessage, !client.isWithinMessage { serveOthers(client) }
        if client.hasEnded, !client.isClosed { try? poll.modify(client.stream.fd, for: [], token: client.token) }
    }

    /// Serves the messages that are there: one at a time, or all at once where the rules allow.
    private func serve(_ client: TCPClient) {
        guard !client.isServing, !isHeldUp(client) else { return }
        client.isServing = true
        defer { client.isServing = false }
        while !client.isClosed, client.pending == 0 || !rules.service.serializesTCP {
            guard let message = client.takeFrame() else { break }
            if rules.service.closesTCPAtFirstQuery {
                close(client)
                return
            }
            client.queries += 1
            client.pending += 1
            expectMessage(client)
            let decision = engine.core.receive(
                message,
                transport: .tcp,
                isIPv6: client.isIPv6,
                listener: client.listener,
                now: Clock.monotonicNanoseconds()
            )
            carryOut(decision, .tcp(client))
        }
        if client.hasEnded, client.pending == 0, client.outgoing.isEmpty { close(client) }
    }

    /// Sends an answer to a connection, then goes on with what waits there.
    func send(_ octets: [UInt8]?, to client: TCPClient) {
        client.pending -= 1
        guard !client.isClosed else { return }
        if let octets {
            client.outgoing += UInt16(truncatingIfNeeded: octets.count).octets
            if rules.service.splitsFrames { flush(client) }
            client.outgoing += octets
            flush(client)
        }
        if rules.service.answersFirstTCPQueryOnly { close(client) }
        guard !client.isClosed else { return }
        if client.pending == 0 { expectMessage(client) }
        // An answer that comes at once is sent from within serve, which then goes on by itself.
        serve(client)
    }

    private func flush(_ client: TCPClient) {
        do {
            while !client.outgoing.isEmpty {
                let sent = try client.outgoing.withUnsafeBytes { try client.stream.trySend($0) }
                guard sent > 0 else { break }
                client.outgoing.removeSubrange(..<sent)
            }
            let readiness: Readiness = client.hasEnded ? [] : .readable
            try poll.modify(
                client.stream.fd,
                for: client.outgoing.isEmpty ? readiness : [readiness, .writable],
                token: client.token
            )
        } catch {
            close(client)
        }
    }

    /// Forgets a connection; the kernel closes it with the last reference.
    func close(_ client: TCPClient) {
        guard !client.isClosed else { return }
        client.isClosed = true
        try? poll.remove(client.stream.fd)
        try? client.stream.shutdownWrite()
        channels[client.token] = nil
        if client.isWithinMessage { serveOthers(client) }
    }

    private var clients: [TCPClient] {
        channels.values.compactMap { if case .client(let client) = $0 { client } else { nil } }
    }

    /// Another connection owes the rest of a message, and the rules have all wait for it.
    private func isHeldUp(_ client: TCPClient) -> Bool {
        rules.service.waitsForBegunMessages && clients.contains { $0 !== client && $0.isWithinMessage }
    }

    /// Serves those that had to wait for a message of `client`.
    private func serveOthers(_ client: TCPClient) {
        guard rules.service.waitsForBegunMessages else { return }
        for other in clients where other !== client { serve(other) }
    }
}
