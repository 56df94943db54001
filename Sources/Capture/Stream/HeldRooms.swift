/// A segment that came before its turn.
struct HeldSegment {
    var sequence: UInt32
    /// Where its octets are in the room of its direction.
    var octets: Range<Int>
    var frame: FrameNumber
    var time: Int64
}

/// Room for segments before their turn that no direction uses now, so that the next one need not allocate.
struct HeldRooms: ~Copyable {
    private static let most = 64
    /// Larger room is given back to the system.
    private static let mostOctets = 8_192
    private var rooms: [(segments: [HeldSegment], octets: [UInt8])] = []

    /// Room that is empty.
    mutating func take() -> (segments: [HeldSegment], octets: [UInt8]) { rooms.popLast() ?? ([], []) }

    /// Takes the room of a direction in which no segment waits.
    mutating func give(_ segments: inout [HeldSegment], _ octets: inout [UInt8]) {
        guard rooms.count < Self.most, octets.capacity <= Self.mostOctets else {
            segments = []
            octets = []
            return
        }
        octets.removeAll(keepingCapacity: true)
        rooms.append((segments, octets))
        segments = []
        octets = []
    }
}
