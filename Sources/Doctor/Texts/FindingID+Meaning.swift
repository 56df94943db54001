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
        case .cacheLatency: "each lookup of a pod waits, and one with a search list several times over"
        case .cacheMisses:
            "answers come from what is still held; when it expires, names of the zone stop to resolve"
        case .clusterAnswersUDP: "pods that do not use the cache cannot resolve"
        case .clusterAnswersTCP:
            "a zone with force_tcp cannot be fetched: TCP port 53 is blocked by a policy or firewall, or not exposed by "
                + "the Service"
        case .clusterSoftware:
            "one dnsmasq takes 20 TCP connections at a time and closes each after 100 queries: with many nodes or much "
                + "load, caches wait for a connection"
        case .health: "the kubelet's liveness probe fails and restarts node-cache over and over"
        case .cacheArguments:
            "node-cache serves another address than pods ask, does not mend its rules, or has no upstream"
        case .cacheThrottling:
            "the cache is stopped for parts of each 100 ms, in which queries wait and its socket "
                + "overflows"
        case .cacheMemory:
            "the kernel kills node-cache at the limit, and pods without another name server lose DNS "
                + "until it is back"
        case .cacheDescriptors: "when none is left the cache can neither accept clients over TCP nor ask upstream"
        case .metrics: "neither alerts nor this program see what the cache does"
        case .cacheCapacity: "names are forgotten before their time, so that they are fetched again"
        case .servfailShare: "lookups of pods fail: an upstream does not answer, or answers so itself"
        case .concurrencyRejects: "with max_concurrent queries on their way, further ones are answered with REFUSED"
        case .cachePanics: "a plugin crashed on a query, whose sender got SERVFAIL"
        case .reloadFailures:
            "the cache runs on the Corefile before the one that is in its ConfigMap, and may have lost "
                + "its health and metrics pages"
        case .setupErrors: "interface or rules are missing, or were set late"
        case .coreDNSVersion: "the version is known to fail in ordinary use"
        case .corefileInForce:
            "the process runs on another Corefile than the one given: not yet synced, its reload failed, or it was "
                + "rendered otherwise"
        case .corefilePlaceholders:
            "the variable is taken as it stands, and the cache does not start or serves a zone of that "
                + "name"
        case .upstreamUDPSockets:
            "force_tcp is not in effect, so that lost datagrams cost whole timeouts and conntrack entries pile up"
        case .upstreamConnections:
            "an upstream takes connections and does not answer, or does not take them: misses wait for "
                + "whole timeouts"
        case .upstreamPorts:
            "connections are opened and thrown away for each query, and when no port is left misses fail"
        case .upstreamTransport: "force_tcp is not in effect: the process counts its own upstream queries over UDP"
        case .upstreamHealth:
            "an upstream failed queries and then health checks; with all of them out, the cache asks one "
                + "at random"
        case .socketDrops: "the cache does not keep up: it starves for CPU, or its receive buffer is too small"
        case .udpCounters: "datagrams are lost between the network and a socket of this node"
        case .softnetDrops: "packets between pods and the node are lost before any socket sees them"
        case .reversePathFilter:
            "answers or queries that take another way back than they came by are dropped without a word"
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
        case .kubeletClusterDNS: "new pods ask the cluster DNS past the cache, which idles"
        case .podResolvers:
            "containers that were made before the change keep asking the cluster DNS until their pods are"
                + " made anew"
        case .cacheBypass:
            "pods ask the cluster DNS itself: they were started before the kubelet was switched, or name it in their "
                + "dnsConfig, and gain nothing from the cache"
        case .resolverLoop:
            "queries for names outside of the cluster go round in a loop; with the loop plugin the cache "
                + "does not start"
        case .clockStep: "TTLs, timeouts and timestamps of this period cannot be trusted"
        case .hostNamespace: "what was read of sockets, rules and counters is not the node's"
        case .lookPrivileges: "readings that want them are skipped"
        }
    }
}
