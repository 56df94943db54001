import DNSWire

/// What the capture knows of one question.
struct QuestionState {
    var key = Key128.zero
    /// One entry for each of the four combinations of DO and CD, which are in the cache's key.
    var stored: [4 of StoredAnswer] = .init(repeating: StoredAnswer())
    /// When the last upstream exchange for this question began and ended.
    var upstreamBegan: Int64 = .min
    var upstreamEnded: Int64 = .min
    /// When the upstream last answered a query whose client has not got its answer; the entry may be new since.
    var refilledAt: Int64 = .min
    /// Client queries without an upstream query, in the order in which they came.
    var firstFresh: Int32 = -1
    var lastFresh: Int32 = -1
    /// Client queries with an upstream query, in the order in which they got it.
    var firstServed: Int32 = -1
    var lastServed: Int32 = -1
    /// Client queries that wait for an answer.
    var waiting: Int32 = 0
    /// The zone of the Corefile that answers for it, -1 for none.
    var zone: Int16 = -1
    var type: UInt16 = 0
    /// A client has asked it.
    var wasAsked = false
    /// One that nobody can have asked before the control did.
    var isFresh = false
    /// It was used since the hand of the clock last came by.
    var isRecent = true
    /// Misses that waited side by side since the last one that came alone.
    var stampede: UInt32 = 0
    var nameStart: Int32 = 0
    var nameLength: UInt8 = 0
}

/// The questions that were seen lately, in bounded memory: the clock algorithm puts out what was not used.
struct QuestionTable: ~Copyable {
    private let capacity: Int
    private var places = HashIndex()
    private var states: [QuestionState] = []
    private var hand = 0
    private var names: [UInt8] = []
    private var deadNameOctets = 0
    /// Questions put out although an entry of theirs was still valid: later hits of theirs cannot be proven.
    private(set) var evictedValid: UInt64 = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 16)
        states.reserveCapacity(self.capacity)
    }

    subscript(place: Int) -> QuestionState {
        _read { yield states[place] }
        _modify { yield &states[place] }
    }

    /// The place of a question, or -1.
    func find(_ key: Key128) -> Int { places.find(key) }

    /// The lower-case name of a question.
    func name(_ place: Int) -> DNSName {
        let start = Int(states[place].nameStart)
        return DNSName(lowercasingWire: names.span.bytes.extracting(start..<(start + Int(states[place].nameLength))))
    }

    /// Enters a question that is not there; `name` is in wire form.
    ///
    /// - Returns: Its place, or -1 when all others are waited for.
    mutating func insert(_ key: Key128, name: RawSpan, at now: Int64) -> Int {
        var state = QuestionState()
        state.key = key
        state.nameStart = Int32(names.count)
        state.nameLength = UInt8(clamping: name.byteCount)
        let place: Int
        if states.count < capacity {
            place = states.count
            name.append(0..<name.byteCount, to: &names)
            states.append(state)
        } else {
            place = makeRoom(at: now)
            guard place >= 0 else { return -1 }
            name.append(0..<name.byteCount, to: &names)
            deadNameOctets += Int(states[place].nameLength)
            places.remove(states[place].key)
            states[place] = state
            if deadNameOctets > 1 << 20, deadNameOctets > names.count / 2 { compactNames() }
        }
        places.set(key, place)
        return place
    }

    // One turn forgives each place its recent use, so that the second ends at the latest; those that are waited for
    // stay, and are fewer than all.
    private mutating func makeRoom(at now: Int64) -> Int {
        for _ in 0..<(3 * capacity) {
            let place = hand
            hand = hand + 1 == states.count ? 0 : hand + 1
            if states[place].waiting > 0 { continue }
            if states[place].isRecent {
                states[place].isRecent = false
                continue
            }
            if isValid(place, at: now) { evictedValid += 1 }
            return place
        }
        evictedValid += 1
        return -1
    }

    private func isValid(_ place: Int, at now: Int64) -> Bool {
        for variant in 0..<4 where states[place].stored[variant].isValid(at: now) { return true }
        return false
    }

    private mutating func compactNames() {
        var kept: [UInt8] = []
        kept.reserveCapacity(names.count - deadNameOctets)
        for place in states.indices {
            let start = Int(states[place].nameStart)
            let end = start + Int(states[place].nameLength)
            states[place].nameStart = Int32(kept.count)
            kept.append(contentsOf: names[start..<end])
        }
        names = kept
        deadNameOctets = 0
    }
}

extension DNSName {
    /// A name in wire form, in lower case; the root when the octets are no name.
    init(lowercasingWire wire: RawSpan) {
        var labels: [[UInt8]] = []
        var offset = 0
        while offset < wire.byteCount, wire.octet(offset) != 0 {
            let end = offset + 1 + Int(wire.octet(offset))
            guard end <= wire.byteCount else { break }
            labels.append(((offset + 1)..<end).map { MessageScan.lowercase(wire.octet($0)) })
            offset = end
        }
        self = (try? DNSName(labels: labels)) ?? DNSName.root
    }
}
