import DNSWire

extension ScriptDirective.Damage {
    /// Spoils the octets of a finished message.
    func apply(to octets: inout [UInt8], response: Message) {
        guard octets.count >= MessageHeader.size else { return }
        switch self {
        case .cut(let count): octets = Array(octets.prefix(count))
        case .trailing(let count): octets += Array(repeating: 0, count: count)
        case .wrongID: octets[1] ^= 0x5A
        case .wrongQuestion:
            // One letter of the first label; the answer keeps the asked name unless it points at the question.
            if octets.count > 13, octets[12] > 0 { octets[13] = octets[13] == 0x71 ? 0x7A : 0x71 }
        case .wrongClass:
            var changed = response
            changed.questions = response.questions.map { Question(name: $0.name, type: $0.type, class: .ch) }
            changed.answers = response.answers.map {
                ResourceRecord(name: $0.name, type: $0.type, class: .ch, ttl: $0.ttl, data: .opaque([198, 18, 0, 0]))
            }
            octets = (try? changed.encode()) ?? octets
        case .noQuestion:
            var changed = response
            changed.questions = []
            octets = (try? changed.encode()) ?? octets
        case .notAResponse: octets[2] &= 0x7F
        case .garbage(let count):
            var random = LabRandom(seed: UInt64(octets[0]) << 8 | UInt64(octets[1]))
            octets = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        case .loopPointer:
            guard let end = QuestionView.end(of: octets.span), octets.count >= end + 2 else { return }
            octets[end] = 0xC0 | UInt8(end >> 8)
            octets[end + 1] = UInt8(end & 0xFF)
        case .longData:
            // A compressed owner, type, class and TTL stand before the length of the data.
            guard let end = QuestionView.end(of: octets.span), octets.count >= end + 12 else { return }
            octets[end + 10] = 0x7F
        case .moreRecords: octets[7] &+= 1
        case .duplicate: break
        }
    }
}
