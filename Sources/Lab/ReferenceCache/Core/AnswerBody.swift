/// The records of an answer as uncompressed octets whose TTLs can be overwritten in place.
///
/// A hit copies these octets, writes one TTL into all records and puts a header and the client's question before them.
struct AnswerBody: Sendable, Equatable {
    /// Answer, authority and additional records, without OPT.
    var octets: [UInt8]
    /// How many records each of the three sections has.
    var counts: [UInt16]
    /// Where in `octets` each record stands.
    var records: [RecordPlace]

    /// The places of one record's parts within the body.
    struct RecordPlace: Sendable, Equatable {
        var type: UInt16
        var ttlOffset: Int
        var dataOffset: Int
        var dataCount: Int
    }

    /// A body without records.
    static let empty = AnswerBody(octets: [], counts: [0, 0, 0], records: [])

    /// The octets with `ttl` in each record.
    func octets(ttl: UInt32) -> [UInt8] {
        var octets = octets
        for record in records {
            octets[record.ttlOffset] = UInt8(truncatingIfNeeded: ttl >> 24)
            octets[record.ttlOffset + 1] = UInt8(truncatingIfNeeded: ttl >> 16)
            octets[record.ttlOffset + 2] = UInt8(truncatingIfNeeded: ttl >> 8)
            octets[record.ttlOffset + 3] = UInt8(truncatingIfNeeded: ttl)
        }
        return octets
    }

    /// The body without its authority records.
    var withoutAuthority: AnswerBody {
        let first = Int(counts[0])
        let after = first + Int(counts[1])
        guard after > first else { return self }
        let start = first == 0 ? 0 : end(of: first - 1)
        let stop = end(of: after - 1)
        var body = AnswerBody(octets: octets, counts: [counts[0], 0, counts[2]], records: records)
        body.octets.removeSubrange(start..<stop)
        body.records.removeSubrange(first..<after)
        for index in first..<body.records.count {
            body.records[index].ttlOffset -= stop - start
            body.records[index].dataOffset -= stop - start
        }
        return body
    }

    /// The body with one octet changed in each answer of `types`: the port of SRV, the first letter of CNAME and PTR,
    /// the last octet of all others.
    func changingData(ofTypes types: Set<UInt16>) -> AnswerBody {
        var body = self
        for record in records.prefix(Int(counts[0])) where types.contains(record.type) && record.dataCount > 0 {
            let place =
                switch record.type {
                case 5, 12: 1
                case 33: 5
                default: record.dataCount - 1
                }
            body.octets[record.dataOffset + min(place, record.dataCount - 1)] ^= 1
        }
        return body
    }

    /// The body with one letter changed in the owner name of each answer.
    var changingOwners: AnswerBody {
        var body = self
        for index in 0..<Int(counts[0]) {
            let start = index == 0 ? 0 : end(of: index - 1)
            if body.octets[start] > 0 { body.octets[start + 1] ^= 1 }
        }
        return body
    }

    private func end(of index: Int) -> Int { records[index].dataOffset + records[index].dataCount }
}
