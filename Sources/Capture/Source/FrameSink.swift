/// Takes the frames of a source, one by one.
protocol FrameSink: ~Copyable {
    /// Takes one frame; see `CaptureEngine.accept` for the parameters.
    mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32)

    /// Takes what else is known of the frame that comes next.
    mutating func willAccept(_ details: FrameDetails)
}

extension FrameSink where Self: ~Copyable {
    mutating func willAccept(_ details: FrameDetails) {}
}
