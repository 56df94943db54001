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
        case .cacheLatency: "an answer to one of the known questions within 50 ms"
        case .cacheMisses: "NXDOMAIN or NOERROR for a name that nobody asked before, in each forwarded zone"
        case .clusterAnswersUDP, .clusterAnswersTCP: "an answer with NOERROR for each zone that is forwarded to it"
        case .clusterSoftware: "not dnsmasq behind force_tcp"
        case .health: "HTTP status 200 from /health"
        case .cacheArguments:
            "-localip with the cache's address, -syncinterval left out (or a few nanoseconds), and the "
                + "Service of -upstreamsvc in the environment"
        case .cacheThrottling: "nr_throttled of its control group stands still"
        case .cacheMemory: "less than 90 % of the limit in use, and nothing killed"
        case .cacheDescriptors: "less than half of its limit of open files in use"
        case .metrics: "HTTP status 200 from /metrics, Prometheus text with coredns_build_info"
        case .cacheCapacity: "nothing put out for want of room, and less than 90 % of the capacity in use"
        case .servfailShare: "at most 5 % of the answers in the window"
        case .concurrencyRejects: "coredns_forward_max_concurrent_rejects_total stands still"
        case .cachePanics: "coredns_panics_total stands still"
        case .reloadFailures: "coredns_reload_failed_total is 0"
        case .setupErrors: "coredns_nodecache_setup_errors_total is 0"
        case .coreDNSVersion: "a version without a known defect; what else follows from it is told"
        case .corefileInForce: "the metrics name the zones and the listener of the Corefile, and no other zone"
        case .corefilePlaceholders: "no __PILLAR__ variable in the Corefile that the process runs"
        case .upstreamUDPSockets: "TCP connections to it, and no UDP socket connected to it"
        case .upstreamConnections:
            "established connections, none that repeats what was not acknowledged, and few that wait to "
                + "open"
        case .upstreamPorts: "less than half of net.ipv4.ip_local_port_range in use towards one upstream"
        case .upstreamTransport:
            "coredns_proxy_conn_cache counts tcp alone for an upstream that only zones with force_tcp use"
        case .upstreamHealth: "coredns_forward_healthcheck_broken_total and the failed health checks stand still"
        case .socketDrops: "no datagram dropped while we looked"
        case .udpCounters: "RcvbufErrors, MemErrors and InErrors stand still"
        case .softnetDrops: "the drops in /proc/net/softnet_stat stand still"
        case .reversePathFilter: "IPReversePathFilter stands still"
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
        case .kubeletClusterDNS: "clusterDNS of the kubelet begins with an address of the cache"
        case .podResolvers: "no container whose first name server is the cluster DNS past the cache"
        case .cacheBypass: "no tracked query to the cluster DNS IP but the node's own"
        case .resolverLoop:
            "the resolv.conf that the Corefile forwards to names neither the cache nor a loopback address"
        case .clockStep: "real time and monotonic time advance together within 1 ms"
        case .hostNamespace: "the network namespace of the machine's first process"
        case .lookPrivileges: "CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_PTRACE and CAP_DAC_OVERRIDE in effect"
        }
    }
}
