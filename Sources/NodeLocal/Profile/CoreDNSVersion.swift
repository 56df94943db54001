/// A version such as 1.13.1 of CoreDNS or node-cache.
package struct CoreDNSVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first number.
    package let major: Int
    /// The second number.
    package let minor: Int
    /// The third number; 0 when the text has two.
    package let patch: Int

    package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `1.13.1`, `v1.13.1`, `CoreDNS-1.13.1` and drops a suffix such as `-rc1` or `+k3s1`.
    package init?(_ text: String) {
        let number = text.drop { !($0.isASCII && $0.isNumber) }
        let core = number.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let parts = core.split(separator: ".").map { Int($0) }
        guard (2...3).contains(parts.count), let major = parts[0], let minor = parts[1] else { return nil }
        guard let patch = parts.count > 2 ? parts[2] : 0 else { return nil }
        self.init(major, minor, patch)
    }

    package static func < (left: CoreDNSVersion, right: CoreDNSVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    /// `major.minor.patch`.
    package var description: String { "\(major).\(minor).\(patch)" }
}
