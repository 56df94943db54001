/// What is wrong with an answer that answers its query.
package enum AnswerFault: UInt8, Sendable, Hashable, CaseIterable {
    /// Sections that run over the end, or names that cannot be read.
    case structure
    /// Another rcode than expected.
    case rcode
    /// A TTL outside the expected range.
    case ttl
    /// Other records of the question's type than expected.
    case records
    /// A COOKIE option with another client cookie than the query's, or of a length that none has (RFC 7873 section 5.3).
    case cookie
}

/// Reads answers whole and holds them against what is expected; bounds-checked, allocates nothing after `init`.
///
/// One thread owns it.
struct AnswerChecker: ~Copyable {
    private static let longestName = 255
    private static let longestData = 1_024

    private let table: ExpectationTable
    private let scratch: UnsafeMutableBufferPointer<UInt8>

    init(table: ExpectationTable) {
        self.table = table
        scratch = .allocate(capacity: AnswerChecker.longestData)
        scratch.initialize(repeating: 0)
    }

    deinit { scratch.deallocate() }

    /// What is wrong with the answer to a query; `nil` when nothing is.
    func fault(_ message: UnsafeRawBufferPointer, query: UInt32, type: UInt16, questionLength: Int) -> AnswerFault? {
        // SAFETY: `query` came out of an in-flight table; the table of expectations has an entry for each query.
        let wanted = table.entries[Int(query)]
        guard message.count >= 12 else { return .structure }
        func word(_ at: Int) -> Int { Int(message[at]) << 8 | Int(message[at + 1]) }
        var rcode = Int32(message[3] & 15)
        var position = 12
        for _ in 0..<word(4) {
            guard let end = AnswerChecker.skipName(message, position), end + 4 <= message.count else {
                return .structure
            }
            position = end + 4
        }
        let (answers, authorities, additionals) = (word(6), word(8), word(10))
        // A truncated answer need not be whole (RFC 2181 section 9).
        let isTruncated = message[2] & 0x02 != 0
        var found = 0
        var matched: UInt64 = 0
        var isForeign = false
        var hasWrongTTL = false
        var hasWrongCookie = false
        for index in 0..<(answers + authorities + additionals) {
            guard let end = AnswerChecker.skipName(message, position), end + 10 <= message.count else {
                return isTruncated ? nil : .structure
            }
            let recordType = UInt16(word(end))
            let length = word(end + 8)
            let data = end + 10
            guard data + length <= message.count else { return isTruncated ? nil : .structure }
            if index < answers && recordType == type {
                let ttl = UInt32(word(end + 4)) << 16 | UInt32(word(end + 6))
                if ttl < wanted.lowestTTL || ttl > wanted.highestTTL { hasWrongTTL = true }
                found += 1
                if wanted.recordCount >= 0 {
                    if let place = place(of: data, length, recordType, in: message, wanted), matched & 1 << place == 0 {
                        matched |= 1 << place
                    } else {
                        isForeign = true
                    }
                }
            } else if index >= answers + authorities && recordType == 41 {
                rcode |= Int32(message[end + 4]) << 4
                if let client = table.cookie,
                    AnswerCookie.read(data..<(data + length), of: message, client: client) == .foreign
                {
                    hasWrongCookie = true
                }
            }
            position = data + length
        }
        if wanted.rcode >= 0 && rcode != wanted.rcode { return .rcode }
        if isTruncated { return nil }
        if wanted.recordCount >= 0 && (isForeign || found != Int(wanted.recordCount)) { return .records }
        if hasWrongTTL { return .ttl }
        return hasWrongCookie ? .cookie : nil
    }

    /// Which of the expected records has this data, compared without regard to the case of names; at most 64 are told
    /// apart.
    private func place(
        of data: Int,
        _ length: Int,
        _ type: UInt16,
        in message: UnsafeRawBufferPointer,
        _ wanted: ExpectationTable.Entry
    ) -> UInt64? {
        guard let count = expand(data, length, type, in: message) else { return nil }
        for index in 0..<min(64, Int(wanted.recordCount)) {
            // SAFETY: the table's entries name records and octets of its own.
            let record = table.records[Int(wanted.firstRecord) + index]
            guard Int(record.length) == count else { continue }
            var isSame = true
            for place in 0..<count {
                let expected = table.octets[Int(record.offset) + place]
                if AnswerChecker.lowercase(scratch[place]) != AnswerChecker.lowercase(expected) {
                    isSame = false
                    break
                }
            }
            if isSame { return UInt64(index) }
        }
        return nil
    }

    /// Copies record data to the scratch with its name, if it has one, written out; the length, `nil` if it is none.
    private func expand(_ data: Int, _ length: Int, _ type: UInt16, in message: UnsafeRawBufferPointer) -> Int? {
        let fixed: Int
        switch type {
        case 2, 5, 12, 39: fixed = 0  // NS, CNAME, PTR, DNAME
        case 15: fixed = 2  // MX
        case 33: fixed = 6  // SRV
        default: fixed = length
        }
        guard fixed <= length, fixed <= AnswerChecker.longestData - AnswerChecker.longestName - 1 || fixed == length,
            fixed <= AnswerChecker.longestData
        else { return nil }
        for index in 0..<fixed { scratch[index] = message[data + index] }
        guard fixed < length || type == 2 || type == 5 || type == 12 || type == 39 else { return fixed }
        var position = data + fixed
        var count = fixed
        var jumps = 0
        while position < message.count {
            let label = Int(message[position])
            if label >= 0xc0 {
                guard position + 1 < message.count, jumps < 64 else { return nil }
                jumps += 1
                position = (label & 0x3f) << 8 | Int(message[position + 1])
                continue
            }
            guard label < 64, position + label < message.count, count + label + 1 <= fixed + AnswerChecker.longestName
            else { return nil }
            for index in 0...label { scratch[count + index] = message[position + index] }
            count += label + 1
            if label == 0 { return count }
            position += label + 1
        }
        return nil
    }

    /// The octet behind a name; `nil` when it runs over the end.
    @inline(__always)
    static func skipName(_ message: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        var position = start
        while position < message.count {
            let label = Int(message[position])
            if label == 0 { return position + 1 }
            if label >= 0xc0 { return position + 2 <= message.count ? position + 2 : nil }
            guard label < 64 else { return nil }
            position += label + 1
        }
        return nil
    }

    private static func lowercase(_ octet: UInt8) -> UInt8 { octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet }
}
