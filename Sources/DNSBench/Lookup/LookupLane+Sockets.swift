import DNSWire
import Glibc
import LinuxNet

extension LookupLane {
    /// What an event of the poll belongs to.
    private struct Token {
        let generation: UInt32
        let index: Int
        let socket: Int

        init(generation: UInt32, index: Int, socket: Int) {
            self.generation = generation
            self.index = index
            self.socket = socket
        }

        init(_ value: UInt64) {
            generation = UInt32(truncatingIfNeeded: value >> 32)
            index = Int(value >> 3 & 0x1fff_ffff)
            socket = Int(value & 7)
        }

        var value: UInt64 { UInt64(generation) << 32 | UInt64(index) << 3 | UInt64(socket) }
    }

    private mutating func adopt(
        _ descriptor: Int32,
        kind: LookupSlot.Socket.Kind,
        socket: Int,
        of index: Int,
        server: UInt8
    ) -> UInt64 {
        nextGeneration = nextGeneration == .max - 1 ? 0 : nextGeneration + 1
        var made = LookupSlot.Socket()
        made.kind = kind
        made.descriptor = descriptor
        made.generation = nextGeneration
        made.server = server
        made.begun = Clock.monotonicNanoseconds()
        slots[index].sockets[socket] = made
        return Token(generation: nextGeneration, index: index, socket: socket).value
    }

    /// A UDP socket with a port of its own.
    mutating func open(_ socket: Int, of index: Int, server: UInt8) {
        let endpoint = servers[Int(server)]
        let isConnected = rules.resolver != .musl
        do throws(NetError) {
            let made = try UDPSocket(family: isConnected ? endpoint.address.family : family)
            if let local = source(index, family: made.family) {
                try made.bind(to: local)
            } else if !isConnected {
                try made.bind(to: Endpoint(address: made.family.anyAddress, port: 0))
            }
            if isConnected { try made.connect(to: endpoint) }
            try made.enableReceiveTimestamps()
            // __res_enable_icmp of glibc has every ICMP error end the wait.
            if rules.resolver == .glibc { try made.enableErrorQueue() }
            let descriptor = made.fd
            let token = adopt(made.release(), kind: .datagrams, socket: socket, of: index, server: server)
            try poll.add(descriptor, for: .readable, token: token)
        } catch {
            close(socket, of: index)
            slots[index].failures[socket] = .impossible
        }
    }

    /// A TCP connection that is begun.
    mutating func connect(_ socket: Int, of index: Int, server: UInt8) {
        let endpoint = servers[Int(server)]
        recorder.counters.connectionAttempts &+= 1
        do throws(NetError) {
            let made = try TCPStream.startConnecting(to: endpoint, from: source(index, family: endpoint.address.family))
            try made.setNoDelay()
            let descriptor = made.fd
            let token = adopt(made.release(), kind: .connecting, socket: socket, of: index, server: server)
            try poll.add(descriptor, for: [.readable, .writable], token: token)
        } catch {
            recorder.counters.connectionFailures &+= 1
            close(socket, of: index)
            slots[index].failures[socket] = error.isConnectionRefused ? .refused : .impossible
        }
    }

    private func source(_ index: Int, family: AddressFamily) -> Endpoint? {
        guard !context.plan.sources.prefixes.isEmpty else { return nil }
        return context.plan.sources.endpoint(Int(slots[index].number), family: family.anyAddress)
    }

    /// Closes a socket if it is open, which takes it out of the poll.
    mutating func close(_ socket: Int, of index: Int) {
        let descriptor = slots[index].sockets[socket].descriptor
        guard descriptor >= 0 else { return }
        _ = OwnedDescriptor(adopting: descriptor)
        slots[index].sockets[socket] = LookupSlot.Socket()
        slots[index].failures[socket] = nil
    }

    /// Waits at most `timeoutNanoseconds` for sockets and serves those that are ready; returns how many.
    mutating func receiveReady(timeoutNanoseconds: Int64) throws(NetError) -> Int {
        let ready = try poll.wait(timeoutNanoseconds: timeoutNanoseconds)
        if timeoutNanoseconds > 0 && ready > 0 { idle.slept(until: Clock.monotonicNanoseconds()) }
        for position in 0..<ready {
            let event = poll[position]
            guard event.token != EventPoll.wakeToken else { continue }
            let token = Token(event.token)
            guard isCurrent(token) else { continue }
            switch slots[token.index].sockets[token.socket].kind {
            case .none: break
            case .datagrams: receive(token, failed: event.readiness.contains(.failed))
            case .connecting: finishConnecting(token)
            case .stream: read(token)
            }
        }
        return ready
    }

    private func isCurrent(_ token: Token) -> Bool {
        token.index < pool.capacity && slots[token.index].isActive
            && slots[token.index].sockets[token.socket].generation == token.generation
            && slots[token.index].sockets[token.socket].kind != .none
    }

    private mutating func receive(_ token: Token, failed: Bool) {
        let descriptor = slots[token.index].sockets[token.socket].descriptor
        let count = incoming.receiveResult(max: incoming.slots, on: descriptor)
        let now = Clock.monotonicNanoseconds()
        if count > 0 {
            for position in 0..<count {
                // A lookup that has ended leaves the rest unread, as its program would.
                guard isCurrent(token) else {
                    recorder.counters.late &+= 1
                    continue
                }
                take(position, token, now: now)
            }
        }
        guard isCurrent(token), failed || count < 0 && count != -Int(EAGAIN) else { return }
        let isRefused = drainErrors(token, errno: count < 0 ? Int32(-count) : 0)
        if rules.resolver != .musl {
            let event = LookupEvent.failed(socket: UInt8(token.socket), isRefused ? .refused : .impossible)
            advance(token.index, event, now: now, received: now)
        }
    }

    /// Counts ICMP errors; whether nobody listens there.
    private mutating func drainErrors(_ token: Token, errno: Int32) -> Bool {
        var isRefused = errno == ECONNREFUSED
        var count = 0
        let socket = UDPSocket(adopting: slots[token.index].sockets[token.socket].descriptor, family: family)
        while let entry = socket.takeError() {
            guard case .icmp(_, _, let code) = entry else { continue }
            count += 1
            if code == ECONNREFUSED { isRefused = true }
        }
        _ = socket.release()
        if isRefused {
            recorder.counters.refusals &+= UInt64(max(1, count))
        } else {
            recorder.counters.unreachables &+= UInt64(max(1, count))
        }
        return isRefused
    }

    private mutating func take(_ position: Int, _ token: Token, now: Int64) {
        let message = UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(incoming.slot(position))[..<incoming.receivedLength(position)]
        )
        var server = slots[token.index].sockets[token.socket].server
        if rules.resolver == .musl {
            let source = incoming.received(position).source
            var found: UInt8?
            for index in 0..<rules.serverCount where servers[Int(index)] == source { found = index }
            guard let found else {
                recorder.counters.mismatched &+= 1
                return
            }
            server = found
        }
        let stamp = incoming.realtimeTimestamp(position)
        judge(message, token, server: server, column: rules.resolver == .go ? 0 : Int(server), stamp: stamp, now: now)
    }

    /// Finds the query that a message answers, counts it, and tells the lookup.
    private mutating func judge(
        _ message: UnsafeRawBufferPointer,
        _ token: Token,
        server: UInt8,
        column: Int,
        stamp: Int64,
        now: Int64
    ) {
        guard message.count >= 12, message[2] & 0x80 != 0 else {
            recorder.counters.malformed &+= 1
            return
        }
        let id = UInt16(message[0]) << 8 | UInt16(message[1])
        let index = token.index
        for family in LookupFamily.allCases where slots[index].ids[family.index] == id {
            let place = family.index * 4 + column
            let query = slots[index].queries[place]
            guard query.state == .waiting || query.state == .over, Int(query.socket) == token.socket,
                let answer = table.answer(message, to: query.query, family: family)
            else { continue }
            let received = stamp == 0 ? now : clock.monotonic(stamp: stamp, earliest: query.sent &- 50_000, now: now)
            let domain = table.queries[Int(query.query)].domain
            if query.state == .waiting {
                var entry = InFlightTable.Entry()
                entry.intended = query.intended
                entry.sent = query.sent
                let flags = UInt16(message[2]) << 8 | UInt16(message[3])
                recorder.answered(entry, flags: flags, received: received, now: now)
                lookups.answered(answer, domain: domain)
            } else {
                recorder.counters.late &+= 1
            }
            slots[index].queries[place].state = .none
            let event = LookupEvent.answered(
                socket: UInt8(token.socket),
                family: family,
                server: server,
                answer
            )
            advance(index, event, now: now, received: received ?? now)
            return
        }
        recorder.counters.mismatched &+= 1
    }

    /// Writes the queries that wait for a connection which now stands.
    private mutating func finishConnecting(_ token: Token) {
        let index = token.index
        let now = Clock.monotonicNanoseconds()
        let number = slots[index].sockets[token.socket]
        let stream = TCPStream(adopting: number.descriptor)
        var failure: LookupFailure?
        do throws(NetError) {
            try stream.finishConnecting(to: servers[Int(number.server)])
            recorder.connected(after: now &- number.begun)
            var length = 0
            for family in LookupFamily.allCases {
                length += frame(family, of: index, socket: token.socket, at: length)
            }
            // A fresh connection takes two queries whole; one that does not is of no use.
            let taken = try stream.trySend(UnsafeRawBufferPointer(rebasing: scratch[..<length]))
            if taken == length {
                try poll.modify(number.descriptor, for: .readable, token: token.value)
            } else {
                failure = .impossible
            }
        } catch {
            recorder.counters.connectionFailures &+= 1
            failure = error.isConnectionRefused ? .refused : error.isConnectionReset ? .reset : .impossible
        }
        _ = stream.release()
        if let failure {
            return advance(index, .failed(socket: UInt8(token.socket), failure), now: now, received: now)
        }
        slots[index].sockets[token.socket].kind = .stream
        for family in LookupFamily.allCases {
            let place = family.index * 4 + 3
            guard slots[index].queries[place].state == .queued,
                Int(slots[index].queries[place].socket) == token.socket
            else { continue }
            markSent(place, of: index, at: now)
        }
    }

    /// Puts one query with its length into the scratch memory; returns how many octets.
    private func frame(_ family: LookupFamily, of index: Int, socket: Int, at offset: Int) -> Int {
        let query = slots[index].queries[family.index * 4 + 3]
        guard query.state == .queued, Int(query.socket) == socket else { return 0 }
        let room = UnsafeMutableRawBufferPointer(rebasing: scratch[(offset + 2)...])
        let length = table.encode(query.query, id: slots[index].ids[family.index], to: room)
        scratch[offset] = UInt8(truncatingIfNeeded: length >> 8)
        scratch[offset + 1] = UInt8(truncatingIfNeeded: length)
        return length + 2
    }

    private mutating func read(_ token: Token) {
        let stream = TCPStream(adopting: slots[token.index].sockets[token.socket].descriptor)
        var got: Int?
        var failure: LookupFailure?
        do throws(NetError) {
            got = try stream.tryReceive(into: scratch)
            if got == 0 { failure = .closed }
        } catch {
            failure = error.isConnectionReset ? .reset : .closed
        }
        _ = stream.release()
        let now = Clock.monotonicNanoseconds()
        if let failure {
            recorder.counters.connectionsClosed &+= 1
            return advance(token.index, .failed(socket: UInt8(token.socket), failure), now: now, received: now)
        }
        guard let got else { return }
        var position = 0
        while position < got, isCurrent(token) { position += feed(position, got, token, now: now) }
    }

    /// Takes octets of the frame that is coming in, and judges it when it is whole; returns how many octets.
    ///
    /// Of a long answer only the first ``streamBytes`` octets are kept.
    private mutating func feed(_ position: Int, _ end: Int, _ token: Token, now: Int64) -> Int {
        // glibc has one connection a lookup, the others one a type: two frames are enough.
        let frame = frames + (token.index * 2 + token.socket % 2) * (LookupLane.streamBytes + 2)
        let filled = Int(slots[token.index].sockets[token.socket].filled)
        if filled < 2 {
            frame[filled] = scratch[position]
            slots[token.index].sockets[token.socket].filled += 1
            return 1
        }
        let length = Int(frame[0]) << 8 | Int(frame[1])
        let taken = min(end - position, length + 2 - filled)
        let kept = min(taken, max(0, LookupLane.streamBytes + 2 - filled))
        if kept > 0 {
            UnsafeMutableRawBufferPointer(start: frame + filled, count: kept).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: scratch[position..<(position + kept)])
            )
        }
        slots[token.index].sockets[token.socket].filled += Int32(taken)
        guard filled + taken == length + 2 else { return max(1, taken) }
        slots[token.index].sockets[token.socket].filled = 0
        let message = UnsafeRawBufferPointer(start: frame + 2, count: min(length, LookupLane.streamBytes))
        let server = slots[token.index].sockets[token.socket].server
        judge(message, token, server: server, column: 3, stamp: 0, now: now)
        return taken
    }
}
