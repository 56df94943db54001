package import DNSWire

/// How a message travelled.
package enum Transport: String, Sendable, Hashable {
    case udp, tcp
}

/// Where in the picture of a node cache a message belongs.
package enum Side: String, Sendable, Hashable, CaseIterable {
    /// Between a stub resolver and the cache.
    case client
    /// Between the cache and a server behind it.
    case upstream
    /// From a pod to the cluster DNS IP, past the cache.
    case bypass
    /// Neither: another resolver's traffic, or roles were not given.
    case foreign
}

/// A query that CoreDNS sends for its own ends; such a query is no cache miss.
package enum ProbeKind: String, Sendable, Hashable {
    /// `. IN NS`, sent after an upstream error until the upstream answers (coredns plugin/pkg/proxy/health.go).
    case healthCheck
    /// HINFO of a random name, by which the loop plugin finds a forwarding loop (coredns plugin/loop/setup.go).
    case loopProbe
}

/// One DNS message that was captured.
package struct MessageRecord: Sendable {
    /// The frame that holds the first octet.
    package var frame: FrameNumber
    /// The frame that holds the last octet.
    package var lastFrame: FrameNumber
    /// Time of the first octet, nanoseconds since the Unix epoch.
    package var realtimeNanoseconds: Int64
    /// Time of the last octet, nanoseconds since the Unix epoch.
    package var lastRealtimeNanoseconds: Int64
    package var side: Side
    package var transport: Transport
    package var source: Endpoint
    package var destination: Endpoint
    /// Interface index in the captured namespace; 0 when the source of frames does not tell.
    package var interfaceIndex: UInt32
    package var id: UInt16
    package var flags: HeaderFlags
    /// Name of the first question in lower case; the root when there is no question.
    package var qname: DNSName
    /// The same name in wire form as it was sent; empty when there is no question.
    package var questionName: [UInt8]
    package var qtype: RecordType
    package var qclass: RecordClass
    package var isResponse: Bool
    /// Response code with the extension of OPT.
    package var rcode: RCode
    /// Lowest and highest TTL of all records but OPT; nil when there is none.
    package var ttlRange: ClosedRange<UInt32>?
    package var questionCount: UInt16
    package var answerCount: UInt16
    package var authorityCount: UInt16
    /// DO bit of OPT (RFC 3225).
    package var dnssecOK: Bool
    /// The message carries OPT.
    package var hasOPT: Bool
    /// OPT records that the message carries; one is proper.
    package var optCount: UInt8
    /// Octets of UDP payload that OPT states; 0 without one.
    package var payloadSize: UInt16
    /// DO and the fifteen reserved bits of OPT.
    package var optFlags: UInt16
    /// Codes of the first eight options of OPT.
    package var optionCodes: [UInt16]
    /// Octets of the message without TCP's length prefix.
    package var sizeBytes: Int
    /// A response to no query that was seen.
    package var isUnsolicited = false
    /// A copy of a bypassing message behind the node's address translation.
    package var isTranslated = false
    /// Not nil when CoreDNS sends such a query for its own ends.
    package var probe: ProbeKind?

    /// A message with its name made whole; `name` is in wire form.
    init(_ message: Sighting, name: RawSpan) {
        let scan = message.scan
        frame = message.span.firstFrame
        lastFrame = message.span.lastFrame
        realtimeNanoseconds = message.span.firstTime
        lastRealtimeNanoseconds = message.span.lastTime
        side = message.side
        transport = message.transport
        source = message.source
        destination = message.destination
        interfaceIndex = message.interfaceIndex
        id = scan.id
        flags = HeaderFlags(rawValue: scan.flags)
        qname = DNSName(lowercasingWire: name)
        questionName = name.withUnsafeBytes { Array($0) }
        qtype = RecordType(rawValue: scan.type)
        qclass = RecordClass(rawValue: scan.class)
        isResponse = scan.isResponse
        rcode = RCode(rawValue: scan.rcode)
        ttlRange = scan.lowestTTL <= scan.highestTTL ? scan.lowestTTL...scan.highestTTL : nil
        questionCount = scan.questionCount
        answerCount = scan.answerCount
        authorityCount = scan.authorityCount
        dnssecOK = scan.dnssecOK
        hasOPT = scan.hasOPT
        optCount = scan.opt.count
        payloadSize = scan.opt.payloadSize
        optFlags = scan.opt.flags
        optionCodes = scan.opt.codes
        sizeBytes = message.sizeBytes
        isUnsolicited = message.isUnsolicited
        isTranslated = message.isTranslated
        probe = message.probe
    }

    /// The end that is asked: destination of a query, source of a response.
    package var server: Endpoint { isResponse ? source : destination }
    /// The end that asks: source of a query, destination of a response.
    package var client: Endpoint { isResponse ? destination : source }

    /// One line for people: `frame 812 TCP 172.18.0.2:41234 → 10.244.1.2:53 A x.cluster.local.`.
    package var summary: String {
        var text = "frame \(frame) \(transport == .tcp ? "TCP" : "UDP") \(source) → \(destination) \(qtype) \(qname)"
        if isResponse {
            text += " \(rcode)"
            if let ttlRange { text += " ttl \(ttlRange.lowerBound)" }
        }
        return text
    }
}
