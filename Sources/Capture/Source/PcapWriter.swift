import Glibc

/// Writes frames as classic pcap with nanoseconds; the file appears under its name when it is complete.
struct PcapWriter: ~Copyable {
    private static let flushSize = 1 << 18
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var failure: String?
    private var isFinished = false

    /// Makes a temporary file beside `path` and writes the header.
    init(path: String, link: UInt32, snapshotLength: Int32) throws(CaptureError) {
        self.path = path
        temporaryPath = "\(path).\(getpid()).partial"
        let opened = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard opened >= 0 else {
            throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        descriptor = opened
        append(0xA1B2_3C4D)
        append(2 | 4 << 16)
        append(0)
        append(0)
        append(UInt32(bitPattern: snapshotLength))
        append(link)
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(temporaryPath) }
    }

    /// Writes one frame; a failure is kept for `finish`.
    mutating func write(_ frame: UnsafeRawBufferPointer, seconds: Int, nanoseconds: Int) {
        append(UInt32(truncatingIfNeeded: seconds))
        append(UInt32(truncatingIfNeeded: nanoseconds))
        append(UInt32(frame.count))
        append(UInt32(frame.count))
        buffer.append(contentsOf: frame)
        if buffer.count >= Self.flushSize { flush() }
    }

    /// Completes the file and gives it its name.
    mutating func finish() throws(CaptureError) {
        flush()
        if let failure { throw .cannotWrite(path: path, reason: failure) }
        guard rename(temporaryPath, path) == 0 else {
            throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        isFinished = true
    }

    // The magic number tells readers the byte order; ours is the machine's own on every supported platform.
    private mutating func append(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
    }

    private mutating func flush() {
        var start = 0
        while start < buffer.count, failure == nil {
            let descriptor = self.descriptor
            // SAFETY: the pointer covers the buffer's octets from `start` and does not leave the closure.
            let written = buffer.withUnsafeBytes { bytes in
                bytes.baseAddress.map { Glibc.write(descriptor, $0 + start, bytes.count - start) } ?? 0
            }
            if written > 0 {
                start += written
            } else if errno != EINTR {
                failure = String(cString: strerror(errno))
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
