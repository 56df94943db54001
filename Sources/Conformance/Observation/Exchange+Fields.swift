internal import DNSWire

extension Exchange {
    /// The value at a path such as `answer.ttl.max`; nil when the language has no such path.
    func value(at path: String) -> CheckValue? {
        Self.fields[path].map { $0(self) ?? .absent(reasonForAbsence) }
    }

    /// Every path that an exchange has.
    static var fieldNames: Set<String> { Set(fields.keys) }

    private typealias Field = @Sendable (Exchange) -> CheckValue?

    private static let fields: [String: Field] = exchangeFields.merging(headerFields) { $1 }
        .merging(sectionFields) { $1 }.merging(ednsFields) { $1 }.merging(pointerFields) { $1 }

    private static let exchangeFields: [String: Field] = [
        "answered": { .boolean($0.received != nil) },
        "decodes": { $0.received == nil ? nil : .boolean($0.message != nil) },
        "further_answers": { $0.received == nil ? nil : .integer(Int64($0.furtherAnswers)) },
        "tries": { .integer(Int64($0.tries)) },
        "elapsed": { .duration($0.endedAt - $0.sentAt) },
        "sent_at": { .time($0.sentAt) },
        "received_at": { $0.received == nil ? nil : .time($0.endedAt) },
        "size": { $0.received.map { .integer(Int64($0.count)) } },
        "from": { $0.received == nil ? nil : .text(($0.source ?? $0.server).description) },
        "to": { .text($0.server.description) },
        "transport": { .text($0.transport.rawValue.uppercased()) },
        "sent.id": { $0.sentHeader.map { .integer(Int64($0.id)) } },
        "sent.size": { .integer(Int64($0.sent.count)) },
        "sent.name": { $0.sentQuestion.map { .text($0.name.description) } },
        "sent.type": { $0.sentQuestion.map { .text($0.type.description) } },
        "sent.class": { $0.sentQuestion.map { .text($0.class.description) } },
        "sent.question": { questionOctets($0.sent).map { .text(WireText.hex($0)) } },
        "witness.transport": { witness($0).map { .text($0.transport) } },
        "witness.count": { witness($0).map { .integer($0.count) } },
    ]

    private static let headerFields: [String: Field] = [
        "id": { $0.header.map { .integer(Int64($0.id)) } },
        "rcode": { exchange in
            if let message = exchange.message { return .text(message.rcode.description) }
            return exchange.header.map { .text(RCode(rawValue: UInt16($0.flags.rcode)).description) }
        },
        "opcode": { $0.header.map { .integer(Int64($0.flags.opcode.rawValue)) } },
        "flags.word": { $0.header.map { .integer(Int64($0.flags.rawValue)) } },
        "flags.qr": { $0.header.map { .boolean($0.flags.isResponse) } },
        "flags.aa": { $0.header.map { .boolean($0.flags.isAuthoritative) } },
        "flags.tc": { $0.header.map { .boolean($0.flags.isTruncated) } },
        "flags.rd": { $0.header.map { .boolean($0.flags.recursionDesired) } },
        "flags.ra": { $0.header.map { .boolean($0.flags.recursionAvailable) } },
        "flags.z": { $0.header.map { .boolean($0.flags.z) } },
        "flags.ad": { $0.header.map { .boolean($0.flags.authenticData) } },
        "flags.cd": { $0.header.map { .boolean($0.flags.checkingDisabled) } },
        "counts.qd": { $0.header.map { .integer(Int64($0.questionCount)) } },
        "counts.an": { $0.header.map { .integer(Int64($0.answerCount)) } },
        "counts.ns": { $0.header.map { .integer(Int64($0.authorityCount)) } },
        "counts.ar": { $0.header.map { .integer(Int64($0.additionalCount)) } },
        "question.wire": { $0.received.flatMap(questionOctets).map { .text(WireText.hex($0)) } },
        "question.name": { $0.message?.questions.first.map { .text($0.name.description) } },
        "question.type": { $0.message?.questions.first.map { .text($0.type.description) } },
        "question.class": { $0.message?.questions.first.map { .text($0.class.description) } },
        "question.echoed": { exchange in
            guard let received = exchange.received, let asked = questionOctets(exchange.sent) else { return nil }
            return .boolean(questionOctets(received) == asked)
        },
    ]

    private static let sectionFields: [String: Field] = {
        var fields: [String: Field] = [:]
        let sections: [(String, @Sendable (Message) -> [ResourceRecord])] = [
            ("answer", { $0.answers }), ("authority", { $0.authorities }), ("additional", { $0.additionals }),
        ]
        for (section, records) in sections {
            for (name, field) in recordFields {
                fields["\(section).\(name)"] = { exchange in exchange.message.flatMap { field(records($0)) } }
            }
        }
        return fields
    }()

    private static let recordFields: [String: @Sendable ([ResourceRecord]) -> CheckValue?] = [
        "count": { .integer(Int64($0.count)) },
        "ttl": { .list($0.map { .integer(Int64($0.ttl)) }) },
        "ttl.min": { $0.map(\.ttl).min().map { .integer(Int64($0)) } },
        "ttl.max": { $0.map(\.ttl).max().map { .integer(Int64($0)) } },
        "names": { .list($0.map { .text($0.name.description) }) },
        "types": { .list($0.map { .text($0.type.description) }) },
        "classes": { .list($0.map { .text($0.class.description) }) },
        "data": { .list($0.map { .text("\($0.type) \($0.data)") }) },
        "addresses": { .list($0.compactMap { address($0.data) }) },
        "targets": { .list($0.compactMap { target($0.data) }) },
        "ports": { .list($0.compactMap { port($0.data) }) },
        "texts": { .list($0.flatMap { texts($0.data) }) },
        "soa.count": { .integer(Int64($0.filter { $0.type == .soa }.count)) },
        "soa.name": { soa($0).map { .text($0.record.name.description) } },
        "soa.ttl": { soa($0).map { .integer(Int64($0.record.ttl)) } },
        "soa.minimum": { soa($0).map { .integer(Int64($0.data.minimum)) } },
    ]

    private static let ednsFields: [String: Field] = [
        "edns.present": { $0.message.map { .boolean($0.edns != nil) } },
        "edns.version": { $0.message?.edns.map { .integer(Int64($0.version)) } },
        "edns.size": { $0.message?.edns.map { .integer(Int64($0.udpPayloadSize)) } },
        "edns.flags": { $0.message?.edns.map { .integer(Int64($0.flags)) } },
        "edns.do": { $0.message?.edns.map { .boolean($0.dnssecOK) } },
        "edns.options": { $0.message?.edns.map { .list($0.options.map { .integer(Int64($0.code)) }) } },
        "edns.option_sizes": { $0.message?.edns.map { .list($0.options.map { .integer(Int64($0.data.count)) }) } },
        "edns.option_data": { $0.message?.edns.map { .list($0.options.map { .text(WireText.hex($0.data)) }) } },
    ]

    private static let pointerFields: [String: Field] = [
        "pointers.count": { pointers($0).map { .integer(Int64($0.all.count)) } },
        "pointers.backward": { pointers($0).map { .boolean($0.leadBackward) } },
        "pointers.at_name_start": { pointers($0).map { .boolean($0.leadToNames) } },
    ]

    private static func pointers(_ exchange: Exchange) -> NamePointers? {
        exchange.received.flatMap { NamePointers($0.span) }
    }

    private static func address(_ data: RData) -> CheckValue? {
        switch data {
        case .a(let address), .aaaa(let address): .text(address.description)
        default: nil
        }
    }

    private static func target(_ data: RData) -> CheckValue? {
        switch data {
        case .ns(let name), .cname(let name), .ptr(let name): .text(name.description)
        case .srv(_, _, _, let name), .mx(_, let name): .text(name.description)
        default: nil
        }
    }

    private static func port(_ data: RData) -> CheckValue? {
        guard case .srv(_, _, let port, _) = data else { return nil }
        return .integer(Int64(port))
    }

    private static func texts(_ data: RData) -> [CheckValue] {
        guard case .txt(let strings) = data else { return [] }
        return strings.map { .text(String(decoding: $0, as: UTF8.self)) }
    }

    private static func soa(_ records: [ResourceRecord]) -> (record: ResourceRecord, data: SOA)? {
        for record in records {
            if case .soa(let data) = record.data { return (record, data) }
        }
        return nil
    }

    /// What a scripted upstream wrote into its answer: 198.18.T.C or 2001:db8::T:C, T the transport that it saw (6 or
    /// 17) and C how often it was asked.
    private static func witness(_ exchange: Exchange) -> (transport: String, count: Int64)? {
        for record in exchange.message?.answers ?? [] {
            switch record.data {
            case .a(.v4(let value)) where value >> 16 == 0xC612:
                return transportName(UInt64(value >> 8 & 0xFF)).map { ($0, Int64(value & 0xFF)) }
            case .aaaa(.v6(0x2001_0DB8_0000_0000, let low)) where low >> 32 == 0:
                return transportName(low >> 16 & 0xFFFF).map { ($0, Int64(low & 0xFFFF)) }
            default: continue
            }
        }
        return nil
    }

    private static func transportName(_ number: UInt64) -> String? {
        switch number {
        case 6: "TCP"
        case 17: "UDP"
        default: nil
        }
    }
}
