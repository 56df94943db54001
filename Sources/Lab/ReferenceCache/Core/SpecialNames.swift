extension CacheCore {
    /// The answer that a name of special use has without any upstream; nil for all other names.
    ///
    /// RFC 6761 section 6.3 and 6.4, RFC 7686 section 2, RFC 9476 section 2, RFC 6762 section 22.1.
    func specialAnswer(to query: ClientQuery) -> (rcode: UInt16, body: AnswerBody)? {
        func lies(_ label: String) -> Bool {
            WireName.isSubdomain(query.foldedName, of: [UInt8(label.utf8.count)] + Array(label.utf8) + [0])
        }
        if ["invalid", "onion", "alt", "local"].contains(where: lies) { return (3, .empty) }
        guard lies("localhost") else { return nil }
        let data: [UInt8]
        switch query.type {
        case 1: data = [127, 0, 0, 1]
        case 28: data = Array(repeating: 0, count: 15) + [1]
        default: return (0, .empty)
        }
        let start = query.name + query.type.octets + UInt16(1).octets
        let octets = start + [0, 0, 0, 0] + UInt16(data.count).octets + data
        let place = AnswerBody.RecordPlace(
            type: query.type,
            ttlOffset: start.count,
            dataOffset: start.count + 6,
            dataCount: data.count
        )
        return (0, AnswerBody(octets: octets, counts: [1, 0, 0], records: [place]))
    }
}
