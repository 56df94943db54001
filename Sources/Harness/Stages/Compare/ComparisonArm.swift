import DNSBench
import LinuxNet
import NodeLocal
import Results
import Scenario

/// One side of a comparison: a server, where it is asked from, and where its cache tells what it did.
struct ComparisonArm: Sendable {
    let target: Scenario.Target
    let site: Site

    /// Hits and misses that a cache has counted since its start.
    struct CacheCount: Sendable, Equatable {
        var hits: UInt64 = 0
        var misses: UInt64 = 0
    }

    /// What the cache has counted so far; nil where no page tells.
    func cacheCount() async -> CacheCount? {
        guard target.role == .cache, let metrics = site.metrics,
            let page = try? await SiteProbe.page(metrics, site: site), let version = page.coreDNSVersion,
            let hits = page.sum(.cacheHits, in: version), let misses = page.sum(.cacheMisses, in: version)
        else { return nil }
        return CacheCount(hits: UInt64(hits), misses: UInt64(misses))
    }

    /// Whether another arm is the same server.
    func isSame(as other: ComparisonArm) -> Bool {
        guard target.endpoint == other.target.endpoint else { return false }
        return switch (site.clientNamespace, other.site.clientNamespace) {
        case (nil, nil): true
        case (let one?, let two?): one.isSame(as: two)
        default: false
        }
    }
}
