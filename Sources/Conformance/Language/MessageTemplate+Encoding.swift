internal import DNSWire

/// A message that a template cannot give.
struct MessageTemplateError: Error, Sendable, CustomStringConvertible {
    let description: String
}

extension MessageTemplate {
    /// The octets of the message; `fill` fills the variables of a text.
    ///
    /// Counts default to what the sections hold: questions as listed, one additional record for EDNS, and none for
    /// section octets, whose count the check must state.
    func encode(
        id: UInt16,
        fill: (String) throws(TemplateError) -> String
    ) throws(MessageTemplateError) -> [UInt8] {
        let id = self.id ?? id
        if let raw {
            let text = try filled(raw) { (name) throws(TemplateError) in
                name == "id" ? WireText.hex([UInt8(id >> 8), UInt8(id & 0xFF)]) : try fill("{{\(name)}}")
            }
            return try cutOff(octets(text))
        }
        var builder = WireBuilder()
        builder.header(
            MessageHeader(
                id: id,
                flags: HeaderFlags(rawValue: flags),
                questionCount: questionCount ?? UInt16(questions.count),
                answerCount: answerCount ?? 0,
                authorityCount: authorityCount ?? 0,
                additionalCount: additionalCount ?? (edns == nil ? 0 : 1)
            )
        )
        for question in questions { try append(question, to: &builder, fill: fill) }
        for section in [answer, authority, additional] { builder.raw(try octets(fillText(section, fill))) }
        if let edns { try append(edns, to: &builder) }
        builder.raw(try octets(fillText(trailing, fill)))
        return cutOff(builder.bytes)
    }

    private func append(
        _ question: QuestionTemplate,
        to builder: inout WireBuilder,
        fill: (String) throws(TemplateError) -> String
    ) throws(MessageTemplateError) {
        if let wire = question.wire {
            builder.raw(try octets(fillText(wire, fill)))
        } else {
            let text = try fillText(question.name, fill)
            do throws(NameError) {
                builder.name(try DNSName(text))
            } catch {
                throw MessageTemplateError(description: "'\(text)' is no domain name: \(error)")
            }
        }
        let type = try fillText(question.type, fill)
        let `class` = try fillText(question.class, fill)
        guard let type = RecordType(mnemonic: type), let `class` = RecordClass(mnemonic: `class`) else {
            throw MessageTemplateError(description: "'\(`class`) \(type)' is no class and type")
        }
        builder.typeAndClass(type, `class`)
    }

    private func append(_ edns: EDNSTemplate, to builder: inout WireBuilder) throws(MessageTemplateError) {
        var data = WireBuilder()
        for option in edns.options {
            let octets = try octets(option.data)
            data.u16(option.code)
            data.u16(UInt16(truncatingIfNeeded: octets.count))
            data.raw(octets)
        }
        let owner = try octets(edns.owner)
        if let size = edns.padding {
            let rest = size - builder.bytes.count - owner.count - 10 - data.bytes.count - 4
            guard rest >= 0 else { throw MessageTemplateError(description: "no room for padding in \(size) octets") }
            data.u16(12)
            data.u16(UInt16(truncatingIfNeeded: rest))
            data.raw(Array(repeating: 0, count: rest))
        }
        builder.raw(owner)
        builder.u16(RecordType.opt.rawValue)
        builder.u16(edns.size)
        builder.u8(edns.extendedRCode)
        builder.u8(edns.version)
        builder.u16(edns.flags)
        builder.u16(edns.dataLength ?? UInt16(truncatingIfNeeded: data.bytes.count))
        builder.raw(data.bytes)
    }

    private func cutOff(_ octets: [UInt8]) -> [UInt8] { cut.map { Array(octets.prefix($0)) } ?? octets }

    private func octets(_ hex: String) throws(MessageTemplateError) -> [UInt8] {
        guard let octets = WireText.octets(hex) else {
            throw MessageTemplateError(description: "'\(hex)' is not hex of whole octets")
        }
        return octets
    }

    private func filled(
        _ text: String,
        resolve: (String) throws(TemplateError) -> String
    ) throws(MessageTemplateError) -> String {
        do throws(TemplateError) {
            return try Template.fill(text, resolve: resolve)
        } catch {
            throw MessageTemplateError(description: error.description)
        }
    }

    private func fillText(
        _ text: String,
        _ fill: (String) throws(TemplateError) -> String
    ) throws(MessageTemplateError) -> String {
        do throws(TemplateError) {
            return try fill(text)
        } catch {
            throw MessageTemplateError(description: error.description)
        }
    }

    /// The texts in which variables may stand.
    var templates: [String] {
        [answer, authority, additional, trailing, raw ?? ""]
            + questions.flatMap { [$0.name, $0.wire ?? "", $0.type, $0.class] }
    }
}
