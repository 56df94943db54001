/// What can be wrong with a lab's node on purpose, so that the doctor is seen to find it.
///
/// The names are those of the command line. How each comes about is in `LabFault+Staging.swift`, what it is in
/// `LabFault+Summary.swift`.
package enum LabFault: String, CaseIterable, Sendable {
    // Rules of node-cache.
    case notrackMissing = "notrack-missing"
    case notrackTCPMissing = "notrack-tcp-missing"
    case notrackOutputMissing = "notrack-output-missing"
    case notrackMisordered = "notrack-misordered"
    case notrackDuplicated = "notrack-duplicated"
    case acceptMissing = "accept-missing"
    case acceptDuplicated = "accept-duplicated"
    case rulesInLegacyBackEnd = "rules-in-legacy-back-end"
    // Addresses and routes.
    case addressDropped = "address-dropped"
    case routeShadowed = "route-shadowed"
    case clusterIPOnCacheInterface = "cluster-ip-on-cache-interface"
    case clusterIPNotHeld = "cluster-ip-not-held"
    case interfaceMisnamed = "interface-misnamed"
    // Who listens.
    case foreignUDPListener = "foreign-udp-listener"
    case foreignTCPListener = "foreign-tcp-listener"
    case secondCache = "second-cache"
    case healthPortTaken = "health-port-taken"
    case metricsPortTaken = "metrics-port-taken"
    // The cache's process.
    case cacheKilled = "cache-killed"
    case cacheFrozen = "cache-frozen"
    case cacheThrottled = "cache-throttled"
    case descriptorsShort = "descriptors-short"
    case tcpClientsClosed = "tcp-clients-closed"
    case answersSlow = "answers-slow"
    case panics
    case setupErrors = "setup-errors"
    // Its Corefile.
    case forceTCPRemoved = "force-tcp-removed"
    case forceTCPIgnored = "force-tcp-ignored"
    case corefileStale = "corefile-stale"
    case zoneMissing = "zone-missing"
    case zoneBoundElsewhere = "zone-bound-elsewhere"
    case zoneFails = "zone-fails"
    case placeholderLeft = "placeholder-left"
    case reloadRefused = "reload-refused"
    // Its pages.
    case healthFailing = "health-failing"
    case healthRemoved = "health-removed"
    case healthBlocked = "health-blocked"
    case metricsRemoved = "metrics-removed"
    case metricsBlocked = "metrics-blocked"
    case buildInfoMissing = "build-info-missing"
    // The way to the cache and behind it.
    case cacheUDPBlocked = "cache-udp-blocked"
    case cacheTCPBlocked = "cache-tcp-blocked"
    case clusterUDPBlocked = "cluster-udp-blocked"
    case clusterTCPRefused = "cluster-tcp-refused"
    case clusterTCPBlocked = "cluster-tcp-blocked"
    case endpointDead = "endpoint-dead"
    case endpointsDead = "endpoints-dead"
    case endpointsSilent = "endpoints-silent"
    case externalRefuses = "external-refuses"
    case externalSilent = "external-silent"
    case synsLost = "syns-lost"
    // What the kernel counts.
    case cacheSocketOverflow = "cache-socket-overflow"
    case otherSocketOverflow = "other-socket-overflow"
    case listenOverflow = "listen-overflow"
    case conntrackFull = "conntrack-full"
    case portsExhausted = "ports-exhausted"
    case strictReversePath = "strict-reverse-path"
    // What pods are told.
    case podsAskCluster = "pods-ask-cluster"
    case podsBypassCache = "pods-bypass-cache"
    case kubeletNamesCluster = "kubelet-names-cluster"
    case proxyModesMixed = "proxy-modes-mixed"
}

/// A fault that stands in a lab, with what showed that it does.
package struct StagedFault: Sendable, Hashable {
    /// The fault.
    package let fault: LabFault
    /// What was seen of it, in a sentence without its full stop.
    package let evidence: String
}
