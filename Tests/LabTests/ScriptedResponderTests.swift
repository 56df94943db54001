import DNSWire
import Lab
import Testing

@Suite("A scripted name is answered as it says")
struct ScriptedResponderTests {
    private func responder() -> ScriptedResponder {
        ScriptedResponder(cluster: KubernetesZone(services: 20, seed: 1))
    }

    /// Asks one question and decodes the one message that must come back.
    private func ask(
        _ name: String,
        _ type: RecordType = .a,
        over transport: DNSTransport = .udp,
        edns: EDNS? = nil,
        of responder: inout ScriptedResponder
    ) throws -> Message {
        let query = Message.query(id: 0x1234, name: try DNSName(name), type: type, edns: edns)
        let reply = responder.reply(to: try query.encode(), over: transport)
        guard case .send(let messages) = reply.act else { throw Unanswered() }
        return try Message(decoding: try #require(messages.first))
    }

    private struct Unanswered: Error {}

    @Test("the first record carries transport and count, and the count grows by one a query")
    func witness() throws {
        var responder = responder()
        for count in 1...3 {
            let answer = try ask("a.script.cluster.local", over: .tcp, of: &responder)
            guard case .a(let address) = answer.answers[0].data else { throw Unanswered() }
            #expect(Witness(address: address) == Witness(transport: .tcp, count: UInt8(count)))
            #expect(answer.answers[0].ttl == 30)
        }
        let answer = try ask("a.script.cluster.local", .aaaa, of: &responder)
        guard case .aaaa(let address) = answer.answers[0].data else { throw Unanswered() }
        #expect(Witness(address: address) == Witness(transport: .udp, count: 1))
    }

    @Test("TXT shows transport, count, OPT and the name as received")
    func textWitness() throws {
        var responder = responder()
        var edns = EDNS(udpPayloadSize: 1232)
        edns.dnssecOK = true
        let answer = try ask("AbC.script.example.com", .txt, edns: edns, of: &responder)
        let expected = ["transport=udp", "count=1", "opt=size:1232,do:1", "qname-case=AbC.script.example.com."]
        #expect(answer.answers.map(\.data) == [.txt(expected.map { Array($0.utf8) })])
        #expect(answer.flags.recursionAvailable && !answer.flags.isAuthoritative)
        let options = [EDNSOption(code: 10, data: [1]), EDNSOption(code: 100, data: [])]
        let optioned = try ask("b.script.example.com", .txt, edns: EDNS(options: options), of: &responder)
        guard case .txt(let strings) = optioned.answers[0].data else { throw Unanswered() }
        #expect(strings.contains(Array("opt=size:1232,do:0,options:10/100".utf8)))
    }

    @Test("ecs returns the client subnet with its whole prefix as the scope")
    func clientSubnet() throws {
        var responder = responder()
        // family 1, source prefix 24, scope 0, 192.0.2
        let asked = EDNS(options: [EDNSOption(code: 8, data: [0, 1, 24, 0, 192, 0, 2])])
        let scoped = try ask("n.ecs.script.cluster.local", edns: asked, of: &responder)
        #expect(scoped.edns?.options == [EDNSOption(code: 8, data: [0, 1, 24, 24, 192, 0, 2])])
        #expect(try ask("n.script.cluster.local", edns: asked, of: &responder).edns?.options == [])
        #expect(try ask("n.ecs.script.cluster.local", edns: EDNS(), of: &responder).edns?.options == [])
    }

    @Test(
        "a label that is no directive is refused",
        arguments: [
            "counter-3", "ttl", "ttl-", "ttl-x", "rcode-nope", "stall-5", "count--1", "silently", "truncated-bytes-",
        ]
    )
    func unknownDirective(_ label: String) throws {
        var responder = responder()
        #expect(try ask("n.\(label).script.example.com", of: &responder).rcode == .refused)
    }

    @Test("count, TTLs and the SOA of denials are as asked")
    func shapes() throws {
        var responder = responder()
        let many = try ask("n.count-3.ttl-300-12.script.example.com", of: &responder)
        #expect(many.answers.map(\.ttl) == [300, 12, 300])
        #expect(Set(many.answers.map(\.data)).count == 3)
        let denied = try ask("n.rcode-nxdomain.soattl-3600.soamin-10.script.test", of: &responder)
        #expect(denied.rcode == .nxDomain && denied.authorities.map(\.ttl) == [3_600])
        let empty = try ask("n.nodata.nosoa.script.test", of: &responder)
        #expect(empty.rcode == .noError && empty.answers.isEmpty && empty.authorities.isEmpty)
        let failed = try ask("n.rcode-servfail.script.cluster.local", of: &responder)
        #expect(failed.rcode == .servFail && failed.authorities.isEmpty)
        let alias = try ask("n.cname-300.ttl-20.script.example.com", of: &responder)
        #expect(alias.answers.map(\.type) == [.cname, .a] && alias.answers.map(\.ttl) == [300, 20])
        let target = try ask("n.x-target.ttl-20.script.example.com", of: &responder)
        #expect(alias.answers[1].name == target.questions[0].name && target.answers.map(\.ttl) == [20])
        let hanging = try ask("n.cname.rcode-nxdomain.script.example.com", of: &responder)
        #expect(hanging.answers.map(\.type) == [.cname] && hanging.authorities.map(\.type) == [.soa])
    }

    @Test("first and after bound the other directives to some of the askings")
    func windows() throws {
        var responder = responder()
        let codes = try (0..<4).map { _ in try ask("n.first-2.rcode-servfail.script.test", of: &responder).rcode }
        #expect(codes == [.servFail, .servFail, .noError, .noError])
        let later = try (0..<3).map { _ in try ask("n.after-1.rcode-refused.script.test", of: &responder).rcode }
        #expect(later == [.noError, .refused, .refused])
    }

    @Test("withheld answers and stalls are acts, not messages")
    func acts() throws {
        var responder = responder()
        func act(_ label: String) throws -> ScriptedReply {
            let query = Message.query(id: 1, name: try DNSName("n.\(label).script.test"), type: .a)
            return responder.reply(to: try query.encode(), over: .tcp)
        }
        #expect(try act("silent").act == .nothing)
        guard case .sendAndClose(let last) = try act("hangup").act else { throw Unanswered() }
        #expect(try last.map { try Message(decoding: $0).answers.count } == [1])
        #expect(try act("reset").act == .reset)
        #expect(try act("close").act == .close)
        #expect(try act("stall-250ms").stallNanoseconds == 250_000_000)
        guard case .half(let whole) = try act("half").act else { throw Unanswered() }
        #expect(try Message(decoding: whole).answers.count == 1)
        guard case .send(let long) = try act("long-data").act, case .send(let more) = try act("more-records").act else {
            throw Unanswered()
        }
        #expect(throws: DecodeError.self) { try Message(decoding: long[0]) }
        #expect(throws: DecodeError.self) { try Message(decoding: more[0]) }
        guard case .send(let twice) = try act("duplicate").act else { throw Unanswered() }
        #expect(twice.count == 2)
        guard case .send(let cut) = try act("truncated-bytes-17").act else { throw Unanswered() }
        #expect(cut.map(\.count) == [17])
    }

    @Test("a set that does not fit 512 octets comes truncated over UDP and whole over TCP")
    func truncation() throws {
        var responder = responder()
        let udp = try ask("n.count-40.script.cluster.local", of: &responder)
        #expect(udp.flags.isTruncated && udp.answers.count < 40)
        let tcp = try ask("n.count-40.script.cluster.local", over: .tcp, of: &responder)
        #expect(!tcp.flags.isTruncated && tcp.answers.count == 40)
        let flagged = try ask("n.tcudp.script.cluster.local", of: &responder)
        #expect(flagged.flags.isTruncated && flagged.answers.isEmpty)
        #expect(try ask("n.tc.script.cluster.local", over: .tcp, of: &responder).flags.isTruncated)
    }

    @Test("a transfer comes over TCP in as many messages as asked, SOA first and last, and is refused over UDP")
    func transfer() throws {
        var responder = responder()
        let query = Message.query(id: 9, name: try DNSName("n.transfer-3.script.cluster.local"), type: .axfr)
        guard case .send(let messages) = responder.reply(to: try query.encode(), over: .tcp).act else {
            throw Unanswered()
        }
        let decoded = try messages.map { try Message(decoding: $0) }
        #expect(decoded.map { $0.answers.map(\.type) } == [[.soa], [.a], [.soa]])
        #expect(decoded.allSatisfy { $0.id == 9 && $0.questions == query.questions })
        #expect(try ask("n.transfer-3.script.cluster.local", .axfr, of: &responder).rcode == .refused)
        #expect(try ask("n.transfer-3.script.cluster.local", of: &responder).answers.count == 1)
    }

    @Test("plain names get the same answer each time, under the identifier that was asked")
    func plainNames() throws {
        var responder = responder()
        let name = try DNSName("kubernetes.default.svc.cluster.local")
        for id in [UInt16(7), 99, 65_535] {
            let query = Message.query(id: id, name: name, type: .a, edns: EDNS(udpPayloadSize: 1232))
            guard case .send(let messages) = responder.reply(to: try query.encode(), over: .udp).act else {
                throw Unanswered()
            }
            let answer = try Message(decoding: messages[0])
            #expect(answer.id == id && answer.flags.isAuthoritative && !answer.flags.recursionAvailable)
            #expect(answer.answers.count == 1 && answer.edns?.udpPayloadSize == 1_232)
        }
        let outside = try ask("www.example.com", of: &responder)
        #expect(!outside.answers.isEmpty && outside.flags.recursionAvailable && !outside.flags.isAuthoritative)
        let alias = try ask("external.lab.svc.cluster.local", of: &responder)
        #expect(alias.answers.first?.type == .cname && alias.answers.count > 1)
        #expect(try ask("no.such.name.invalid", of: &responder).rcode == .nxDomain)
    }

    @Test("headers that ask for something else than a query are answered as servers do")
    func oddHeaders() throws {
        var responder = responder()
        var query = Message.query(id: 5, name: try DNSName("www.example.com"), type: .a)
        query.flags.opcode = .status
        guard case .send(let notImp) = responder.reply(to: try query.encode(), over: .udp).act else {
            throw Unanswered()
        }
        #expect(try Message(decoding: notImp[0]).rcode == .notImp)
        query.flags = HeaderFlags(rawValue: 0x8100)
        #expect(responder.reply(to: try query.encode(), over: .udp).act == .nothing)
        let version = try ask("www.example.com", edns: EDNS(version: 1), of: &responder)
        #expect(version.rcode == .badVers && version.answers.isEmpty)
        #expect(responder.reply(to: [1, 2, 3], over: .udp).act == .nothing)
    }
}
