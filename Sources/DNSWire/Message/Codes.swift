/// A query or record type (RFC 1035 section 3.2.2 and the IANA registry).
package struct RecordType: RawRepresentable, Hashable, Sendable {
    /// The 16-bit value.
    package let rawValue: UInt16
    /// Wraps any value; unknown ones keep their number.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let a = RecordType(rawValue: 1)
    package static let ns = RecordType(rawValue: 2)
    package static let cname = RecordType(rawValue: 5)
    package static let soa = RecordType(rawValue: 6)
    package static let ptr = RecordType(rawValue: 12)
    package static let hinfo = RecordType(rawValue: 13)
    package static let mx = RecordType(rawValue: 15)
    package static let txt = RecordType(rawValue: 16)
    package static let aaaa = RecordType(rawValue: 28)
    package static let srv = RecordType(rawValue: 33)
    package static let opt = RecordType(rawValue: 41)
    package static let ixfr = RecordType(rawValue: 251)
    package static let axfr = RecordType(rawValue: 252)
    package static let any = RecordType(rawValue: 255)
}

extension RecordType: CustomStringConvertible {
    private static let mnemonics: [UInt16: String] = [
        1: "A", 2: "NS", 3: "MD", 4: "MF", 5: "CNAME", 6: "SOA", 7: "MB", 8: "MG", 9: "MR", 10: "NULL", 11: "WKS",
        12: "PTR", 13: "HINFO", 14: "MINFO", 15: "MX", 16: "TXT", 17: "RP", 18: "AFSDB", 19: "X25", 20: "ISDN",
        21:
            "RT", 22: "NSAP", 23: "NSAP-PTR", 24: "SIG", 25: "KEY", 26: "PX", 27: "GPOS", 28: "AAAA", 29: "LOC",
        30:
            "NXT", 31: "EID", 32: "NIMLOC", 33: "SRV", 34: "ATMA", 35: "NAPTR", 36: "KX", 37: "CERT", 38: "A6",
        39:
            "DNAME", 40: "SINK", 41: "OPT", 42: "APL", 43: "DS", 44: "SSHFP", 45: "IPSECKEY", 46: "RRSIG", 47: "NSEC",
        48: "DNSKEY", 49: "DHCID", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA", 53: "SMIMEA", 55: "HIP", 56: "NINFO",
        57: "RKEY", 58: "TALINK", 59: "CDS", 60: "CDNSKEY", 61: "OPENPGPKEY", 62: "CSYNC", 63: "ZONEMD", 64: "SVCB",
        65: "HTTPS", 99: "SPF", 100: "UINFO", 101: "UID", 102: "GID", 103: "UNSPEC", 104: "NID", 105: "L32",
        106:
            "L64", 107: "LP", 108: "EUI48", 109: "EUI64", 249: "TKEY", 250: "TSIG", 251: "IXFR", 252: "AXFR",
        253:
            "MAILB", 254: "MAILA", 255: "ANY", 256: "URI", 257: "CAA", 258: "AVC", 259: "DOA", 260: "AMTRELAY",
        32768:
            "TA", 32769: "DLV",
    ]
    private static let values = [String: UInt16](uniqueKeysWithValues: mnemonics.map { ($1, $0) })

    /// The mnemonic, or `TYPE` and the number (RFC 3597 section 5).
    package var description: String { Self.mnemonics[rawValue] ?? "TYPE\(rawValue)" }

    /// Reads a mnemonic in any case, or `TYPE` and a number.
    package init?(mnemonic: String) {
        let upper = mnemonic.uppercased()
        if let value = Self.values[upper] {
            self.init(rawValue: value)
        } else if upper.hasPrefix("TYPE"), let value = UInt16(upper.dropFirst(4)) {
            self.init(rawValue: value)
        } else {
            return nil
        }
    }
}

/// A query or record class (RFC 1035 section 3.2.4).
package struct RecordClass: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The 16-bit value.
    package let rawValue: UInt16
    /// Wraps any value; unknown ones keep their number.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let `in` = RecordClass(rawValue: 1)
    package static let ch = RecordClass(rawValue: 3)
    package static let hs = RecordClass(rawValue: 4)
    package static let none = RecordClass(rawValue: 254)
    package static let any = RecordClass(rawValue: 255)

    private static let mnemonics: [(UInt16, String)] = [(1, "IN"), (3, "CH"), (4, "HS"), (254, "NONE"), (255, "ANY")]

    /// The mnemonic, or `CLASS` and the number (RFC 3597 section 5).
    package var description: String {
        Self.mnemonics.first { $0.0 == rawValue }?.1 ?? "CLASS\(rawValue)"
    }

    /// Reads a mnemonic in any case, or `CLASS` and a number.
    package init?(mnemonic: String) {
        let upper = mnemonic.uppercased()
        if let known = Self.mnemonics.first(where: { $0.1 == upper }) {
            self.init(rawValue: known.0)
        } else if upper.hasPrefix("CLASS"), let value = UInt16(upper.dropFirst(5)) {
            self.init(rawValue: value)
        } else {
            return nil
        }
    }
}

/// The kind of a message, 4 bits (RFC 1035 section 4.1.1, RFC 6895 section 2.2).
package struct Opcode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The value, 0 to 15.
    package let rawValue: UInt8
    /// Wraps the low four bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue & 15 }

    package static let query = Opcode(rawValue: 0)
    package static let iquery = Opcode(rawValue: 1)
    package static let status = Opcode(rawValue: 2)
    package static let notify = Opcode(rawValue: 4)
    package static let update = Opcode(rawValue: 5)

    /// The mnemonic, or `OPCODE` and the number.
    package var description: String {
        switch rawValue {
        case 0: "QUERY"
        case 1: "IQUERY"
        case 2: "STATUS"
        case 4: "NOTIFY"
        case 5: "UPDATE"
        case 6: "DSO"
        default: "OPCODE\(rawValue)"
        }
    }
}

/// A response code of 12 bits: the header's four and the eight that EDNS adds (RFC 6895 section 2.3).
package struct RCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The value, 0 to 4095.
    package let rawValue: UInt16
    /// Wraps the low twelve bits.
    package init(rawValue: UInt16) { self.rawValue = rawValue & 0x0FFF }

    package static let noError = RCode(rawValue: 0)
    package static let formErr = RCode(rawValue: 1)
    package static let servFail = RCode(rawValue: 2)
    package static let nxDomain = RCode(rawValue: 3)
    package static let notImp = RCode(rawValue: 4)
    package static let refused = RCode(rawValue: 5)
    package static let notAuth = RCode(rawValue: 9)
    package static let notZone = RCode(rawValue: 10)
    package static let badVers = RCode(rawValue: 16)
    package static let badCookie = RCode(rawValue: 23)

    private static let mnemonics: [(UInt16, String)] = [
        (0, "NOERROR"), (1, "FORMERR"), (2, "SERVFAIL"), (3, "NXDOMAIN"), (4, "NOTIMP"), (5, "REFUSED"),
        (6, "YXDOMAIN"), (7, "YXRRSET"), (8, "NXRRSET"), (9, "NOTAUTH"), (10, "NOTZONE"), (16, "BADVERS"),
        (23, "BADCOOKIE"),
    ]

    /// The mnemonic, or `RCODE` and the number.
    package var description: String {
        Self.mnemonics.first { $0.0 == rawValue }?.1 ?? "RCODE\(rawValue)"
    }

    /// Reads a mnemonic in any case, or `RCODE` and a number.
    package init?(mnemonic: String) {
        let upper = mnemonic.uppercased()
        if let known = Self.mnemonics.first(where: { $0.1 == upper }) {
            self.init(rawValue: known.0)
        } else if upper.hasPrefix("RCODE"), let value = UInt16(upper.dropFirst(5)) {
            self.init(rawValue: value)
        } else {
            return nil
        }
    }
}
