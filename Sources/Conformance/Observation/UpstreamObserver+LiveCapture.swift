package import Capture
internal import DNSWire
internal import Synchronization

extension UpstreamObserver {
    /// Reads from a live capture that knows the roles of the addresses.
    package init(_ capture: LiveCapture) {
        let forgotten = Atomic<UInt64>(0)
        self.init(
            flush: { await capture.flush() },
            queries: { since in
                if capture.hasForgotten(since: since) { forgotten.add(1, ordering: .relaxed) }
                return capture.records(matching: MessageFilter(side: .upstream, isResponse: false, since: since))
                    .map { UpstreamObservation($0) }
            },
            connections: { since in capture.connectionEvents(since: since).map { UpstreamConnectionEvent($0) } },
            losses: {
                let losses = capture.report.losses
                return losses.kernelDrops + losses.interfaceDrops + losses.gaps + losses.evictedConnections
                    + losses.evictedMessages
                    + losses.unrecorded + forgotten.load(ordering: .relaxed) + losses.incompleteDatagrams
                    + (losses.sourceFailed ? 1 : 0)
            },
            packets: { capture.report.packets }
        )
    }
}

extension UpstreamObservation {
    fileprivate init(_ record: MessageRecord) {
        self.init(
            frame: Int(clamping: record.frame.number),
            realtimeNanoseconds: record.realtimeNanoseconds,
            transport: record.transport == .tcp ? .tcp : .udp,
            source: record.source,
            destination: record.destination,
            id: record.id,
            name: record.qname,
            type: record.qtype,
            isResponse: record.isResponse,
            opt: UpstreamOPT(
                count: Int(record.optCount),
                payloadSize: record.payloadSize,
                flags: record.optFlags,
                options: record.optionCodes
            ),
            flags: record.flags.rawValue,
            question: record.questionCount == 0
                ? []
                : record.questionName
                    + [record.qtype.rawValue, record.qclass.rawValue].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
            isInOneFrame: record.frame == record.lastFrame
        )
    }
}

extension UpstreamConnectionEvent {
    fileprivate init(_ event: ConnectionEvent) {
        let kind: Kind =
            switch event.kind {
            case .opened: .opened
            case .closedByCache: .closedByCache
            case .closedByServer: .closedByServer
            case .resetByCache: .resetByCache
            case .resetByServer: .resetByServer
            case .refused: .refused
            }
        self.init(
            kind: kind,
            realtimeNanoseconds: event.realtimeNanoseconds,
            source: event.client,
            destination: event.server
        )
    }
}
