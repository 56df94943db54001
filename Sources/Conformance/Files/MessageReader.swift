internal import DNSWire
internal import NodeLocal

/// Reads the message of a query.
struct MessageReader {
    static let keys = [
        "name", "wire", "type", "class", "id", "flags", "opcode", "rcode", "questions", "answer", "authority",
        "additional",
        "edns", "qdcount", "ancount", "nscount", "arcount", "trailing", "cut", "raw",
    ]

    /// The header's flag bits by name; the opcode and rcode fields have keys of their own.
    private enum Flag: String, CaseIterable {
        case qr, aa, tc, rd, ra, z, ad, cd

        var bit: UInt16 {
            switch self {
            case .qr: 0x8000
            case .aa: 0x0400
            case .tc: 0x0200
            case .rd: 0x0100
            case .ra: 0x0080
            case .z: 0x0040
            case .ad: 0x0020
            case .cd: 0x0010
            }
        }
    }

    static func message(_ map: YAMLMap) throws(YAMLDiagnostic) -> MessageTemplate {
        var message = MessageTemplate()
        message.id = try map.number("id", UInt16.self)
        message.flags = try flags(map)
        message.answer = try map.string("answer") ?? ""
        message.authority = try map.string("authority") ?? ""
        message.additional = try map.string("additional") ?? ""
        message.edns = try map["edns"].map(edns)
        message.questionCount = try map.number("qdcount", UInt16.self)
        message.answerCount = try map.number("ancount", UInt16.self)
        message.authorityCount = try map.number("nscount", UInt16.self)
        message.additionalCount = try map.number("arcount", UInt16.self)
        message.trailing = try map.string("trailing") ?? ""
        message.cut = try map.integer("cut", in: 0...65535)
        message.raw = try map.string("raw")
        if let list = map["questions"] {
            for item in try list.list() {
                let question = try item.map("a question", keys: ["name", "wire", "type", "class"])
                message.questions.append(try self.question(question))
            }
        } else if message.raw == nil {
            message.questions = [try question(map)]
        }
        return message
    }

    private static func question(_ map: YAMLMap) throws(YAMLDiagnostic) -> MessageTemplate.QuestionTemplate {
        let wire = try map.string("wire")
        let name = try map.string("name")
        guard wire != nil || name != nil else {
            throw map.tree.diagnostic("'name' is missing here; a query without a question says 'questions: []'")
        }
        return MessageTemplate.QuestionTemplate(
            name: name ?? ".",
            wire: wire,
            type: try map.string("type") ?? "A",
            class: try map.string("class") ?? "IN"
        )
    }

    private static func flags(_ map: YAMLMap) throws(YAMLDiagnostic) -> UInt16 {
        var flags: UInt16 = 0x0100
        if let tree = map["flags"] {
            if tree.isList {
                flags = 0
                for item in try tree.list() { flags |= try item.choice(of: Flag.self).bit }
            } else {
                flags = try tree.number(UInt16.self)
            }
        }
        if let opcode = try map.integer("opcode", in: 0...15) { flags = flags & 0x87FF | UInt16(opcode) << 11 }
        if let rcode = try map.integer("rcode", in: 0...15) { flags = flags & 0xFFF0 | UInt16(rcode) }
        return flags
    }

    private static func edns(_ tree: YAMLTree) throws(YAMLDiagnostic) -> MessageTemplate.EDNSTemplate {
        let map = try tree.map(
            "edns",
            keys: ["size", "version", "extended_rcode", "flags", "do", "options", "owner", "rdlength", "pad_to"]
        )
        var edns = MessageTemplate.EDNSTemplate()
        edns.size = try map.number("size", UInt16.self) ?? edns.size
        edns.version = try map.number("version", UInt8.self) ?? 0
        edns.extendedRCode = try map.number("extended_rcode", UInt8.self) ?? 0
        edns.flags = try map.number("flags", UInt16.self) ?? 0
        if try map.boolean("do") ?? false { edns.flags |= 0x8000 }
        edns.owner = try map.string("owner") ?? edns.owner
        edns.dataLength = try map.number("rdlength", UInt16.self)
        edns.padding = try map.integer("pad_to", in: 0...65535)
        for item in try map["options"]?.list() ?? [] {
            let option = try item.map("an EDNS option", keys: ["code", "data"])
            edns.options.append(
                MessageTemplate.EDNSTemplate.Option(
                    code: try option.required("code").number(UInt16.self),
                    data: try option.string("data") ?? ""
                )
            )
        }
        return edns
    }
}
