import LinuxNet

extension TCPLane {
    /// Writes queries to every connection that has room; returns how many were written.
    mutating func sendPending(now: Int64) -> Int {
        var sent = 0
        isHolding = false
        for _ in 0..<connectionCount {
            let index = nextConnection
            nextConnection = index + 1 == connectionCount ? 0 : index + 1
            if connections[index].isWritable { sent += fill(index, now: now) }
        }
        return sent
    }

    /// Fills one connection's buffer with as many queries as may be in flight, and writes it.
    private mutating func fill(_ index: Int, now: Int64) -> Int {
        var room = connections[index].window - connections[index].table.waitingCount
        if let most = context.plan.queriesPerConnection { room = min(room, most - connections[index].queries) }
        // In an open loop the due queries are spread over the connections, not all given to the first.
        if !isClosed { room = min(room, 1 + pending.count / connectionCount) }
        guard room > 0 else { return 0 }
        // While answers keep coming half a window is waited for: a segment then carries several queries.
        if isClosed && isBusy && pending.count == 0 && connections[index].table.waitingCount > 0
            && room * 2 < connections[index].window
        {
            isHolding = true
            return 0
        }
        let sentAt = Clock.monotonicNanoseconds()
        var count = 0
        while count < room && connections[index].outputCount + slab.longest + 2 <= TCPConnection.outputCapacity {
            guard let id = connections[index].table.takeID() else { break }
            guard let item = nextItem(now: sentAt) else {
                connections[index].table.giveBack(id)
                break
            }
            append(item.query, id: id, to: index)
            // In a closed loop the intended time is the actual one.
            let intended = isClosed && item.resends == 0 ? sentAt : item.intended
            connections[index].table.insert(
                id,
                query: item.query,
                intended: intended,
                sent: sentAt,
                resends: item.resends
            )
            if item.resends == 0 {
                recorder.sent(intended: intended, at: sentAt)
            } else {
                recorder.counters.resent &+= 1
            }
            count += 1
        }
        guard count > 0 else { return 0 }
        connections[index].queries += count
        write(index, now: sentAt)
        return count
    }

    /// The next query to write: one that waits, or in a closed loop a new one.
    private mutating func nextItem(now: Int64) -> PendingQueue.Item? {
        if let item = pending.popFirst() { return item }
        guard isClosed, arrivals.take(now: now) != nil else { return nil }
        recorder.counters.scheduled &+= 1
        return PendingQueue.Item(query: misses.pick(cursor.next()), resends: 0, intended: now, queuedAt: now)
    }

    private mutating func append(_ query: UInt32, id: UInt16, to index: Int) {
        // SAFETY: the caller left room for the longest query and its length prefix.
        let start = connections[index].output + connections[index].outputCount
        let length = slab.write(query, id: id, cookie: connections[index].cookie, to: start + 2)
        start[0] = UInt8(truncatingIfNeeded: length >> 8)
        start[1] = UInt8(truncatingIfNeeded: length)
        if slab.hasLabel(query) {
            let label = misses.nextValue()
            connections[index].table.setLabel(label, of: id)
            // Behind the frame's length, the header and the label's length octet.
            MissLabel.write(label, to: start + 15)
        }
        connections[index].outputCount += length + 2
    }

    /// Writes what the buffer holds, and asks to be told when the rest fits.
    private mutating func write(_ index: Int, now: Int64) {
        let rest = connections[index].outputCount - connections[index].outputSent
        let bytes = UnsafeRawBufferPointer(
            start: connections[index].output + connections[index].outputSent,
            count: rest
        )
        do throws(NetError) {
            let taken = try connections[index].stream.trySend(bytes)
            if taken == rest {
                let waited = connections[index].outputSent > 0
                connections[index].outputCount = 0
                connections[index].outputSent = 0
                if waited { try poll.modify(connections[index].stream.fd, for: .readable, token: UInt64(index)) }
            } else {
                connections[index].outputSent += taken
                try poll.modify(connections[index].stream.fd, for: [.readable, .writable], token: UInt64(index))
            }
        } catch {
            lose(index, now: now)
        }
    }

    /// Waits at most `timeoutNanoseconds`, and serves the connections that are ready; returns how many.
    mutating func serveReady(timeoutNanoseconds: Int64) throws(NetError) -> Int {
        let ready = try poll.wait(timeoutNanoseconds: timeoutNanoseconds)
        guard ready > 0 else { return 0 }
        let now = Clock.monotonicNanoseconds()
        if timeoutNanoseconds > 0 { idle.slept(until: now) }
        for position in 0..<ready {
            let event = poll[position]
            guard event.token < UInt64(connectionCount) else { continue }
            let index = Int(event.token)
            if case .connecting = connections[index].phase {
                finishConnecting(index, now: now)
                continue
            }
            if event.readiness.contains(.readable) || event.readiness.contains(.failed) { read(index) }
            if event.readiness.contains(.writable), case .open = connections[index].phase,
                connections[index].outputCount > 0
            {
                write(index, now: now)
            }
        }
        return ready
    }

    private mutating func finishConnecting(_ index: Int, now: Int64) {
        do throws(NetError) {
            try connections[index].stream.finishConnecting(to: context.plan.target)
            try poll.modify(connections[index].stream.fd, for: .readable, token: UInt64(index))
            connections[index].phase = .open
            recorder.connected(after: now &- connections[index].begun)
        } catch {
            recorder.counters.connectionFailures &+= 1
            try? poll.remove(connections[index].stream.fd)
            connections[index].scheduleRetry(now: now)
            nextExpiry = 0
        }
    }

    /// Reads what has come, judges every whole message, and notices the end of the stream.
    private mutating func read(_ index: Int) {
        let free = TCPConnection.inputCapacity - connections[index].inputCount
        let space = UnsafeMutableRawBufferPointer(
            start: connections[index].input + connections[index].inputCount,
            count: free
        )
        var got: Int?
        var stamp: Int64 = 0
        do throws(NetError) {
            got = try connections[index].stream.tryReceive(into: space, stamp: &stamp)
        } catch {
            got = 0
        }
        let now = Clock.monotonicNanoseconds()
        guard let got else { return }
        guard got > 0 else {
            lose(index, now: now)
            return
        }
        connections[index].inputCount += got
        takeMessages(index, stamp: stamp, now: now)
        if let most = context.plan.queriesPerConnection, connections[index].queries >= most,
            connections[index].table.waitingCount == 0
        {
            end(index, now: now)
        }
    }

    private mutating func takeMessages(_ index: Int, stamp: Int64, now: Int64) {
        let input = connections[index].input
        let count = connections[index].inputCount
        var start = 0
        while count - start >= 2 {
            let length = Int(input[start]) << 8 | Int(input[start + 1])
            guard count - start - 2 >= length else { break }
            take(UnsafeRawBufferPointer(start: input + start + 2, count: length), index: index, stamp: stamp, now: now)
            start += 2 + length
        }
        if start > 0 {
            // The rest of a message moves to the front; `update` allows the regions to overlap.
            input.update(from: input + start, count: count - start)
            connections[index].inputCount = count - start
        }
    }

    @inline(__always)
    private mutating func take(_ message: UnsafeRawBufferPointer, index: Int, stamp: Int64, now: Int64) {
        switch AnswerJudge.judge(message, table: connections[index].table, slab: slab, tier: tier) {
        case .answer(let id, let flags):
            let entry = connections[index].table.entry(id)
            connections[index].table.complete(id)
            connections[index].answers += 1
            let isBadCookie =
                slab.clientCookie.map { connections[index].cookie.learn(from: message, client: $0) } ?? false
            let received = stamp == 0 ? now : clock.monotonic(stamp: stamp, earliest: entry.sent, now: now)
            recorder.answered(entry, flags: flags, isBadCookie: isBadCookie, received: received, now: now)
            if tier == .answer {
                let fault = slab.fault(of: message, query: entry.query, checker: checker)
                recorder.checked(fault, query: entry.query, answer: message)
            }
        case .late: recorder.counters.late &+= 1
        case .mismatched: recorder.counters.mismatched &+= 1
        case .malformed: recorder.counters.malformed &+= 1
        }
    }

    /// The server ended the connection.
    private mutating func lose(_ index: Int, now: Int64) {
        recorder.counters.connectionsClosed &+= 1
        end(index, now: now)
    }

    /// Takes out what is in flight to send it again, and has the connection replaced.
    private mutating func end(_ index: Int, now: Int64) {
        while let entry = connections[index].table.popOldest() {
            let item = PendingQueue.Item(
                query: entry.query,
                resends: entry.resends + 1,
                intended: entry.intended,
                queuedAt: now
            )
            if item.resends > TCPLane.maximumResends || !pending.append(item) { recorder.timedOut() }
        }
        try? poll.remove(connections[index].stream.fd)
        connections[index].scheduleRetry(now: now)
        connections[index].forget()
        nextExpiry = 0
    }
}
