import DNSWire

/// An answer with a fault, kept to show what was wrong.
struct FaultExample: Sendable {
    /// The query's index in the slab.
    var query: UInt32
    var fault: AnswerFault
    /// The whole answer.
    var answer: [UInt8]

    /// The question, what came and what was expected of it.
    func sentence(_ slab: QuerySlab) -> String {
        "\(slab.question(Int(query))): \(finding(slab))"
    }

    private func finding(_ slab: QuerySlab) -> String {
        let message: Message
        do throws(DecodeError) {
            message = try Message(decoding: answer)
        } catch {
            return fault == .structure
                ? "the answer cannot be read: \(error)"
                : "wrong \(fault) in an answer that cannot be read whole: \(error)"
        }
        let wanted = slab.expectations.expectation(query)
        let type = slab.questionType(Int(query))
        let records = message.answers.filter { $0.type == type }
        switch fault {
        case .structure: return "the answer cannot be read"
        case .rcode:
            return "\(message.rcode) where \(wanted.rcode.map { "\($0)" } ?? "another rcode") was expected"
        case .ttl:
            let range = wanted.ttl.map {
                $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)"
            }
            return "TTL \(Self.list(records.map { "\($0.ttl)" })) where \(range ?? "another") was expected"
        case .records:
            let expected = (wanted.records ?? []).map { Self.text(data: $0, type: type) }
            return "\(Self.list(records.map { "\($0.data)" })) where \(Self.list(expected)) was expected"
        case .cookie: return "a cookie that is not the query's, or of a length that none has"
        }
    }

    /// Record data in wire form as text: it is read as the only record of an answer.
    private static func text(data: [UInt8], type: RecordType) -> String {
        let header: [UInt8] = [0, 0, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0]
        let fields: [UInt8] = [
            0, UInt8(type.rawValue >> 8), UInt8(type.rawValue & 255), 0, 1, 0, 0, 0, 0, UInt8(data.count >> 8 & 255),
            UInt8(data.count & 255),
        ]
        let message = try? Message(decoding: header + fields + data)
        return message?.answers.first.map { "\($0.data)" } ?? "\(data.count) octets"
    }

    private static func list(_ items: [String]) -> String {
        guard !items.isEmpty else { return "no record" }
        return items.prefix(4).joined(separator: ", ") + (items.count > 4 ? " and \(items.count - 4) more" : "")
    }
}
