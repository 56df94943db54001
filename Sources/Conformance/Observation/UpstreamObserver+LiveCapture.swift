package import Capture
internal import DNSWire

extension UpstreamObserver {
    /// Reads from a live capture that knows the roles of the addresses.
    package init(_ capture: LiveCapture) {
        self.init(
            flush: { await capture.flush() },
            queries: { since in
                capture.records(matching: MessageFilter(side: .upstream, isResponse: false, since: since))
                    .map { UpstreamObservation($0) }
            },
            losses: {
                let losses = capture.report.losses
                return losses.kernelDrops + losses.interfaceDrops + losses.gaps + losses.evictedConnections
                    + losses.unrecorded + losses.incompleteDatagrams + (losses.sourceFailed ? 1 : 0)
            }
        )
    }
}

extension UpstreamObservation {
    fileprivate init(_ record: MessageRecord) {
        self.init(
            frame: Int(clamping: record.frame),
            realtimeNanoseconds: record.realtimeNanoseconds,
            transport: record.transport == .tcp ? .tcp : .udp,
            source: record.source,
            destination: record.destination,
            id: record.id,
            name: record.qname,
            type: record.qtype,
            isResponse: record.isResponse
        )
    }
}
