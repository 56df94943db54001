import DNSWire
import LinuxNet
import NodeLocal
import Testing

@testable import Doctor

/// Facts of a node on which everything is as it should be; each test breaks one thing.
enum HealthyNode {
    static let cache = Endpoint(address: .v4(0xA9FE_140A), port: 53)
    static let clusterDNS = Endpoint(address: .v4(0x0A60_000A), port: 53)

    static func corefile() throws -> Corefile {
        let pillars = Pillars(clusterDNS: clusterDNS.address, upstreamServers: ["192.0.2.53"])
        return try Corefile.parse(pillars.replacing(in: Seed.corefile), file: Seed.file)
    }

    static func context() throws -> DoctorContext {
        DoctorContext(cache: cache, clusterDNS: clusterDNS, corefile: try corefile())
    }

    static func sample(
        udp: [SocketRow] = [listener(.udp, inode: 51239)],
        tcp: [SocketRow] = [listener(.tcp, inode: 51240), upstreamConnection],
        counters: String = ProcSnippets.snmp + ProcSnippets.netstat + ProcSnippets.snmp6
    ) -> NodeSample {
        var addresses = LocalAddressTable()
        addresses.add(text: ProcSnippets.fibTrie)
        var table = CounterTable()
        table.add(text: counters)
        let owner = SocketOwner(processID: 812, name: "node-cache")
        return NodeSample(
            clockOffsetNanoseconds: 1_700_000_000_000_000_000,
            clockSpreadNanoseconds: 200,
            localAddresses: .value(addresses),
            sockets: .value(udp + tcp),
            counters: .value(table),
            softnet: .value(softnet()),
            conntrack: .value(statistics()),
            portUse: [clusterDNS: PortUse(active: 3, timeWait: 40)],
            process: .value(process()),
            owners: [51239: owner, 51240: owner, 51800: owner]
        )
    }

    static func listener(
        _ transport: SocketRow.Transport,
        address: IPAddress = cache.address,
        inode: UInt64,
        drops: UInt64 = 17
    ) -> SocketRow {
        SocketRow(
            transport: transport,
            local: Endpoint(address: address, port: 53),
            remote: Endpoint(address: .v4(0), port: 0),
            state: transport == .udp ? .closed : .listen,
            receiveQueueBytes: 0,
            retransmits: 0,
            inode: inode,
            drops: transport == .udp ? drops : nil
        )
    }

    static func connection(
        _ transport: SocketRow.Transport,
        state: SocketRow.State = .established,
        retransmits: UInt32 = 0,
        inode: UInt64
    ) -> SocketRow {
        SocketRow(
            transport: transport,
            local: Endpoint(address: .v4(0xC0A8_0002), port: 40_000),
            remote: clusterDNS,
            state: state,
            receiveQueueBytes: 0,
            retransmits: retransmits,
            inode: inode,
            drops: nil
        )
    }

    static let upstreamConnection = connection(.tcp, inode: 51800)

    static func answers(_ questions: [ZoneQuestion], _ rcode: RCode) -> [ZoneAnswer] {
        questions.map {
            ZoneAnswer(question: $0, outcome: .answered(rcode, nanoseconds: 400_000, attempts: 1))
        }
    }

    static func metrics(
        version: String = "1.13.1",
        zones: [String] = ["cluster.local.", "in-addr.arpa.", "ip6.arpa.", "."]
    ) -> PageReading {
        var text = "coredns_build_info{goversion=\"go1.24\",revision=\"1\",version=\"\(version)\"} 1\n"
        for zone in zones {
            text += "coredns_dns_requests_total{family=\"1\",proto=\"udp\",server=\"dns://169.254.20.10:53\","
            text += "type=\"A\",view=\"\",zone=\"\(zone)\"} 5\n"
        }
        return .reply(HTTPReply(status: 200, text: text))
    }

    static func facts() throws -> NodeFacts {
        let context = try context()
        let known = ZoneQuestion.known(in: context)
        var facts = NodeFacts(context: context, before: sample())
        facts.between = sample()
        facts.after = sample()
        facts.cacheUDP = answers(known, .noError)
        facts.cacheTCP = answers(known, .noError)
        facts.misses = answers(ZoneQuestion.unknown(in: context, nonce: 7), .nxDomain)
        facts.clusterUDP = answers(known.filter(\.isOfCluster), .noError)
        facts.clusterTCP = answers(known.filter(\.isOfCluster), .noError)
        facts.clusterSoftware = .value("CoreDNS-1.11.3")
        facts.health = .reply(HTTPReply(status: 200, text: "OK"))
        facts.metrics = metrics()
        facts.settings = settings()
        facts.countersBefore = counters()
        facts.countersAfter = counters(after: [
            "coredns_proxy_conn_cache_hits_total": 20, "coredns_dns_responses_total": 100,
        ])
        facts.setupErrorsBefore = .value(0)
        facts.setupErrorsAfter = .value(0)
        facts.cacheFiles = CacheFiles(
            corefile: .value(CacheFiles.TextFile(path: "/etc/Corefile", text: context.corefile?.text ?? "")),
            resolver: .value(resolver("nameserver 192.0.2.53\n"))
        )
        facts.arguments = .value(
            CacheArguments(
                localAddresses: ["169.254.20.10"],
                upstreamService: "kube-dns-upstream",
                hasUpstreamAddress: true
            )
        )
        facts.kubelet = .value(KubeletReading(source: "config.yaml", clusterDNS: ["169.254.20.10"]))
        facts.podResolvers = .value(pods(ofCache: 12, ofCluster: 0))
        facts.look = LookReading(capabilities: Set(Capability.allCases))
        facts.isHostNamespace = .value(true)
        facts.proxyMode = .reply(HTTPReply(status: 200, text: "ipvs"))
        facts.conntrack = ConntrackReading(
            count: .value(900),
            maximum: .value(262_144),
            table: .value(tracked(from: "192.168.0.2"))
        )
        return facts
    }
}
