/// How packets are taken from the kernel; the defaults are those for a node under load.
///
/// libpcap's immediate mode is never used: it falls back to fixed slots, of which the ring holds few.
package struct LiveSettings: Sendable, Equatable {
    /// Octets kept of each packet; frames above the MTU come from segmentation offload.
    package var snapshotLength: Int32 = 262_144
    /// Size of the kernel ring in octets.
    package var bufferBytes: Int32 = 16 << 20
    /// How long the kernel may keep a part-filled block, milliseconds; `flush` takes a little longer than this.
    package var blockTimeoutMilliseconds: Int32 = 100
    /// Where a copy of every captured frame is written, as pcap with nanoseconds.
    package var writePath: String?
    /// One frame in so many is thrown away and counted as dropped, as a ring that is full would; nil keeps all.
    ///
    /// It shows what those say who look at an incomplete capture.
    package var losesOneIn: UInt64?

    package init() {}
}
