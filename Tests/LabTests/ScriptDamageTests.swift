import DNSWire
import Testing

@testable import Lab

@Suite("A damaged answer is damaged in the way its name says, and in no other")
struct ScriptDamageTests {
    private func octets(_ labels: String) throws -> [UInt8] {
        var responder = ScriptedResponder(external: ExternalNames())
        let query = Message.query(id: 0xABCD, name: try DNSName("n.\(labels).script.test"), type: .a)
        guard case .send(let messages) = responder.reply(to: try query.encode(), over: .udp).act else { return [] }
        return messages.first ?? []
    }

    @Test("the identifier differs")
    func identifier() throws {
        let message = try Message(decoding: try octets("wrong-id"))
        #expect(message.id != 0xABCD && message.answers.count == 1)
    }

    @Test("the question differs in name, class, or is not there")
    func question() throws {
        let asked = try DNSName("n.wrong-question.script.test")
        #expect(try Message(decoding: try octets("wrong-question")).questions.map(\.name) != [asked])
        #expect(try Message(decoding: try octets("wrong-class")).questions.map(\.class) == [.ch])
        #expect(try Message(decoding: try octets("no-question")).questions.isEmpty)
    }

    @Test("the message is no response, too short, too long, or no message at all")
    func shape() throws {
        #expect(try Message(decoding: try octets("no-qr")).flags.isResponse == false)
        #expect(try octets("truncated-bytes-20").count == 20)
        #expect(throws: DecodeError.self) { try Message(decoding: try octets("trailing-bytes-4")) }
        #expect(try Message(decoding: try octets("trailing-bytes-4"), ignoringTrailingBytes: true).answers.count == 1)
        #expect(try octets("garbage-40").count == 40)
        #expect(throws: DecodeError.self) { try Message(decoding: try octets("loop-pointer")) }
    }

    @Test("header bits, OPT records and extended errors are forced")
    func forced() throws {
        #expect(try Message(decoding: try octets("z")).flags.z)
        #expect(try Message(decoding: try octets("ad.aa.nora")).flags.authenticData)
        #expect(try Message(decoding: try octets("aa")).flags.isAuthoritative)
        #expect(try !Message(decoding: try octets("nora")).flags.recursionAvailable)
        let extended = try Message(decoding: try octets("opt.rcode-23"))
        #expect(extended.rcode == .badCookie)
        #expect(try Message(decoding: try octets("opt.ede-15")).edns?.options.map(\.code) == [15])
    }

    @Test("a text answer has as many octets as its name says")
    func textSize() throws {
        let message = try Message(
            decoding: try {
                var responder = ScriptedResponder(external: ExternalNames())
                let query = Message.query(id: 1, name: try DNSName("n.txt-600.script.test"), type: .txt)
                guard case .send(let messages) = responder.reply(to: try query.encode(), over: .tcp).act else {
                    return []
                }
                return messages[0]
            }()
        )
        guard case .txt(let strings)? = message.answers.first?.data else {
            Issue.record("no text")
            return
        }
        #expect(strings.map(\.count) == [255, 255, 90])
    }

    @Test("external names: hosts have addresses, aliases a target, strangers the root's SOA")
    func externalNames() throws {
        let external = ExternalNames()
        #expect(ExternalNames.hostNames.count == 965 && Set(ExternalNames.hostNames).count == 965)
        for name in ExternalNames.hostNames {
            let answer = external.answer(name, .a)
            #expect(answer.rcode == .noError && answer.answers.contains { $0.type == .a }, "\(name)")
        }
        let alias = external.answer(try DNSName("CDN.example.com"), .a)
        #expect(alias.answers.first?.type == .cname)
        let stranger = external.answer(try DNSName("nobody.knows.invalid"), .a)
        #expect(stranger.rcode == .nxDomain && stranger.authorities.map(\.name) == [.root])
        let missing = external.answer(try DNSName("nobody.example.com"), .aaaa)
        #expect(missing.authorities.map(\.name.description) == ["example.com."])
        #expect(external.answer(.root, .ns).answers.count == 13)
    }
}
