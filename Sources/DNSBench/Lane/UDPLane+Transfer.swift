import Glibc
import LinuxNet

extension UDPLane {
    /// Sends what is due, at most one batch a port; returns how many queries left.
    mutating func sendDue(now: Int64) -> Int {
        isHolding = false
        var sent = 0
        if arrivals.nextIntended == .min {
            // Queries that are being asked again over TCP are in flight as well; they belong to no port.
            let retried = ((retries?.activeCount ?? 0) + portCount - 1) / portCount
            for index in 0..<portCount {
                let waiting = ports[index].table.waitingCount
                let room = ports[index].window - waiting - retried
                guard room > 0 else { continue }
                // While answers keep coming a few more are waited for: one call then carries more queries.
                if isBusy && waiting > 0 && room < patience(ports[index].window) {
                    isHolding = true
                    continue
                }
                sent += sendBatch(limit: room, port: index, now: now)
            }
            return sent
        }
        // A port takes one batch and then lets the next have its turn, so that source ports are spread.
        for _ in 0..<portCount {
            guard arrivals.nextIntended <= now else { break }
            sent += sendBatch(limit: .max, port: nextPort, now: now)
            nextPort += 1
            if nextPort == portCount { nextPort = 0 }
        }
        return sent
    }

    /// Closed loop: how many queries are worth a call while answers keep coming.
    ///
    /// Packets of many segments want more.
    private func patience(_ window: Int) -> Int {
        segments == nil ? min(UDPLane.patientBatch, window / 4) : min(UDPLane.patientGathering, window / 2)
    }

    /// Stages due queries and hands them to the kernel; returns how many left.
    private mutating func sendBatch(limit: Int, port: Int, now: Int64) -> Int {
        if segments != nil { return sendSegmented(limit: limit, port: port, now: now) }
        var count = 0
        let most = min(limit, UDPLane.batchSize)
        while count < most {
            let id = ports[port].table.takeID()
            if id == nil && arrivals.nextIntended == .min { break }  // a closed loop waits for ids
            guard let intended = arrivals.take(now: now) else {
                if let id { ports[port].table.giveBack(id) }
                break
            }
            recorder.counters.scheduled &+= 1
            let query = misses.pick(cursor.next())
            guard let id else {
                recorder.counters.unsent &+= 1
                continue
            }
            let isSampled = now >= nextSample && ports[port].sampler.isTrusted
            if isSampled { nextSample = now &+ UDPLane.sampleEvery }
            stage(count, id: id, query: query, intended: intended, isSampled: isSampled, port: port)
            count += 1
        }
        return count == 0 ? 0 : flush(count, port: port)
    }

    private mutating func stage(
        _ index: Int,
        id: UInt16,
        query: UInt32,
        intended: Int64,
        isSampled: Bool,
        port: Int
    ) {
        // SAFETY: a slot holds the slab's longest message.
        guard let slot = outgoing.slot(index).baseAddress else { return }
        let length = encode(query, id: id, port: port, to: slot.assumingMemoryBound(to: UInt8.self))
        outgoing.setLength(length, ofSlot: index)
        outgoing.setTransmitStamp(isSampled, ofSlot: index)
        staged[index] = Staged(id: id, query: query, intended: intended, isSampled: isSampled)
    }

    /// Writes a query with its id and its port's cookie, for which the caller has made room; returns its length.
    @inline(__always)
    mutating func encode(_ query: UInt32, id: UInt16, port: Int, to slot: UnsafeMutablePointer<UInt8>) -> Int {
        let length = slab.write(query, id: id, cookie: ports[port].cookie, to: slot)
        if slab.hasLabel(query) {
            let label = misses.nextValue()
            ports[port].table.setLabel(label, of: id)
            // SAFETY: a query with a label has it right behind the header and its length octet.
            MissLabel.write(label, to: slot + 13)
        }
        return length
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
                    if query.isSampled { ports[port].sampler.noteSent(at: sent) }
                }
                first += result
                left += result
                refused = 0
                continue
            }
            refused += 1
            if mayTryAgain(after: result, refused: refused, port: port) { continue }
            if staged[first].isSampled { ports[port].sampler.distrust() }
            ports[port].table.giveBack(staged[first].id)
            recorder.counters.sendErrors &+= 1
            first += 1
            refused = 0
        }
        return left
    }

    /// Whether a send that the kernel refused is worth another attempt; waits for buffer space if that was missing.
    mutating func mayTryAgain(after result: Int, refused: Int, port: Int) -> Bool {
        if result == 0 || result == -Int(EAGAIN) || result == -Int(ENOBUFS) {
            guard refused <= 50 else { return false }
            let deadline = Clock.deadline(after: 1_000_000)
            _ = try? Readiness.wait(for: .writable, on: ports[port].socket.fd, untilMonotonic: deadline)
            return true
        }
        // The error is that of an earlier query, which ICMP brought back: this call sent nothing and cleared it.
        return drainErrors(port: port) > 0 && refused <= 3
    }

    /// Waits at most `timeoutNanoseconds` for answers and reads those that are there; returns how many datagrams.
    mutating func receiveReady(timeoutNanoseconds: Int64) throws(NetError) -> Int {
        if portCount == 1 && retries == nil {
            let count = receive(port: 0)
            if count > 0 || timeoutNanoseconds == 0 { return count }
        }
        let ready = try sockets.wait(timeoutNanoseconds: timeoutNanoseconds)
        if timeoutNanoseconds > 0 && ready > 0 { idle.slept(until: Clock.monotonicNanoseconds()) }
        var total = 0
        for position in 0..<ready {
            let (index, failed) = sockets[position]
            if index == portCount {
                total += retries?.serve(slab: slab, recorder: &recorder) ?? 0
                continue
            }
            if failed { drainErrors(port: index) }
            total += receive(port: index)
        }
        return total
    }

    /// Reads and judges what one port holds, at most four batches; returns how many datagrams.
    private mutating func receive(port: Int) -> Int {
        let descriptor = ports[port].socket.fd
        var total = 0
        for _ in 0..<4 {
            let count = incoming.receiveResult(max: UDPLane.batchSize, on: descriptor)
            if count < 0 && count != -Int(EAGAIN) {
                // The error of an earlier query; its datagram brought it back, and reading it cleared it.
                drainErrors(port: port)
                continue
            }
            guard count > 0 else { break }
            let now = Clock.monotonicNanoseconds()
            for index in 0..<count { take(index, port: port, now: now) }
            total += count
            if count < UDPLane.batchSize { break }
        }
        if ports[port].sampler.isOutstanding { drainErrors(port: port) }
        return total
    }

    /// Reads a port's error queue: transmit stamps and ICMP errors; returns how many of the latter.
    @discardableResult
    mutating func drainErrors(port: Int) -> Int {
        var errors = 0
        while let entry = ports[port].socket.takeError() {
            switch entry {
            case .transmitted(let key, let stamp):
                if let sent = ports[port].sampler.sentTime(key: key) {
                    recorder.transmitted(after: stamp &- clock.offset &- sent)
                }
            case .icmp(_, _, let code):
                errors += 1
                if code == ECONNREFUSED {
                    recorder.counters.refusals &+= 1
                } else {
                    recorder.counters.unreachables &+= 1
                }
            case .local: break
            }
        }
        return errors
    }

    @inline(__always)
    private mutating func take(_ index: Int, port: Int, now: Int64) {
        let message = UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(incoming.slot(index))[..<incoming.receivedLength(index)]
        )
        switch AnswerJudge.judge(message, table: ports[port].table, slab: slab, tier: tier) {
        case .answer(let id, let flags):
            let entry = ports[port].table.entry(id)
            let label = ports[port].table.label(id)
            ports[port].table.complete(id)
            let isBadCookie = slab.clientCookie.map { ports[port].cookie.learn(from: message, client: $0) } ?? false
            if flags & 0x0200 != 0,
                retries?.begin(
                    entry,
                    label: label,
                    cookie: ports[port].cookie,
                    from: context.localEndpoint(port),
                    now: now,
                    recorder: &recorder
                ) == true
            {
                return
            }
            let stamp = incoming.realtimeTimestamp(index)
            let received =
                stamp == 0 ? now : clock.monotonic(stamp: stamp, earliest: entry.sent &- 50_000, now: now)
            // An answer behind the timeout is late, even when we read it before we noticed the timeout.
            if (received ?? now) &- entry.sent > context.plan.timeoutNanoseconds {
                recorder.timedOut()
                recorder.counters.late &+= 1
            } else {
                recorder.answered(entry, flags: flags, isBadCookie: isBadCookie, received: received, now: now)
                check(message, entry.query, isCut: incoming.isTruncated(index))
            }
        case .late: recorder.counters.late &+= 1
        case .mismatched: recorder.counters.mismatched &+= 1
        case .malformed: recorder.counters.malformed &+= 1
        }
    }

    /// Holds an answer against what is expected; one that was longer than its slot cannot be read whole.
    @inline(__always)
    private mutating func check(_ message: UnsafeRawBufferPointer, _ query: UInt32, isCut: Bool) {
        guard tier == .answer, !isCut else { return }
        recorder.checked(slab.fault(of: message, query: query, checker: checker), query: query, answer: message)
    }
}
