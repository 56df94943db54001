import Glibc

/// Reads a file of any size through a small window, so that memory does not grow with the file.
struct FileWindow: ~Copyable {
    private static let readSize = 1 << 20
    private let descriptor: Int32
    private var isAtEnd = false
    /// The octets read and not yet consumed begin at `start`.
    private(set) var storage: [UInt8] = []
    private(set) var start = 0
    /// Offset in the file of the first octet of the window.
    private(set) var offset: UInt64 = 0

    init(path: String) throws(CaptureError) {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }

    /// Octets in the window.
    var count: Int { storage.count - start }

    /// Makes at least `needed` octets available if the file has them.
    mutating func fill(_ needed: Int) -> Bool {
        while count < needed, !isAtEnd { readMore(needed) }
        return count >= needed
    }

    /// The big-endian 32-bit integer at `position`, counted from the start of the window.
    func uint32(_ position: Int) -> UInt32 {
        storage.span.bytes.uint32(start + position)
    }

    /// Moves the window forward.
    mutating func consume(_ octets: Int) {
        start += octets
        offset += UInt64(octets)
    }

    private mutating func readMore(_ needed: Int) {
        if start > 0 {
            storage.removeFirst(start)
            start = 0
        }
        let wanted = max(Self.readSize, needed - storage.count)
        let before = storage.count
        storage += [UInt8](repeating: 0, count: wanted)
        let descriptor = self.descriptor
        // SAFETY: the pointer covers the `wanted` octets just appended and does not leave the closure.
        let got = storage.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { read(descriptor, $0 + before, wanted) } ?? 0
        }
        let isInterrupted = got < 0 && errno == EINTR
        if got <= 0, !isInterrupted { isAtEnd = true }
        storage.removeLast(wanted - max(got, 0))
    }
}
