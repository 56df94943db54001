/// Expectation, meaning and remedy of each finding; sources are the failure modes of node-cache that its issue
/// tracker and CoreDNS's code document.
extension FindingID {
    /// What a healthy node shows.
    package var expected: String {
        switch self {
        case .cacheAddress: "the kernel's local table holds the address"
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
        case .tcpListenCounters: "ListenOverflows and ListenDrops stand still"
        case .tcpSynRetransmits: "TCPSynRetrans stands still"
        case .conntrackFill: "less than 75 % of nf_conntrack_max"
        case .conntrackEntries: "no entry whose destination is the cache"
        case .clockStep: "real time and monotonic time advance together within 1 ms"
        }
    }

    /// What it means when the node does not show that.
    package var meaning: String {
        switch self {
        case .cacheAddress:
            "node-cache has not set up its interface, has torn it down, or something else on the node took the address "
                + "away; pods that use it get silence"
        case .cacheListeners: "pods that ask over the missing transport are refused"
        case .foreignListener:
            "it keeps the cache from binding when it starts second, and answers in its place when the cache is down"
        case .cacheAnswersUDP: "pods of this node cannot resolve names of the zones concerned"
        case .cacheAnswersTCP: "large answers, and clients that retry over TCP after truncation, fail"
        case .cacheMisses:
            "answers come from what is still held; when it expires, names of the zone stop to resolve"
        case .clusterAnswersUDP: "pods that do not use the cache cannot resolve"
        case .clusterAnswersTCP:
            "a zone with force_tcp cannot be fetched: TCP port 53 is blocked by a policy or firewall, or not exposed by "
                + "the Service"
        case .health: "the kubelet's liveness probe fails and restarts node-cache over and over"
        case .metrics: "neither alerts nor this program see what the cache does"
        case .corefileInForce:
            "the process runs on another Corefile than the one given: not yet synced, its reload failed, or it was "
                + "rendered otherwise"
        case .upstreamUDPSockets:
            "force_tcp is not in effect, so that lost datagrams cost whole timeouts and conntrack entries pile up"
        case .socketDrops: "the cache does not keep up: it starves for CPU, or its receive buffer is too small"
        case .udpCounters: "datagrams are lost between the network and a socket of this node"
        case .tcpListenCounters: "connections are refused or delayed because a listener's queue is full"
        case .tcpSynRetransmits: "first packets of connections are lost: each costs a client one second and more"
        case .conntrackFill: "at the limit the kernel drops the first packet of each new connection"
        case .conntrackEntries:
            "the NOTRACK rules are missing, stand behind an accepting rule, or are in the other iptables back end"
        case .clockStep: "TTLs, timeouts and timestamps of this period cannot be trusted"
        }
    }

    /// What to do then.
    package var remediation: String {
        switch self {
        case .cacheAddress:
            "look at `ip addr show nodelocaldns` and the node-cache log; keep NetworkManager and systemd-networkd off "
                + "the interface"
        case .cacheListeners: "see who holds the port with `ss -lunp` and `ss -ltnp`, and read the node-cache log"
        case .foreignListener: "bind that program to its own address, such as 127.0.0.53, or stop it"
        case .cacheAnswersUDP, .cacheAnswersTCP:
            "compare with the same query to the cluster DNS: if that works the fault is in the cache or in the rules of "
                + "this node"
        case .cacheMisses: "follow the zone's upstream: ask it directly over the transport that the Corefile asks for"
        case .clusterAnswersUDP, .clusterAnswersTCP:
            "check the Service's ports and endpoints, network policies of the cluster DNS pods, and the node's proxy rules"
        case .health:
            "read the node-cache log for a listener that could not bind, and check that nobody else holds the port"
        case .metrics: "check the `prometheus` line of the Corefile and who holds the port"
        case .corefileInForce:
            "wait for the kubelet's sync and the reload interval, then restart the pod; look for `Corefile` errors in its "
                + "log"
        case .upstreamUDPSockets:
            "read the rendered Corefile inside the pod and look for force_tcp in each forward block"
        case .socketDrops: "give node-cache CPU (no limit), and raise net.core.rmem_max and net.core.rmem_default"
        case .udpCounters: "find the socket by its drops column in /proc/net/udp"
        case .tcpListenCounters: "find the listener with `ss -ltn` by its Recv-Q, and raise net.core.somaxconn"
        case .tcpSynRetransmits:
            "look for sockets in SYN-SENT with `ss -tn state syn-sent`; on IPVS nodes before Linux 5.9 set "
                + "net.ipv4.vs.conn_reuse_mode=0"
        case .conntrackFill: "raise net.netfilter.nf_conntrack_max or find what opens the connections"
        case .conntrackEntries:
            "compare the raw table of `iptables-nft-save` and `iptables-legacy-save`, and the order of its rules"
        case .clockStep: "look at the node's time service (`chronyc tracking`), and measure again"
        }
    }
}
