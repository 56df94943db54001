import CZlib

/// One-shot zlib (RFC 1950) in memory, with a limit on what may come out.
enum ZlibStream {
    /// Why a stream could not be read.
    enum Failure: Error, Equatable {
        /// The stream is damaged, or ends before its checksum.
        case damaged
        /// The stream holds more than the limit.
        case overLimit
        /// zlib has no memory.
        case noMemory
    }

    /// The compressed form of `bytes`.
    static func compress(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(length))
        guard compress2(&output, &length, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION) == Z_OK else {
            throw .noMemory
        }
        output.removeSubrange(Int(length)...)
        return output
    }

    /// The bytes that `stream` was made from; nothing may follow its end, and no more than `limit` bytes come out.
    ///
    /// Memory grows with what is really there, so that a small text cannot ask for a large buffer.
    static func decompress(_ stream: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var state = z_stream()
        guard inflateInit_(&state, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw .noMemory }
        defer { inflateEnd(&state) }
        var input = stream
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let status = input.withUnsafeMutableBufferPointer { source in
            state.next_in = source.baseAddress
            state.avail_in = uInt(source.count)
            var status = Z_OK
            while status == Z_OK, output.count <= limit {
                let produced = chunk.withUnsafeMutableBufferPointer { target in
                    state.next_out = target.baseAddress
                    state.avail_out = uInt(target.count)
                    status = inflate(&state, Z_NO_FLUSH)
                    return target.count - Int(state.avail_out)
                }
                output.append(contentsOf: chunk[..<produced])
            }
            return status
        }
        guard output.count <= limit else { throw .overLimit }
        guard status == Z_STREAM_END, state.avail_in == 0 else { throw .damaged }
        return output
    }
}
