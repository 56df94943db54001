/// What a healthy node shows; sources are the failure modes of node-cache that its issue
/// tracker and CoreDNS's code document.
extension FindingID {
    /// What a healthy node shows.
    package var expected: String {
        switch self {
        case .cacheAddress: "the kernel's local table holds the address"
        case .cacheRoute: "a route of type local"
        case .cacheListeners: "one process holds the address and port, UDP and TCP"
        case .foreignListener: "no socket on 0.0.0.0:53 or [::]:53 besides the cache's own"
        case .cacheAnswersUDP, .cacheAnswersTCP: "an answer with NOERROR for each zone of the Corefile"
        case .cacheMisses: "NXDOMAIN or NOERROR for a name that nobody asked before, in each forwarded zone"
        case .clusterAnswersUDP, .clusterAnswersTCP: "an answer with NOERROR for each zone that is forwarded to it"
        case .health: "HTTP status 200 from /health"
        case .metrics: "HTTP status 200 from /metrics, Prometheus text with coredns_build_info"
        case .corefileInForce: "the metrics name the zones and the listener of the Corefile, and no other zone"
        case .upstreamUDPSockets: "TCP connections to it, and no UDP socket connected to it"
        case .socketDrops: "no datagram dropped while we looked"
        case .udpCounters: "RcvbufErrors, MemErrors and InErrors stand still"
        case .softnetDrops: "the drops in /proc/net/softnet_stat stand still"
        case .receiveBuffers:
            "net.core.rmem_default and rmem_max of at least 212992 octets, and memory of UDP below its "
                + "pressure"
        case .tcpListenCounters: "ListenOverflows and ListenDrops stand still"
        case .tcpSynRetransmits: "TCPSynRetrans stands still"
        case .conntrackFill: "less than 75 % of nf_conntrack_max"
        case .conntrackCounters: "insert_failed, drop and early_drop stand still"
        case .conntrackEntries: "no entry whose destination is the cache"
        case .notrackRules:
            "for each address of the cache eight NOTRACK rules before connection tracking, six for DNS "
                + "and two for probes"
        case .notrackOrder: "no rule that accepts or drops queries before the NOTRACK rules of its chain"
        case .acceptRules:
            "for each address of the cache four ACCEPT rules in INPUT and OUTPUT, and no rule before them"
                + " that drops"
        case .ruleDuplicates: "twelve rules for each address, each once"
        case .ruleBackend: "the rules of the cache in one back end, that of kube-proxy"
        case .proxyMode: "one of ipvs, iptables, nftables and eBPF, with nothing left of another"
        case .installVariant:
            "where IPVS serves the cluster DNS IP, the cache keeps to its own address, and that is on no "
                + "Service"
        case .ipvsService: "a virtual service for UDP and for TCP, each with a real server that takes queries"
        case .ipvsConnections: "each connection is bound to a real server with a weight above 0"
        case .ipvsSettings:
            "net.ipv4.vs: conntrack=1, expire_nodest_conn=1, expire_quiescent_template=1, "
                + "conn_reuse_mode=1 (0 before Linux 5.9)"
        case .clockStep: "real time and monotonic time advance together within 1 ms"
        }
    }
}
