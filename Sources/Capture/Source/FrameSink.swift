/// Takes the frames of a source, one by one.
protocol FrameSink: ~Copyable {
    /// Takes one frame; see `CaptureEngine.accept` for the parameters.
    mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32)

    /// Takes what else is known of the frame that comes next.
    mutating func willAccept(_ details: FrameDetails)

    /// Takes what is known of the frames that come next, until it is called again.
    mutating func willRead(_ run: FrameRun)
}

extension FrameSink where Self: ~Copyable {
    mutating func willAccept(_ details: FrameDetails) {}

    mutating func willRead(_ run: FrameRun) {}
}

/// Frames that one of several files gives before another one has its turn.
struct FrameRun {
    /// The frame before the first of them.
    var previous: FrameNumber
    /// Files that were written at the same time, on different taps, have different lanes, from 1.
    var lane: UInt32
}
