/// The data of a record; names inside are already decompressed.
///
/// A, AAAA and SRV are read as such in class IN only; every type that is not listed stays ``opaque(_:)`` (RFC 3597).
package enum RData: Hashable, Sendable {
    /// A (RFC 1035 section 3.4.1).
    case a(IPAddress)
    /// AAAA (RFC 3596 section 2.2).
    case aaaa(IPAddress)
    /// NS (RFC 1035 section 3.3.11).
    case ns(DNSName)
    /// CNAME (RFC 1035 section 3.3.1).
    case cname(DNSName)
    /// PTR (RFC 1035 section 3.3.12).
    case ptr(DNSName)
    /// SOA (RFC 1035 section 3.3.13).
    case soa(SOA)
    /// MX (RFC 1035 section 3.3.9).
    case mx(preference: UInt16, exchange: DNSName)
    /// TXT: one or more character strings (RFC 1035 section 3.3.14).
    case txt([[UInt8]])
    /// SRV (RFC 2782).
    case srv(priority: UInt16, weight: UInt16, port: UInt16, target: DNSName)
    /// HINFO (RFC 1035 section 3.3.2).
    case hinfo(cpu: [UInt8], os: [UInt8])
    /// Any other type, octet for octet (RFC 3597 section 4).
    case opaque([UInt8])
}

/// The data of an SOA record (RFC 1035 section 3.3.13); times in seconds.
package struct SOA: Hashable, Sendable {
    package var mname: DNSName
    package var rname: DNSName
    package var serial: UInt32
    package var refresh: UInt32
    package var retry: UInt32
    package var expire: UInt32
    /// The negative-caching TTL (RFC 2308 section 4).
    package var minimum: UInt32

    /// Makes the data of an SOA record.
    package init(
        mname: DNSName,
        rname: DNSName,
        serial: UInt32,
        refresh: UInt32,
        retry: UInt32,
        expire: UInt32,
        minimum: UInt32
    ) {
        self.mname = mname
        self.rname = rname
        self.serial = serial
        self.refresh = refresh
        self.retry = retry
        self.expire = expire
        self.minimum = minimum
    }
}

extension RData: CustomStringConvertible {
    /// Presentation format (RFC 1035 section 5.1); opaque data as `\# length hex` (RFC 3597 section 5).
    package var description: String {
        switch self {
        case .a(let address), .aaaa(let address): "\(address)"
        case .ns(let name), .cname(let name), .ptr(let name): "\(name)"
        case .soa(let soa):
            "\(soa.mname) \(soa.rname) \(soa.serial) \(soa.refresh) \(soa.retry) \(soa.expire) \(soa.minimum)"
        case .mx(let preference, let exchange): "\(preference) \(exchange)"
        case .txt(let strings): strings.map(Self.quoted).joined(separator: " ")
        case .srv(let priority, let weight, let port, let target): "\(priority) \(weight) \(port) \(target)"
        case .hinfo(let cpu, let os): Self.quoted(cpu) + " " + Self.quoted(os)
        case .opaque(let bytes):
            "\\# \(bytes.count)" + (bytes.isEmpty ? "" : " ") + bytes.map(Self.hex).joined()
        }
    }

    private static func hex(_ octet: UInt8) -> String {
        let text = String(octet, radix: 16)
        return text.utf8.count == 1 ? "0" + text : text
    }

    private static func quoted(_ octets: [UInt8]) -> String {
        var text = "\""
        for octet in octets {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(octet))
            case 0x20...0x7E: text.unicodeScalars.append(UnicodeScalar(octet))
            default:
                let digits = String(octet)
                text += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
            }
        }
        return text + "\""
    }
}
