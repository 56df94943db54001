/// How far a file is read before others have their turn.
struct ReadingTurn {
    /// Frames after which a turn ends in any case.
    static let mostFrames: UInt64 = 65_536
    /// Frames that are later than this wait, nanoseconds since the Unix epoch.
    private let limit: Int64
    /// Frames that were taken.
    private(set) var frames: UInt64 = 0
    /// The time of the frame that waits, once there is one.
    private(set) var waiting: Int64?

    init(until limit: Int64 = .max) {
        self.limit = limit
    }

    /// Whether a frame of this time has its turn.
    @inline(__always)
    mutating func takes(_ time: Int64) -> Bool {
        guard time <= limit, frames < Self.mostFrames else {
            waiting = time
            return false
        }
        frames += 1
        return true
    }
}

/// How a turn of reading ended.
enum ReadingOutcome {
    /// A frame waits, and its time.
    case frame(Int64)
    case end
    case damage(CaptureDamage)
}
