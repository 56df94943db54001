import DNSWire

/// One message on its way through the tables: plain values without a reference, so that nothing is counted or freed.
struct Sighting {
    var span: MessageSpan
    var side: Side
    var transport: Transport
    var source: Endpoint
    var destination: Endpoint
    var interfaceIndex: UInt32
    var scan: MessageScan
    /// Octets of the message without TCP's length prefix.
    var sizeBytes: Int
    /// A response to no query that was seen.
    var isUnsolicited = false
    /// A copy of a bypassing message behind the node's address translation.
    var isTranslated = false
    /// Not nil when CoreDNS sends such a query for its own ends.
    var probe: ProbeKind?

    /// The end that is asked.
    var server: Endpoint { scan.isResponse ? source : destination }
    /// The end that asks.
    var client: Endpoint { scan.isResponse ? destination : source }

    /// Which of the four entries of a question it concerns: DO and CD are in the cache's key.
    var variant: Int { (scan.dnssecOK ? 1 : 0) + (scan.flags & 0x0010 != 0 ? 2 : 0) }

    /// The TTL for which a cache may keep this answer, or nil when CoreDNS does not cache its kind.
    ///
    /// Not cached: TC, other codes than NOERROR and NXDOMAIN (coredns plugin/cache `key()`), and negative answers without
    /// SOA (RFC 2308 section 5). An alias to a name that is not there is: CoreDNS 1.13.2 counts hits on it.
    var cacheableTTL: UInt32? {
        guard scan.flags & 0x0200 == 0, scan.lowestTTL <= scan.highestTTL else { return nil }
        switch scan.rcode {
        case 0: return scan.answerCount > 0 || scan.authorityCount > 0 ? scan.lowestTTL : nil
        case 3: return scan.authorityCount > 0 ? scan.lowestTTL : nil
        default: return nil
        }
    }

    /// Whether CoreDNS keeps an answer of this kind although it shows no TTL: SERVFAIL and NOTIMP, and denials without SOA;
    /// or a whole answer, of which this client only got a part.
    var mayBeKeptWithoutTTL: Bool {
        if isTruncated { return true }
        switch scan.rcode {
        case 0, 3: return scan.answerCount == 0
        case 2, 4: return true
        default: return false
        }
    }

    /// TC=1.
    var isTruncated: Bool { scan.flags & 0x0200 != 0 }

    /// An answer that denies: NXDOMAIN or no record.
    var isDenial: Bool { scan.rcode == 3 || scan.answerCount == 0 }
}
