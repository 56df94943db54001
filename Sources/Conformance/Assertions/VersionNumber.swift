/// A dotted version such as 1.13.2, ordered part by part.
package struct VersionNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The numeric parts, most significant first.
    package let parts: [Int]

    /// Reads `1.13.2` or `v1.13`; what follows a hyphen or plus is ignored.
    package init?(_ text: String) {
        var digits = Substring(text)
        if digits.first == "v" { digits = digits.dropFirst() }
        if let end = digits.firstIndex(where: { $0 == "-" || $0 == "+" }) { digits = digits[..<end] }
        var parts: [Int] = []
        for part in digits.split(separator: ".", omittingEmptySubsequences: false) {
            guard let number = Int(part), number >= 0 else { return nil }
            parts.append(number)
        }
        guard !parts.isEmpty, parts.count <= 4 else { return nil }
        self.parts = parts
    }

    /// Whether somebody released it; 0.0.0 stands for a program that does not follow any version.
    package var isRelease: Bool { parts.contains { $0 > 0 } }

    package static func < (left: Self, right: Self) -> Bool {
        for index in 0..<max(left.parts.count, right.parts.count) {
            let (a, b) = (left.part(index), right.part(index))
            if a != b { return a < b }
        }
        return false
    }

    package static func == (left: Self, right: Self) -> Bool {
        !(left < right) && !(right < left)
    }

    package func hash(into hasher: inout Hasher) {
        var significant = parts
        while significant.last == 0 { significant.removeLast() }
        hasher.combine(significant)
    }

    package var description: String { parts.map(String.init).joined(separator: ".") }

    private func part(_ index: Int) -> Int { index < parts.count ? parts[index] : 0 }
}

/// A condition on the software of the target, such as `coredns >=1.10 <1.14.7`.
package struct VersionCondition: Sendable, Hashable, CustomStringConvertible {
    private enum Relation: String, CaseIterable {
        case atLeast = ">="
        case atMost = "<="
        case exactly = "=="
        case above = ">"
        case below = "<"
    }

    private struct Bound: Hashable {
        let relation: Relation
        let version: VersionNumber
    }

    /// The software that the condition speaks of, in lower case.
    package let product: String
    private let bounds: [Bound]

    /// Reads the condition; nil when a bound is no relation with a version.
    package init?(_ text: String) {
        let words = text.split(separator: " ")
        guard let first = words.first, first.allSatisfy(\.isLetter) else { return nil }
        product = first.lowercased()
        var bounds: [Bound] = []
        for word in words.dropFirst() {
            guard let relation = Relation.allCases.first(where: { word.hasPrefix($0.rawValue) }),
                let version = VersionNumber(String(word.dropFirst(relation.rawValue.count)))
            else { return nil }
            bounds.append(Bound(relation: relation, version: version))
        }
        self.bounds = bounds
    }

    /// Whether the target's version satisfies every bound.
    package func contains(product: String, version: VersionNumber) -> Bool {
        product.lowercased() == self.product
            && bounds.allSatisfy { bound in
                switch bound.relation {
                case .atLeast: version >= bound.version
                case .atMost: version <= bound.version
                case .exactly: version == bound.version
                case .above: version > bound.version
                case .below: version < bound.version
                }
            }
    }

    package var description: String {
        ([product] + bounds.map { $0.relation.rawValue + $0.version.description }).joined(separator: " ")
    }
}
