/// The compression pointers of a message (RFC 1035 section 4.1.4), found without following any.
///
/// ```
///   0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
/// +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
/// | 1  1|                OFFSET                   |
/// +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
/// ```
package struct NamePointers: Sendable, Hashable {
    /// One pointer.
    package struct Pointer: Sendable, Hashable {
        /// Offset of the name that ends in the pointer.
        package let name: Int
        /// Offset of the pointer itself.
        package let place: Int
        /// Where it leads: the offset, which 14 bits keep below 0x4000.
        package let target: Int
    }

    /// In the order of the message.
    package private(set) var all: [Pointer] = []
    /// Where a label, a pointer or the root of some name stands, so that a name or the rest of one begins there.
    private var starts: Set<Int> = []

    /// Reads the names of questions, owners and the record data in which names may be compressed; nil when the message
    /// ends within a name or a record.
    package init?(_ message: Span<UInt8>) {
        guard message.count >= MessageHeader.size else { return nil }
        var index = MessageHeader.size
        for _ in 0..<message.bigEndianUInt16(at: 4) {
            guard let end = name(at: index, in: message), end + 4 <= message.count else { return nil }
            index = end + 4
        }
        let records = [6, 8, 10].reduce(0) { $0 + Int(message.bigEndianUInt16(at: $1)) }
        for _ in 0..<records {
            guard let fixed = name(at: index, in: message), fixed + 10 <= message.count else { return nil }
            let type = RecordType(rawValue: message.bigEndianUInt16(at: fixed))
            let data = fixed + 10
            index = data + Int(message.bigEndianUInt16(at: fixed + 8))
            guard index <= message.count, readData(type, at: data, in: message) else { return nil }
        }
    }

    /// Whether each pointer leads to octets before the name that it ends: a prior occurrence.
    package var leadBackward: Bool { all.allSatisfy { $0.target < $0.name } }

    /// Whether each pointer leads to where a name, or the rest of one, begins.
    package var leadToNames: Bool { all.allSatisfy { starts.contains($0.target) } }

    /// The names in the data of the types that may be compressed, and of SRV, which receivers take too (RFC 3597
    /// section 4).
    private mutating func readData(_ type: RecordType, at index: Int, in message: Span<UInt8>) -> Bool {
        switch type {
        case .ns, .cname, .ptr: name(at: index, in: message) != nil
        case .mx: name(at: index + 2, in: message) != nil
        case .srv: name(at: index + 6, in: message) != nil
        case .soa: name(at: index, in: message).flatMap { name(at: $0, in: message) } != nil
        default: true
        }
    }

    /// Notes the name that begins at `start`; the offset behind it, nil when the message ends before.
    private mutating func name(at start: Int, in message: Span<UInt8>) -> Int? {
        var index = start
        while index < message.count {
            starts.insert(index)
            let length = Int(message[index])
            if length == 0 { return index + 1 }
            if length >= 0xC0 {
                guard index + 2 <= message.count else { return nil }
                let target = Int(message.bigEndianUInt16(at: index) & 0x3FFF)
                all.append(Pointer(name: start, place: index, target: target))
                return index + 2
            }
            guard length < 0x40 else { return nil }
            index += 1 + length
        }
        return nil
    }
}
