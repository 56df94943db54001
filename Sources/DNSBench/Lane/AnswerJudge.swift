import DNSWire

/// Decides whether a message answers a query; reads octets and a table, does no I/O, allocates nothing.
enum AnswerJudge {
    /// What a message is to a socket's table.
    enum Verdict {
        /// It answers the query under this id; the header's flags follow.
        case answer(id: UInt16, flags: UInt16)
        /// It answers a query that had timed out.
        case late
        /// It answers none of our queries.
        case mismatched
        /// It is no response.
        case malformed
    }

    /// Judges one message by its id, then by its question.
    ///
    /// The question must be ours to the letter, or differ in case alone. An error may leave it out altogether, as
    /// servers do that could not read the query (RFC 1035 section 4.1.1 allows QDCOUNT 0).
    @inline(__always)
    static func judge(
        _ message: UnsafeRawBufferPointer,
        table: borrowing InFlightTable,
        slab: QuerySlab,
        tier: VerificationTier = .question
    ) -> Verdict {
        guard message.count >= 12 else { return .malformed }
        let flags = UInt16(message[2]) << 8 | UInt16(message[3])
        guard flags & 0x8000 != 0 else { return .malformed }
        let id = UInt16(message[0]) << 8 | UInt16(message[1])
        let entry = table.entry(id)
        guard entry.state != .free,
            tier == .id
                || matches(message, flags: flags, slab: slab, query: entry.query, label: table.label(id))
        else {
            return .mismatched
        }
        return entry.state == .waiting ? .answer(id: id, flags: flags) : .late
    }

    /// The header's flags of a message that answers the query under `id`, the only one that waits; `nil` when it does
    /// not.
    static func judge(
        _ message: UnsafeRawBufferPointer,
        id: UInt16,
        query: UInt32,
        label: UInt64,
        slab: QuerySlab
    ) -> UInt16? {
        guard message.count >= 12 else { return nil }
        let flags = UInt16(message[2]) << 8 | UInt16(message[3])
        guard flags & 0x8000 != 0, UInt16(message[0]) << 8 | UInt16(message[1]) == id,
            matches(message, flags: flags, slab: slab, query: query, label: label)
        else { return nil }
        return flags
    }

    @inline(__always)
    private static func matches(
        _ message: UnsafeRawBufferPointer,
        flags: UInt16,
        slab: QuerySlab,
        query: UInt32,
        label: UInt64
    ) -> Bool {
        // SAFETY: `query` came out of the table, into which only indexes of this slab are put.
        let encoded = slab.queries[Int(query)]
        let length = Int(encoded.questionLength)
        if length == 0 { return true }  // a given message without a question of its own
        let question = UnsafeRawBufferPointer(start: slab.octets + Int(encoded.offset) + 12, count: length)
        let count = UInt16(message[4]) << 8 | UInt16(message[5])
        if count == 1 && message.count >= 12 + length {
            if slab.hasLabel(query) { return hasLabel(label, message, question) }
            return isSame(UnsafeRawBufferPointer(rebasing: message[12..<(12 + length)]), question)
        }
        let rcode = flags & 15
        return count == 0 && rcode != 0 && rcode != 3
    }

    /// Compares a question that begins with a label of its own; the slab has the label's place, not its characters.
    private static func hasLabel(
        _ label: UInt64,
        _ message: UnsafeRawBufferPointer,
        _ question: UnsafeRawBufferPointer
    ) -> Bool {
        // SAFETY: the caller saw that the message holds the whole question, which begins with the label.
        guard message[12] == question[0], let base = message.baseAddress,
            MissLabel.isSame(label, (base + 13).assumingMemoryBound(to: UInt8.self))
        else { return false }
        return isSame(
            UnsafeRawBufferPointer(rebasing: message[(12 + MissLabel.octets)..<(12 + question.count)]),
            UnsafeRawBufferPointer(rebasing: question[MissLabel.octets...])
        )
    }

    @inline(__always)
    private static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<right.count where left[index] != right[index] {
            return isSameButForCase(left, right)
        }
        return true
    }

    /// Compares a name without regard to case (RFC 4343), and type and class exactly.
    private static func isSameButForCase(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        let nameLength = right.count - 4
        for index in 0..<right.count {
            let same =
                index < nameLength ? lowercase(left[index]) == lowercase(right[index]) : left[index] == right[index]
            if !same { return false }
        }
        return true
    }

    private static func lowercase(_ octet: UInt8) -> UInt8 { octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet }
}
