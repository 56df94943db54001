/// A domain name as uncompressed wire octets, ending in the root label (RFC 1035 section 3.1).
///
/// Equality and hashing compare octets, so `A.` and `a.` differ; use ``isEqual(ignoringCase:)`` or ``lowercased`` for
/// the comparison that DNS makes (RFC 4343).
package struct DNSName: Hashable, Sendable {
    /// The longest name on the wire, root label included (RFC 1035 section 2.3.4).
    package static let maximumWireLength = 255
    /// The longest label (RFC 1035 section 2.3.4).
    package static let maximumLabelLength = 63

    /// Length-prefixed labels with the final zero octet.
    package let wire: [UInt8]

    /// The root name.
    package static let root = DNSName(uncheckedWire: [0])

    /// Takes octets that are already known to be a valid uncompressed name.
    init(uncheckedWire: [UInt8]) {
        wire = uncheckedWire
    }

    /// Joins labels; each must hold 1 to 63 octets and the whole at most 255.
    package init(labels: [[UInt8]]) throws(NameError) {
        var wire: [UInt8] = []
        for label in labels {
            guard !label.isEmpty else { throw .emptyLabel }
            guard label.count <= Self.maximumLabelLength else { throw .labelTooLong(label.count) }
            wire.append(UInt8(label.count))
            wire += label
        }
        wire.append(0)
        guard wire.count <= Self.maximumWireLength else { throw .nameTooLong(wire.count) }
        self.wire = wire
    }

    /// The labels from left to right, without the root.
    package var labels: [[UInt8]] {
        var result: [[UInt8]] = []
        var index = 0
        while wire[index] != 0 {
            let end = index + 1 + Int(wire[index])
            result.append(Array(wire[(index + 1)..<end]))
            index = end
        }
        return result
    }

    /// How many labels there are, without the root.
    package var labelCount: Int {
        var count = 0
        var index = 0
        while wire[index] != 0 {
            count += 1
            index += 1 + Int(wire[index])
        }
        return count
    }

    /// True for the root name.
    package var isRoot: Bool { wire.count == 1 }

    /// The name with A–Z folded to a–z (RFC 4343); length octets are below 64 and so never change.
    package var lowercased: DNSName {
        DNSName(uncheckedWire: wire.map(asciiLowercase))
    }

    /// Compares as DNS does: octet for octet, with A–Z and a–z alike.
    package func isEqual(ignoringCase other: DNSName) -> Bool {
        wire.count == other.wire.count && zip(wire, other.wire).allSatisfy { asciiLowercase($0) == asciiLowercase($1) }
    }

    /// True when `self` is `ancestor` or lies below it, label by label and without regard to case.
    package func isSubdomain(of ancestor: DNSName) -> Bool {
        guard wire.count >= ancestor.wire.count else { return false }
        let start = wire.count - ancestor.wire.count
        var index = 0
        while index < start { index += 1 + Int(wire[index]) }
        guard index == start else { return false }
        return zip(wire[start...], ancestor.wire).allSatisfy { asciiLowercase($0) == asciiLowercase($1) }
    }

    /// The name without its leftmost label, or nil for the root.
    package var parent: DNSName? {
        isRoot ? nil : DNSName(uncheckedWire: Array(wire[(1 + Int(wire[0]))...]))
    }

    /// The name with one more label on the left.
    package func prepending(label: String) throws(NameError) -> DNSName {
        try DNSName(labels: [Array(label.utf8)] + labels)
    }
}

/// Folds one ASCII letter to lower case and leaves any other octet alone.
@inlinable package func asciiLowercase(_ octet: UInt8) -> UInt8 {
    octet &- 65 < 26 ? octet | 0x20 : octet
}

/// Why text or labels are not a domain name.
package enum NameError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is empty; the root is written `.`.
    case empty
    /// Two dots follow each other, or a dot stands first.
    case emptyLabel
    /// A label has this many octets, above 63.
    case labelTooLong(Int)
    /// The name has this many octets on the wire, above 255.
    case nameTooLong(Int)
    /// A backslash is not followed by three digits up to 255 or by one other character.
    case badEscape

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .empty: "the name is empty (the root is written \".\")"
        case .emptyLabel: "the name has an empty label"
        case .labelTooLong(let count): "a label has \(count) octets, the limit is 63 (RFC 1035 2.3.4)"
        case .nameTooLong(let count): "the name has \(count) octets on the wire, the limit is 255 (RFC 1035 2.3.4)"
        case .badEscape: "a backslash is followed by neither three digits up to 255 nor a character"
        }
    }
}
