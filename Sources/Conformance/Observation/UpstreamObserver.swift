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
    /// The second 16 bits of the header.
    package var flags: UInt16
    /// The first question's octets as sent.
    package var question: [UInt8]
    /// The message, and over TCP its length prefix, came in one frame.
    package var isInOneFrame: Bool

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
        opt: UpstreamOPT = UpstreamOPT(),
        flags: UInt16 = 0,
        question: [UInt8] = [],
        isInOneFrame: Bool = true
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
        self.flags = flags
        self.question = question
        self.isInOneFrame = isInOneFrame
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

/// The beginning or the end of a TCP connection from the cache to an upstream.
package struct UpstreamConnectionEvent: Sendable, Hashable {
    /// What happened; the raw value is the word of the check language.
    package enum Kind: String, Sendable, Hashable {
        case opened = "OPENED"
        case closedByCache = "CACHE_CLOSED"
        case closedByServer = "SERVER_CLOSED"
        case resetByCache = "CACHE_RESET"
        case resetByServer = "SERVER_RESET"
        case refused = "REFUSED"
    }

    package var kind: Kind
    /// CLOCK_REALTIME in nanoseconds.
    package var realtimeNanoseconds: Int64
    package var source: Endpoint
    package var destination: Endpoint

    package init(kind: Kind, realtimeNanoseconds: Int64, source: Endpoint, destination: Endpoint) {
        self.kind = kind
        self.realtimeNanoseconds = realtimeNanoseconds
        self.source = source
        self.destination = destination
    }
}

/// The capture as checks see it, so that tests can put a fake in its place.
package struct UpstreamObserver: Sendable {
    /// Waits until everything sent before now is decoded; false when that did not happen in time.
    package var flush: @Sendable () async -> Bool
    /// The upstream queries since an instant of CLOCK_REALTIME in nanoseconds, in the order of capture.
    package var queries: @Sendable (_ since: Int64) -> [UpstreamObservation]
    /// Beginnings and ends of upstream connections since such an instant.
    package var connections: @Sendable (_ since: Int64) -> [UpstreamConnectionEvent]
    /// Packets and messages that the observer is known to have missed since it started.
    package var losses: @Sendable () -> UInt64
    /// Packets that it took in since it started, by which its losses are measured.
    package var packets: @Sendable () -> UInt64

    package init(
        flush: @escaping @Sendable () async -> Bool,
        queries: @escaping @Sendable (_ since: Int64) -> [UpstreamObservation],
        connections: @escaping @Sendable (_ since: Int64) -> [UpstreamConnectionEvent] = { _ in [] },
        losses: @escaping @Sendable () -> UInt64,
        packets: @escaping @Sendable () -> UInt64 = { .max }
    ) {
        self.flush = flush
        self.queries = queries
        self.connections = connections
        self.losses = losses
        self.packets = packets
    }
}
