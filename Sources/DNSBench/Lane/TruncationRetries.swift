import DNSWire
import LinuxNet

/// Asks questions again over TCP whose answers over UDP were truncated, one connection each, as stub resolvers do.
///
/// A query stays in flight until the answer over TCP is there (RFC 7766 section 5); its latencies end when that was
/// read. All memory is taken in `init`. One thread owns it.
struct TruncationRetries: ~Copyable {
    /// Retries at one time; an answer that finds no room stays what it is, truncated.
    static let capacity = 256
    private static let bufferBytes = 65_537

    /// One connection with one question.
    private struct Slot: ~Copyable {
        var stream: TCPStream?
        var entry = InFlightTable.Entry()
        /// The value of the query's label, if it has one.
        var label: UInt64 = 0
        /// The server's cookie, which the query over UDP had as well or its answer brought.
        var cookie = ServerCookie()
        var isConnecting = false
        /// When the attempt began, CLOCK_MONOTONIC.
        var begun: Int64 = 0
        var id: UInt16 = 0
        let buffer: UnsafeMutableRawPointer
        var filled = 0
    }

    private let target: Endpoint
    private let slots: UnsafeMutablePointer<Slot>
    private var poll: EventPoll
    private var nextID: UInt16 = 0
    /// Retries that wait for their answer.
    private(set) var activeCount = 0

    init(target: Endpoint) throws(NetError) {
        poll = try EventPoll()
        self.target = target
        slots = .allocate(capacity: TruncationRetries.capacity)
        for index in 0..<TruncationRetries.capacity {
            let buffer = UnsafeMutableRawPointer.allocate(byteCount: TruncationRetries.bufferBytes, alignment: 8)
            (slots + index).initialize(to: Slot(buffer: buffer))
        }
    }

    deinit {
        for index in 0..<TruncationRetries.capacity { slots[index].buffer.deallocate() }
        slots.deinitialize(count: TruncationRetries.capacity)
        slots.deallocate()
    }

    /// Becomes readable when a retry has something to do.
    var descriptor: Int32 { poll.fd }

    /// Begins a retry from the address of `local`; `false` when there is no room or no connection can be begun.
    mutating func begin(
        _ entry: InFlightTable.Entry,
        label: UInt64,
        cookie: ServerCookie,
        from local: Endpoint?,
        now: Int64,
        recorder: inout LaneRecorder
    ) -> Bool {
        guard activeCount < TruncationRetries.capacity else { return false }
        var index = 0
        while slots[index].stream != nil { index += 1 }
        recorder.counters.connectionAttempts &+= 1
        do throws(NetError) {
            let from = local.map { Endpoint(address: $0.address, port: 0) }
            let stream = try TCPStream.startConnecting(to: target, from: from)
            try stream.setNoDelay()
            try poll.add(stream.fd, for: [.readable, .writable], token: UInt64(index))
            slots[index].stream = consume stream
        } catch {
            recorder.counters.connectionFailures &+= 1
            return false
        }
        slots[index].entry = entry
        slots[index].label = label
        slots[index].cookie = cookie
        slots[index].isConnecting = true
        slots[index].begun = now
        slots[index].filled = 0
        activeCount += 1
        recorder.counters.retriedOverTCP &+= 1
        return true
    }

    /// Goes on with the connections that are ready; returns how many answers were read.
    mutating func serve(slab: QuerySlab, recorder: inout LaneRecorder) -> Int {
        guard let ready = try? poll.wait(timeoutNanoseconds: 0) else { return 0 }
        var answers = 0
        let now = Clock.monotonicNanoseconds()
        for position in 0..<ready {
            guard poll[position].token < UInt64(TruncationRetries.capacity) else { continue }
            let index = Int(poll[position].token)
            if slots[index].isConnecting {
                ask(index, now: now, slab: slab, recorder: &recorder)
            } else if read(index, now: now, slab: slab, recorder: &recorder) {
                answers += 1
            }
        }
        return answers
    }

    private mutating func ask(_ index: Int, now: Int64, slab: QuerySlab, recorder: inout LaneRecorder) {
        nextID &+= 1
        slots[index].id = nextID
        let query = slots[index].entry.query
        // SAFETY: the entry came out of an in-flight table, into which only indexes of this slab are put, and no query
        // is longer than a DNS message.
        let start = slots[index].buffer.assumingMemoryBound(to: UInt8.self)
        let length = slab.write(query, id: nextID, cookie: slots[index].cookie, to: start + 2)
        start[0] = UInt8(truncatingIfNeeded: length >> 8)
        start[1] = UInt8(truncatingIfNeeded: length)
        if slab.hasLabel(query) { MissLabel.write(slots[index].label, to: start + 15) }
        slots[index].isConnecting = false
        do throws(NetError) {
            try slots[index].stream?.finishConnecting(to: target)
            recorder.connected(after: now &- slots[index].begun)
            // A fresh connection takes a query whole; one that does not is of no use.
            let taken = try slots[index].stream?.trySend(UnsafeRawBufferPointer(start: start, count: length + 2)) ?? 0
            if taken == length + 2, let descriptor = slots[index].stream?.fd {
                return try poll.modify(descriptor, for: .readable, token: UInt64(index))
            }
        } catch {
            recorder.counters.connectionFailures &+= 1
        }
        end(index)
        recorder.timedOut()
    }

    /// Reads what is there; `true` when the query has its answer.
    private mutating func read(_ index: Int, now: Int64, slab: QuerySlab, recorder: inout LaneRecorder) -> Bool {
        let filled = slots[index].filled
        let space = UnsafeMutableRawBufferPointer(
            start: slots[index].buffer + filled,
            count: TruncationRetries.bufferBytes - filled
        )
        var got: Int?
        do throws(NetError) { got = try slots[index].stream?.tryReceive(into: space) } catch { got = 0 }
        guard let got else { return false }
        guard got > 0 else {
            recorder.counters.connectionsClosed &+= 1
            end(index)
            recorder.timedOut()
            return false
        }
        slots[index].filled += got
        let bytes = UnsafeRawBufferPointer(start: slots[index].buffer, count: slots[index].filled)
        guard bytes.count >= 2 else { return false }
        let length = Int(bytes[0]) << 8 | Int(bytes[1])
        guard bytes.count - 2 >= length else { return false }
        let message = UnsafeRawBufferPointer(rebasing: bytes[2..<(2 + length)])
        let entry = slots[index].entry
        let verdict = AnswerJudge.judge(
            message,
            id: slots[index].id,
            query: entry.query,
            label: slots[index].label,
            slab: slab
        )
        end(index)
        if let flags = verdict {
            let isBadCookie = slab.clientCookie.map { AnswerCookie.find(in: message, client: $0).isBadCookie } ?? false
            recorder.answered(entry, flags: flags, isBadCookie: isBadCookie, received: now, now: now)
            return true
        }
        recorder.counters.mismatched &+= 1
        recorder.timedOut()
        return false
    }

    /// Gives up the retries of queries sent at or before `limit`; the send time of the oldest that is left.
    mutating func expire(sentAtOrBefore limit: Int64, recorder: inout LaneRecorder) -> Int64? {
        var oldest: Int64?
        guard activeCount > 0 else { return nil }
        for index in 0..<TruncationRetries.capacity where slots[index].stream != nil {
            let sent = slots[index].entry.sent
            if sent <= limit {
                end(index)
                recorder.timedOut()
            } else {
                oldest = min(oldest ?? .max, sent)
            }
        }
        return oldest
    }

    /// Ends all retries; returns how many there were.
    mutating func abandon() -> Int {
        let count = activeCount
        for index in 0..<TruncationRetries.capacity where slots[index].stream != nil { end(index) }
        return count
    }

    private mutating func end(_ index: Int) {
        slots[index].stream = nil  // closing takes it out of the poll
        activeCount -= 1
    }
}
