import Glibc

/// One of the files of a capture; open from its first frame to its last, so that many files need little room.
///
/// A reference, as an array cannot hold the owner of a descriptor.
final class JoinedFile {
    private struct Opened: ~Copyable {
        var window: FileWindow
        var reader: CaptureFileReader

        init(path: String) throws(CaptureError) {
            var window = try FileWindow(path: path)
            reader = try CaptureFileReader(window: &window, path: path)
            self.window = window
        }

        mutating func read<Sink: FrameSink & ~Copyable>(
            _ turn: inout ReadingTurn,
            into sink: inout Sink
        ) -> ReadingOutcome {
            reader.read(&turn, from: &window, into: &sink)
        }
    }

    private struct NoFrames: FrameSink {
        mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32) {}
    }

    /// Its place in the order in which the files were given, from 1; 0 when there is no other one.
    let number: Int
    /// What is known of it; complete after its last frame.
    private(set) var summary: CaptureFileSummary
    /// Time of the frame that comes next, nanoseconds since the Unix epoch; nil after the last one.
    private(set) var next: Int64?
    /// Tells it from the files that are read at the same time; 0 before its first frame.
    var lane: UInt32 = 0
    /// Octets that were read, inflated if the file is compressed.
    private(set) var offset: UInt64 = 0
    private var opened: Opened?

    /// Opens a file and looks for its first frame.
    init(path: String, number: Int) throws(CaptureError) {
        self.number = number
        summary = CaptureFileSummary(path: path)
        var file = try Opened(path: path)
        var turn = ReadingTurn(until: .min)
        var none = NoFrames()
        let outcome = file.read(&turn, into: &none)
        opened = consume file
        take(outcome)
        // A pipe gives nothing a second time.
        if next != nil, Self.isRegular(path) { opened = nil }
    }

    /// Gives the frames up to a time, or as many as there are in a turn.
    func read<Sink: FrameSink & ~Copyable>(until limit: Int64, into sink: inout Sink) throws(CaptureError) {
        if opened == nil { opened = try Opened(path: summary.path) }
        sink.willRead(FrameRun(previous: FrameNumber(summary.frames, file: number), lane: lane))
        var turn = ReadingTurn(until: limit)
        guard let outcome = opened?.read(&turn, into: &sink) else { return }
        summary.frames += turn.frames
        take(outcome)
    }

    private func take(_ outcome: ReadingOutcome) {
        if case .damage(let damage) = outcome { summary.damage = damage }
        offset = opened?.window.offset ?? offset
        if case .frame(let time) = outcome {
            next = time
            return
        }
        next = nil
        summary.remarks = opened?.reader.remarks ?? FileRemarks()
        summary.drops = opened?.reader.drops ?? 0
        summary.interfaceNames = opened?.reader.interfaceNames ?? [:]
        opened = nil
    }

    private static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return path != InputFile.standardInput && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
