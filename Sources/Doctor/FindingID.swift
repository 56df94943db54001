/// The stable names of what the doctor looks at, in the order of its report.
package enum FindingID: String, Sendable, Hashable, CaseIterable {
    case cacheAddress = "cache-address"
    case cacheListeners = "cache-listeners"
    case foreignListener = "foreign-listener"
    case cacheAnswersUDP = "cache-answers-udp"
    case cacheAnswersTCP = "cache-answers-tcp"
    case cacheMisses = "cache-misses"
    case clusterAnswersUDP = "cluster-answers-udp"
    case clusterAnswersTCP = "cluster-answers-tcp"
    case health = "health"
    case metrics = "metrics"
    case corefileInForce = "corefile-in-force"
    case upstreamUDPSockets = "upstream-udp-sockets"
    case socketDrops = "socket-drops"
    case udpCounters = "udp-counters"
    case tcpListenCounters = "tcp-listen-counters"
    case tcpSynRetransmits = "tcp-syn-retransmits"
    case conntrackFill = "conntrack-fill"
    case conntrackEntries = "conntrack-entries"
    case clockStep = "clock-step"

    /// One line that says what is looked at.
    package var title: String {
        switch self {
        case .cacheAddress: "the cache's address is an address of the node"
        case .cacheListeners: "the cache listens on UDP and TCP"
        case .foreignListener: "nobody else listens on the DNS port of all addresses"
        case .cacheAnswersUDP: "the cache answers each zone over UDP"
        case .cacheAnswersTCP: "the cache answers each zone over TCP"
        case .cacheMisses: "the cache fetches what it does not hold"
        case .clusterAnswersUDP: "the cluster DNS answers over UDP"
        case .clusterAnswersTCP: "the cluster DNS answers over TCP"
        case .health: "the health page says OK"
        case .metrics: "the metrics page is readable"
        case .corefileInForce: "the process serves the zones of the Corefile"
        case .upstreamUDPSockets: "no UDP socket leads to an upstream that force_tcp asks for"
        case .socketDrops: "the cache's UDP socket drops nothing"
        case .udpCounters: "the node's UDP receives without errors"
        case .tcpListenCounters: "no TCP listener of the node overflows"
        case .tcpSynRetransmits: "TCP connections open at the first attempt"
        case .conntrackFill: "the connection tracking table has room"
        case .conntrackEntries: "queries to the cache are not tracked"
        case .clockStep: "the wall clock does not step"
        }
    }
}
