import DNSWire

/// Names that the lab composes from parts that it chose itself.
enum LabNames {
    /// Parses a name that is known to be well formed; the root stands in for one that is not.
    static func name(_ text: String) -> DNSName {
        (try? DNSName(text)) ?? .root
    }

    /// Puts labels before a parent, the leftmost label first.
    static func name(_ labels: [String], under parent: DNSName) -> DNSName {
        labels.reversed().reduce(parent) { name, label in (try? name.prepending(label: label)) ?? name }
    }

    /// The address that a reverse name stands for.
    ///
    /// RFC 1035 section 3.5 and RFC 3596 section 2.5; `nil` for a name that has not exactly the labels of an address.
    static func address(ofReverse name: DNSName) -> IPAddress? {
        let labels = name.labels
        if name.isSubdomain(of: Self.name("in-addr.arpa")), labels.count == 6 {
            var value: UInt32 = 0
            for label in labels.prefix(4).reversed() {
                guard let octet = UInt8(String(decoding: label, as: UTF8.self)) else { return nil }
                value = value << 8 | UInt32(octet)
            }
            return .v4(value)
        }
        guard name.isSubdomain(of: Self.name("ip6.arpa")), labels.count == 34 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (position, label) in labels.prefix(32).reversed().enumerated() {
            guard label.count == 1, let nibble = UInt64(String(decoding: label, as: UTF8.self), radix: 16) else {
                return nil
            }
            if position < 16 { high = high << 4 | nibble } else { low = low << 4 | nibble }
        }
        return .v6(high, low)
    }
}
