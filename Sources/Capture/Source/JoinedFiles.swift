/// Reads several capture files as one capture: the next frame is the earliest of those that come next in their files.
///
/// The order within a file stays as it is. Files that follow each other in time, as rotated ones do, share a lane; files
/// of the same time, as those of several interfaces, have lanes of their own, so that a packet in two of them is known
/// for a copy.
struct JoinedFiles {
    /// All files, in the order in which they were given.
    let files: [JoinedFile]
    /// Those whose first frame has not come, the next one last.
    private var waiting: [JoinedFile]
    /// Those that are read.
    private var reading: [JoinedFile] = []
    /// Whether each lane, from 1, is taken.
    private var lanes: [Bool] = []

    /// Opens the files once, each for its first frame.
    init(paths: [String]) throws(CaptureError) {
        var files: [JoinedFile] = []
        for (index, path) in paths.enumerated() {
            files.append(try JoinedFile(path: path, number: paths.count > 1 ? index + 1 : 0))
        }
        self.files = files
        waiting = files.filter { $0.next != nil }.sorted { Self.precedes($1, $0) }
    }

    /// How many of the files were written at the same time as another one.
    var laneCount: Int { lanes.count }

    /// Gives all frames; `progress` gets the octets read so far, now and then.
    mutating func readAll<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink,
        progress: ((UInt64) -> Void)?
    ) throws(CaptureError) {
        var reported: UInt64 = 0
        var frames: UInt64 = 0
        while let file = earliest() {
            if file.lane == 0 { file.lane = takeLane() }
            let before = file.summary.frames
            try file.read(until: limit(of: file), into: &sink)
            if file.next == nil {
                lanes[Int(file.lane) - 1] = false
                reading.removeAll { $0 === file }
            }
            frames += file.summary.frames - before
            guard let progress, frames - reported >= ReadingTurn.mostFrames else { continue }
            reported = frames
            progress(files.reduce(0) { $0 + $1.offset })
        }
    }

    /// The file that has its turn, which is then among those that are read.
    private mutating func earliest() -> JoinedFile? {
        var found = waiting.last
        for file in reading {
            if let other = found, Self.precedes(other, file) { continue }
            found = file
        }
        if let found, found === waiting.last { reading.append(waiting.removeLast()) }
        return found
    }

    /// Until when a file's frames precede those of all others.
    private func limit(of file: JoinedFile) -> Int64 {
        var limit = waiting.last.map { Self.limit(of: file, against: $0) } ?? .max
        for other in reading where other !== file { limit = min(limit, Self.limit(of: file, against: other)) }
        return limit
    }

    private static func limit(of file: JoinedFile, against other: JoinedFile) -> Int64 {
        guard let next = other.next else { return .max }
        return other.number < file.number ? next - 1 : next
    }

    private mutating func takeLane() -> UInt32 {
        if let free = lanes.firstIndex(of: false) {
            lanes[free] = true
            return UInt32(free + 1)
        }
        lanes.append(true)
        return UInt32(lanes.count)
    }

    private static func precedes(_ one: JoinedFile, _ other: JoinedFile) -> Bool {
        (one.next ?? .max, one.number) < (other.next ?? .max, other.number)
    }
}
