package import DNSWire

/// Selects captured messages; a nil field selects all.
package struct MessageFilter: Sendable {
    /// Question name, compared without regard to case.
    package var name: DNSName?
    /// Zone that the question name lies in.
    package var zone: DNSName?
    package var type: RecordType?
    package var side: Side?
    package var transport: Transport?
    package var isResponse: Bool?
    /// Only messages that began at or after this time, nanoseconds since the Unix epoch.
    package var since: Int64?

    package init(
        name: DNSName? = nil,
        zone: DNSName? = nil,
        type: RecordType? = nil,
        side: Side? = nil,
        transport: Transport? = nil,
        isResponse: Bool? = nil,
        since: Int64? = nil
    ) {
        self.name = name?.lowercased
        self.zone = zone?.lowercased
        self.type = type
        self.side = side
        self.transport = transport
        self.isResponse = isResponse
        self.since = since
    }

    /// Whether the filter selects this record.
    package func matches(_ record: MessageRecord) -> Bool {
        if let since, record.realtimeNanoseconds < since { return false }
        if let side, record.side != side { return false }
        if let isResponse, record.isResponse != isResponse { return false }
        if let transport, record.transport != transport { return false }
        if let type, record.qtype != type { return false }
        if let name, record.qname != name { return false }
        if let zone, !record.qname.isSubdomain(of: zone) { return false }
        return true
    }

    /// Whether a message may be selected, by all but its name.
    func mayMatch(_ message: Sighting) -> Bool {
        if let since, message.span.firstTime < since { return false }
        if let side, message.side != side { return false }
        if let isResponse, message.scan.isResponse != isResponse { return false }
        if let transport, message.transport != transport { return false }
        if let type, message.scan.type != type.rawValue { return false }
        return true
    }
}
