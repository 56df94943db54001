import DNSWire

/// The latest messages with their names, in a ring that is made once and never grows beyond its bound.
struct MessageLog: ~Copyable {
    private static let nameRoom = 256
    private let capacity: Int
    private var sightings: [Sighting] = []
    private var names: [UInt8] = []
    /// Where the oldest message stands once the ring is full.
    private var oldest = 0
    /// Messages that were overwritten.
    private(set) var overwritten: UInt64 = 0
    /// When the latest of them was seen; `.min` when there is none.
    private(set) var overwrittenUntil: Int64 = .min

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Keeps one message; `name` is its question's, in wire form.
    mutating func append(_ message: Sighting, name: RawSpan) {
        guard capacity > 0 else {
            overwritten += 1
            overwrittenUntil = message.span.firstTime
            return
        }
        let place: Int
        if sightings.count < capacity {
            place = sightings.count
            sightings.append(message)
            names.append(contentsOf: repeatElement(0, count: Self.nameRoom))
        } else {
            place = oldest
            oldest = oldest + 1 == capacity ? 0 : oldest + 1
            overwritten += 1
            overwrittenUntil = max(overwrittenUntil, sightings[place].span.firstTime)
            sightings[place] = message
        }
        let start = place * Self.nameRoom
        let length = min(name.byteCount, Self.nameRoom)
        name.withUnsafeBytes { source in
            names.withUnsafeMutableBytes { room in
                // SAFETY: the room of one name lies within the array, and `length` within the name.
                UnsafeMutableRawBufferPointer(rebasing: room[start..<(start + length)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<length]))
            }
        }
    }

    /// All that are kept, in the order in which they were completed, that a filter selects.
    func records(matching filter: MessageFilter) -> [MessageRecord] {
        var found: [MessageRecord] = []
        for index in sightings.indices {
            let place = oldest + index < sightings.count ? oldest + index : oldest + index - sightings.count
            guard filter.mayMatch(sightings[place]) else { continue }
            let record = record(at: place)
            if filter.matches(record) { found.append(record) }
        }
        return found
    }

    private func record(at place: Int) -> MessageRecord {
        let start = place * Self.nameRoom
        let length = min(sightings[place].scan.nameLength, Self.nameRoom)
        return MessageRecord(sightings[place], name: names.span.bytes.extracting(start..<(start + length)))
    }
}
