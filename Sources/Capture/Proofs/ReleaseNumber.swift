/// The number of a CoreDNS release.
package struct ReleaseNumber: Sendable, Hashable, Comparable {
    package var major: Int
    package var minor: Int
    package var patch: Int

    package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Since this release the health checks of a `force_tcp` forward use TCP (coredns PR 5109).
    static let healthChecksOverTCP = ReleaseNumber(1, 9, 0)

    package static func < (left: ReleaseNumber, right: ReleaseNumber) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}
