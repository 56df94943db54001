import DNSWire

/// Bounds of the tables of a capture.
package struct CaptureLimits: Sendable, Equatable {
    /// The latest messages that are kept whole, for those who look at single ones.
    package var records = 16_384
    /// Transactions waiting at one time.
    package var openTransactions = 65_536
    /// Questions of which the cache's state is followed at one time.
    package var questions = 32_768
    /// TCP connections in reassembly.
    package var connections = 4_096

    package init() {}
}

/// Takes the messages that come out of datagrams and streams: tells their side, counts them and has them analysed.
struct MessageSink: ~Copyable {
    let roles: CaptureRoles
    private let seed: HashSeed
    private let limits: CaptureLimits
    private let selection: MessageSelection
    private var bypasses = BypassTable()
    /// Everything since the start.
    private(set) var analysis: Analysis
    /// Everything since a mark, for a stage that is judged by itself.
    private var window: Analysis?
    private(set) var log: MessageLog
    private(set) var counters = MessageCounters()
    /// What clients asked, when it was asked for.
    private(set) var queries: CapturedQueries?
    /// Queries by sender, while somebody has them counted.
    private(set) var sources: SourceCounts?

    init(options: CaptureOptions, seed: HashSeed) {
        roles = options.roles
        limits = options.limits
        selection = options.selection
        self.seed = seed
        log = MessageLog(capacity: options.limits.records)
        queries = options.keepsQueries ? CapturedQueries() : nil
        analysis = Analysis(
            zones: options.zones,
            requirements: options.requirements,
            limits: options.limits,
            seed: seed
        )
    }

    /// Takes one message; octets that are no DNS message are counted as malformed.
    ///
    /// A headless message lost its length prefix in a hole: it is kept and paired, but counted by itself.
    mutating func accept(
        _ octets: RawSpan,
        span: MessageSpan,
        flow: FlowEnds,
        transport: Transport,
        isHeadless: Bool = false
    ) {
        guard let scan = MessageScan.read(octets, seed: seed) else {
            counters.malformed += 1
            return
        }
        counters.count(isResponse: scan.isResponse, isHeadless: isHeadless)
        let name = octets.extracting(scan.nameLength > 0 ? 12..<(12 + scan.nameLength) : 0..<0)
        var message = Sighting(
            span: span,
            side: .foreign,
            transport: transport,
            source: flow.source,
            destination: flow.destination,
            interfaceIndex: flow.interfaceIndex,
            scan: scan,
            sizeBytes: octets.byteCount
        )
        message.side = roles.side(client: message.client, server: message.server)
        message.probe = Self.probe(scan, name: name)
        if !scan.isResponse {
            let side = bypasses.side(of: message)
            message.isTranslated = side != message.side
            message.side = side
        }
        guard isSelected(message, name: name) else {
            counters.notSelected += 1
            counters.count(message.side)
            return
        }
        if window != nil {
            var copy = message
            window?.accept(&copy, name: name)
        }
        analysis.accept(&message, name: name)
        if !scan.recordsAreWhole, scan.flags & 0x0200 == 0 { counters.damagedRecords += 1 }
        if message.probe != nil, !scan.isResponse, message.side == .upstream { counters.count(message.probe) }
        counters.count(message.side)
        if sources != nil, !scan.isResponse, !message.isTranslated { sources?.count(message.source) }
        if queries != nil, !scan.isResponse, scan.questionCount == 1, message.side != .upstream, message.probe == nil {
            queries?.append(octets, at: span.firstTime)
        }
        log.append(message, name: name)
    }

    private func isSelected(_ message: Sighting, name: RawSpan) -> Bool {
        guard !selection.isEmpty else { return true }
        guard selection.takes(name: name) else { return false }
        guard !selection.clients.isEmpty else { return true }
        // What goes upstream belongs to those of the clients that wait for it.
        if message.side == .upstream { return analysis.isAwaited(message.scan.questionKey) }
        return selection.clients.contains(message.client.address)
    }

    /// Begins to count queries by sender.
    mutating func beginCounting() { sources = SourceCounts() }

    /// Ends it; nil when nobody began.
    mutating func endCounting() -> SourceCounts? {
        defer { sources = nil }
        return sources
    }

    /// Begins an analysis of its own; an earlier one is dropped.
    mutating func beginWindow(zones: [ProofZone], requirements: ProofRequirements) {
        window = Analysis(zones: zones, requirements: requirements, limits: limits, seed: seed)
    }

    /// Ends the analysis that was begun last.
    mutating func endWindow(at end: Int64) -> CaptureFindings? {
        window?.finish(at: end)
        let findings = window?.findings
        window = nil
        return findings
    }

    /// Ends the capture: open transactions become unanswered.
    mutating func finish(at end: Int64) {
        analysis.finish(at: end)
    }

    private static func probe(_ scan: MessageScan, name: RawSpan) -> ProbeKind? {
        guard scan.questionCount == 1 else { return nil }
        if scan.type == RecordType.ns.rawValue, scan.nameLength == 1 { return .healthCheck }
        guard scan.type == RecordType.hinfo.rawValue else { return nil }
        // CoreDNS asks for `<number>.<number>.<zone>`.
        guard let second = endOfNumber(name, at: 0), endOfNumber(name, at: second) != nil else { return nil }
        return .loopProbe
    }

    /// The offset behind a label of digits; nil when there is none.
    private static func endOfNumber(_ name: RawSpan, at start: Int) -> Int? {
        let length = Int(name.octet(start))
        guard length > 0 else { return nil }
        for index in 1...length where !(48...57).contains(name.octet(start + index)) { return nil }
        return start + 1 + length
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
    /// Messages that were not to be looked at.
    package var notSelected: UInt64 = 0
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

    mutating func count(_ side: Side) {
        switch side {
        case .client: client += 1
        case .upstream: upstream += 1
        case .bypass: bypass += 1
        case .foreign: foreign += 1
        }
    }
}
