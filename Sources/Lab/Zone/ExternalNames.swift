package import DNSWire

/// The names outside the cluster: a small internet that never changes, as a recursive resolver shows it.
package struct ExternalNames: Sendable {
    /// Words that the generated domains are made of.
    private static let words = [
        "amber", "basin", "cedar", "delta", "ember", "fjord", "grove", "harbor", "inlet", "juniper", "kelp", "lagoon",
        "meadow", "nectar", "orchid", "prairie", "quartz", "ridge", "summit", "thicket", "umber", "valley", "willow",
        "zephyr",
    ]
    private static let tails = ["labs", "works", "cloud", "mart", "press", "media", "soft", "net"]
    private static let suffixes = ["com", "net", "org", "io"]
    private static let hosts = ["www", "api", "cdn", "mail", "static"]

    /// `example.com` and 192 generated domains.
    package static let domains: [DNSName] = {
        var names = [LabNames.name("example.com")]
        for (index, word) in words.enumerated() {
            for (offset, tail) in tails.enumerated() {
                names.append(LabNames.name("\(word)\(tail).\(suffixes[(index + offset) % suffixes.count])"))
            }
        }
        return names
    }()

    /// Every host name that has addresses, five a domain.
    package static let hostNames: [DNSName] = domains.flatMap { domain in
        hosts.map { LabNames.name([$0], under: domain) }
    }

    private let domainIndex: [DNSName: Int]
    private let hostIndex: [DNSName: Int]

    /// Builds the look-up tables.
    package init() {
        domainIndex = Dictionary(uniqueKeysWithValues: Self.domains.enumerated().map { ($1, $0) })
        hostIndex = Dictionary(uniqueKeysWithValues: Self.hostNames.enumerated().map { ($1, $0) })
    }

    /// Answers a question of class IN: AA=0 and RA=1, as a recursive resolver does.
    package func answer(_ name: DNSName, _ type: RecordType) -> ZoneAnswer {
        let folded = name.lowercased
        if let index = hostIndex[folded] { return hostAnswer(name, type, index: index) }
        if let index = domainIndex[folded] { return domainAnswer(name, type, index: index) }
        guard !folded.labels.isEmpty else { return rootAnswer(type) }
        return ZoneAnswer(
            rcode: .nxDomain,
            recursionAvailable: true,
            authorities: [startOfAuthority(above: folded)]
        )
    }

    /// The SOA record that denies `name`: that of the closest domain above it, of the reverse tree, or of the root.
    package func startOfAuthority(above name: DNSName) -> ResourceRecord {
        var ancestor: DNSName? = name
        while let candidate = ancestor, !candidate.labels.isEmpty {
            if domainIndex[candidate.lowercased] != nil { return authority(candidate, ttl: 900, minimum: 900) }
            ancestor = candidate.parent
        }
        // A cache drops a denial whose SOA lies above the zone that it forwarded for.
        for apex in [LabNames.name("in-addr.arpa"), LabNames.name("ip6.arpa")] where name.isSubdomain(of: apex) {
            return authority(apex, ttl: 86_400, minimum: 86_400)
        }
        return authority(.root, ttl: 86_400, minimum: 86_400)
    }

    private func authority(_ apex: DNSName, ttl: UInt32, minimum: UInt32) -> ResourceRecord {
        let isRoot = apex.labels.isEmpty
        let server = isRoot ? LabNames.name("a.root-servers.net") : LabNames.name(["ns1"], under: apex)
        let contact =
            isRoot ? LabNames.name("nstld.verisign-grs.com") : LabNames.name(["hostmaster"], under: apex)
        return ResourceRecord(
            name: apex,
            type: .soa,
            class: .in,
            ttl: ttl,
            data: .soa(
                SOA(
                    mname: server,
                    rname: contact,
                    serial: 2_026_010_100,
                    refresh: 1_800,
                    retry: 900,
                    expire: 604_800,
                    minimum: minimum
                )
            )
        )
    }

    private func noData(_ name: DNSName) -> ZoneAnswer {
        ZoneAnswer(recursionAvailable: true, authorities: [startOfAuthority(above: name)])
    }

    private func found(_ records: [ResourceRecord]) -> ZoneAnswer {
        ZoneAnswer(recursionAvailable: true, answers: records)
    }

    private func rootAnswer(_ type: RecordType) -> ZoneAnswer {
        guard type == .ns else { return noData(.root) }
        return found(
            "abcdefghijklm".map { letter in
                let server = LabNames.name("\(letter).root-servers.net")
                return ResourceRecord(name: .root, type: .ns, class: .in, ttl: 518_400, data: .ns(server))
            }
        )
    }

    private func domainAnswer(_ name: DNSName, _ type: RecordType, index: Int) -> ZoneAnswer {
        func record(_ data: RData, ttl: UInt32) -> ResourceRecord {
            ResourceRecord(name: name, type: type, class: .in, ttl: ttl, data: data)
        }
        switch type {
        case .a: return found(addresses(name, index * 8, family: .a))
        case .soa: return found([authority(name, ttl: 3_600, minimum: 900)])
        case .ns:
            return found(["ns1", "ns2"].map { record(.ns(LabNames.name([$0], under: name)), ttl: 86_400) })
        case .mx:
            return found([record(.mx(preference: 10, exchange: LabNames.name(["mail"], under: name)), ttl: 3_600)])
        case .txt: return found([record(.txt([Array("v=spf1 mx -all".utf8)]), ttl: 3_600)])
        default: return noData(name)
        }
    }

    private func hostAnswer(_ name: DNSName, _ type: RecordType, index: Int) -> ZoneAnswer {
        let domain = index / Self.hosts.count
        let host = index % Self.hosts.count
        let block = domain * 8 + 1 + host
        guard Self.hosts[host] == "cdn" else {
            guard type == .a || (type == .aaaa && host != 3) else { return noData(name) }
            return found(addresses(name, block, family: type))
        }
        // A content network: an alias into another domain, as much of the internet looks.
        let target = Self.hostNames[(domain + 1) % Self.domains.count * Self.hosts.count]
        let alias = ResourceRecord(name: name, type: .cname, class: .in, ttl: 300, data: .cname(target))
        guard type == .a || type == .aaaa else {
            return type == .cname ? found([alias]) : noData(name)
        }
        let targetBlock = (domain + 1) % Self.domains.count * 8 + 1
        return found([alias] + addresses(target, targetBlock, family: type))
    }

    /// One to three addresses of TEST-NET or documentation prefixes, the same for the same block.
    private func addresses(_ name: DNSName, _ block: Int, family: RecordType) -> [ResourceRecord] {
        let ttls: [UInt32] = [60, 300, 20, 3_600, 120]
        let ttl = ttls[block % ttls.count]
        return (0...block % 3).map { position in
            let host = UInt32(truncatingIfNeeded: block * 4 + position)
            // 198.51.0.0/16 holds TEST-NET-2; nothing routes there from a lab.
            let data: RData =
                family == .a ? .a(.v4(0xC633_0000 | host & 0xFFFF)) : .aaaa(.v6(0x2001_0DB8_0051_0000, UInt64(host)))
            return ResourceRecord(name: name, type: family, class: .in, ttl: ttl, data: data)
        }
    }
}
