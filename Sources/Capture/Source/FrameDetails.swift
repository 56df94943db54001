/// What a source knows of a frame besides what every sink needs.
struct FrameDetails {
    /// Octets of the frame on the wire, of which fewer may have been captured.
    var originalLength = 0
    /// Number of the interface among the names that the source has; 0 when it has none.
    var interfaceNumber: UInt32 = 0
}
