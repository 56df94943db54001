/// An IPv4 or IPv6 address as a plain value, without scope or prefix.
package enum IPAddress: Hashable, Sendable {
    /// An IPv4 address in host byte order: 169.254.20.10 is `0xA9FE_140A`.
    case v4(UInt32)
    /// An IPv6 address as its upper and lower 64 bits in host byte order.
    case v6(UInt64, UInt64)

    /// The address in network byte order: 4 or 16 octets.
    package var bytes: [UInt8] {
        switch self {
        case .v4(let value): Self.octets(UInt64(value), count: 4)
        case .v6(let high, let low): Self.octets(high, count: 8) + Self.octets(low, count: 8)
        }
    }

    /// True for an IPv4 address.
    package var isIPv4: Bool {
        if case .v4 = self { true } else { false }
    }

    /// True for 127.0.0.0/8 (RFC 1122 section 3.2.1.3) and ::1 (RFC 4291 section 2.5.3).
    package var isLoopback: Bool {
        switch self {
        case .v4(let value): value >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }

    /// Reads 4 or 16 octets in network byte order; any other count gives nil.
    package init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self = .v4(UInt32(Self.integer(bytes[0..<4])))
        case 16: self = .v6(Self.integer(bytes[0..<8]), Self.integer(bytes[8..<16]))
        default: return nil
        }
    }

    /// Parses dotted decimal or RFC 4291 section 2.2 text; scopes, prefixes and octal forms are refused.
    package init?(_ text: String) {
        let characters = Array(text.utf8)
        if characters.contains(UInt8(ascii: ":")) {
            guard let value = Self.parseIPv6(characters) else { return nil }
            self = value
        } else {
            guard let value = Self.parseIPv4(characters[...]) else { return nil }
            self = .v4(value)
        }
    }

    /// The name under in-addr.arpa or ip6.arpa that a PTR query for this address asks for (RFC 1035 3.5, RFC 3596 2.5).
    package var reverseName: DNSName {
        var wire: [UInt8] = []
        for octet in bytes.reversed() {
            if isIPv4 {
                let label = Array(String(octet).utf8)
                wire.append(UInt8(label.count))
                wire += label
            } else {
                for nibble in [octet & 15, octet >> 4] {
                    wire += [1, Self.hexDigits[Int(nibble)]]
                }
            }
        }
        let suffix = isIPv4 ? "in-addr" : "ip6"
        wire.append(UInt8(suffix.utf8.count))
        wire += Array(suffix.utf8) + [4] + Array("arpa".utf8) + [0]
        return DNSName(uncheckedWire: wire)
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private static func octets(_ value: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64(count - 1 - $0))) }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func parseIPv4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var octet: UInt32 = 0
            for character in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
                octet = octet * 10 + UInt32(character - UInt8(ascii: "0"))
            }
            guard octet <= 255 else { return nil }
            value = value << 8 | octet
        }
        return value
    }

    private static func parseIPv6(_ text: [UInt8]) -> IPAddress? {
        guard text.count <= 45 else { return nil }
        var groups: [UInt16] = []
        var gap: Int?
        var index = 0
        if text.starts(with: Array("::".utf8)) {
            gap = 0
            index = 2
        }
        while index < text.count {
            guard groups.count < 8 else { return nil }
            let end = text[index...].firstIndex(of: UInt8(ascii: ":")) ?? text.count
            let part = text[index..<end]
            if part.contains(UInt8(ascii: ".")) {
                guard end == text.count, groups.count <= 6, let value = parseIPv4(part) else { return nil }
                groups += [UInt16(value >> 16), UInt16(truncatingIfNeeded: value)]
                index = end
                break
            }
            guard (1...4).contains(part.count), let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16),
                part.first != UInt8(ascii: "+"), part.first != UInt8(ascii: "-")
            else { return nil }
            groups.append(group)
            index = end
            guard index < text.count else { break }
            index += 1
            if index < text.count, text[index] == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = groups.count
                index += 1
            } else if index == text.count {
                return nil
            }
        }
        if let gap {
            guard groups.count <= 7 else { return nil }
            groups.insert(contentsOf: Array(repeating: 0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        let halves = [groups[0..<4], groups[4..<8]].map { $0.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
        return .v6(halves[0], halves[1])
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the canonical text of RFC 5952.
    package var description: String {
        switch self {
        case .v4:
            return bytes.map(String.init).joined(separator: ".")
        case .v6(let high, let low):
            let groups = [high, low].flatMap { half in
                (0..<4).map { UInt16(truncatingIfNeeded: half >> (48 - 16 * $0)) }
            }
            if high == 0, low >> 32 == 0xFFFF {
                return "::ffff:" + IPAddress.v4(UInt32(truncatingIfNeeded: low)).description
            }
            var best = 0..<0
            var start = 0
            for index in 0...8 where index == 8 || groups[index] != 0 {
                if index - start > max(best.count, 1) { best = start..<index }
                start = index + 1
            }
            let texts = groups.map { String($0, radix: 16) }
            guard !best.isEmpty else { return texts.joined(separator: ":") }
            return texts[..<best.lowerBound].joined(separator: ":") + "::"
                + texts[best.upperBound...].joined(separator: ":")
        }
    }
}
