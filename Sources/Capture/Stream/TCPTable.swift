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
    private struct Connection {
        var key: Key128
        var low: Endpoint
        var high: Endpoint
        var interfaceIndex: UInt32 = 0
        /// What the lower end sends.
        var fromLow = TCPDirection()
        /// What the higher end sends.
        var fromHigh = TCPDirection()
        var finFromLow = false
        var finFromHigh = false
        var isClosed = false
        var book = ConnectionBook()
        /// Neighbours in order of last use, among those that are open or those that are closed; -1 ends the list.
        var newer = -1
        var older = -1

        /// Octets of memory that it takes beyond its place.
        var room: Int { fromLow.room + fromHigh.room }
    }

    private struct Order {
        var newest = -1
        var oldest = -1
    }

    /// Octets that all connections may take for segments before their turn and messages of which a part is missing.
    static let roomLimit = 12 << 20
    private let capacity: Int
    private var slots: [Connection] = []
    private let seed: HashSeed
    private var indexes = HashIndex()
    private var open = Order()
    /// Closed connections stay as long as there is room, for segments that come late, and make room first.
    private var closed = Order()
    /// Octets that all connections take.
    private(set) var room = 0
    /// The connection that made room last.
    private var hand = -1
    private(set) var counters = TCPCounters()
    private var rooms = HeldRooms()
    /// The cache's connections to the servers behind it; those that are still open come in at the end.
    private(set) var upstream = UpstreamConnections()
    private(set) var faults = FaultBook()
    var events = ConnectionEvents()

    init(capacity: Int, seed: HashSeed) {
        self.capacity = max(capacity, 1)
        self.seed = seed
    }

    /// Takes one TCP segment of a DNS port.
    mutating func accept(
        _ decoded: DecodedFrame,
        payload: RawSpan,
        frame: FrameNumber,
        time: Int64,
        sink: inout MessageSink
    ) {
        let source = Endpoint(address: decoded.source, port: decoded.sourcePort)
        let destination = Endpoint(address: decoded.destination, port: decoded.destinationPort)
        let isFromLow = Self.precedes(source, destination)
        let (low, high) = isFromLow ? (source, destination) : (destination, source)
        let isOpening = decoded.tcpFlags.contains(.syn)
        guard let index = slot(low, high, creating: isOpening || payload.byteCount > 0, sink: &sink) else { return }
        let roomBefore = slots[index].room
        defer {
            room += slots[index].room - roomBefore
            makeRoom(sparing: index, sink: &sink)
        }
        touch(index)
        if slots[index].book.side == .foreign { tellSides(index, source, destination, roles: sink.roles) }
        slots[index].interfaceIndex = decoded.interfaceIndex
        let flow = FlowEnds(source: source, destination: destination, interfaceIndex: decoded.interfaceIndex)
        var sequence = decoded.sequence
        if isOpening {
            let isQuestionOfNewUse = !decoded.tcpFlags.contains(.ack)
            let isNew =
                isFromLow
                ? slots[index].fromLow.isNewConnection(initialSequence: sequence)
                : slots[index].fromHigh.isNewConnection(initialSequence: sequence)
            if isQuestionOfNewUse, isNew { restart(index, sink: &sink) }
            noteOpening(index, decoded, frame: frame, time: time, isFromLow: isFromLow)
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
                    rooms: &rooms,
                    sink: &sink
                )
            } else {
                slots[index].fromLow.noteAcknowledged(
                    decoded.acknowledgement,
                    flow: reverse,
                    counters: &counters,
                    rooms: &rooms,
                    sink: &sink
                )
            }
        }
        if payload.byteCount > 0 {
            let before = counters.messages + counters.headless
            defer {
                let new = counters.messages + counters.headless - before
                if isFromLow == slots[index].book.isClientLow {
                    slots[index].book.queries += new
                } else {
                    slots[index].book.responses += new
                }
            }
            if isFromLow {
                slots[index].fromLow.accept(
                    payload,
                    sequence: sequence,
                    frame: frame,
                    time: time,
                    flow: flow,
                    counters: &counters,
                    rooms: &rooms,
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
                    rooms: &rooms,
                    sink: &sink
                )
            }
        }
        noteClosing(index, decoded, frame: frame, time: time, isFromLow: isFromLow)
    }

    /// Delivers what is still held in every connection, as at the end of a capture.
    mutating func finish(sink: inout MessageSink) {
        for index in slots.indices {
            finish(index, sink: &sink)
            settle(index)
        }
        slots.removeAll()
        indexes = HashIndex()
        room = 0
        open = Order()
        closed = Order()
    }

    // MARK: The books

    /// Tells who asks whom: by the addresses, whichever end was seen first.
    private mutating func tellSides(_ index: Int, _ source: Endpoint, _ destination: Endpoint, roles: CaptureRoles) {
        let forth = roles.side(client: source, server: destination)
        let back = forth == .foreign ? roles.side(client: destination, server: source) : .foreign
        let isSourceClient = back == .foreign
        slots[index].book.side = isSourceClient ? forth : back
        slots[index].book.isClientLow = (source == slots[index].low) == isSourceClient
    }

    private mutating func noteOpening(
        _ index: Int,
        _ decoded: DecodedFrame,
        frame: FrameNumber,
        time: Int64,
        isFromLow: Bool
    ) {
        guard isFromLow == slots[index].book.isClientLow else {
            slots[index].book.isAnswered = true
            return
        }
        if slots[index].book.synAt == .min {
            slots[index].book.synAt = time
            slots[index].book.synFrame = frame
            slots[index].book.synSequence = decoded.sequence
            logEvent(.opened, index, frame, time)
        } else if !slots[index].book.isAnswered {
            slots[index].book.repeatedSYN += 1
            if slots[index].book.side == .upstream {
                note(.repeatedSYN, index, frame, time, "SYN again: the first one was not answered")
            }
        }
    }

    private mutating func noteClosing(
        _ index: Int,
        _ decoded: DecodedFrame,
        frame: FrameNumber,
        time: Int64,
        isFromLow: Bool
    ) {
        let flags = decoded.tcpFlags
        let isClient = isFromLow == slots[index].book.isClientLow
        if isClient, flags.contains(.ack), slots[index].book.isAnswered, slots[index].book.establishedAt == .min {
            slots[index].book.establishedAt = time
        }
        guard flags.contains(.rst) || flags.contains(.fin), !slots[index].isClosed else { return }
        if flags.contains(.rst) {
            let isRefusal = !isClient && slots[index].book.synAt != .min && !slots[index].book.isAnswered
            logEvent(isRefusal ? .refused : isClient ? .resetByCache : .resetByServer, index, frame, time)
        } else if isFromLow ? !slots[index].finFromLow : !slots[index].finFromHigh {
            logEvent(isClient ? .closedByCache : .closedByServer, index, frame, time)
        }
        if slots[index].book.ending == .open { noteEnding(index, flags, frame: frame, time: time, isClient: isClient) }
        if flags.contains(.fin) {
            if isFromLow { slots[index].finFromLow = true } else { slots[index].finFromHigh = true }
        }
        guard flags.contains(.rst) || slots[index].finFromLow && slots[index].finFromHigh else { return }
        settle(index)
        unlink(index)
        slots[index].isClosed = true
        insertNewest(index)
    }

    private mutating func noteEnding(_ index: Int, _ flags: TCPFlags, frame: FrameNumber, time: Int64, isClient: Bool) {
        let book = slots[index].book
        guard flags.contains(.rst) else {
            slots[index].book.ending = isClient ? .closedByClient : .closedByServer
            return
        }
        let isRefusal = !isClient && book.synAt != .min && !book.isAnswered
        slots[index].book.ending = isRefusal ? .refused : isClient ? .resetByClient : .resetByServer
        guard book.side == .upstream, !isClient else { return }
        if isRefusal {
            note(.connectionRefused, index, frame, time, "RST in answer to SYN")
        } else {
            let open = book.queries > book.responses ? ", with a query unanswered" : ""
            note(.connectionReset, index, frame, time, "RST from the server\(open)")
        }
    }

    /// Enters a connection into the sums, once.
    private mutating func settle(_ index: Int) {
        guard slots[index].book.side == .upstream, !slots[index].book.isBooked else { return }
        slots[index].book.isBooked = true
        let book = slots[index].book
        if book.ending == .open, book.synAt != .min, !book.isAnswered, book.queries == 0 {
            slots[index].book.ending = .unanswered
            note(.dialTimeout, index, book.synFrame, book.synAt, "SYN without an answer")
        }
        upstream.add(
            slots[index].book,
            server: book.isClientLow ? slots[index].high : slots[index].low,
            evidence: upstream.wantsSingle
                ? evidence(index, book.synFrame, book.synAt, "a connection for one query") : nil
        )
    }

    private mutating func logEvent(_ kind: ConnectionEvent.Kind, _ index: Int, _ frame: FrameNumber, _ time: Int64) {
        guard slots[index].book.side == .upstream else { return }
        let (low, high) = (slots[index].low, slots[index].high)
        let isClientLow = slots[index].book.isClientLow
        events.append(
            ConnectionEvent(
                kind: kind,
                frame: frame,
                realtimeNanoseconds: time,
                client: isClientLow ? low : high,
                server: isClientLow ? high : low
            )
        )
    }

    private mutating func note(
        _ fault: FaultSignature,
        _ index: Int,
        _ frame: FrameNumber,
        _ time: Int64,
        _ note: String
    ) {
        let witness = faults.wants(fault) ? evidence(index, frame, time, note) : nil
        faults.add(fault, witness)
    }

    private func evidence(_ index: Int, _ frame: FrameNumber, _ time: Int64, _ note: String) -> Evidence {
        let (low, high) = (slots[index].low, slots[index].high)
        let (client, server) = slots[index].book.isClientLow ? (low, high) : (high, low)
        return Evidence(
            frame: frame,
            realtimeNanoseconds: time,
            text: "frame \(frame) TCP \(client) → \(server): \(note)"
        )
    }

    // MARK: The table

    /// Takes the memory of other connections, one after the other, until all have room.
    private mutating func makeRoom(sparing index: Int, sink: inout MessageSink) {
        var rest = slots.count
        while room > Self.roomLimit, rest > 0 {
            rest -= 1
            hand = hand + 1 < slots.count ? hand + 1 : 0
            let before = slots[hand].room
            guard hand != index, before > 0 else { continue }
            let (forth, back) = flows(hand)
            slots[hand].fromLow.giveUp(flow: forth, counters: &counters, rooms: &rooms, sink: &sink)
            slots[hand].fromHigh.giveUp(flow: back, counters: &counters, rooms: &rooms, sink: &sink)
            room += slots[hand].room - before
        }
    }

    private func flows(_ index: Int) -> (fromLow: FlowEnds, fromHigh: FlowEnds) {
        let (low, high) = (slots[index].low, slots[index].high)
        let interface = slots[index].interfaceIndex
        return (
            FlowEnds(source: low, destination: high, interfaceIndex: interface),
            FlowEnds(source: high, destination: low, interfaceIndex: interface)
        )
    }

    private mutating func restart(_ index: Int, sink: inout MessageSink) {
        finish(index, sink: &sink)
        settle(index)
        slots[index].book = ConnectionBook()
        tellSides(index, slots[index].low, slots[index].high, roles: sink.roles)
        unlink(index)
        slots[index].finFromLow = false
        slots[index].finFromHigh = false
        slots[index].isClosed = false
        insertNewest(index)
        counters.connections += 1
    }

    private mutating func finish(_ index: Int, sink: inout MessageSink) {
        let (forth, back) = flows(index)
        slots[index].fromLow.finish(flow: forth, counters: &counters, rooms: &rooms, sink: &sink)
        slots[index].fromHigh.finish(flow: back, counters: &counters, rooms: &rooms, sink: &sink)
    }

    private mutating func slot(_ low: Endpoint, _ high: Endpoint, creating: Bool, sink: inout MessageSink) -> Int? {
        let key = key(low, high)
        let known = indexes.find(key)
        if known >= 0 { return known }
        guard creating else { return nil }
        counters.connections += 1
        let index: Int
        if slots.count < capacity {
            index = slots.count
            slots.append(Connection(key: key, low: low, high: high))
        } else {
            index = closed.oldest >= 0 ? closed.oldest : open.oldest
            if !slots[index].isClosed { counters.evictions += 1 }
            let before = slots[index].room
            finish(index, sink: &sink)
            room += slots[index].room - before
            settle(index)
            unlink(index)
            indexes.remove(slots[index].key)
            // `finish` has emptied both directions, and left them their room.
            let (fromLow, fromHigh) = (slots[index].fromLow, slots[index].fromHigh)
            slots[index] = Connection(key: key, low: low, high: high, fromLow: fromLow, fromHigh: fromHigh)
        }
        indexes.set(key, index)
        insertNewest(index)
        return index
    }

    private func key(_ low: Endpoint, _ high: Endpoint) -> Key128 {
        let ends = HashSeed.fold(low.address.mixed ^ seed.first, high.address.mixed ^ seed.second)
        let ports = UInt64(low.port) << 16 | UInt64(high.port)
        return Key128(
            high: HashSeed.fold(ends ^ ports, seed.second),
            low: HashSeed.fold(ends &+ ports, seed.first)
        )
    }

    private mutating func touch(_ index: Int) {
        guard (slots[index].isClosed ? closed : open).newest != index else { return }
        unlink(index)
        insertNewest(index)
    }

    private mutating func unlink(_ index: Int) {
        let newer = slots[index].newer
        let older = slots[index].older
        var order = slots[index].isClosed ? closed : open
        if newer >= 0 { slots[newer].older = older } else { order.newest = older }
        if older >= 0 { slots[older].newer = newer } else { order.oldest = newer }
        if slots[index].isClosed { closed = order } else { open = order }
    }

    private mutating func insertNewest(_ index: Int) {
        var order = slots[index].isClosed ? closed : open
        slots[index].newer = -1
        slots[index].older = order.newest
        if order.newest >= 0 { slots[order.newest].newer = index }
        order.newest = index
        if order.oldest < 0 { order.oldest = index }
        if slots[index].isClosed { closed = order } else { open = order }
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
