/// Judges facts; it reads nothing itself.
package struct Diagnosis: Sendable {
    /// What was read.
    let facts: NodeFacts

    /// Judges these facts.
    package init(facts: NodeFacts) { self.facts = facts }

    /// Every finding once, in the order of ``FindingID``.
    package var findings: [Finding] { FindingID.allCases.map(finding) }

    /// One finding.
    package func finding(_ id: FindingID) -> Finding {
        switch id {
        case .cacheAddress: cacheAddress
        case .cacheRoute: cacheRoute
        case .cacheListeners: cacheListeners
        case .foreignListener: foreignListener
        case .cacheAnswersUDP: answers(id, facts.cacheUDP)
        case .cacheAnswersTCP: answers(id, facts.cacheTCP)
        case .cacheLatency: cacheLatency
        case .cacheMisses: misses
        case .clusterAnswersUDP: clusterAnswers(id, facts.clusterUDP)
        case .clusterAnswersTCP: clusterAnswers(id, facts.clusterTCP)
        case .clusterSoftware: clusterSoftware
        case .health: health
        case .metrics: metrics
        case .corefileInForce: corefileInForce
        case .upstreamUDPSockets: upstreamUDPSockets
        case .socketDrops: socketDrops
        case .udpCounters: udpCounters
        case .tcpListenCounters: tcpListenCounters
        case .tcpSynRetransmits: tcpSynRetransmits
        case .conntrackFill: conntrackFill
        case .conntrackEntries: conntrackEntries
        case .notrackRules: notrackRules
        case .notrackOrder: notrackOrder
        case .acceptRules: acceptRules
        case .ruleDuplicates: ruleDuplicates
        case .ruleBackend: ruleBackend
        case .conntrackCounters: conntrackCounters
        case .softnetDrops: softnetDrops
        case .receiveBuffers: receiveBuffers
        case .proxyMode: proxyMode
        case .installVariant: installVariant
        case .ipvsService: ipvsService
        case .ipvsConnections: ipvsConnections
        case .ipvsSettings: ipvsSettings
        case .upstreamPorts: upstreamPorts
        case .upstreamConnections: upstreamConnections
        case .reversePathFilter: reversePathFilter
        case .cacheArguments: cacheArguments
        case .cacheThrottling: cacheThrottling
        case .cacheMemory: cacheMemory
        case .cacheDescriptors: cacheDescriptors
        case .cacheCapacity: cacheCapacity
        case .servfailShare: servfailShare
        case .upstreamHealth: upstreamHealth
        case .upstreamTransport: upstreamTransport
        case .concurrencyRejects: concurrencyRejects
        case .cachePanics: cachePanics
        case .reloadFailures: reloadFailures
        case .setupErrors: setupErrors
        case .coreDNSVersion: coreDNSVersion
        case .corefilePlaceholders: corefilePlaceholders
        case .kubeletClusterDNS: kubeletClusterDNS
        case .podResolvers: podResolvers
        case .cacheBypass: cacheBypass
        case .resolverLoop: resolverLoop
        case .hostNamespace: hostNamespace
        case .lookPrivileges: lookPrivileges
        case .clockStep: clockStep
        }
    }

    /// A finding for something that was not read.
    func skip(_ id: FindingID, _ reason: String) -> Finding { Finding(id, .skip, read: reason) }

    /// Why nothing is known at the end of the window.
    static let stopped = "the look was stopped before the end of its window"
}
