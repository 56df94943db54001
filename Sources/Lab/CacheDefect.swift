/// A fault that the reference cache can be started with, by its public name.
///
/// Each exists to show that a check, proof or gate can fail: with exactly one of them switched on, exactly the
/// judgement that guards against it must fall.
package enum CacheDefect: String, CaseIterable, Sendable {
    case upstreamUDP = "upstream-udp"
    case ttlUncapped = "ttl-uncapped"
    case noNegativeCache = "no-negative-cache"
    case noCache = "no-cache"
    case ttlFrozen = "ttl-frozen"
    case answersNXDomainWithNoError = "answers-nxdomain-with-noerror"
    case dropsTCP = "drops-tcp"
    case healthDown = "health-down"
    case losesOnePercent = "loses-1-percent"
    case slow50ms = "slow-50ms"

    /// What the cache does wrong, in one line.
    package var summary: String {
        switch self {
        case .upstreamUDP: "asks the cluster DNS over UDP although the Corefile says force_tcp"
        case .ttlUncapped: "hands on the upstream's TTL instead of the Corefile's cap"
        case .noNegativeCache: "asks upstream again for every NXDOMAIN and NODATA"
        case .noCache: "asks upstream again for every question"
        case .ttlFrozen: "serves a cached answer with the TTL that it came with"
        case .answersNXDomainWithNoError: "answers NOERROR where the upstream said NXDOMAIN"
        case .dropsTCP: "accepts TCP connections from clients and never answers on them"
        case .healthDown: "answers 503 on the health endpoint"
        case .losesOnePercent: "leaves one query in a hundred unanswered"
        case .slow50ms: "answers each query 50 ms late"
        }
    }
}
