import DNSWire

/// What an answer consists of before the client's size and EDNS are looked at.
struct AnswerParts: Sendable {
    /// The second 16 bits of the header; the low four bits are overwritten from `rcode`.
    var flags: UInt16
    var rcode: UInt16
    var question: [UInt8]
    var body: AnswerBody
    /// TTL written into all records.
    var ttl: UInt32
}

/// Turns the parts of an answer into octets that fit the client (ScrubWriter and Truncate of CoreDNS and miekg/dns).
struct AnswerWriter: Sendable {
    let rules: AnswerRules

    /// The octets for the client, or nil when the answer cannot be expressed to it.
    func octets(_ parts: AnswerParts, to query: ClientQuery) -> [UInt8]? {
        var parts = parts
        parts.flags |= query.flags & rules.echoedFlags
        if rules.halvesTTL { parts.ttl /= 2 }
        if rules.clearsOpcode { parts.flags &= ~0x7800 }
        if rules.setsRD { parts.flags |= 0x0100 }
        if rules.clearsRD { parts.flags &= ~0x0100 }
        if rules.clearsCD { parts.flags &= ~0x0010 }
        if rules.clearsAD { parts.flags &= ~0x0020 }
        if rules.clearsRA { parts.flags &= ~0x0080 }
        if rules.setsZ { parts.flags |= 0x0040 }
        if !rules.isResponse { parts.flags &= 0x7FFF }
        if rules.foldsCase, parts.question.count > 4 {
            parts.question = WireName.lowercased(Array(parts.question.dropLast(4))) + parts.question.suffix(4)
        }
        if rules.masksOddOctets, parts.question.count > 4 {
            parts.question = WireName.masked(Array(parts.question.dropLast(4))) + parts.question.suffix(4)
        }
        if rules.echoesClassIN, parts.question.count > 4 { parts.question = parts.question.dropLast(2) + [0, 1] }
        if !rules.keepsExtendedRCode { parts.rcode &= 0xF }
        var opt = optRecord(for: query, rcode: parts.rcode)
        if parts.rcode > 15, opt.isEmpty {
            // An extended rcode has nowhere to go without OPT, and miekg/dns then fails to pack the message.
            guard rules.failsUnspeakableRCodes else { return nil }
            parts.rcode = 2
            parts.body = .empty
            opt = []
        }
        let id = query.id &+ rules.addsToID
        let whole = Self.assemble(id: id, parts, opt: opt, dropsQuestion: rules.dropsQuestion)
        let size = rules.cutsTCP ? max(512, Int(query.opt?.payloadSize ?? 512)) : query.answerLimit
        let ceiling = query.transport == .udp ? rules.largestDatagram ?? size : size
        let limit = min(size, ceiling) - rules.spareOctets
        if rules.obeysSmallSize, query.transport == .udp, let size = query.opt?.payloadSize, whole.count > size,
            size < 512
        {
            parts.flags |= 0x0200
            parts.body = .empty
            return Self.assemble(id: id, parts, opt: opt, dropsQuestion: rules.dropsQuestion)
        }
        if !rules.triesCompression, whole.count > limit {
            parts.flags |= 0x0200
            parts.body = .empty
            return Self.assemble(id: id, parts, opt: opt, dropsQuestion: rules.dropsQuestion)
        }
        let fragmentLimit = query.isIPv6 ? 1220 : 1480
        let wantsCompression = whole.count > limit || (query.transport == .udp && whole.count > fragmentLimit)
        guard wantsCompression, rules.oversize != .sendWhole else { return whole }
        guard let answer = Self.compressed(whole, limit: limit, flag: rules.oversize == .cutAndFlag) else {
            return whole
        }
        return misleading(answer)
    }

    /// The answer with its pointers where the rules have them lead.
    private func misleading(_ answer: [UInt8]) -> [UInt8] {
        guard rules.pointers != .backward, let pointers = NamePointers(answer.span)?.all else { return answer }
        var answer = answer
        func lead(_ pointer: NamePointers.Pointer, to target: Int) {
            answer.replaceSubrange(pointer.place..<pointer.place + 2, with: (0xC000 | UInt16(target & 0x3FFF)).octets)
        }
        if rules.pointers == .forward {
            if pointers.count > 1 { lead(pointers[0], to: pointers[1].name) }
        } else {
            for pointer in pointers { lead(pointer, to: pointer.target + 1) }
        }
        return answer
    }

    /// The OPT record of the answer, or nothing.
    private func optRecord(for query: ClientQuery, rcode: UInt16) -> [UInt8] {
        let asked = query.opt
        switch rules.opt {
        case .never: return []
        case .mirrorsQuery where asked == nil: return []
        case .mirrorsQuery, .always: break
        }
        var size = rules.ownPayloadSize ?? asked?.payloadSize ?? 1232
        if rules.changesPayloadSize { size ^= 16 }
        let flags = (asked?.flags ?? 0) & rules.optFlagMask | rules.addedOPTFlags
        var data: [UInt8] = []
        for option in asked?.options ?? [] where isEchoed(option.code) {
            data += option.code.octets + UInt16(option.data.count).octets + option.data
        }
        return Self.optRecord(size: size, extendedRCode: UInt8(rcode >> 4), flags: flags, data: data)
    }

    private func isEchoed(_ code: UInt16) -> Bool {
        switch code {
        case 3, 9, 10, 11, 12: rules.echoesOptions
        case 8: rules.echoesClientSubnet
        case 64...: rules.echoesUnknownOptions
        default: false
        }
    }

    private static func optRecord(size: UInt16, extendedRCode: UInt8, flags: UInt16, data: [UInt8]) -> [UInt8] {
        [0, 0, 41] + size.octets + [extendedRCode, 0] + flags.octets + UInt16(data.count).octets + data
    }

    /// BADVERS, which CoreDNS sends before any zone is looked at (plugin/pkg/edns/edns.go).
    func badVersion(_ query: ClientQuery) -> [UInt8] {
        let keepsDO = rules.badVersionKeepsDO && query.dnssecOK
        var flags: UInt16 = keepsDO ? 0x8000 : 0
        if rules.badVersionEchoesFlags { flags |= query.opt?.flags ?? 0 }
        var data: [UInt8] = []
        for option in query.opt?.options ?? [] where rules.badVersionEchoesOptions {
            data += option.code.octets + UInt16(option.data.count).octets + option.data
        }
        let opt = Self.optRecord(size: rules.ownPayloadSize ?? 0, extendedRCode: 1, flags: flags, data: data)
        let parts = AnswerParts(
            flags: query.replyFlags(rules),
            rcode: 16,
            question: query.question,
            body: .empty,
            ttl: 0
        )
        return Self.assemble(id: query.id, parts, opt: opt, dropsQuestion: false)
    }

    /// The octets of an answer that refuses a message.
    func octets(_ error: MessageError) -> [UInt8] {
        let flags = rules.clearsOpcode ? error.flags & ~0x7800 : error.flags
        return error.id.octets + flags.octets + [0, error.question.isEmpty ? 0 : 1, 0, 0, 0, 0, 0, 0] + error.question
    }

    private static func assemble(id: UInt16, _ parts: AnswerParts, opt: [UInt8], dropsQuestion: Bool) -> [UInt8] {
        let hasQuestion = !parts.question.isEmpty && !dropsQuestion
        var octets: [UInt8] = []
        octets.reserveCapacity(12 + parts.question.count + parts.body.octets.count + opt.count)
        octets += id.octets
        octets += (parts.flags & 0xFFF0 | parts.rcode & 0xF).octets
        octets += [0, hasQuestion ? 1 : 0]
        octets += parts.body.counts[0].octets
        octets += parts.body.counts[1].octets
        octets += (parts.body.counts[2] + (opt.isEmpty ? 0 : 1)).octets
        if hasQuestion { octets += parts.question }
        octets += parts.body.octets(ttl: parts.ttl)
        octets += opt
        return octets
    }

    /// The same message compressed and, where it still does not fit, cut from its end.
    private static func compressed(_ whole: [UInt8], limit: Int, flag: Bool) -> [UInt8]? {
        guard let message = try? Message(decoding: whole) else { return nil }
        guard var octets = try? message.encodeTruncating(to: limit) else { return nil }
        if !flag, octets.count > 3, whole[2] & 0x02 == 0 { octets[2] &= ~0x02 }
        return octets
    }
}

extension ClientQuery {
    /// Header flags of an answer of our own: QR, the opcode, and RD and CD of a standard query (SetReply of miekg/dns).
    func replyFlags(_ rules: AnswerRules) -> UInt16 {
        let copied: UInt16 = opcode == 0 || rules.alwaysRecursionAvailable ? 0x0110 : 0
        return 0x8000 | flags & 0x7800 | flags & copied | (rules.alwaysRecursionAvailable ? 0x0080 : 0)
    }
}
