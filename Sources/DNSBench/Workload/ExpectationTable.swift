import DNSWire

/// What answers must be, laid out flat so that lanes look it up without counting references; immutable once built.
final class ExpectationTable: @unchecked Sendable {
    /// The expectation of one query.
    struct Entry {
        /// The rcode; -1 allows any.
        var rcode: Int32 = -1
        /// TTLs of the question's records, seconds.
        var lowestTTL: UInt32 = 0
        var highestTTL: UInt32 = .max
        /// The first of its records.
        var firstRecord: UInt32 = 0
        /// How many records; -1 allows any.
        var recordCount: Int32 = -1
    }

    /// Where one record's data lies.
    struct Record {
        var offset: UInt32
        var length: UInt32
    }

    /// One entry a query.
    let entries: UnsafeMutablePointer<Entry>
    let records: UnsafeMutablePointer<Record>
    let octets: UnsafeMutablePointer<UInt8>
    /// The client cookie that all queries carry, which answers with a cookie must repeat; `nil` when they carry none.
    let cookie: UInt64?

    // SAFETY: all buffers are written here and never again, so that threads may share them.
    /// - Parameters:
    ///   - count: how many queries there are.
    ///   - expectations: those of which anything is expected.
    ///   - cookie: the client cookie of all queries.
    init(count: Int, _ expectations: [(query: Int, expectation: AnswerExpectation)], cookie: UInt64?) {
        var list: [Record] = []
        var bytes: [UInt8] = []
        entries = .allocate(capacity: max(1, count))
        entries.initialize(repeating: Entry(), count: count)
        for (index, expectation) in expectations {
            var entry = Entry()
            if let rcode = expectation.rcode { entry.rcode = Int32(rcode.rawValue) }
            if let ttl = expectation.ttl { (entry.lowestTTL, entry.highestTTL) = (ttl.lowerBound, ttl.upperBound) }
            if let wanted = expectation.records {
                entry.firstRecord = UInt32(list.count)
                entry.recordCount = Int32(wanted.count)
                for data in wanted {
                    list.append(Record(offset: UInt32(bytes.count), length: UInt32(data.count)))
                    bytes += data
                }
            }
            entries[index] = entry
        }
        records = .allocate(capacity: max(1, list.count))
        records.initialize(from: list, count: list.count)
        octets = .allocate(capacity: max(1, bytes.count))
        octets.initialize(from: bytes, count: bytes.count)
        self.cookie = cookie
    }

    /// The expectation of one query, as it was given.
    func expectation(_ query: UInt32) -> AnswerExpectation {
        let entry = entries[Int(query)]
        var expectation = AnswerExpectation(rcode: entry.rcode < 0 ? nil : RCode(rawValue: UInt16(entry.rcode)))
        if entry.lowestTTL > 0 || entry.highestTTL < .max { expectation.ttl = entry.lowestTTL...entry.highestTTL }
        if entry.recordCount >= 0 {
            expectation.records = (0..<Int(entry.recordCount)).map { index in
                let record = records[Int(entry.firstRecord) + index]
                return (0..<Int(record.length)).map { octets[Int(record.offset) + $0] }
            }
        }
        return expectation
    }

    deinit {
        entries.deallocate()
        records.deallocate()
        octets.deallocate()
    }
}
