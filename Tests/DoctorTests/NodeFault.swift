import DNSWire
import NodeLocal

@testable import Doctor

/// One thing wrong with a node, and the finding that must tell it.
struct NodeFault: Sendable, CustomStringConvertible {
    let description: String
    let id: FindingID
    let status: FindingStatus
    /// Findings that have nothing to read any more.
    let silenced: Set<FindingID>
    let apply: @Sendable (inout NodeFacts) -> Void

    init(
        _ description: String,
        _ id: FindingID,
        _ status: FindingStatus = .fail,
        silencing silenced: Set<FindingID> = [],
        apply: @escaping @Sendable (inout NodeFacts) -> Void
    ) {
        self.description = description
        self.id = id
        self.status = status
        self.silenced = silenced
        self.apply = apply
    }

    static let all =
        listeners + answers + pages + upstream + counters + conntrack + settings + process + metrics + clients

    private static let wildcard = HealthyNode.listener(.udp, address: .v4(0), inode: 900)

    private static let listeners = [
        NodeFault("the address is gone", .cacheAddress) { $0.after?.localAddresses = .value(LocalAddressTable()) },
        NodeFault("the address cannot be read", .cacheAddress, .skip) {
            $0.after?.localAddresses = .unreadable("fib_trie: Permission denied")
        },
        NodeFault("TCP has no listener", .cacheListeners) {
            $0.after?.sockets = .value([HealthyNode.listener(.udp, inode: 51239), HealthyNode.upstreamConnection])
        },
        NodeFault("two processes share the address", .cacheListeners) {
            $0.after?.owners[51240] = SocketOwner(processID: 4, name: "dnsmasq")
            $0.before.owners[51240] = nil
            $0.between?.owners[51240] = nil
        },
        NodeFault("a stub resolver listens on all addresses", .foreignListener) {
            $0.after = HealthyNode.sample(udp: [HealthyNode.listener(.udp, inode: 51239), wildcard])
            $0.after?.owners[900] = SocketOwner(processID: 77, name: "dnsmasq")
        },
        NodeFault("somebody unseen listens on all IPv4 addresses", .foreignListener) {
            let row = HealthyNode.listener(.tcp, address: .v4(0), inode: 901)
            let tcp = [HealthyNode.listener(.tcp, inode: 51240), HealthyNode.upstreamConnection, row]
            $0.after = HealthyNode.sample(tcp: tcp)
        },
        NodeFault("somebody listens on all IPv6 addresses", .foreignListener, .inconclusive) {
            let row = HealthyNode.listener(.tcp, address: .v6(0, 0), inode: 901)
            let tcp = [HealthyNode.listener(.tcp, inode: 51240), HealthyNode.upstreamConnection, row]
            $0.after = HealthyNode.sample(tcp: tcp)
        },
    ]

    private static let answers = [
        NodeFault("the cluster DNS is dnsmasq behind force_tcp", .clusterSoftware, .inconclusive) {
            $0.clusterSoftware = .value("dnsmasq-2.90")
        },
        NodeFault("the cluster DNS does not say what it is", .clusterSoftware, .skip) {
            $0.clusterSoftware = .unreadable("it does not say what it is: REFUSED")
        },
        NodeFault("the cache is silent over UDP", .cacheAnswersUDP) {
            $0.cacheUDP = $0.cacheUDP.map { ZoneAnswer(question: $0.question, outcome: .silent(attempts: 2)) }
        },
        NodeFault("the cache refuses TCP", .cacheAnswersTCP) {
            $0.cacheTCP[2] = ZoneAnswer(question: $0.cacheTCP[2].question, outcome: .failed("connection refused"))
        },
        NodeFault("one zone fails with SERVFAIL", .cacheAnswersUDP) {
            $0.cacheUDP[3] = HealthyNode.answers([$0.cacheUDP[3].question], .servFail)[0]
        },
        NodeFault("the API's Service is unknown", .cacheAnswersUDP) {
            $0.cacheUDP[0] = HealthyNode.answers([$0.cacheUDP[0].question], .nxDomain)[0]
        },
        NodeFault("the cache holds its answers back", .cacheLatency) {
            for path in [\NodeFacts.cacheUDP, \NodeFacts.cacheTCP] {
                $0[keyPath: path] = $0[keyPath: path].map {
                    ZoneAnswer(
                        question: $0.question,
                        outcome: .answered(.noError, nanoseconds: 51_000_000, attempts: 1)
                    )
                }
            }
        },
        NodeFault("names not held are not fetched", .cacheMisses) {
            $0.misses[1] = HealthyNode.answers([$0.misses[1].question], .servFail)[0]
        },
        NodeFault("the cluster DNS is silent over UDP", .clusterAnswersUDP) {
            $0.clusterUDP[0] = ZoneAnswer(question: $0.clusterUDP[0].question, outcome: .silent(attempts: 2))
        },
        NodeFault("TCP to the cluster DNS is blocked", .clusterAnswersTCP) {
            $0.clusterTCP[0] = ZoneAnswer(question: $0.clusterTCP[0].question, outcome: .silent(attempts: 1))
        },
    ]

    private static let pages = [
        NodeFault("health is unreachable", .health) { $0.health = .unreachable("connection refused") },
        NodeFault("health says 503", .health) { $0.health = .reply(HTTPReply(status: 503)) },
        NodeFault("the metrics are another program's", .metrics, silencing: [.coreDNSVersion]) {
            $0.metrics = .reply(
                HTTPReply(
                    status: 200,
                    text:
                        "coredns_x{server=\"dns://169.254.20.10:53\",zones=\"cluster.local.,in-addr.arpa.,ip6.arpa.,.\"} 1"
                )
            )
        },
        NodeFault("a zone of the Corefile is not served", .corefileInForce) {
            $0.metrics = HealthyNode.metrics(zones: ["cluster.local.", "in-addr.arpa.", "."])
        },
        NodeFault("a zone is served that the Corefile lacks", .corefileInForce) {
            $0.metrics = HealthyNode.metrics(zones: ["cluster.local.", "in-addr.arpa.", "ip6.arpa.", ".", "corp.test."])
        },
        NodeFault("no metric names a zone", .corefileInForce, .inconclusive) {
            $0.metrics = HealthyNode.metrics(zones: [])
        },
    ]

    private static let upstream = [
        NodeFault("the cache asks the cluster DNS over UDP", .upstreamUDPSockets) {
            let udp = [HealthyNode.listener(.udp, inode: 51239), HealthyNode.connection(.udp, inode: 51800)]
            $0.between = HealthyNode.sample(udp: udp)
        },
        NodeFault("somebody unseen asks the cluster DNS over UDP", .upstreamUDPSockets, .inconclusive) {
            let udp = [HealthyNode.listener(.udp, inode: 51239), HealthyNode.connection(.udp, inode: 6)]
            $0.between = HealthyNode.sample(udp: udp)
        },
        NodeFault("an old cache checks health over UDP", .upstreamUDPSockets, .inconclusive) {
            let udp = [HealthyNode.listener(.udp, inode: 51239), HealthyNode.connection(.udp, inode: 51800)]
            $0.between = HealthyNode.sample(udp: udp)
            $0.metrics = HealthyNode.metrics(version: "1.7.0")
        },
        NodeFault("the cache asked nobody", .upstreamUDPSockets, .inconclusive, silencing: [.upstreamConnections]) {
            let idle = HealthyNode.sample(tcp: [HealthyNode.listener(.tcp, inode: 51240)])
            ($0.before, $0.between, $0.after) = (idle, idle, idle)
        },
    ]

    private static let counters = [
        NodeFault("the cache's socket drops", .socketDrops) {
            $0.after = HealthyNode.sample(udp: [HealthyNode.listener(.udp, inode: 51239, drops: 18)])
        },
        NodeFault("the cache's socket is a new one", .socketDrops, .inconclusive) {
            $0.before = HealthyNode.sample(udp: [HealthyNode.listener(.udp, inode: 40000)])
        },
        NodeFault("UDP buffers overflow", .udpCounters) {
            $0.after = HealthyNode.sample(
                counters: "Udp: InErrors RcvbufErrors MemErrors\nUdp: 196 199 0\n" + ProcSnippets.netstat
            )
        },
        NodeFault("UDP counters went back", .udpCounters, .inconclusive) {
            $0.after = HealthyNode.sample(
                counters: "Udp: InErrors RcvbufErrors MemErrors\nUdp: 1 1 0\n" + ProcSnippets.netstat
            )
        },
        NodeFault("a listen queue overflows", .tcpListenCounters) {
            $0.after = HealthyNode.sample(
                counters: ProcSnippets.snmp
                    + "TcpExt: ListenOverflows ListenDrops TCPSynRetrans IPReversePathFilter\nTcpExt: 5 8 31 2\n"
            )
        },
        NodeFault("SYNs to the cluster DNS are lost", .tcpSynRetransmits) {
            let lost = HealthyNode.connection(.tcp, state: .synSent, retransmits: 2, inode: 51801)
            let tcp = [HealthyNode.listener(.tcp, inode: 51240), HealthyNode.upstreamConnection, lost]
            $0.after = HealthyNode.sample(
                tcp: tcp,
                counters: ProcSnippets.snmp
                    + "TcpExt: ListenOverflows ListenDrops TCPSynRetrans IPReversePathFilter\nTcpExt: 4 7 33 2\n"
            )
        },
        NodeFault("somebody's SYNs are lost", .tcpSynRetransmits, .inconclusive) {
            $0.after = HealthyNode.sample(
                counters: ProcSnippets.snmp
                    + "TcpExt: ListenOverflows ListenDrops TCPSynRetrans IPReversePathFilter\nTcpExt: 4 7 33 2\n"
            )
        },
        NodeFault("the clock was set", .clockStep) { $0.after?.clockOffsetNanoseconds -= 3_000_000 },
        NodeFault("the clock was read badly", .clockStep, .inconclusive) {
            $0.after?.clockSpreadNanoseconds = 2_000_000
        },
    ]

    private static let conntrack = [
        NodeFault("the table is nearly full", .conntrackFill) { $0.conntrack?.count = .value(200_000) },
        NodeFault("the module is not loaded", .conntrackFill, .skip) {
            $0.conntrack?.maximum = .unreadable("nf_conntrack_max: No such file or directory")
        },
        NodeFault("queries are tracked", .conntrackEntries) {
            var table = ConntrackTable(destination: HealthyNode.cache)
            table.add(text: ProcSnippets.conntrack)
            $0.conntrack?.table = .value(table)
        },
        NodeFault("the entries cannot be listed", .conntrackEntries, .skip) {
            $0.conntrack?.table = .unreadable("nf_conntrack: Permission denied")
        },
        NodeFault("a pod's entry leads to the cluster DNS", .cacheBypass) {
            $0.conntrack?.table = .value(HealthyNode.tracked(from: "10.244.1.5"))
        },
        NodeFault("a pod's connection leads to the cluster DNS through IPVS", .cacheBypass) {
            $0.settings?.ipvs.connections = .value(HealthyNode.connections(from: "0AF40105"))
        },
        NodeFault("a run of which the look is a part asks the cluster DNS", .cacheBypass, .inconclusive) {
            $0.context.isPartOfRun = true
            $0.conntrack?.table = .value(HealthyNode.tracked(from: "10.244.1.5"))
        },
        NodeFault("more addresses than can be told apart, none of them a pod's", .cacheBypass, .inconclusive) {
            $0.conntrack?.table = .value(HealthyNode.trackedFromManyLocalAddresses())
        },
        NodeFault(
            "neither connection tracking nor IPVS can be read",
            .cacheBypass,
            .skip,
            silencing: [.conntrackEntries, .ipvsConnections]
        ) {
            $0.conntrack?.table = .unreadable("nf_conntrack: Permission denied")
            $0.settings?.ipvs.connections = .unreadable("ip_vs_conn: Permission denied")
        },
    ]
}
