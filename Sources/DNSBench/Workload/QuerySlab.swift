import DNSWire

/// Where one encoded query lies in a slab.
struct EncodedQuery {
    /// Octets before it.
    var offset: UInt32
    /// Octets of the whole message.
    var length: UInt16
    /// Octets of name, type and class, from octet 12 on.
    var questionLength: UInt16
}

/// Queries in wire form, back to back; immutable once built, read by every lane.
final class QuerySlab: @unchecked Sendable {
    /// All messages; ids are 0 and patched into the copy that is sent.
    let octets: UnsafeMutablePointer<UInt8>
    /// One entry a query.
    let queries: UnsafeMutablePointer<EncodedQuery>
    /// How many queries there are.
    let count: Int
    /// Octets of the longest message, at least 12.
    let longest: Int

    // SAFETY: both buffers are written here and never again, so that threads may share them.
    init(_ source: [WorkloadQuery], options: QueryOptions) {
        var bytes: [UInt8] = []
        var entries: [EncodedQuery] = []
        entries.reserveCapacity(source.count)
        for query in source {
            let start = bytes.count
            bytes += [0, 0, options.recursionDesired ? 1 : 0, 0, 0, 1, 0, 0, 0, 0, 0, options.carriesOPT ? 1 : 0]
            bytes += query.name.wire
            for value in [query.type.rawValue, query.recordClass.rawValue] {
                bytes += [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
            }
            let questionLength = bytes.count - start - 12
            if options.carriesOPT {
                let size = options.ednsPayloadSize ?? 1_232
                bytes += [0, 0, 41, UInt8(size >> 8), UInt8(truncatingIfNeeded: size)]
                bytes += [0, 0, options.dnssecOK ? 0x80 : 0, 0, 0, 0]
            }
            entries.append(
                EncodedQuery(
                    offset: UInt32(start),
                    length: UInt16(bytes.count - start),
                    questionLength: UInt16(questionLength)
                )
            )
        }
        octets = .allocate(capacity: max(1, bytes.count))
        octets.initialize(from: bytes, count: bytes.count)
        queries = .allocate(capacity: max(1, entries.count))
        queries.initialize(from: entries, count: entries.count)
        count = entries.count
        longest = entries.reduce(12) { max($0, Int($1.length)) }
    }

    deinit {
        octets.deallocate()
        queries.deallocate()
    }

    /// The octets of one query, for tests and reports.
    func message(_ index: Int) -> [UInt8] {
        precondition(index >= 0 && index < count, "no such query")
        let entry = queries[index]
        return Array(UnsafeBufferPointer(start: octets + Int(entry.offset), count: Int(entry.length)))
    }
}

extension QueryOptions {
    /// Whether an OPT record goes out.
    var carriesOPT: Bool { ednsPayloadSize != nil || dnssecOK }
}
