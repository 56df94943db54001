import CZlib

/// Inflates gzip (RFC 1952) as it is read: any number of members, in constant memory.
struct GzipInflater: ~Copyable {
    private static let inputSize = 1 << 16
    // zlib keeps the address of the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    /// Nothing of the next member was read yet.
    private var isBetweenMembers = true
    private var hasMember = false
    private var failure: String?

    /// Prepares to inflate what begins with `octets`, at most 64 KiB of them, which were already read.
    init(beginning octets: ArraySlice<UInt8>) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: Self.inputSize, alignment: 1)
        // 15 bits of window, and 16 says that the wrapper is gzip's.
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK { failure = "zlib has no memory" }
        input.copyBytes(from: octets.prefix(Self.inputSize))
        offer(min(octets.count, Self.inputSize))
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// The most octets that may have been read before.
    static var maximumBeginning: Int { inputSize }

    /// Reads inflated octets into `target`, at least one; what came before a failure is given before it.
    mutating func read(from file: borrowing InputFile, into target: UnsafeMutableRawBufferPointer) -> InputFile.Outcome
    {
        while failure == nil {
            if stream.pointee.avail_in == 0 {
                switch file.read(into: input) {
                case .octets(let count): offer(count)
                case .end where isBetweenMembers && hasMember: return .end
                case .end: failure = "its gzip data ends in the middle"
                case .failure(let reason): failure = reason
                }
                continue
            }
            if isBetweenMembers, !beginMember() { continue }
            let produced = inflateSome(into: target)
            if produced > 0 { return .octets(produced) }
        }
        return .failure(failure ?? "")
    }

    private func offer(_ count: Int) {
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = uInt(count)
    }

    // Zeros may pad the end, as on tapes; anything else must be a further member.
    private mutating func beginMember() -> Bool {
        guard let next = stream.pointee.next_in else { return false }
        if next.pointee == 0, hasMember {
            stream.pointee.next_in = next + 1
            stream.pointee.avail_in -= 1
            return false
        }
        guard next.pointee == 0x1F else {
            failure = "what follows its gzip data is no gzip data"
            return false
        }
        isBetweenMembers = false
        return true
    }

    private mutating func inflateSome(into target: UnsafeMutableRawBufferPointer) -> Int {
        stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = uInt(clamping: target.count)
        let offered = stream.pointee.avail_out
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END:
            hasMember = true
            isBetweenMembers = true
            inflateReset(stream)
        case Z_MEM_ERROR: failure = "zlib has no memory"
        default:
            let message = stream.pointee.msg.map { String(cString: $0) } ?? "unknown cause"
            failure = "its gzip data is damaged: \(message)"
        }
        return Int(offered - stream.pointee.avail_out)
    }
}
