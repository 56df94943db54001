import Glibc
import LinuxNet

extension UDPLane {
    /// Sends what is due, at most one batch a port; returns how many queries left.
    mutating func sendDue(now: Int64) -> Int {
        var sent = 0
        if arrivals.nextIntended == .min {
            for index in 0..<portCount {
                let room = ports[index].window - ports[index].table.waitingCount
                if room > 0 { sent += sendBatch(limit: min(room, UDPLane.batchSize), port: index, now: now) }
            }
            return sent
        }
        // A port takes one batch and then lets the next have its turn, so that source ports are spread.
        for _ in 0..<portCount {
            guard arrivals.nextIntended <= now else { break }
            sent += sendBatch(limit: UDPLane.batchSize, port: nextPort, now: now)
            nextPort += 1
            if nextPort == portCount { nextPort = 0 }
        }
        return sent
    }

    /// Stages due queries and hands them to the kernel; returns how many left.
    private mutating func sendBatch(limit: Int, port: Int, now: Int64) -> Int {
        var count = 0
        while count < limit {
            let id = ports[port].table.takeID()
            if id == nil && arrivals.nextIntended == .min { break }  // a closed loop waits for ids
            guard let intended = arrivals.take(now: now) else {
                if let id { ports[port].table.giveBack(id) }
                break
            }
            recorder.counters.scheduled &+= 1
            let query = cursor.next()
            guard let id else {
                recorder.counters.unsent &+= 1
                continue
            }
            stage(count, id: id, query: query, intended: intended)
            count += 1
        }
        return count == 0 ? 0 : flush(count, port: port)
    }

    private func stage(_ index: Int, id: UInt16, query: UInt32, intended: Int64) {
        // SAFETY: the cursor gives indexes of this slab only, and no query is longer than a slot (12 + 259 + 11).
        let encoded = slab.queries[Int(query)]
        let slot = outgoing.slot(index)
        let length = Int(encoded.length)
        slot.copyMemory(from: UnsafeRawBufferPointer(start: slab.octets + Int(encoded.offset), count: length))
        slot[0] = UInt8(truncatingIfNeeded: id >> 8)
        slot[1] = UInt8(truncatingIfNeeded: id)
        outgoing.setLength(length, ofSlot: index)
        staged[index] = Staged(id: id, query: query, intended: intended)
    }

    /// Hands staged queries to the kernel and notes when each left; those it refuses end as send errors.
    private mutating func flush(_ count: Int, port: Int) -> Int {
        let descriptor = ports[port].socket.fd
        var first = 0
        var refused = 0
        var left = 0
        while first < count {
            let before = Clock.monotonicNanoseconds()
            let result = outgoing.sendResult(first: first, count: count - first, on: descriptor)
            if result > 0 {
                // The kernel sends one after the other at an even pace, so each query's time is interpolated.
                let after = result == 1 ? before : Clock.monotonicNanoseconds()
                let each = (after &- before) / Int64(result)
                let step = each > UDPLane.longestSend ? 0 : each
                for offset in 0..<result {
                    let query = staged[first + offset]
                    let sent = before &+ step &* Int64(offset)
                    let intended = isClosed ? sent : query.intended
                    ports[port].table.insert(query.id, query: query.query, intended: intended, sent: sent)
                    recorder.sent(intended: intended, at: sent)
                }
                first += result
                left += result
                refused = 0
                continue
            }
            refused += 1
            if result == 0 || result == -Int(EAGAIN) || result == -Int(ENOBUFS) {
                if refused <= 50 {
                    let deadline = Clock.deadline(after: 1_000_000)
                    _ = try? Readiness.wait(for: .writable, on: descriptor, untilMonotonic: deadline)
                    continue
                }
            } else if result == -Int(ECONNREFUSED) && refused <= 3 {
                // The error is that of an earlier query; this call sent nothing and cleared it.
                recorder.counters.refusals &+= 1
                continue
            }
            ports[port].table.giveBack(staged[first].id)
            recorder.counters.sendErrors &+= 1
            first += 1
            refused = 0
        }
        return left
    }

    /// Waits at most `timeoutNanoseconds` for answers and reads those that are there.
    mutating func receiveReady(timeoutNanoseconds: Int64) throws(NetError) {
        if portCount == 1 {
            if receive(port: 0) > 0 || timeoutNanoseconds == 0 { return }
            let deadline = Clock.deadline(after: timeoutNanoseconds)
            let fd = ports[0].socket.fd
            if !(try Readiness.wait(for: .readable, on: fd, untilMonotonic: deadline)).isEmpty { _ = receive(port: 0) }
            return
        }
        let ready = try poll.wait(timeoutNanoseconds: timeoutNanoseconds)
        for index in 0..<ready {
            let token = poll[index].token
            if token < UInt64(portCount) { _ = receive(port: Int(token)) }
        }
    }

    /// Reads and judges what one port holds, at most four batches; returns how many datagrams.
    private mutating func receive(port: Int) -> Int {
        let descriptor = ports[port].socket.fd
        var total = 0
        for _ in 0..<4 {
            let count = incoming.receiveResult(max: UDPLane.batchSize, on: descriptor)
            if count == -Int(ECONNREFUSED) {
                recorder.counters.refusals &+= 1
                continue
            }
            guard count > 0 else { break }
            let now = Clock.monotonicNanoseconds()
            for index in 0..<count { take(index, port: port, now: now) }
            total += count
            if count < UDPLane.batchSize { break }
        }
        return total
    }

    @inline(__always)
    private mutating func take(_ index: Int, port: Int, now: Int64) {
        let message = UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(incoming.slot(index))[..<incoming.receivedLength(index)]
        )
        if let dropped = incoming.droppedSoFar(index) { ports[port].dropped = dropped }
        switch AnswerJudge.judge(message, table: ports[port].table, slab: slab) {
        case .answer(let id, let flags):
            let entry = ports[port].table.entry(id)
            ports[port].table.complete(id)
            let stamp = incoming.realtimeTimestamp(index)
            let received =
                stamp == 0 ? now : clock.monotonic(stamp: stamp, earliest: entry.sent &- 50_000, now: now)
            // An answer behind the timeout is late, even when we read it before we noticed the timeout.
            if (received ?? now) &- entry.sent > context.plan.timeoutNanoseconds {
                recorder.timedOut()
                recorder.counters.late &+= 1
            } else {
                recorder.answered(entry, flags: flags, received: received, now: now)
            }
        case .late: recorder.counters.late &+= 1
        case .mismatched: recorder.counters.mismatched &+= 1
        case .malformed: recorder.counters.malformed &+= 1
        }
    }
}
