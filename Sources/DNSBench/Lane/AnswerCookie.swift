/// What the COOKIE option of an answer is to a query with our client cookie (RFC 7873 section 5.3).
enum AnswerCookie: Equatable {
    /// There is none.
    case absent
    /// Our client cookie came back; `server` is where the server's cookie lies in the message, empty if it sent none.
    case echoed(server: Range<Int>)
    /// Another client cookie than ours, or a length that no cookie has.
    case foreign

    /// Reads the first COOKIE option of an OPT record's data, which lies in the message.
    static func read(_ data: Range<Int>, of message: UnsafeRawBufferPointer, client: UInt64) -> AnswerCookie {
        var position = data.lowerBound
        while position + 4 <= data.upperBound {
            let code = UInt16(message[position]) << 8 | UInt16(message[position + 1])
            let size = Int(message[position + 2]) << 8 | Int(message[position + 3])
            position += 4
            guard position + size <= data.upperBound else { return .foreign }
            guard code == EDNSOption.cookieCode else {
                position += size
                continue
            }
            guard size == 8 || ServerCookie.lengths.contains(size - 8) else { return .foreign }
            var echoed: UInt64 = 0
            for index in 0..<8 { echoed = echoed << 8 | UInt64(message[position + index]) }
            return echoed == client ? .echoed(server: (position + 8)..<(position + size)) : .foreign
        }
        return .absent
    }

    /// Finds the OPT record of a message: its cookie, and whether it makes the rcode BADCOOKIE (RFC 7873 section 8).
    ///
    /// A message that cannot be read up to its OPT record has neither.
    static func find(
        in message: UnsafeRawBufferPointer,
        client: UInt64
    ) -> (cookie: AnswerCookie, isBadCookie: Bool) {
        guard message.count >= 12 else { return (.absent, false) }
        func word(_ at: Int) -> Int { Int(message[at]) << 8 | Int(message[at + 1]) }
        var position = 12
        for _ in 0..<word(4) {
            guard let end = AnswerChecker.skipName(message, position) else { return (.absent, false) }
            position = end + 4
        }
        let others = word(6) + word(8)
        for index in 0..<(others + word(10)) {
            guard let end = AnswerChecker.skipName(message, position), end + 10 <= message.count else { break }
            let data = (end + 10)..<(end + 10 + word(end + 8))
            guard data.upperBound <= message.count else { break }
            if index >= others, word(end) == 41 {
                // The upper eight bits of rcode 23 stand in the OPT record (RFC 6891 section 6.1.3).
                let isBadCookie = message[end + 4] == 1 && message[3] & 15 == 7
                return (read(data, of: message, client: client), isBadCookie)
            }
            position = data.upperBound
        }
        return (.absent, false)
    }
}
