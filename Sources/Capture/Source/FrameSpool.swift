import Glibc

/// Keeps frames on disk, in a file without a name, until their order is known.
struct FrameSpool: ~Copyable {
    private static let flushSize = 1 << 18
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var written: UInt64 = 0
    private var failure: String?

    /// Makes the file in the folder of `path`.
    init(beside path: String) throws(CaptureError) {
        let name = "\(path).\(UInt64.random(in: .min ... .max)).frames"
        let opened = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
        unlink(name)
        self.path = path
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }

    /// Adds a frame and returns where it is; a failure is kept for `read`.
    mutating func append(_ frame: RawSpan) -> UInt64 {
        let offset = written + UInt64(buffer.count)
        frame.append(0..<frame.byteCount, to: &buffer)
        if buffer.count >= Self.flushSize { flush() }
        return offset
    }

    /// Reads `count` octets at `offset` into `octets`, which then holds nothing else.
    mutating func read(_ count: Int, at offset: UInt64, into octets: inout [UInt8]) throws(CaptureError) {
        flush()
        octets.removeAll(keepingCapacity: true)
        octets.append(contentsOf: repeatElement(0, count: count))
        var done = 0
        while done < count, failure == nil {
            let descriptor = self.descriptor
            // SAFETY: the pointer covers the octets from `done` on and does not leave the closure.
            let got = octets.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map { pread(descriptor, $0 + done, count - done, off_t(offset) + off_t(done)) } ?? 0
            }
            if got > 0 {
                done += got
            } else if got == 0 {
                failure = "its frames were not kept"
            } else if errno != EINTR {
                failure = String(cString: strerror(errno))
            }
        }
        if let failure { throw .cannotWrite(path: path, reason: failure) }
    }

    private mutating func flush() {
        var start = 0
        while start < buffer.count, failure == nil {
            let descriptor = self.descriptor
            // SAFETY: the pointer covers the buffer's octets from `start` and does not leave the closure.
            let count = buffer.withUnsafeBytes { bytes in
                bytes.baseAddress.map { write(descriptor, $0 + start, bytes.count - start) } ?? 0
            }
            if count > 0 {
                start += count
            } else if errno != EINTR {
                failure = String(cString: strerror(errno))
            }
        }
        written += UInt64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }
}
