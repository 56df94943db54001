import DNSWire

/// The mind of the scripted servers: octets of a query in, what to do about it out; no I/O and no clock.
///
/// Plain names are answered from the generated data, scripted names (``ScriptZone``) as they say.
package struct ScriptedResponder {
    private let cluster: KubernetesZone?
    private let external: ExternalNames
    private let scripts: [ScriptZone]
    private var counter = WitnessCounter()
    /// Responses to plain queries by the query's octets behind the identifier: equal queries have equal responses.
    private var udpMemory: [ArraySlice<UInt8>: [UInt8]] = [:]
    private var tcpMemory: [ArraySlice<UInt8>: [UInt8]] = [:]

    /// Bound of each response memory, in entries.
    private static let memoryLimit = 60_000

    /// The cluster DNS: the cluster's zones, and everything else as its upstream would answer.
    package init(cluster: KubernetesZone) {
        self.cluster = cluster
        external = ExternalNames()
        scripts = ScriptZone.cluster + ScriptZone.external
    }

    /// The upstream of the `.` zone: external names alone.
    package init(external: ExternalNames) {
        cluster = nil
        self.external = external
        scripts = ScriptZone.external
    }

    /// Decides what to do about one query; `path` only ends up in TXT witnesses.
    package mutating func reply(
        to query: [UInt8],
        over transport: DNSTransport,
        path: QueryPath? = nil
    ) -> ScriptedReply {
        guard let header = MessageHeader.peek(query.span), !header.flags.isResponse else {
            return ScriptedReply(act: .nothing)
        }
        let key = query[2...]
        if var known = transport == .udp ? udpMemory[key] : tcpMemory[key] {
            known[0] = query[0]
            known[1] = query[1]
            return ScriptedReply(act: .send([known]))
        }
        guard header.flags.opcode == .query else { return send(Self.bare(header, .notImp), over: transport) }
        guard header.questionCount == 1, let message = Self.decodeLeniently(query), message.questions.count == 1 else {
            return send(Self.bare(header, .formErr), over: transport)
        }
        let question = message.questions[0]
        if let edns = message.edns, edns.version != 0 {
            return send(Self.refusal(message, .badVers), over: transport)
        }
        if question.type == .axfr || question.type == .ixfr {
            return transfer(message, question, over: transport)
                ?? send(Self.refusal(message, .refused), over: transport)
        }
        for zone in scripts {
            if let reply = scriptedReply(to: message, question, zone, over: transport, path) { return reply }
        }
        guard question.class == .in else { return send(Self.refusal(message, .refused), over: transport) }
        let encoded = Self.encode(plainResponse(to: message, question), answering: message, over: transport)
        remember(encoded, under: key, over: transport)
        return ScriptedReply(act: .send([encoded]))
    }

    private mutating func remember(_ response: [UInt8], under key: ArraySlice<UInt8>, over transport: DNSTransport) {
        // A copy of the key: a slice would keep the whole receive buffer alive.
        let key = ArraySlice(Array(key))
        if transport == .udp {
            if udpMemory.count >= Self.memoryLimit { udpMemory.removeAll() }
            udpMemory[key] = response
        } else {
            if tcpMemory.count >= Self.memoryLimit { tcpMemory.removeAll() }
            tcpMemory[key] = response
        }
    }

    private func plainResponse(to query: Message, _ question: Question) -> Message {
        var answer = cluster?.answer(question.name, question.type) ?? external.answer(question.name, question.type)
        chaseAlias(&answer, question)
        var response = query.emptyResponse(rcode: .noError)
        response.flags.isAuthoritative = answer.isAuthoritative
        response.flags.recursionAvailable = answer.recursionAvailable
        response.answers = answer.answers
        response.authorities = answer.authorities
        response.additionals = answer.additionals
        response.edns = query.edns.map(Self.echo)
        response.rcode = answer.rcode
        return response
    }

    /// Adds the target's addresses to the alias of an ExternalName Service, as CoreDNS asks its upstream for them.
    private func chaseAlias(_ answer: inout ZoneAnswer, _ question: Question) {
        guard question.type != .cname, answer.answers.count == 1, case .cname(let target) = answer.answers[0].data,
            cluster?.owns(question.name) == true
        else { return }
        let outside = external.answer(target, question.type)
        answer.answers += outside.answers
        if outside.answers.isEmpty { answer.authorities = outside.authorities }
    }

    private mutating func scriptedReply(
        to query: Message,
        _ question: Question,
        _ zone: ScriptZone,
        over transport: DNSTransport,
        _ path: QueryPath?
    ) -> ScriptedReply? {
        switch zone.read(question.name) {
        case .outside: return nil
        case .unknown:
            var response = Self.refusal(query, .refused)
            response.edns?.options = [EDNSOption(code: 15, data: [0, 0] + Array("unknown directive".utf8))]
            return send(response, over: transport)
        case .apex:
            var response = Self.refusal(query, .noError)
            response.flags.isAuthoritative = zone.isAuthoritative
            let authority = zone.startOfAuthority(ttl: zone.defaultTTL, minimum: zone.defaultTTL)
            if question.type == .soa { response.answers = [authority] } else { response.authorities = [authority] }
            return send(response, over: transport)
        case .directives(let directives):
            let asking = counter.count(question)
            let plan = ScriptPlan(directives, asking: asking, defaultTTL: zone.defaultTTL)
            let witness = Witness(transport: transport, count: UInt8(truncatingIfNeeded: asking), path: path)
            return reply(plan, query, question, zone, witness)
        }
    }

    private func reply(
        _ plan: ScriptPlan,
        _ query: Message,
        _ question: Question,
        _ zone: ScriptZone,
        _ witness: Witness
    ) -> ScriptedReply {
        if let withholding = plan.withholding, withholding != .half {
            let act: ScriptedReply.Act =
                switch withholding {
                case .silent, .half: .nothing
                case .reset: .reset
                case .close: .close
                }
            return ScriptedReply(act: act, stallNanoseconds: plan.stallNanoseconds)
        }
        var response = plan.response(to: query, question: question, zone: zone, witness: witness)
        if let overTCPToo = plan.truncation, overTCPToo || witness.transport == .udp {
            response.flags.isTruncated = true
            if !overTCPToo { response.answers = [] }
        }
        var encoded = Self.encode(response, answering: query, over: witness.transport)
        var copies = 1
        for damage in plan.damages {
            if damage == .duplicate { copies = 2 } else { damage.apply(to: &encoded, response: response) }
        }
        let messages = Array(repeating: encoded, count: copies)
        if plan.withholding == .half {
            return ScriptedReply(act: .half(encoded), stallNanoseconds: plan.stallNanoseconds)
        }
        return ScriptedReply(
            act: plan.hangsUp && witness.transport == .tcp ? .sendAndClose(messages) : .send(messages),
            stallNanoseconds: plan.stallNanoseconds
        )
    }

    /// The transfer that a scripted name asks for: one record a message, all under the query's identifier.
    private func transfer(_ query: Message, _ question: Question, over transport: DNSTransport) -> ScriptedReply? {
        guard transport == .tcp, question.type == .axfr else { return nil }
        for zone in scripts {
            guard case .directives(let directives) = zone.read(question.name) else { continue }
            for case .transfer(let count) in directives {
                let authority = zone.startOfAuthority(ttl: zone.defaultTTL, minimum: zone.defaultTTL)
                let messages = (0..<count).map { position in
                    var response = Self.refusal(query, .noError)
                    response.flags.isAuthoritative = true
                    let address = IPAddress.v4(0xC613_0000 | UInt32(position))
                    let host = ResourceRecord(name: question.name, type: .a, ttl: 30, data: .a(address))
                    response.answers = [position == 0 || position == count - 1 ? authority : host]
                    return Self.encode(response, answering: query, over: transport)
                }
                return ScriptedReply(act: .send(messages))
            }
        }
        return nil
    }

    private func send(_ response: Message, over transport: DNSTransport) -> ScriptedReply {
        ScriptedReply(act: .send([Self.encode(response, answering: response, over: transport)]))
    }
}

extension ScriptedResponder {
    /// Encodes within what the client takes: its advertised size over UDP, at least 512 octets (RFC 6891 section 6.2.3).
    private static func encode(_ response: Message, answering query: Message, over transport: DNSTransport) -> [UInt8] {
        let limit = transport == .tcp ? 65_535 : max(512, Int(query.edns?.udpPayloadSize ?? 512))
        if let encoded = try? response.encodeTruncating(to: limit) { return encoded }
        let header = MessageHeader(id: response.id, flags: response.flags)
        return (try? bare(header, .servFail).encode()) ?? []
    }

    /// A response that is a header and nothing else.
    private static func bare(_ header: MessageHeader, _ rcode: RCode) -> Message {
        var query = Message(id: header.id, flags: header.flags)
        query.questions = []
        return query.emptyResponse(rcode: rcode)
    }

    /// An empty response that keeps the question and answers an OPT record with one.
    private static func refusal(_ query: Message, _ rcode: RCode) -> Message {
        var response = query.emptyResponse(rcode: .noError)
        response.edns = query.edns.map(echo)
        response.rcode = rcode
        return response
    }

    /// The OPT record that answers another: the client's size and DO, as CoreDNS sends it back.
    private static func echo(_ edns: EDNS) -> EDNS {
        var answer = EDNS(udpPayloadSize: max(512, edns.udpPayloadSize))
        answer.dnssecOK = edns.dnssecOK
        return answer
    }

    /// Decodes a query, and takes the bare question of one whose other sections are damaged, as CoreDNS does.
    private static func decodeLeniently(_ query: [UInt8]) -> Message? {
        if let message = try? Message(decoding: query, ignoringTrailingBytes: true) { return message }
        guard let end = QuestionView.end(of: query.span) else { return nil }
        var question = Array(query[..<end])
        for index in 6..<12 { question[index] = 0 }
        return try? Message(decoding: question)
    }
}
