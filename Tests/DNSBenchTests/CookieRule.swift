import Measure

/// A server that wants its cookie back from the address that it gave it to (RFC 7873, RFC 9018).
struct CookieRule: Sendable {
    /// Octets that an answer may be longer than its query.
    static let room = 64

    /// Octets of its cookies.
    var length = 16
    /// Makes new cookies after so many queries of one transport's socket or connection, and takes no other from then on.
    var changesEvery = Int.max
    /// Answers with another client cookie than the query's.
    var isForeign = false

    /// Turns a query, of which COOKIE is the last octets, into an answer with a cookie; returns its length.
    ///
    /// The rcode becomes BADCOOKIE unless the query has the server's cookie, and FORMERR when it has no cookie that can
    /// be one.
    func apply(to message: UnsafeMutableRawBufferPointer, length: Int, from source: [UInt8], seen: Int) -> Int {
        var end = 12
        while message[end] != 0 { end += Int(message[end]) + 1 }
        let opt = end + 5
        func word(_ at: Int) -> Int { Int(message[at]) << 8 | Int(message[at + 1]) }
        var option = opt + 11
        while option + 4 <= length, word(option) != 10 { option += 4 + word(option + 2) }
        // The option ends the query, and so does the OPT record.
        guard option + 12 <= length, option + 4 + word(option + 2) == length, opt + 11 + word(opt + 9) == length else {
            message[3] |= 1
            return length
        }
        let client = Array(message[(option + 4)..<(option + 12)])
        let given = Array(message[(option + 12)..<length])
        let wanted = cookie(client: client, source: source, generation: (seen - 1) / changesEvery)
        if given != wanted {
            message[3] = message[3] & 0xf0 | 7
            message[opt + 5] = 1
        }
        for (index, octet) in wanted.enumerated() { message[option + 12 + index] = octet }
        if isForeign { message[option + 4] ^= 1 }
        message[option + 3] = UInt8(8 + wanted.count)
        let data = option + 12 + wanted.count - opt - 11
        message[opt + 9] = UInt8(data >> 8)
        message[opt + 10] = UInt8(truncatingIfNeeded: data)
        return option + 12 + wanted.count
    }

    private func cookie(client: [UInt8], source: [UInt8], generation: Int) -> [UInt8] {
        let seed = (client + source).reduce(UInt64(generation)) { $0 &* 0x100_0000_01b3 ^ UInt64($1) }
        var generator = SeededGenerator(seed: seed)
        return (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }
}
