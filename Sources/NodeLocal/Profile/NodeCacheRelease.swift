/// A range of node-cache releases and the CoreDNS inside them; kubernetes/dns and kubernetes-sigs/node-local-dns, by tag.
package struct NodeCacheRelease: Sendable, Hashable {
    /// The first release of the range.
    package let first: CoreDNSVersion
    /// The last release of the range.
    package let last: CoreDNSVersion
    /// The CoreDNS that it is built with.
    package let coreDNS: CoreDNSVersion
    /// The year in which that CoreDNS was released.
    package let year: Int

    /// The newest release with a tag.
    package static let newest = CoreDNSVersion(1, 26, 8)

    /// The ranges, oldest first.
    package static let all = [
        NodeCacheRelease(first: .init(1, 15, 0), last: .init(1, 15, 7), coreDNS: .init(1, 2, 6), year: 2018),
        NodeCacheRelease(first: .init(1, 15, 8), last: .init(1, 15, 9), coreDNS: .init(1, 6, 4), year: 2019),
        NodeCacheRelease(first: .init(1, 15, 10), last: .init(1, 15, 16), coreDNS: .init(1, 6, 7), year: 2020),
        NodeCacheRelease(first: .init(1, 16, 0), last: .init(1, 19, 1), coreDNS: .init(1, 7, 0), year: 2020),
        NodeCacheRelease(first: .init(1, 20, 0), last: .init(1, 20, 0), coreDNS: .init(1, 8, 3), year: 2021),
        NodeCacheRelease(first: .init(1, 21, 0), last: .init(1, 22, 13), coreDNS: .init(1, 7, 0), year: 2020),
        NodeCacheRelease(first: .init(1, 22, 14), last: .init(1, 23, 1), coreDNS: .init(1, 10, 0), year: 2022),
        NodeCacheRelease(first: .init(1, 24, 0), last: .init(1, 26, 4), coreDNS: .init(1, 11, 3), year: 2024),
        NodeCacheRelease(first: .init(1, 26, 5), last: .init(1, 26, 5), coreDNS: .init(1, 12, 2), year: 2025),
        NodeCacheRelease(first: .init(1, 26, 6), last: .init(1, 26, 7), coreDNS: .init(1, 13, 1), year: 2025),
        NodeCacheRelease(first: .init(1, 26, 8), last: .init(1, 26, 8), coreDNS: .init(1, 13, 2), year: 2025),
    ]

    /// The range of a node-cache release, or nil for a release that is not in the table.
    package static func holding(_ version: CoreDNSVersion) -> NodeCacheRelease? {
        all.first { $0.first <= version && version <= $0.last }
    }
}
