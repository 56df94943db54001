import DNSWire

extension ScriptPlan {
    /// Composes the response to `query`, before any damage.
    func response(to query: Message, question: Question, zone: ScriptZone, witness: Witness) -> Message {
        var response = query.emptyResponse(rcode: .noError)
        response.flags.isAuthoritative = zone.isAuthoritative
        response.flags.recursionAvailable = zone.recursionAvailable
        if lowercasesQuestion { response.questions = [Question(name: question.name.lowercased, type: question.type)] }
        var owner = question.name
        if let aliasTTL {
            let target = Self.target(ofAlias: owner, in: zone)
            response.answers.append(
                ResourceRecord(
                    name: owner,
                    type: .cname,
                    class: question.class,
                    ttl: aliasTTL,
                    data: .cname(target)
                )
            )
            owner = target
        }
        if isDenial {
            // An error other than NXDOMAIN has no SOA by default: servers that fail do not deny.
            if hasSOA, rcode == .nxDomain || rcode == .noError {
                response.authorities = [zone.startOfAuthority(ttl: soaTTL, minimum: soaMinimum)]
            }
        } else if question.type != .cname || aliasTTL == nil {
            response.answers += records(owner: owner, question: question, query: query, witness: witness)
        }
        if hasOPT ?? (query.edns != nil) { response.edns = edns(answering: query.edns ?? EDNS()) }
        response.rcode = rcode
        if isSigned, query.edns?.dnssecOK == true, !isDenial {
            response.answers.append(signatureRecord(owner: owner, question: question))
        }
        for (bit, value) in bits { set(bit, value, in: &response.flags) }
        return response
    }

    /// The name that an alias leads to: `x.cname-300.ttl-20` leads to `x.x-target.ttl-20`.
    ///
    /// It keeps the other directives, so that a resolver that asks for it itself is told the same, and shares nothing with
    /// the targets of other names.
    private static func target(ofAlias name: DNSName, in zone: ScriptZone) -> DNSName {
        var labels: [[UInt8]] = []
        var hasTarget = false
        for label in name.labels {
            guard case .alias = ScriptDirective(label: String(decoding: label, as: UTF8.self)) else {
                labels.append(label)
                continue
            }
            if !hasTarget { labels.append(Array("x-target".utf8)) }
            hasTarget = true
        }
        return (try? DNSName(labels: labels)) ?? LabNames.name(["target"], under: zone.apex)
    }

    private func edns(answering asked: EDNS) -> EDNS {
        var edns = EDNS(udpPayloadSize: asked.udpPayloadSize)
        edns.dnssecOK = asked.dnssecOK
        if let extendedError {
            let octets = [UInt8(extendedError >> 8), UInt8(truncatingIfNeeded: extendedError)]
            edns.options.append(EDNSOption(code: 15, data: octets))
        }
        // RFC 7871 section 6: family, source prefix, scope prefix, address.
        if echoesClientSubnet, var subnet = asked.options.first(where: { $0.code == 8 }), subnet.data.count >= 4 {
            subnet.data[3] = subnet.data[2]
            edns.options.append(subnet)
        }
        return edns
    }

    private func set(_ bit: ScriptDirective.HeaderBit, _ value: Bool, in flags: inout HeaderFlags) {
        switch bit {
        case .authoritative: flags.isAuthoritative = value
        case .recursionAvailable: flags.recursionAvailable = value
        case .authenticData: flags.authenticData = value
        case .z: flags.z = value
        }
    }

    private func records(owner: DNSName, question: Question, query: Message, witness: Witness) -> [ResourceRecord] {
        (0..<count).map { position in
            // ANY is answered with one HINFO record (RFC 8482 section 4.2).
            let type = question.type == .any ? RecordType.hinfo : question.type
            return ResourceRecord(
                name: owner,
                type: type,
                class: question.class,
                ttl: ttl(at: position),
                data: data(type, position: position, query: query, witness: witness)
            )
        }
    }

    /// The data of one record; the first carries the witness, the others only differ.
    private func data(_ type: RecordType, position: Int, query: Message, witness: Witness) -> RData {
        let host = "t\(witness.transport.rawValue)-c\(witness.count)-\(position)"
        let target = LabNames.name([host, "witness"], under: LabNames.name("example.com"))
        switch type {
        case .a:
            return .a(position == 0 ? witness.addressV4 : .v4(0xC613_0000 | UInt32(position & 0xFFFF)))
        case .aaaa:
            return .aaaa(position == 0 ? witness.addressV6 : .v6(0x2001_0DB8_0001_0000, UInt64(position)))
        case .txt:
            if let textSize { return .txt(text(textSize)) }
            return .txt(position == 0 ? witness.strings(of: query) : [Array("record=\(position)".utf8)])
        case .ns: return .ns(target)
        case .cname: return .cname(target)
        case .ptr: return .ptr(target)
        case .mx: return .mx(preference: 10, exchange: target)
        case .srv: return .srv(priority: 0, weight: 100, port: 53, target: target)
        case .soa:
            return .soa(
                SOA(
                    mname: target,
                    rname: target,
                    serial: UInt32(witness.count),
                    refresh: 7_200,
                    retry: 1_800,
                    expire: 86_400,
                    minimum: soaMinimum
                )
            )
        case .hinfo: return .hinfo(cpu: Array("RFC8482".utf8), os: Array(host.utf8))
        // Twenty octets that count up, for types whose data nobody interprets (RFC 3597).
        default: return .opaque((0..<20).map { UInt8($0) })
        }
    }

    private func text(_ size: Int) -> [[UInt8]] {
        var rest = size
        var strings: [[UInt8]] = []
        while rest > 0 {
            strings.append(Array(repeating: 0x78, count: min(255, rest)))
            rest -= 255
        }
        return strings.isEmpty ? [[]] : strings
    }

    /// An RRSIG record that covers the answer; its signature is noise, nobody in the lab validates.
    private func signatureRecord(owner: DNSName, question: Question) -> ResourceRecord {
        var octets: [UInt8] = [UInt8(question.type.rawValue >> 8), UInt8(question.type.rawValue & 0xFF), 13, 3]
        octets += [0, 0, 1, 44]  // original TTL 300
        octets += [0x7F, 0xFF, 0xFF, 0xFF, 0x60, 0, 0, 0, 0x30, 0x39]  // expiration in 2038, inception in 2021, key tag
        octets += LabNames.name("example.com").wire
        octets += Array(repeating: 0xA5, count: 64)
        return ResourceRecord(
            name: owner,
            type: RecordType(rawValue: 46),
            class: question.class,
            ttl: ttl(at: 0),
            data: .opaque(octets)
        )
    }
}
