package import DNSWire

/// A name as an application passes it to `getaddrinfo`.
package struct LookupName: Sendable, Hashable {
    /// Its labels.
    package var name: DNSName
    /// Whether a dot stands at its end, which forbids the search list.
    package var isRooted: Bool
    /// How often it is looked up relative to the others; 0 is never.
    package var weight: Double

    /// A name with a weight.
    package init(name: DNSName, isRooted: Bool = false, weight: Double = 1) {
        self.name = name
        self.isRooted = isRooted
        self.weight = weight
    }

    /// Reads a name; a dot at its end makes it rooted.
    package init(_ text: String, weight: Double = 1) throws(NameError) {
        name = try DNSName(text)
        isRooted = text == "." || LookupName.endsInDot(text)
        self.weight = weight
    }

    private static func endsInDot(_ text: String) -> Bool {
        guard text.hasSuffix(".") else { return false }
        // An even number of backslashes before the dot leaves it a dot.
        return text.dropLast().reversed().prefix { $0 == "\\" }.count.isMultiple(of: 2)
    }

    /// The dots between labels, as `ndots` counts them in a name that is not rooted.
    var dots: Int { max(0, name.labelCount - 1) }
}
