/// Reads a file of any size through a small window, so that memory does not grow with the file.
///
/// A file that is compressed with gzip is inflated on the way; pipes and standard input are read like files.
struct FileWindow: ~Copyable {
    private static let smallSize = 1 << 16
    private static let readSize = 1 << 20
    private let input: InputFile
    private var inflater: GzipInflater?
    private var isAtEnd = false
    /// The octets read and not yet consumed are those from `start` on, `count` of them.
    private(set) var storage = [UInt8](repeating: 0, count: smallSize)
    private(set) var start = 0
    private var end = 0
    /// Offset of the first octet of the window, in the inflated data if the file is compressed.
    private(set) var offset: UInt64 = 0
    /// Why the octets ended before the file did; nil while they did not.
    private(set) var failure: String?

    /// Opens the file at `path`, `-` being standard input, and waits for its first octets.
    init(path: String) throws(CaptureError) {
        input = try InputFile(path: path)
        guard fill(2), storage[0] == 0x1F, storage[1] == 0x8B else { return }
        inflater = GzipInflater(beginning: storage[..<end])
        end = 0
        isAtEnd = false
        failure = nil
    }

    /// Octets in the window.
    var count: Int { end - start }

    /// Whether the file is compressed; `offset` counts inflated octets then.
    var isCompressed: Bool { inflater != nil }

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

    /// The damage that a shortage of octets is: `reason`, unless reading itself failed.
    func shortage(_ reason: String) -> CaptureDamage {
        CaptureDamage(offset: offset, reason: failure ?? reason)
    }

    private mutating func readMore(_ needed: Int) {
        // Out of `self`, as a closure over a part of `self` must not use another one.
        var octets: [UInt8] = []
        swap(&octets, &storage)
        defer { swap(&octets, &storage) }
        let wasFull = end == octets.count
        if start > 0 {
            octets.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
            end -= start
            start = 0
        }
        // Memory follows what is there, not what a damaged length claims.
        let isFull = end == octets.count
        if isFull || wasFull, octets.count < max(isFull ? needed : 0, Self.readSize) {
            let size = max(Self.readSize, min(needed, 2 * octets.count))
            octets.append(contentsOf: repeatElement(0, count: size - octets.count))
        }
        // SAFETY: the pointer covers the octets of `octets` from `end` on and does not leave the closure.
        let outcome = octets.withUnsafeMutableBytes { bytes in
            read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
        }
        switch outcome {
        case .octets(let count): end += count
        case .end: isAtEnd = true
        case .failure(let reason):
            failure = reason
            isAtEnd = true
        }
    }

    private mutating func read(into target: UnsafeMutableRawBufferPointer) -> InputFile.Outcome {
        inflater?.read(from: input, into: target) ?? input.read(into: target)
    }
}
