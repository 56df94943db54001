/// Writes frames as classic pcap with nanoseconds; the file appears under its name when it is complete.
struct PcapWriter: ~Copyable {
    private var file: AtomicFile

    /// Makes the file and writes its header.
    init(path: String, link: UInt32, snapshotLength: Int32) throws(CaptureError) {
        file = try AtomicFile(path: path)
        append(0xA1B2_3C4D)
        append(2 | 4 << 16)
        append(0)
        append(0)
        append(UInt32(bitPattern: snapshotLength))
        append(link)
    }

    /// Writes one frame, which had `originalLength` octets on the wire; a failure is kept for `finish`.
    mutating func write(_ frame: UnsafeRawBufferPointer, originalLength: UInt32, seconds: Int, nanoseconds: Int) {
        append(UInt32(truncatingIfNeeded: seconds))
        append(UInt32(truncatingIfNeeded: nanoseconds))
        append(UInt32(frame.count))
        append(originalLength)
        file.append(frame)
    }

    /// Completes the file.
    mutating func finish() throws(CaptureError) {
        try file.finish()
    }

    // The magic number tells readers the byte order.
    private mutating func append(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { file.append($0) }
    }
}
