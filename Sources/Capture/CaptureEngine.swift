import DNSWire

/// Turns frames into DNS messages, streams and transactions; no I/O, no clock.
struct CaptureEngine: ~Copyable, FrameSink {
    private let isDNSPort: [Bool]
    private var duplicates = DuplicateFilter()
    private var fragments = FragmentTable()
    /// Room for the datagram that was put together last.
    private var reassembled: [UInt8] = []
    private var tcp: TCPTable
    private var sink: MessageSink
    private(set) var counters = CaptureCounters()
    private var faults = FaultBook()
    /// The frame that is being taken.
    private var number: FrameNumber = 0
    /// Where its file stands among several; 0 when there is one source.
    private var lane: UInt32 = 0
    /// The times of the earliest and the latest frame.
    private var firstTime: Int64 = .max
    private var lastTime: Int64 = .min
    /// Packets lost before they came here, as their source tells.
    var sourceDrops = (kernel: UInt64(0), interface: UInt64(0))
    /// The file that the frames come from is damaged.
    var sourceIsDamaged = false
    /// The live source ended by itself.
    var sourceFailed = false
    /// When not empty, only frames of these interfaces are taken.
    var interfaces: [UInt32] = []

    init(options: CaptureOptions) {
        var ports = [Bool](repeating: false, count: 65_536)
        for port in options.ports { ports[Int(port)] = true }
        isDNSPort = ports
        let seed = HashSeed.random()
        tcp = TCPTable(capacity: options.limits.connections, seed: seed)
        // A message on a connection of its own comes with its beginning and its end.
        tcp.events.limit = 2 * options.limits.records
        sink = MessageSink(options: options, seed: seed)
    }

    /// Takes one frame.
    ///
    /// - Parameters:
    ///   - frame: The captured octets, from the link header on.
    ///   - link: Link type of the frame; nil when it is one that is not supported.
    ///   - time: Nanoseconds since the Unix epoch.
    ///   - interfaceIndex: Interface index if the source knows it and the link header does not; else 0.
    mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32) {
        counters.frames += 1
        number = number.next
        firstTime = min(firstTime, time)
        lastTime = max(lastTime, time)
        guard let link else {
            counters.unknownLink += 1
            return
        }
        var decoded = FrameDecoder.decode(frame, link: link)
        if decoded.interfaceIndex == 0 { decoded.interfaceIndex = interfaceIndex }
        decoded.tap = UInt64(lane) << 32 | UInt64(decoded.interfaceIndex)
        if !interfaces.isEmpty, !interfaces.contains(decoded.interfaceIndex) {
            counters.otherInterface += 1
            return
        }
        guard decoded.kind == .fragment else {
            accept(decoded, payloadOf: frame, at: time)
            return
        }
        if isCopy(decoded, in: frame, at: time) {
            counters.duplicates += 1
            return
        }
        guard fragments.add(decoded, in: frame, at: time, into: &reassembled) else {
            counters.fragments += 1
            return
        }
        var datagram: [UInt8] = []
        swap(&datagram, &reassembled)
        accept(datagram.span.bytes, reassembledFrom: decoded, at: time)
        reassembled = datagram
    }

    private mutating func accept(_ payload: RawSpan, reassembledFrom decoded: DecodedFrame, at time: Int64) {
        accept(FrameDecoder.decodeReassembled(payload, from: decoded), payloadOf: payload, at: time)
    }

    /// Takes one frame of a source whose link header tells the interface, or that knows none.
    mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64) {
        accept(frame, link: link, at: time, interfaceIndex: 0)
    }

    mutating func willRead(_ run: FrameRun) {
        number = run.previous
        lane = run.previous.file == 0 ? 0 : run.lane
    }

    /// From the earliest frame to the latest; nil when there was none.
    var span: ClosedRange<Int64>? { firstTime <= lastTime ? firstTime...lastTime : nil }

    /// Ends the capture: what still waits is delivered or counted as unanswered.
    ///
    /// - Parameter end: Until when was looked, nanoseconds since the Unix epoch; without, until the last frame.
    mutating func finish(at end: Int64 = .min) {
        tcp.finish(sink: &sink)
        sink.finish(at: max(end, lastTime))
    }

    /// The latest messages in the order in which they were completed, those that a filter selects.
    func records(matching filter: MessageFilter = MessageFilter()) -> [MessageRecord] {
        sink.log.records(matching: filter)
    }

    /// The beginnings and ends of upstream connections since a time, nanoseconds since the Unix epoch.
    func connectionEvents(since time: Int64) -> [ConnectionEvent] { tcp.events.since(time) }

    /// What clients asked, when it was asked for.
    var queries: CapturedQueries? { sink.queries }

    /// Until when messages or events were overwritten for want of room; `.min` when none was.
    var overwrittenUntil: Int64 { max(sink.log.overwrittenUntil, tcp.events.overwrittenUntil) }

    /// Both sides of the cache joined, so far.
    var findings: CaptureFindings {
        var findings = sink.analysis.findings
        findings.connections = tcp.upstream
        findings.faults.merge(tcp.faults)
        findings.faults.merge(faults)
        if tcp.upstream.areUsedOnce {
            for evidence in tcp.upstream.firstSingles { findings.faults.add(.connectionPerQuery, evidence) }
            findings.faults.setCount(.connectionPerQuery, tcp.upstream.singles)
        }
        return findings
    }

    /// Begins to count queries by sender; what was begun before is dropped.
    mutating func beginCounting() { sink.beginCounting() }

    /// Ends it; nil when nobody began.
    mutating func endCounting() -> SourceCounts? { sink.endCounting() }

    /// Begins an analysis of its own for a stage that is judged by itself; one that was begun before is dropped.
    mutating func beginWindow(zones: [ProofZone], requirements: ProofRequirements) {
        sink.beginWindow(zones: zones, requirements: requirements)
    }

    /// Ends the analysis that was begun last; nil when there is none.
    mutating func endWindow(at end: Int64) -> CaptureFindings? { sink.endWindow(at: max(end, lastTime)) }

    /// Numbers of this moment.
    var report: CaptureReport {
        var losses = CaptureLosses()
        losses.kernelDrops = sourceDrops.kernel
        losses.interfaceDrops = sourceDrops.interface
        losses.gaps = tcp.counters.gaps
        losses.evictedConnections = tcp.counters.evictions
        losses.evictedMessages = tcp.counters.evictedMessages
        losses.evictedTransactions = sink.analysis.joins.transactions.counters.evicted
        losses.incompleteDatagrams = fragments.abandoned + fragments.pending
        losses.cutFrames = counters.cut
        losses.fileIsDamaged = sourceIsDamaged
        losses.sourceFailed = sourceFailed
        return CaptureReport(
            frames: counters,
            messages: sink.counters,
            transactions: sink.analysis.joins.transactions.counters,
            openTransactions: sink.analysis.joins.transactions.openCount,
            tcp: tcp.counters,
            losses: losses
        )
    }

    private mutating func accept(_ decoded: DecodedFrame, payloadOf frame: RawSpan, at time: Int64) {
        switch decoded.kind {
        case .notIP: counters.notIP += 1
        case .otherProtocol: counters.otherProtocol += 1
        case .malformed: counters.malformed += 1
        case .icmp:
            counters.icmp += 1
            noteICMP(decoded, frame, at: time)
        case .fragment: counters.fragments += 1
        case .udp, .tcp:
            guard isDNSPort[Int(decoded.destinationPort)] || isDNSPort[Int(decoded.sourcePort)] else {
                counters.otherPort += 1
                return
            }
            if isCopy(decoded, in: frame, at: time) {
                counters.duplicates += 1
                return
            }
            if decoded.isCut { counters.cut += 1 }
            let payload = frame.extracting(decoded.payloadStart..<decoded.payloadEnd)
            if decoded.kind == .tcp {
                counters.tcp += 1
                tcp.accept(decoded, payload: payload, frame: number, time: time, sink: &sink)
            } else {
                counters.udp += 1
                acceptDatagram(decoded, payload: payload, at: time)
            }
        }
    }

    private mutating func acceptDatagram(_ decoded: DecodedFrame, payload: RawSpan, at time: Int64) {
        let flow = FlowEnds(
            source: Endpoint(address: decoded.source, port: decoded.sourcePort),
            destination: Endpoint(address: decoded.destination, port: decoded.destinationPort),
            interfaceIndex: decoded.interfaceIndex
        )
        let span = MessageSpan(firstFrame: number, lastFrame: number, firstTime: time, lastTime: time)
        sink.accept(payload, span: span, flow: flow, transport: .udp)
    }

    /// Notes an ICMP error about a packet of DNS (RFC 792, RFC 4443 section 3): it quotes the packet's headers.
    private mutating func noteICMP(_ decoded: DecodedFrame, _ frame: RawSpan, at time: Int64) {
        let start = decoded.payloadStart
        guard start > 0, decoded.payloadEnd >= start + 8 + 20 else { return }
        let isV6 = decoded.ipProtocol == 58
        let type = frame.octet(start)
        guard isV6 ? type == 1 || type == 3 : type == 3 || type == 11 else { return }
        let quote = frame.extracting((start + 8)..<decoded.payloadEnd)
        let quoted = FrameDecoder.decode(quote, link: .raw)
        let transport = isV6 ? 40 : Int(quote.octet(0) & 0x0F) * 4
        guard quoted.ipProtocol == 17 || quoted.ipProtocol == 6, quote.byteCount >= transport + 4 else { return }
        let source = Endpoint(address: quoted.source, port: quote.uint16(transport))
        let destination = Endpoint(address: quoted.destination, port: quote.uint16(transport + 2))
        guard isDNSPort[Int(source.port)] || isDNSPort[Int(destination.port)] else { return }
        guard faults.wants(.unreachable) else { return faults.add(.unreachable, nil) }
        faults.add(
            .unreachable,
            Evidence(
                frame: number,
                realtimeNanoseconds: time,
                text: "frame \(number) ICMP type \(type) code \(frame.octet(start + 1)) from \(decoded.source): "
                    + "\(source) → \(destination) was not delivered"
            )
        )
    }

    // A packet can have copies only where the source sees several interfaces.
    private mutating func isCopy(_ decoded: DecodedFrame, in frame: RawSpan, at time: Int64) -> Bool {
        guard decoded.isCooked || decoded.tap != 0 else { return false }
        let payload = frame.extracting(decoded.payloadStart..<decoded.payloadEnd)
        return duplicates.isDuplicate(decoded, payload: payload, at: time)
    }
}
