import DNSWire
import Glibc

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
    /// Octets of a message at most: a datagram's payload over IPv4.
    static let longestMessage = 65_507
    /// Octets of all messages at most.
    static let mostOctets = Int(UInt32.max)

    /// All messages; ids are 0 and patched into the copy that is sent.
    let octets: UnsafeMutablePointer<UInt8>
    /// One entry a query.
    let queries: UnsafeMutablePointer<EncodedQuery>
    /// How many queries there are.
    let count: Int
    /// What is added to a query's index for its variant with a label of its own; `.max` when there are none.
    let missBase: UInt32
    /// How many entries there are, variants among them.
    let entryCount: Int
    /// Octets of the longest message, at least 12, with a server cookie if it may get one.
    let longest: Int
    /// The client cookie with which all messages end, so that a server cookie can follow it; `nil` when none does.
    let clientCookie: UInt64?
    /// What answers must be.
    let expectations: ExpectationTable

    // SAFETY: the writer has ended when it makes the slab, and nobody writes again, so that threads may share the buffers.
    /// Takes what a ``SlabWriter`` wrote, and frees the buffers in the end.
    init(
        entryCount: Int,
        count: Int,
        hasMisses: Bool,
        longest: Int,
        clientCookie: UInt64?,
        expectations: ExpectationTable,
        octets: UnsafeMutablePointer<UInt8>,
        queries: UnsafeMutablePointer<EncodedQuery>
    ) {
        self.entryCount = entryCount
        self.count = count
        missBase = hasMisses ? UInt32(count) : .max
        self.longest = longest
        self.clientCookie = clientCookie
        self.expectations = expectations
        self.octets = octets
        self.queries = queries
    }

    /// Whole messages as they were given, such as those of a binary data file; only ids are replaced.
    ///
    /// Answers are compared with their first question; one that cannot be read is compared with nothing but the id.
    static func whole(_ messages: [[UInt8]]) -> QuerySlab {
        var writer = SlabWriter(options: QueryOptions())
        for message in messages { writer.append(message: message, questionLength: questionLength(message)) }
        return writer.finish()
    }

    /// Octets of the only question behind the header; 0 when there is not one that can be read.
    private static func questionLength(_ message: [UInt8]) -> Int {
        guard message.count >= 12, message[4] == 0, message[5] == 1 else { return 0 }
        var position = 12
        while position < message.count, message[position] != 0 {
            guard message[position] < 64 else { return 0 }
            position += Int(message[position]) + 1
        }
        return position + 5 <= message.count ? position + 5 - 12 : 0
    }

    deinit {
        free(octets)
        free(queries)
    }

    /// The octets of one query, for tests and reports.
    func message(_ index: Int) -> [UInt8] {
        precondition(index >= 0 && index < count, "no such query")
        let entry = queries[index]
        return Array(UnsafeBufferPointer(start: octets + Int(entry.offset), count: Int(entry.length)))
    }

    /// Whether a query carries a label of its own, which is written when it is sent.
    @inline(__always)
    func hasLabel(_ query: UInt32) -> Bool {
        // SAFETY: the caller has the query from this slab's cursor or an in-flight table.
        query >= missBase && queries[Int(query)].questionLength != queries[Int(query &- missBase)].questionLength
    }

    /// Writes a query with its id and the server's cookie, if it has one, to memory with room for ``longest`` octets;
    /// returns its length.
    ///
    /// The label of its own that a query may have is left to the caller.
    @inline(__always)
    func write(_ query: UInt32, id: UInt16, cookie: ServerCookie, to memory: UnsafeMutablePointer<UInt8>) -> Int {
        // SAFETY: the caller has the query from this slab's cursor or an in-flight table, and no message is longer than
        // `longest`.
        let encoded = queries[Int(query)]
        let length = Int(encoded.length)
        memory.update(from: octets + Int(encoded.offset), count: length)
        memory[0] = UInt8(truncatingIfNeeded: id >> 8)
        memory[1] = UInt8(truncatingIfNeeded: id)
        guard clientCookie != nil else { return length }
        return cookie.append(to: memory, length: length, questionLength: Int(encoded.questionLength))
    }

    /// What is wrong with the answer to a query; `nil` when nothing is, or when the query has no question of its own.
    func fault(of message: UnsafeRawBufferPointer, query: UInt32, checker: borrowing AnswerChecker) -> AnswerFault? {
        // SAFETY: the caller has the query from an in-flight table, into which only indexes of this slab are put.
        let encoded = queries[Int(query)]
        let length = Int(encoded.questionLength)
        // Nothing is expected of a name that was made up.
        guard length >= 5, query < missBase else { return nil }
        let end = octets + Int(encoded.offset) + 12 + length
        let type = UInt16(end[-4]) << 8 | UInt16(end[-3])
        return checker.fault(message, query: query, type: type, questionLength: length)
    }

    /// The type that a query asks for; 0 when it has no question that can be read.
    func questionType(_ index: Int) -> RecordType {
        let encoded = queries[index % max(1, count)]
        guard encoded.questionLength >= 5 else { return RecordType(rawValue: 0) }
        let end = octets + Int(encoded.offset) + 12 + Int(encoded.questionLength)
        return RecordType(rawValue: UInt16(end[-4]) << 8 | UInt16(end[-3]))
    }

    /// A query's question for people: `name type`.
    func question(_ index: Int) -> String {
        let index = index % max(1, count)
        let bytes = message(index)
        let length = Int(queries[index].questionLength)
        guard length >= 5, let message = try? Message(decoding: bytes), let question = message.questions.first else {
            return "message \(index + 1)"
        }
        return "\(question.name) \(question.type)"
    }
}
