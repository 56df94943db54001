import DNSWire

/// Puts IP fragments together, in a bounded table whose room is used again (RFC 791 section 3.2, RFC 8200 section 4.5).
struct FragmentTable: ~Copyable {
    private struct Key: Equatable {
        let source: IPAddress
        let destination: IPAddress
        let identification: UInt32
        let ipProtocol: UInt8
    }

    /// A datagram in the making, or the room of one that is done.
    private struct Datagram {
        /// Nil when the room is free.
        var key: Key?
        var lastSeen: Int64 = .min
        var octets: [UInt8] = []
        /// One bit for each eight octets that are there: all but the last fragment end at such a border.
        var present: [UInt64] = []
        var presentCount = 0
        /// The length, once the last fragment told it; -1 before.
        var length = -1

        var isWhole: Bool { length >= 0 && presentCount == (length + 7) / 8 && octets.count == length }
    }

    private static let capacity = 256
    private static let mostOctets = 65_535
    /// Octets of all datagrams: a single fragment makes room for everything before it.
    static let roomLimit = 4 << 20
    private var datagrams: [Datagram] = []
    /// Octets that the datagrams in the making take.
    private(set) var room = 0
    /// Datagrams in the making of which a part is still missing.
    private(set) var pending: UInt64 = 0
    /// Datagrams given up because they were too many or contradictory.
    private(set) var abandoned: UInt64 = 0

    /// Takes one fragment.
    ///
    /// - Parameter payload: Receives the whole IP payload when this was the last missing piece; its room is taken over.
    /// - Returns: Whether it was.
    mutating func add(_ fragment: DecodedFrame, in frame: RawSpan, at time: Int64, into payload: inout [UInt8]) -> Bool
    {
        let length = fragment.payloadEnd - fragment.payloadStart
        let start = fragment.fragmentOffset
        let end = start + length
        guard length > 0, !fragment.isCut, end <= Self.mostOctets, !fragment.moreFragments || length % 8 == 0 else {
            abandoned += 1
            return false
        }
        let place = place(
            for: Key(
                source: fragment.source,
                destination: fragment.destination,
                identification: fragment.identification,
                ipProtocol: fragment.ipProtocol
            )
        )
        datagrams[place].lastSeen = time
        if !fragment.moreFragments { datagrams[place].length = end }
        let missing = end - datagrams[place].octets.count
        if missing > 0 {
            datagrams[place].octets.append(contentsOf: repeatElement(0, count: missing))
            room += missing
        }
        // The first copy wins where fragments overlap; a differing second copy cannot change what was seen.
        for unit in (start / 8)..<((end + 7) / 8) where datagrams[place].present[unit / 64] & 1 << (unit % 64) == 0 {
            datagrams[place].present[unit / 64] |= 1 << (unit % 64)
            datagrams[place].presentCount += 1
            for octet in (unit * 8)..<min(unit * 8 + 8, end) {
                datagrams[place].octets[octet] = frame.octet(fragment.payloadStart + octet - start)
            }
        }
        if datagrams[place].isWhole {
            room -= datagrams[place].octets.count
            payload.removeAll(keepingCapacity: true)
            swap(&payload, &datagrams[place].octets)
            free(place)
            return true
        }
        while room > Self.roomLimit { forgetOldest() }
        return false
    }

    /// The place of a datagram, new if nothing of it was seen yet.
    private mutating func place(for key: Key) -> Int {
        var place = -1
        for index in datagrams.indices {
            if datagrams[index].key == key { return index }
            if place < 0, datagrams[index].key == nil { place = index }
        }
        if place < 0, datagrams.count < Self.capacity {
            place = datagrams.count
            datagrams.append(Datagram())
        }
        if place < 0 { place = forgetOldest() }
        if datagrams[place].present.isEmpty {
            datagrams[place].present = [UInt64](repeating: 0, count: (Self.mostOctets + 1) / 8 / 64)
        }
        datagrams[place].key = key
        pending += 1
        return place
    }

    /// Gives up the datagram that waited longest; its place.
    @discardableResult
    private mutating func forgetOldest() -> Int {
        var oldest = -1
        for index in datagrams.indices where datagrams[index].key != nil {
            if oldest < 0 || datagrams[index].lastSeen < datagrams[oldest].lastSeen { oldest = index }
        }
        abandoned += 1
        free(oldest)
        return oldest
    }

    private mutating func free(_ place: Int) {
        room -= datagrams[place].octets.count
        pending -= 1
        datagrams[place].key = nil
        datagrams[place].length = -1
        datagrams[place].presentCount = 0
        for word in datagrams[place].present.indices { datagrams[place].present[word] = 0 }
        // What is larger than an answer usually is does not stay.
        datagrams[place].octets.removeAll(keepingCapacity: datagrams[place].octets.capacity <= 8_192)
    }
}
