/// What each finding means for pods; sources are the failure modes of node-cache that its issue
/// tracker and CoreDNS's code document.
extension FindingID {
    /// What it means when the node does not show that.
    package var meaning: String {
        switch self {
        case .cacheAddress:
            "node-cache has not set up its interface, has torn it down, or something else on the node took the address "
                + "away; pods that use it get silence"
        case .cacheRoute:
            "queries leave the node, or are thrown away: a route or a policy rule stands before the local"
                + " table"
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
        case .softnetDrops: "packets between pods and the node are lost before any socket sees them"
        case .receiveBuffers: "a burst of a few hundred queries overflows the cache's socket"
        case .tcpListenCounters: "connections are refused or delayed because a listener's queue is full"
        case .tcpSynRetransmits: "first packets of connections are lost: each costs a client one second and more"
        case .conntrackFill: "at the limit the kernel drops the first packet of each new connection"
        case .conntrackCounters:
            "first packets are lost: parallel queries of one socket race for an entry, or the table is "
                + "full"
        case .conntrackEntries:
            "the NOTRACK rules are missing, stand behind an accepting rule, or are in the other iptables back end"
        case .notrackRules:
            "queries to the cache are tracked: each costs an entry, and with a full table queries are "
                + "lost"
        case .notrackOrder:
            "packets of one direction are tracked and those of the other are not, so that TCP to the "
                + "cache hangs while UDP works"
        case .acceptRules: "a firewall that drops by default drops queries to the cache"
        case .ruleDuplicates:
            "rules were added again and again, and each packet walks through all copies: an upgrade with "
                + "-skipteardown, or rules that node-cache does not recognise as its own"
        case .ruleBackend:
            "nft and legacy are two worlds that both see each packet: what one accepts the other may "
                + "drop, and tools show half of it"
        case .proxyMode:
            "rules or addresses of two modes stand side by side, and which of them takes queries to the "
                + "cluster DNS is chance"
        case .installVariant:
            "in IPVS mode queries to the cluster DNS IP never reach the cache's socket, and upstream "
                + "queries of the cache may be its own"
        case .ipvsService: "queries to the cluster DNS IP, and the cache's own upstream queries, are refused or lost"
        case .ipvsConnections:
            "what uses these connections waits for a pod that does not answer: UDP entries live for "
                + "minutes, TCP ones as long as the cache keeps them"
        case .ipvsSettings: "connections stay with pods that are gone, or new ones wait for a second"
        case .clockStep: "TTLs, timeouts and timestamps of this period cannot be trusted"
        }
    }
}
