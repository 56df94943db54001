import Glibc

/// Writes a file that appears under its name only when it is complete.
struct AtomicFile: ~Copyable {
    private static let flushSize = 1 << 18
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var failure: String?
    private var isFinished = false

    /// Makes a temporary file beside `path`.
    init(path: String) throws(CaptureError) {
        self.path = path
        temporaryPath = "\(path).\(getpid()).partial"
        let opened = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard opened >= 0 else {
            throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        descriptor = opened
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(temporaryPath) }
    }

    /// Adds octets; a failure is kept for `finish`.
    mutating func append(_ octets: some Collection<UInt8>) {
        buffer.append(contentsOf: octets)
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
