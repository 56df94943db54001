import DNSWire

/// Bounds of the tables of a capture.
package struct CaptureLimits: Sendable, Equatable {
    /// Messages kept for evidence and for queries; later ones are only counted.
    package var records = 1_048_576
    /// Transactions waiting at one time.
    package var openTransactions = 65_536
    /// TCP connections in reassembly.
    package var connections = 4_096

    package init() {}
}

/// Takes the messages that come out of datagrams and streams: counts, pairs, names and keeps them.
struct MessageSink: ~Copyable {
    private static let smallCapture = 4_096
    let roles: CaptureRoles
    private let limits: CaptureLimits
    private var names = NameTable()
    private var bypasses = BypassTable()
    private(set) var transactions: TransactionTable
    private(set) var records: [MessageRecord] = []
    private(set) var counters = MessageCounters()

    init(roles: CaptureRoles, limits: CaptureLimits) {
        self.roles = roles
        self.limits = limits
        transactions = TransactionTable(capacity: limits.openTransactions)
    }

    /// Takes one message; octets that are no DNS message are counted as malformed.
    ///
    /// A headless message lost its length prefix in a hole: it is kept and paired, but counted by itself.
    mutating func accept(
        _ message: RawSpan,
        span: MessageSpan,
        flow: FlowEnds,
        transport: Transport,
        isHeadless: Bool = false
    ) {
        guard let scan = MessageScan.read(message) else {
            counters.malformed += 1
            return
        }
        counters.count(isResponse: scan.isResponse, isHeadless: isHeadless)
        var record = makeRecord(scan, message: message, span: span, flow: flow, transport: transport)
        if !scan.isResponse {
            let side = bypasses.side(of: record, question: scan.questionHash)
            record.isTranslated = side != record.side
            record.side = side
        }
        switch transactions.accept(scan, side: record.side, flow: flow, transport: transport, at: span.lastTime) {
        case .opened: break
        case .retransmission: counters.retransmissions += 1
        case .matched(let side):
            // Behind address translation a response has its query's side, whatever its addresses look like.
            if side != record.side {
                record.isTranslated = true
                record.side = side
            }
        case .unsolicited: record.isUnsolicited = true
        }
        if !scan.recordsAreWhole, scan.flags & 0x0200 == 0 { counters.damagedRecords += 1 }
        if record.probe != nil, !record.isResponse, record.side == .upstream { counters.count(record.probe) }
        counters.count(record)
        guard records.count < limits.records else {
            counters.unrecorded += 1
            return
        }
        // Past a small capture the whole room is taken at once: untouched pages cost nothing, copies do.
        if records.count == Self.smallCapture { records.reserveCapacity(limits.records) }
        records.append(record)
    }

    /// Ends the capture: open transactions become unanswered.
    mutating func finish() {
        transactions.finish()
    }

    private mutating func makeRecord(
        _ scan: MessageScan,
        message: RawSpan,
        span: MessageSpan,
        flow: FlowEnds,
        transport: Transport
    ) -> MessageRecord {
        let name = names.name(of: scan, in: message)
        let type = RecordType(rawValue: scan.type)
        let client = scan.isResponse ? flow.destination : flow.source
        let server = scan.isResponse ? flow.source : flow.destination
        return MessageRecord(
            frame: span.firstFrame,
            lastFrame: span.lastFrame,
            realtimeNanoseconds: span.firstTime,
            lastRealtimeNanoseconds: span.lastTime,
            side: roles.side(client: client, server: server),
            transport: transport,
            source: flow.source,
            destination: flow.destination,
            interfaceIndex: flow.interfaceIndex,
            id: scan.id,
            flags: HeaderFlags(rawValue: scan.flags),
            questionHash: scan.questionHash,
            qname: name,
            qtype: type,
            qclass: RecordClass(rawValue: scan.class),
            isResponse: scan.isResponse,
            rcode: RCode(rawValue: scan.rcode),
            ttlRange: scan.lowestTTL <= scan.highestTTL ? scan.lowestTTL...scan.highestTTL : nil,
            questionCount: scan.questionCount,
            answerCount: scan.answerCount,
            authorityCount: scan.authorityCount,
            dnssecOK: scan.dnssecOK,
            hasOPT: scan.hasOPT,
            sizeBytes: message.byteCount,
            probe: Self.probe(scan, name: name)
        )
    }

    private static func probe(_ scan: MessageScan, name: DNSName) -> ProbeKind? {
        guard scan.questionCount == 1 else { return nil }
        if scan.type == RecordType.ns.rawValue, scan.nameLength == 1 { return .healthCheck }
        guard scan.type == RecordType.hinfo.rawValue else { return nil }
        // CoreDNS asks for `<number>.<number>.<zone>`.
        let labels = name.labels
        guard labels.count >= 2 else { return nil }
        let isNumber = { (label: [UInt8]) in label.allSatisfy { 48...57 ~= $0 } }
        return isNumber(labels[0]) && isNumber(labels[1]) ? .loopProbe : nil
    }
}

/// Messages by kind.
package struct MessageCounters: Sendable, Equatable {
    /// Complete messages: queries and responses.
    package var messages: UInt64 = 0
    package var queries: UInt64 = 0
    package var responses: UInt64 = 0
    /// Messages of which the length prefix was lost; not among `messages`.
    package var headless: UInt64 = 0
    /// Octets at a DNS port that are no DNS message.
    package var malformed: UInt64 = 0
    /// Messages whose records run over the end though TC is not set.
    package var damagedRecords: UInt64 = 0
    package var retransmissions: UInt64 = 0
    /// Messages counted but not kept.
    package var unrecorded: UInt64 = 0
    package var healthChecks: UInt64 = 0
    package var loopProbes: UInt64 = 0
    package var client: UInt64 = 0
    package var upstream: UInt64 = 0
    package var bypass: UInt64 = 0
    package var foreign: UInt64 = 0

    mutating func count(isResponse: Bool, isHeadless: Bool) {
        if isHeadless {
            headless += 1
            return
        }
        messages += 1
        if isResponse { responses += 1 } else { queries += 1 }
    }

    mutating func count(_ probe: ProbeKind?) {
        switch probe {
        case .healthCheck: healthChecks += 1
        case .loopProbe: loopProbes += 1
        case nil: break
        }
    }

    mutating func count(_ record: MessageRecord) {
        switch record.side {
        case .client: client += 1
        case .upstream: upstream += 1
        case .bypass: bypass += 1
        case .foreign: foreign += 1
        }
    }
}
