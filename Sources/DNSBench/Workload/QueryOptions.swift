package import DNSWire
import Measure

/// What a query carries besides its question.
package struct QueryOptions: Sendable, Hashable {
    /// The RD bit.
    package var recursionDesired: Bool
    /// The AD bit (RFC 6840 section 5.7).
    package var authenticData = false
    /// The CD bit (RFC 4035 section 3.2.2).
    package var checkingDisabled = false
    /// The UDP payload size of an OPT record; `nil` sends none unless something else needs it (RFC 6891).
    package var ednsPayloadSize: UInt16?
    /// The DO bit; needs an OPT record, so one of 1,232 octets is added when no size is given.
    package var dnssecOK: Bool
    /// EDNS options in order; they need an OPT record as well.
    package var ednsOptions: [EDNSOption] = []
    /// The client cookie of a COOKIE option behind all others, which the server's cookie is to follow (RFC 7873 section 4).
    ///
    /// `nil` sends none. The lanes add the server's cookie once they have it, so no other COOKIE option should be given.
    package var clientCookie: UInt64?

    /// RD set and no EDNS unless given otherwise.
    package init(recursionDesired: Bool = true, ednsPayloadSize: UInt16? = nil, dnssecOK: Bool = false) {
        self.recursionDesired = recursionDesired
        self.ednsPayloadSize = ednsPayloadSize
        self.dnssecOK = dnssecOK
    }

    /// Whether an OPT record goes out.
    package var carriesOPT: Bool { ednsPayloadSize != nil || dnssecOK || !allOptions.isEmpty }

    /// The client cookie that answers must repeat: ours, or that of an option given as octets; `nil` when none goes out.
    var expectedCookie: UInt64? {
        allOptions.first { $0.code == EDNSOption.cookieCode && $0.octets.count >= 8 }.map {
            $0.octets[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// The options in the order in which they go out.
    private var allOptions: [EDNSOption] {
        guard let clientCookie else { return ednsOptions }
        let octets = (0..<8).map { UInt8(truncatingIfNeeded: clientCookie >> (56 - 8 * $0)) }
        return ednsOptions + [EDNSOption(code: EDNSOption.cookieCode, octets: octets)]
    }

    /// A client cookie drawn from the seed for this server (RFC 7873 section 4.1).
    package static func clientCookie(seed: UInt64, server: Endpoint) -> UInt64 {
        var generator = SeededGenerator(seed: seed ^ 0xc00c1e, stream: UInt64(server.port))
        for octet in server.address.bytes { generator = SeededGenerator(seed: generator.next() ^ UInt64(octet)) }
        return generator.next()
    }

    /// The octets of the header's flags.
    var headerFlags: [UInt8] {
        [recursionDesired ? 1 : 0, (authenticData ? 0x20 : 0) | (checkingDisabled ? 0x10 : 0)]
    }

    /// Octets of the OPT record; 0 when none goes out.
    var optLength: Int { carriesOPT ? allOptions.reduce(11) { $0 + 4 + $1.octets.count } : 0 }

    /// The OPT record in wire form; empty when none goes out (RFC 6891 section 6.1.2).
    var optRecord: [UInt8] {
        guard carriesOPT else { return [] }
        let size = ednsPayloadSize ?? 1_232
        let data = allOptions.flatMap(\.wire)
        return [0, 0, 41, UInt8(size >> 8), UInt8(truncatingIfNeeded: size), 0, 0, dnssecOK ? 0x80 : 0, 0]
            + [UInt8(truncatingIfNeeded: data.count >> 8), UInt8(truncatingIfNeeded: data.count)] + data
    }
}

/// One EDNS option: a code and its octets (RFC 6891 section 6.1.2).
package struct EDNSOption: Sendable, Hashable {
    /// The code of COOKIE (RFC 7873).
    package static let cookieCode: UInt16 = 10

    /// The option's code, such as 10 for COOKIE.
    package let code: UInt16
    /// Its octets, at most 65,535.
    package let octets: [UInt8]

    /// An option.
    package init(code: UInt16, octets: [UInt8]) {
        self.code = code
        self.octets = octets
    }

    /// Reads `CODE:HEX`, such as `10:0102030405060708`; `nil` when it is none.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let code = UInt16(parts[0]), parts[1].utf8.count % 2 == 0 else { return nil }
        var octets: [UInt8] = []
        var rest = parts[1].utf8[...]
        while let high = rest.popFirst(), let low = rest.popFirst() {
            guard let high = EDNSOption.digit(high), let low = EDNSOption.digit(low) else { return nil }
            octets.append(high << 4 | low)
        }
        guard octets.count <= 4_096 else { return nil }
        self.init(code: code, octets: octets)
    }

    /// Code, length and octets.
    var wire: [UInt8] {
        [
            UInt8(code >> 8), UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: octets.count >> 8),
            UInt8(truncatingIfNeeded: octets.count),
        ] + octets
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x37
        case 0x61...0x66: character - 0x57
        default: nil
        }
    }
}
