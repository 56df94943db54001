import Glibc
import LinuxNet

extension UDPLane {
    /// How many queries are gathered before their packets leave.
    private static let gathered = 512

    /// Gathers due queries by length and hands each length to the kernel as one packet; returns how many left.
    mutating func sendSegmented(limit: Int, port: Int, now: Int64) -> Int {
        var left = 0
        var taken = 0
        while taken < min(limit, UDPLane.gathered) {
            let id = ports[port].table.takeID()
            if id == nil && arrivals.nextIntended == .min { break }
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
            taken += 1
            left += stageSegment(id: id, query: query, intended: intended, port: port)
        }
        for bucket in 0..<(segments?.bucketCount ?? 0) { left += flushBucket(bucket, port: port) }
        return left
    }

    /// Puts a query beside others of its length; sends them first if their packet is full.
    private mutating func stageSegment(id: UInt16, query: UInt32, intended: Int64, port: Int) -> Int {
        // SAFETY: the cursor gives indexes of this slab only, and the outbox has a bucket for each of its lengths,
        // with room for `capacity` queries of that length.
        let length = Int(slab.queries[Int(query)].length)
        guard let index = segments?.bucket(ofLength: length), let buckets = segments?.buckets else { return 0 }
        let sent = buckets[index].count == buckets[index].capacity ? flushBucket(index, port: port) : 0
        let position = buckets[index].count
        // Nothing is received before all buckets are flushed, so that the cookie stays the same for a packet.
        let slot = buckets[index].octets + position * (length + ports[port].cookie.length)
        _ = encode(query, id: id, port: port, to: slot.assumingMemoryBound(to: UInt8.self))
        buckets[index].staged[position] = Staged(id: id, query: query, intended: intended)
        buckets[index].count = position + 1
        return sent
    }

    /// Sends what stands in one bucket, all with the time before the call as their send time.
    private mutating func flushBucket(_ index: Int, port: Int) -> Int {
        guard let buckets = segments?.buckets, buckets[index].count > 0 else { return 0 }
        let count = buckets[index].count
        let length = buckets[index].length + ports[port].cookie.length
        let octets = UnsafeRawBufferPointer(start: buckets[index].octets, count: count * length)
        buckets[index].count = 0
        var refused = 0
        while true {
            let sent = Clock.monotonicNanoseconds()
            let result = ports[port].socket.sendSegments(octets, of: length)
            if result >= octets.count { return note(buckets[index].staged, count: count, sent: sent, port: port) }
            refused += 1
            if mayTryAgain(after: result, refused: refused, port: port) { continue }
            for position in 0..<count { ports[port].table.giveBack(buckets[index].staged[position].id) }
            recorder.counters.sendErrors &+= UInt64(count)
            return 0
        }
    }

    private mutating func note(_ staged: UnsafeMutablePointer<Staged>, count: Int, sent: Int64, port: Int) -> Int {
        for position in 0..<count {
            let query = staged[position]
            let intended = isClosed ? sent : query.intended
            ports[port].table.insert(query.id, query: query.query, intended: intended, sent: sent)
            recorder.sent(intended: intended, at: sent)
        }
        return count
    }
}
