/// One change to an answer on its way to the client.
///
/// The set is generated: every bit of header and OPT, every count, every rcode, each record dropped, doubled and
/// reordered, TTLs shifted, a cut after each octet, and what the network can do to a whole datagram.
enum MessageMutation: Hashable, Sendable {
    /// A section of records.
    enum Section: Int, CaseIterable, Sendable {
        case answer = 1, authority, additional
    }
    /// What is done to one of the four counts of the header.
    enum CountChange: String, CaseIterable, Sendable { case plusOne, minusOne, greatest }
    /// What is done to the question section.
    enum QuestionChange: String, CaseIterable, Sendable {
        case dropped, doubled, otherCase, otherName, otherType, otherClass
    }
    /// What is done to one record; `reordered` puts it behind the next one.
    enum RecordChange: String, CaseIterable, Sendable {
        case dropped, doubled, reordered, otherName, otherType, otherClass, otherLength, otherData
    }
    /// What is done to the TTLs of one section.
    enum TTLChange: String, CaseIterable, Sendable { case zero, plusOne, minusOne, doubled, halved, topBit }
    /// What is done to the OPT record as a whole.
    enum OPTChange: String, CaseIterable, Sendable { case dropped, doubled, named, misplaced }
    /// What is done to the datagram as a whole.
    enum Delivery: String, CaseIterable, Sendable { case never, twice, late, fromAnotherPort, fromAnotherAddress }

    /// Bits are counted from the first one on the wire.
    case headerBit(Int)
    case count(Int, CountChange)
    case rcode(UInt16)
    case question(QuestionChange)
    case record(Section, Int, RecordChange)
    case ttl(Section, TTLChange)
    /// A bit of the record, which has no options in a healthy answer.
    case optBit(Int)
    /// A bit of the size in OPT, in every second answer.
    ///
    /// A server may state any size of its own, but only one.
    case sizeBitSometimes(Int)
    case opt(OPTChange)
    /// Brings an option that nobody asked for.
    case optionAdded(UInt16)
    /// Ends the message after so many octets.
    case cut(Int)
    case trailing
    case delivery(Delivery)

    /// Every change to the octets of an answer.
    static let all: [MessageMutation] = {
        var all: [MessageMutation] = (0..<96).map { .headerBit($0) }
        all += (0..<4).flatMap { section in CountChange.allCases.map { .count(section, $0) } }
        // All that are assigned, and the last one that there can be.
        all += (Array(0...23) + [4_095]).map { .rcode($0) }
        all += QuestionChange.allCases.map { .question($0) }
        for (section, places) in [(Section.answer, 0..<3), (.authority, 0..<1), (.additional, 0..<1)] {
            for place in places {
                // The only record of a section has no other order.
                let changes = RecordChange.allCases.filter { $0 != .reordered || section == .answer }
                all += changes.map { .record(section, place, $0) }
            }
            all += TTLChange.allCases.map { .ttl(section, $0) }
        }
        all += (0..<88).map { .optBit($0) }
        all += (0..<16).map { .sizeBitSometimes($0) }
        all += OPTChange.allCases.map { .opt($0) }
        // All that are assigned in a row, and one for local use.
        all += (Array(1...20) + [65_001]).map { .optionAdded($0) }
        all += (0..<512).map { .cut($0) }
        all += [.trailing]
        return all
    }()

    /// What the network can do to an answer over UDP.
    static let deliveries: [MessageMutation] = Delivery.allCases.map { .delivery($0) }

    /// Whether the mutation leaves an answer alone; answers are counted from 0.
    func spares(_ answer: Int) -> Bool {
        if case .sizeBitSometimes = self { answer.isMultiple(of: 2) } else { false }
    }

    /// The part of the message that is changed.
    var part: String {
        switch self {
        case .headerBit, .count: "header"
        case .rcode: "rcode"
        case .question: "question"
        case .record(let section, _, _), .ttl(let section, _): "\(section) section"
        case .optBit, .sizeBitSometimes, .opt, .optionAdded: "OPT"
        case .cut, .trailing: "end"
        case .delivery: "delivery"
        }
    }
}

extension MessageMutation: CustomStringConvertible {
    /// The fields of a header in bits (RFC 1035 section 4.1.1, RFC 4035 section 3.2).
    private static let headerFields = [
        ("ID", 16), ("QR", 1), ("opcode", 4), ("AA", 1), ("TC", 1), ("RD", 1), ("RA", 1), ("Z", 1), ("AD", 1),
        ("CD", 1),
        ("rcode", 4), ("QDCOUNT", 16), ("ANCOUNT", 16), ("NSCOUNT", 16), ("ARCOUNT", 16),
    ]

    /// The fields of an OPT record in bits (RFC 6891 section 6.1).
    private static let optFields = [
        ("owner", 8), ("type", 16), ("size", 16), ("extended rcode", 8), ("version", 8), ("flags", 16), ("length", 16),
    ]

    private static let counts = ["QDCOUNT", "ANCOUNT", "NSCOUNT", "ARCOUNT"]

    var description: String {
        switch self {
        case .headerBit(let bit): Self.name(of: bit, in: Self.headerFields)
        case .count(let index, let change): "\(Self.counts[index]) \(change)"
        case .rcode(let value): "rcode \(value)"
        case .question(let change): "question \(change)"
        case .record(let section, let place, let change): "\(section) record \(place + 1) \(change)"
        case .ttl(let section, let change): "\(section) TTL \(change)"
        case .optBit(let bit): "OPT " + Self.name(of: bit, in: Self.optFields)
        case .sizeBitSometimes(let bit): "OPT size bit \(bit) in every second answer"
        case .opt(let change): "OPT \(change)"
        case .optionAdded(let code): "option \(code) added"
        case .cut(let size): "cut after \(size) octets"
        case .trailing: "octets behind the end"
        case .delivery(let delivery): "delivered \(delivery)"
        }
    }

    private static func name(of bit: Int, in fields: [(name: String, bits: Int)]) -> String {
        var start = 0
        for field in fields {
            if bit < start + field.bits { return field.bits == 1 ? field.name : "\(field.name) bit \(bit - start)" }
            start += field.bits
        }
        return "bit \(bit)"
    }
}
