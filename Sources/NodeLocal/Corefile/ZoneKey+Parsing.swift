internal import DNSWire

extension ZoneKey {
    /// Why a word of a server block's header is no zone.
    struct Refusal: Error {
        let reason: String
    }

    /// The zones that one word of a header stands for: `zone`, `zone:port`, `dns://zone` or `address/bits`.
    ///
    /// An address range that does not end on a label boundary becomes several reverse zones, as in coredns
    /// `plugin/normalize.go` and `plugin/pkg/cidr`.
    static func parse(_ word: String) throws(Refusal) -> [ZoneKey] {
        var text = Substring(word)
        if let separator = text.firstRange(of: "://") {
            guard text[..<separator.lowerBound] == "dns" else {
                throw Refusal(
                    reason: "'\(word)' asks for a transport that node-cache does not serve; only dns:// is read"
                )
            }
            text = text[separator.upperBound...]
        }
        var port: UInt16 = 53
        if let colon = text.lastIndex(of: ":") {
            let tail = text[text.index(after: colon)...]
            if tail.isEmpty { throw Refusal(reason: "a port is missing after the ':' of '\(word)'") }
            if tail.allSatisfy({ $0.isASCII && $0.isNumber }) {
                guard let number = UInt16(tail), number > 0 else {
                    throw Refusal(reason: "the port of '\(word)' is not 1 to 65535")
                }
                port = number
                text = text[..<colon]
            }
        }
        if text.contains("/") {
            guard let zones = reverseZones(of: text) else {
                throw Refusal(reason: "'\(word)' is neither a zone nor an address range")
            }
            return zones.map { ZoneKey(zone: $0, port: port) }
        }
        guard !text.isEmpty, let zone = try? DNSName(String(text)) else {
            throw Refusal(reason: "'\(word)' is not a zone")
        }
        return [ZoneKey(zone: zone.lowercased, port: port)]
    }

    private static func reverseZones(of text: Substring) -> [DNSName]? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits = Int(parts[1]), let address = IPAddress(String(parts[0])) else { return nil }
        switch address {
        case .v4(let value):
            guard (0...32).contains(bits) else { return nil }
            return labels(of: UInt64(value) << 32, 0, bits: bits, labelBits: 8, count: 4, suffix: "in-addr.arpa.")
        case .v6(let high, let low):
            // CoreDNS refuses a range that is written with a leading 0 or colon.
            guard (0...128).contains(bits), text.first != ":", text.first != "0" else { return nil }
            return labels(of: high, low, bits: bits, labelBits: 4, count: 32, suffix: "ip6.arpa.")
        }
    }

    /// The reverse zones of a range; `high` and `low` hold the address from the top bit on.
    private static func labels(
        of high: UInt64,
        _ low: UInt64,
        bits: Int,
        labelBits: Int,
        count: Int,
        suffix: String
    ) -> [DNSName]? {
        let depth = (bits + labelBits - 1) / labelBits
        let spare = depth * labelBits - bits
        let fixed: [UInt64] = (0..<depth).map { index in
            let shift = index * labelBits
            let word = shift < 64 ? high << UInt64(shift) : low << UInt64(shift - 64)
            return word >> UInt64(64 - labelBits)
        }
        var zones: [DNSName] = []
        for step in 0..<(UInt64(1) << UInt64(spare)) {
            var values = fixed
            if let last = values.last { values[depth - 1] = (last >> UInt64(spare)) << UInt64(spare) | step }
            let words = values.reversed().map { String($0, radix: labelBits == 8 ? 10 : 16) + "." }
            guard let zone = try? DNSName(words.joined() + suffix) else { return nil }
            zones.append(zone)
        }
        return zones
    }
}
