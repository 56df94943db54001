package import DNSWire

/// The transport that a query came in over.
package enum DNSTransport: UInt8, Sendable {
    /// IP protocol 17.
    case udp = 17
    /// IP protocol 6.
    case tcp = 6

    /// The name that TXT witnesses carry.
    package var label: String { self == .udp ? "udp" : "tcp" }
}

/// What the upstream saw of one query; scripted answers carry it back to the client.
///
/// It is a second witness beside the capture: a client that reads it knows, without any capture, over which transport
/// and how often its question reached the upstream.
package struct Witness: Equatable, Sendable {
    /// The transport seen upstream.
    package var transport: DNSTransport
    /// How often this (qname, qtype) was asked so far, this query included; carried modulo 256.
    package var count: UInt8
    /// The query's two ends; addresses cannot carry them, TXT answers do.
    package var path: QueryPath?

    /// Creates a witness.
    package init(transport: DNSTransport, count: UInt8, path: QueryPath? = nil) {
        self.transport = transport
        self.count = count
        self.path = path
    }

    /// 198.18.T.C with the transport's IP protocol number T and the count C.
    package var addressV4: IPAddress {
        .v4(0xC612_0000 | UInt32(transport.rawValue) << 8 | UInt32(count))
    }

    /// 2001:db8::T:C.
    package var addressV6: IPAddress {
        .v6(0x2001_0DB8_0000_0000, UInt64(transport.rawValue) << 16 | UInt64(count))
    }

    /// Reads the witness out of an address; `nil` for an address of another make.
    package init?(address: IPAddress) {
        switch address {
        case .v4(let value):
            guard value >> 16 == 0xC612, let transport = DNSTransport(rawValue: UInt8(value >> 8 & 0xFF)) else {
                return nil
            }
            self.init(transport: transport, count: UInt8(value & 0xFF))
        case .v6(let high, let low):
            guard high == 0x2001_0DB8_0000_0000, low >> 24 == 0,
                let transport = DNSTransport(rawValue: UInt8(low >> 16 & 0xFF)), low & 0xFF00 == 0
            else { return nil }
            self.init(transport: transport, count: UInt8(low & 0xFF))
        }
    }

    /// The strings of a TXT answer: transport, count, the query's OPT record, its name as received, and the two ends.
    package func strings(of query: Message) -> [[UInt8]] {
        let opt = query.edns.map(Self.describe) ?? "none"
        let name = query.questions.first?.name.description ?? "."
        var strings = ["transport=\(transport.label)", "count=\(count)", "opt=\(opt)", "qname-case=\(name)"]
        if let path { strings += ["from=\(path.client.address)", "to=\(path.server.address)"] }
        return strings.map {
            Array($0.utf8.prefix(255))
        }
    }

    private static func describe(_ opt: EDNS) -> String {
        let options = opt.options.map { "\($0.code)" }.joined(separator: "/")
        return "size:\(opt.udpPayloadSize),do:\(opt.dnssecOK ? 1 : 0)" + (options.isEmpty ? "" : ",options:\(options)")
    }
}

/// The two ends of a query as the server saw them, behind any rewriting.
package struct QueryPath: Equatable, Sendable {
    /// Where the query came from.
    package var client: Endpoint
    /// The server's address that it came to.
    package var server: Endpoint

    /// Creates a path.
    package init(client: Endpoint, server: Endpoint) {
        self.client = client
        self.server = server
    }
}

/// How often each question was asked.
struct WitnessCounter {
    private struct Key: Hashable {
        var name: DNSName
        var type: RecordType
    }

    private var counts: [Key: Int] = [:]

    /// Counts one asking, and returns how many there were, this one included.
    mutating func count(_ question: Question) -> Int {
        // A lab lives for minutes; the bound only keeps a stuck client from eating memory.
        if counts.count > 1_000_000 { counts.removeAll() }
        let key = Key(name: question.name.lowercased, type: question.type)
        counts[key, default: 0] += 1
        return counts[key, default: 1]
    }
}
