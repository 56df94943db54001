import DNSWire

/// The two ends of the flow that a message travelled, in its direction.
struct FlowEnds {
    var source: Endpoint
    var destination: Endpoint
    /// Interface index, 0 when the source of frames does not tell.
    var interfaceIndex: UInt32
}

/// All TCP connections in reassembly, in a bounded table with least-recently-used eviction.
struct TCPTable: ~Copyable {
    private struct Key: Hashable {
        let low: Endpoint
        let high: Endpoint
    }

    private struct Connection {
        var key: Key
        var interfaceIndex: UInt32 = 0
        /// What the lower end sends.
        var fromLow = TCPDirection()
        /// What the higher end sends.
        var fromHigh = TCPDirection()
        var finFromLow = false
        var finFromHigh = false
        var isClosed = false
        /// Neighbours in order of last use; -1 ends the list.
        var newer = -1
        var older = -1
    }

    private let capacity: Int
    private var slots: [Connection] = []
    private var indexes: [Key: Int] = [:]
    private var newest = -1
    private var oldest = -1
    private(set) var counters = TCPCounters()

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
    }

    /// Takes one TCP segment of a DNS port.
    mutating func accept(
        _ decoded: DecodedFrame,
        payload: RawSpan,
        frame: UInt64,
        time: Int64,
        sink: inout MessageSink
    ) {
        let source = Endpoint(address: decoded.source, port: decoded.sourcePort)
        let destination = Endpoint(address: decoded.destination, port: decoded.destinationPort)
        let isFromLow = Self.precedes(source, destination)
        let key = isFromLow ? Key(low: source, high: destination) : Key(low: destination, high: source)
        let isOpening = decoded.tcpFlags.contains(.syn)
        guard let index = slot(for: key, creating: isOpening || payload.byteCount > 0, sink: &sink) else { return }
        touch(index)
        slots[index].interfaceIndex = decoded.interfaceIndex
        let flow = FlowEnds(source: source, destination: destination, interfaceIndex: decoded.interfaceIndex)
        var sequence = decoded.sequence
        if isOpening {
            let direction = isFromLow ? slots[index].fromLow : slots[index].fromHigh
            let isQuestionOfNewUse = !decoded.tcpFlags.contains(.ack)
            if isQuestionOfNewUse, direction.isNewConnection(initialSequence: sequence) {
                restart(index, sink: &sink)
            }
            if isFromLow {
                slots[index].fromLow.begin(initialSequence: sequence)
            } else {
                slots[index].fromHigh.begin(initialSequence: sequence)
            }
            // SYN takes one sequence number; payload on it (RFC 7413) comes after.
            sequence = sequence &+ 1
        }
        if decoded.tcpFlags.contains(.ack) {
            let reverse = FlowEnds(source: destination, destination: source, interfaceIndex: decoded.interfaceIndex)
            if isFromLow {
                slots[index].fromHigh.noteAcknowledged(
                    decoded.acknowledgement,
                    flow: reverse,
                    counters: &counters,
                    sink: &sink
                )
            } else {
                slots[index].fromLow.noteAcknowledged(
                    decoded.acknowledgement,
                    flow: reverse,
                    counters: &counters,
                    sink: &sink
                )
            }
        }
        if payload.byteCount > 0 {
            if isFromLow {
                slots[index].fromLow.accept(
                    payload,
                    sequence: sequence,
                    frame: frame,
                    time: time,
                    flow: flow,
                    counters: &counters,
                    sink: &sink
                )
            } else {
                slots[index].fromHigh.accept(
                    payload,
                    sequence: sequence,
                    frame: frame,
                    time: time,
                    flow: flow,
                    counters: &counters,
                    sink: &sink
                )
            }
        }
        noteClosing(index, flags: decoded.tcpFlags, isFromLow: isFromLow)
    }

    /// Delivers what is still held in every connection, as at the end of a capture.
    mutating func finish(sink: inout MessageSink) {
        for index in slots.indices { finish(index, sink: &sink) }
        slots.removeAll()
        indexes.removeAll()
        newest = -1
        oldest = -1
    }

    private mutating func noteClosing(_ index: Int, flags: TCPFlags, isFromLow: Bool) {
        if flags.contains(.rst) { slots[index].isClosed = true }
        guard flags.contains(.fin) else { return }
        if isFromLow { slots[index].finFromLow = true } else { slots[index].finFromHigh = true }
        if slots[index].finFromLow, slots[index].finFromHigh { slots[index].isClosed = true }
    }

    private mutating func restart(_ index: Int, sink: inout MessageSink) {
        finish(index, sink: &sink)
        slots[index].finFromLow = false
        slots[index].finFromHigh = false
        slots[index].isClosed = false
        counters.connections += 1
    }

    private mutating func finish(_ index: Int, sink: inout MessageSink) {
        let key = slots[index].key
        let interface = slots[index].interfaceIndex
        slots[index].fromLow.finish(
            flow: FlowEnds(source: key.low, destination: key.high, interfaceIndex: interface),
            counters: &counters,
            sink: &sink
        )
        slots[index].fromHigh.finish(
            flow: FlowEnds(source: key.high, destination: key.low, interfaceIndex: interface),
            counters: &counters,
            sink: &sink
        )
    }

    private mutating func slot(for key: Key, creating: Bool, sink: inout MessageSink) -> Int? {
        if let index = indexes[key] { return index }
        guard creating else { return nil }
        counters.connections += 1
        guard slots.count >= capacity else {
            slots.append(Connection(key: key))
            indexes[key] = slots.count - 1
            insertNewest(slots.count - 1)
            return slots.count - 1
        }
        let index = oldest
        if !slots[index].isClosed { counters.evictions += 1 }
        finish(index, sink: &sink)
        unlink(index)
        indexes.removeValue(forKey: slots[index].key)
        slots[index] = Connection(key: key)
        indexes[key] = index
        insertNewest(index)
        return index
    }

    private mutating func touch(_ index: Int) {
        guard newest != index else { return }
        unlink(index)
        insertNewest(index)
    }

    private mutating func unlink(_ index: Int) {
        let newer = slots[index].newer
        let older = slots[index].older
        if newer >= 0 { slots[newer].older = older } else { newest = older }
        if older >= 0 { slots[older].newer = newer } else { oldest = newer }
    }

    private mutating func insertNewest(_ index: Int) {
        slots[index].newer = -1
        slots[index].older = newest
        if newest >= 0 { slots[newest].newer = index }
        newest = index
        if oldest < 0 { oldest = index }
    }

    private static func precedes(_ one: Endpoint, _ other: Endpoint) -> Bool {
        switch (one.address, other.address) {
        case (.v4(let left), .v4(let right)) where left != right: return left < right
        case (.v6(let leftHigh, let leftLow), .v6(let rightHigh, let rightLow)):
            if leftHigh != rightHigh { return leftHigh < rightHigh }
            if leftLow != rightLow { return leftLow < rightLow }
        default: break
        }
        return one.port < other.port
    }
}
