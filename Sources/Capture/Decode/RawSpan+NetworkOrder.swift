/// Reads integers in network byte order out of a packet; every access is bounds-checked by `RawSpan`.
extension RawSpan {
    /// The octet at `offset`.
    @inline(__always)
    func octet(_ offset: Int) -> UInt8 {
        // SAFETY: any bit pattern is a valid UInt8, and RawSpan checks the bounds.
        unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The big-endian 16-bit integer at `offset`.
    @inline(__always)
    func uint16(_ offset: Int) -> UInt16 {
        // SAFETY: any bit pattern is a valid UInt16, and RawSpan checks the bounds.
        UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The big-endian 32-bit integer at `offset`.
    @inline(__always)
    func uint32(_ offset: Int) -> UInt32 {
        // SAFETY: any bit pattern is a valid UInt32, and RawSpan checks the bounds.
        UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The big-endian 64-bit integer at `offset`.
    @inline(__always)
    func uint64(_ offset: Int) -> UInt64 {
        // SAFETY: any bit pattern is a valid UInt64, and RawSpan checks the bounds.
        UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Copies `range` onto the end of `bytes`.
    @inline(__always)
    func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
        // SAFETY: `extracting` checks the range, and the pointer does not leave the closure.
        extracting(range).withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
}
