/// Where a message was found: its first and last octets' frames and times.
struct MessageSpan {
    var firstFrame: FrameNumber
    var lastFrame: FrameNumber
    /// Nanoseconds since the Unix epoch.
    var firstTime: Int64
    /// Nanoseconds since the Unix epoch.
    var lastTime: Int64
}

/// What TCP reassembly saw, added up over all connections.
package struct TCPCounters: Sendable, Equatable {
    /// Connections of which a SYN or a payload was seen.
    package var connections: UInt64 = 0
    /// Connections that were open before the capture began.
    package var joinedMidStream: UInt64 = 0
    /// Complete DNS messages taken out of streams, the headless ones not among them.
    package var messages: UInt64 = 0
    /// Holes that were skipped: octets which the peer acknowledged and the capture lacks.
    package var gaps: UInt64 = 0
    /// Octets in those holes.
    package var gapOctets: UInt64 = 0
    /// Segments that brought nothing new.
    package var retransmissions: UInt64 = 0
    /// Segments that overlapped what was already delivered.
    package var overlaps: UInt64 = 0
    /// Segments that came before their turn and were held.
    package var outOfOrder: UInt64 = 0
    /// Times the framing was found again after it had been lost.
    package var resynchronisations: UInt64 = 0
    /// Messages found without their length prefix.
    package var headless: UInt64 = 0
    /// Octets passed over while the framing was unknown.
    package var unframedOctets: UInt64 = 0
    /// Messages of which the end (or a part inside) was not captured.
    package var incomplete: UInt64 = 0
    /// Messages of which the first part was dropped to make room; they are among `incomplete` once their end has come.
    package var evictedMessages: UInt64 = 0
    /// Live connections thrown out of the table to make room.
    package var evictions: UInt64 = 0
}

/// Reassembles one direction of a TCP connection into length-prefixed DNS messages (RFC 7766 section 8).
///
/// Sequence numbers are compared as serial numbers (RFC 9293 section 3.4), so a wrap is no event. Segments
/// before their turn are held, within a budget; a hole that the peer has acknowledged was delivered but not
/// captured, and is skipped at once.
struct TCPDirection {
    private enum Framing: UInt8 {
        /// Nothing was seen yet.
        case unseen
        /// The next octet is not known to be at a message boundary.
        case unknown
        /// Boundaries follow from a guess that has held so far.
        case guessed
        /// Boundaries follow from the start of the stream.
        case certain
    }

    private static let heldSegmentLimit = 64
    private static let heldOctetLimit = 128 * 1_024
    /// What most messages need.
    private static let keptOctets = 1_024
    private static let holePatienceNanoseconds: Int64 = 3_000_000_000

    private var framing = Framing.unseen
    private var nextSequence: UInt32 = 0
    private var acknowledged: UInt32 = 0
    private var isAcknowledged = false
    /// Octets of the message being put together, with its length prefix.
    private var partial: [UInt8] = []
    private var partialFrame: FrameNumber = 0
    private var partialTime: Int64 = 0
    /// Octets of a damaged message that still have to pass.
    private var discard = 0
    private var held: [HeldSegment] = []
    /// Octets of the segments before their turn, one behind the other; given away when none waits.
    private var heldOctets: [UInt8] = []
    /// Those of them that still wait.
    private var waitingOctets = 0
    private var holeSince: Int64 = 0

    /// Octets of memory that it takes beyond its place in the table.
    var room: Int { partial.capacity + heldOctets.capacity + held.capacity * MemoryLayout<HeldSegment>.stride }

    /// Whether any segment of this direction was seen.
    var isSeen: Bool { framing != .unseen }

    /// Whether a SYN with this initial sequence number would start a new connection.
    func isNewConnection(initialSequence: UInt32) -> Bool {
        guard isSeen else { return false }
        // A retransmitted SYN lies just before the first octet; any other number is a new use of the tuple.
        return framing != .certain || nextSequence != initialSequence &+ 1 || !partial.isEmpty
    }

    /// Notes a SYN: the stream starts with the next sequence number.
    mutating func begin(initialSequence: UInt32) {
        guard framing == .unseen else { return }
        framing = .certain
        nextSequence = initialSequence &+ 1
    }

    /// Notes what the peer has acknowledged, which can show that a hole was delivered.
    mutating func noteAcknowledged(
        _ number: UInt32,
        flow: FlowEnds,
        counters: inout TCPCounters,
        rooms: inout HeldRooms,
        sink: inout MessageSink
    ) {
        if !isAcknowledged || Self.distance(from: acknowledged, to: number) > 0 { acknowledged = number }
        isAcknowledged = true
        guard let first = held.first, Self.distance(from: first.sequence, to: acknowledged) >= 0 else { return }
        skipHole(to: first.sequence, counters: &counters)
        deliverHeld(flow: flow, counters: &counters, rooms: &rooms, sink: &sink)
    }

    /// Takes the payload of one segment.
    mutating func accept(
        _ payload: RawSpan,
        sequence: UInt32,
        frame: FrameNumber,
        time: Int64,
        flow: FlowEnds,
        counters: inout TCPCounters,
        rooms: inout HeldRooms,
        sink: inout MessageSink
    ) {
        if framing == .unseen {
            framing = .unknown
            nextSequence = sequence
            counters.joinedMidStream += 1
        }
        let distance = Self.distance(from: nextSequence, to: sequence)
        if distance < 0 {
            let known = -distance
            guard known < payload.byteCount else {
                counters.retransmissions += 1
                return
            }
            counters.overlaps += 1
            deliver(
                payload.extracting(known..<payload.byteCount),
                frame: frame,
                time: time,
                flow: flow,
                counters: &counters,
                sink: &sink
            )
        } else if distance > 0 {
            if held.isEmpty, isAcknowledged, Self.distance(from: sequence, to: acknowledged) >= 0 {
                skipHole(to: sequence, counters: &counters)
                deliver(payload, frame: frame, time: time, flow: flow, counters: &counters, sink: &sink)
            } else {
                hold(payload, sequence: sequence, frame: frame, time: time, counters: &counters, rooms: &rooms)
                if hasLostPatience(at: time), let first = held.first {
                    skipHole(to: first.sequence, counters: &counters)
                }
            }
        } else {
            deliver(payload, frame: frame, time: time, flow: flow, counters: &counters, sink: &sink)
        }
        deliverHeld(flow: flow, counters: &counters, rooms: &rooms, sink: &sink)
    }

    /// Gives up waiting: delivers what is held and counts a message that never ended.
    mutating func finish(
        flow: FlowEnds,
        counters: inout TCPCounters,
        rooms: inout HeldRooms,
        sink: inout MessageSink
    ) {
        deliverAllHeld(flow: flow, counters: &counters, rooms: &rooms, sink: &sink)
        if !partial.isEmpty || discard > 0 { counters.incomplete += 1 }
        var room: [UInt8] = []
        swap(&room, &partial)
        self = TCPDirection()
        // The next connection in this place has a use for it.
        guard room.capacity > 0, room.capacity <= Self.keptOctets else { return }
        room.removeAll(keepingCapacity: true)
        partial = room
    }

    /// Delivers what is held whatever is missing before it.
    private mutating func deliverAllHeld(
        flow: FlowEnds,
        counters: inout TCPCounters,
        rooms: inout HeldRooms,
        sink: inout MessageSink
    ) {
        while let first = held.first {
            skipHole(to: first.sequence, counters: &counters)
            deliverHeld(flow: flow, counters: &counters, rooms: &rooms, sink: &sink)
        }
    }

    /// Frees its memory: delivers what is held, and drops the message being put together, whose end stays known.
    mutating func giveUp(
        flow: FlowEnds,
        counters: inout TCPCounters,
        rooms: inout HeldRooms,
        sink: inout MessageSink
    ) {
        deliverAllHeld(flow: flow, counters: &counters, rooms: &rooms, sink: &sink)
        held = []
        heldOctets = []
        // The first octet of a length prefix tells nothing, and takes no room.
        guard partial.count != 1 else { return partial = [partial[0]] }
        if partial.count >= 2 {
            discard = 2 + Self.messageLength(partial) - partial.count
            counters.evictedMessages += 1
        }
        partial = []
    }

    // RFC 1982 serial arithmetic on 32 bits.
    private static func distance(from: UInt32, to: UInt32) -> Int {
        Int(Int32(bitPattern: to &- from))
    }

    private func hasLostPatience(at time: Int64) -> Bool {
        held.count > Self.heldSegmentLimit || waitingOctets > Self.heldOctetLimit
            || time &- holeSince > Self.holePatienceNanoseconds
    }

    private mutating func hold(
        _ payload: RawSpan,
        sequence: UInt32,
        frame: FrameNumber,
        time: Int64,
        counters: inout TCPCounters,
        rooms: inout HeldRooms
    ) {
        counters.outOfOrder += 1
        if held.isEmpty {
            holeSince = time
            if held.capacity == 0 { (held, heldOctets) = rooms.take() }
        }
        if heldOctets.count > 2 * waitingOctets + Self.keptOctets { closeRanks() }
        let start = heldOctets.count
        payload.append(0..<payload.byteCount, to: &heldOctets)
        let octets = start..<heldOctets.count
        let index = held.firstIndex { Self.distance(from: sequence, to: $0.sequence) > 0 } ?? held.count
        held.insert(HeldSegment(sequence: sequence, octets: octets, frame: frame, time: time), at: index)
        waitingOctets += octets.count
    }

    /// Gives up the room of octets that wait no longer, where others still do.
    private mutating func closeRanks() {
        var kept: [UInt8] = []
        kept.reserveCapacity(waitingOctets)
        for index in held.indices {
            let start = kept.count
            kept.append(contentsOf: heldOctets[held[index].octets])
            held[index].octets = start..<kept.count
        }
        heldOctets = kept
    }

    private mutating func deliverHeld(
        flow: FlowEnds,
        counters: inout TCPCounters,
        rooms: inout HeldRooms,
        sink: inout MessageSink
    ) {
        guard !held.isEmpty else { return }
        // What is delivered must not lie in what is changed meanwhile.
        var octets: [UInt8] = []
        swap(&octets, &heldOctets)
        deliver(from: octets.span.bytes, flow: flow, counters: &counters, sink: &sink)
        guard held.isEmpty else { return swap(&octets, &heldOctets) }
        rooms.give(&held, &octets)
    }

    private mutating func deliver(
        from octets: RawSpan,
        flow: FlowEnds,
        counters: inout TCPCounters,
        sink: inout MessageSink
    ) {
        while let first = held.first {
            let distance = Self.distance(from: nextSequence, to: first.sequence)
            if distance > 0 {
                guard isAcknowledged, Self.distance(from: first.sequence, to: acknowledged) >= 0 else { return }
                skipHole(to: first.sequence, counters: &counters)
                continue
            }
            held.removeFirst()
            waitingOctets -= first.octets.count
            guard -distance < first.octets.count else {
                counters.retransmissions += 1
                continue
            }
            if distance < 0 { counters.overlaps += 1 }
            deliver(
                octets.extracting((first.octets.lowerBound - distance)..<first.octets.upperBound),
                frame: first.frame,
                time: first.time,
                flow: flow,
                counters: &counters,
                sink: &sink
            )
        }
    }

    // A hole inside the message being put together leaves the framing intact: its end is known.
    private mutating func skipHole(to sequence: UInt32, counters: inout TCPCounters) {
        let missing = Self.distance(from: nextSequence, to: sequence)
        guard missing > 0 else { return }
        counters.gaps += 1
        counters.gapOctets += UInt64(missing)
        nextSequence = sequence
        var remaining = discard
        if partial.count >= 2 {
            remaining = 2 + Self.messageLength(partial) - partial.count
        }
        if discard > 0 || !partial.isEmpty { counters.incomplete += 1 }
        let knowsEnd = partial.count >= 2 || discard > 0
        partial.removeAll(keepingCapacity: true)
        discard = 0
        if knowsEnd, missing <= remaining {
            discard = remaining - missing
            if discard > 0 { counters.incomplete -= 1 }
        } else if framing != .unseen {
            framing = .unknown
        }
    }

    private static func messageLength(_ prefixed: [UInt8]) -> Int {
        Int(prefixed[0]) << 8 | Int(prefixed[1])
    }

    private mutating func deliver(
        _ bytes: RawSpan,
        frame: FrameNumber,
        time: Int64,
        flow: FlowEnds,
        counters: inout TCPCounters,
        sink: inout MessageSink
    ) {
        nextSequence = nextSequence &+ UInt32(truncatingIfNeeded: bytes.byteCount)
        var offset = 0
        if framing == .unknown {
            switch StreamBoundary.find(in: bytes) {
            case .prefix(let at):
                offset = at
                counters.unframedOctets += UInt64(at)
            case .loneprefix:
                break
            case .headless:
                let span = MessageSpan(firstFrame: frame, lastFrame: frame, firstTime: time, lastTime: time)
                counters.headless += 1
                sink.accept(bytes, span: span, flow: flow, transport: .tcp, isHeadless: true)
                offset = bytes.byteCount
            case .none:
                counters.unframedOctets += UInt64(bytes.byteCount)
                return
            }
            counters.resynchronisations += 1
            framing = .guessed
        }
        if discard > 0 {
            let passed = min(discard, bytes.byteCount - offset)
            offset += passed
            discard -= passed
            if discard == 0 { counters.incomplete += 1 }
        }
        takeMessages(bytes, from: offset, frame: frame, time: time, flow: flow, counters: &counters, sink: &sink)
    }

    private mutating func takeMessages(
        _ bytes: RawSpan,
        from start: Int,
        frame: FrameNumber,
        time: Int64,
        flow: FlowEnds,
        counters: inout TCPCounters,
        sink: inout MessageSink
    ) {
        var offset = start
        let end = bytes.byteCount
        while offset < end {
            if partial.isEmpty, end - offset >= 2 {
                let length = Int(bytes.uint16(offset))
                if offset + 2 + length <= end {
                    let span = MessageSpan(firstFrame: frame, lastFrame: frame, firstTime: time, lastTime: time)
                    let message = bytes.extracting((offset + 2)..<(offset + 2 + length))
                    guard emit(message, span: span, flow: flow, counters: &counters, sink: &sink) else { return }
                    offset += 2 + length
                    continue
                }
            }
            if partial.isEmpty {
                partialFrame = frame
                partialTime = time
            }
            if partial.count < 2 {
                partial.append(bytes.octet(offset))
                offset += 1
                guard partial.count == 2 else { continue }
            }
            if partial.count == 2, framing == .guessed, contradictsGuess(bytes, from: offset) {
                partial.removeAll(keepingCapacity: true)
                framing = .unknown
                counters.unframedOctets += UInt64(end - offset)
                return
            }
            let needed = 2 + Self.messageLength(partial) - partial.count
            let taken = min(needed, end - offset)
            bytes.append(offset..<(offset + taken), to: &partial)
            offset += taken
            if taken == needed {
                // The octets move, so that the room they took can be used again.
                var whole: [UInt8] = []
                swap(&whole, &partial)
                let span = MessageSpan(
                    firstFrame: partialFrame,
                    lastFrame: frame,
                    firstTime: partialTime,
                    lastTime: time
                )
                let isSound = emit(
                    whole.span.bytes.extracting(2..<whole.count),
                    span: span,
                    flow: flow,
                    counters: &counters,
                    sink: &sink
                )
                whole.removeAll(keepingCapacity: true)
                partial = whole
                guard isSound else { return }
            }
        }
    }

    // A length prefix that was only guessed must be followed by something like a message; judged when enough
    // of it is there for the longest name.
    private func contradictsGuess(_ bytes: RawSpan, from offset: Int) -> Bool {
        let rest = bytes.byteCount - offset
        guard rest >= min(Self.messageLength(partial), 12 + 255 + 4), rest > 0 else { return false }
        return !StreamBoundary.isPlausibleStart(bytes.extracting(offset..<bytes.byteCount))
    }

    // Returns false when a guessed framing turned out wrong; the rest of the segment is then passed over.
    private mutating func emit(
        _ message: RawSpan,
        span: MessageSpan,
        flow: FlowEnds,
        counters: inout TCPCounters,
        sink: inout MessageSink
    ) -> Bool {
        if framing == .guessed, !StreamBoundary.isPlausibleStart(message) {
            framing = .unknown
            counters.unframedOctets += UInt64(message.byteCount)
            return false
        }
        counters.messages += 1
        sink.accept(message, span: span, flow: flow, transport: .tcp)
        return true
    }
}
