/// The server cookie that the socket of a lane got last, with which its next queries go out (RFC 7873 section 5.3).
///
/// A server binds its cookie to the client's address (RFC 9018 section 4), so that each socket keeps one of its own. All
/// memory is in the value; nothing is allocated. One thread owns it.
struct ServerCookie: BitwiseCopyable {
    /// Octets that a server cookie may have (RFC 7873 section 4.2).
    static let lengths = 8...32
    /// Octets of the option that ends each query: its code, its length and the client cookie.
    static let optionLength = 12

    private var octets: [32 of UInt8] = .init(repeating: 0)
    /// How many octets it has; 0 before the server has given one.
    private(set) var length = 0

    /// Takes the cookie of an answer that repeats our client cookie; any other answer leaves it as it is.
    ///
    /// - Returns: whether the answer's rcode is BADCOOKIE.
    mutating func learn(from answer: UnsafeRawBufferPointer, client: UInt64) -> Bool {
        let (cookie, isBadCookie) = AnswerCookie.find(in: answer, client: client)
        if case .echoed(let server) = cookie, !server.isEmpty {
            // The reader has seen that the length is one of those allowed.
            length = server.count
            for index in 0..<length { octets[index] = answer[server.lowerBound + index] }
        }
        return isBadCookie
    }

    /// Writes the cookie behind the client cookie that ends a query, and lengthens the option and the OPT record by it.
    ///
    /// - Parameters:
    ///   - query: a query of `length` octets whose last record is OPT with COOKIE as its last option, in memory that has
    ///     room for the cookie behind it.
    ///   - length: the query's length, octets.
    ///   - questionLength: octets of name, type and class.
    /// - Returns: the length with the cookie.
    @inline(__always)
    func append(to query: UnsafeMutablePointer<UInt8>, length: Int, questionLength: Int) -> Int {
        guard self.length > 0 else { return length }
        for index in 0..<self.length { query[length + index] = octets[index] }
        // The option has at most 8 + 32 octets: its length's second octet is enough.
        query[length - ServerCookie.optionLength + 3] = UInt8(8 + self.length)
        // RDLENGTH stands behind the OPT record's name, type, class and TTL (RFC 6891 section 6.1.2).
        let dataLength = query + (12 + questionLength + 9)
        let data = (Int(dataLength[0]) << 8 | Int(dataLength[1])) + self.length
        dataLength[0] = UInt8(truncatingIfNeeded: data >> 8)
        dataLength[1] = UInt8(truncatingIfNeeded: data)
        return length + self.length
    }
}
