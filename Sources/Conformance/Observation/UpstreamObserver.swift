package import DNSWire

/// One DNS message seen between the cache and an upstream.
package struct UpstreamObservation: Sendable, Hashable {
    /// Number of the frame in the capture, from 1.
    package var frame: Int
    /// When the frame was captured, CLOCK_REALTIME in nanoseconds.
    package var realtimeNanoseconds: Int64
    package var transport: StepTransport
    package var source: Endpoint
    package var destination: Endpoint
    package var id: UInt16
    package var name: DNSName
    package var type: RecordType
    package var isResponse: Bool
    /// What OPT it carried.
    package var opt: UpstreamOPT

    package init(
        frame: Int,
        realtimeNanoseconds: Int64,
        transport: StepTransport,
        source: Endpoint,
        destination: Endpoint,
        id: UInt16,
        name: DNSName,
        type: RecordType,
        isResponse: Bool,
        opt: UpstreamOPT = UpstreamOPT()
    ) {
        self.frame = frame
        self.realtimeNanoseconds = realtimeNanoseconds
        self.transport = transport
        self.source = source
        self.destination = destination
        self.id = id
        self.name = name
        self.type = type
        self.isResponse = isResponse
        self.opt = opt
    }
}

/// What EDNS a message carried (RFC 6891 section 6.1.2).
package struct UpstreamOPT: Sendable, Hashable {
    /// OPT records; 0 for a message without EDNS.
    package var count: Int
    /// Octets of UDP payload that the sender takes.
    package var payloadSize: UInt16
    /// DO and the fifteen reserved bits.
    package var flags: UInt16
    /// Option codes in the order of the message, as far as the observer keeps them.
    package var options: [UInt16]

    package init(count: Int = 0, payloadSize: UInt16 = 0, flags: UInt16 = 0, options: [UInt16] = []) {
        self.count = count
        self.payloadSize = payloadSize
        self.flags = flags
        self.options = options
    }
}

/// The capture as checks see it, so that tests can put a fake in its place.
package struct UpstreamObserver: Sendable {
    /// Waits until everything sent before now is decoded; false when that did not happen in time.
    package var flush: @Sendable () async -> Bool
    /// The upstream queries since an instant of CLOCK_REALTIME in nanoseconds, in the order of capture.
    package var queries: @Sendable (_ since: Int64) -> [UpstreamObservation]
    /// Packets and messages that the observer is known to have missed since it started.
    package var losses: @Sendable () -> UInt64

    package init(
        flush: @escaping @Sendable () async -> Bool,
        queries: @escaping @Sendable (_ since: Int64) -> [UpstreamObservation],
        losses: @escaping @Sendable () -> UInt64
    ) {
        self.flush = flush
        self.queries = queries
        self.losses = losses
    }
}
