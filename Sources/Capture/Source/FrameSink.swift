/// Takes the frames of a source, one by one.
protocol FrameSink: ~Copyable {
    /// Takes one frame; see `CaptureEngine.accept` for the parameters.
    mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32)
}
